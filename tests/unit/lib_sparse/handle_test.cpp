// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Handles, settings, names of statuses, the log, descriptions of matrices, functions that are not
// there.
#include "rig.h"

#include <cstdio>

namespace sparse_test {
namespace {

TEST(Handle, WithoutOneFunctionsSaySo) {
    EXPECT_EQ(cusparseCreate(nullptr), CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseDestroy(nullptr), CUSPARSE_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cusparseSetStream(nullptr, nullptr), CUSPARSE_STATUS_NOT_INITIALIZED);
    cudaStream_t stream;
    EXPECT_EQ(cusparseGetStream(nullptr, &stream), CUSPARSE_STATUS_NOT_INITIALIZED);
    cusparsePointerMode_t mode;
    EXPECT_EQ(cusparseGetPointerMode(nullptr, &mode), CUSPARSE_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cusparseSetPointerMode(nullptr, CUSPARSE_POINTER_MODE_HOST),
              CUSPARSE_STATUS_NOT_INITIALIZED);
    int version;
    EXPECT_EQ(cusparseGetVersion(nullptr, &version), CUSPARSE_STATUS_NOT_INITIALIZED);
}

TEST_F(Sparse, SettingsAreKept) {
    cudaStream_t stream, got = nullptr;
    ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
    ACC_OK(cusparseSetStream(handle_, stream));
    ACC_OK(cusparseGetStream(handle_, &got));
    EXPECT_EQ(got, stream);
    EXPECT_EQ(cusparseGetStream(handle_, nullptr), CUSPARSE_STATUS_INVALID_VALUE);
    cusparsePointerMode_t mode;
    ACC_OK(cusparseGetPointerMode(handle_, &mode));
    EXPECT_EQ(mode, CUSPARSE_POINTER_MODE_HOST);
    ACC_OK(cusparseSetPointerMode(handle_, CUSPARSE_POINTER_MODE_DEVICE));
    ACC_OK(cusparseGetPointerMode(handle_, &mode));
    EXPECT_EQ(mode, CUSPARSE_POINTER_MODE_DEVICE);
    EXPECT_EQ(cusparseSetPointerMode(handle_, cusparsePointerMode_t(2)),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseGetPointerMode(handle_, nullptr), CUSPARSE_STATUS_INVALID_VALUE);
    ASSERT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

TEST_F(Sparse, VersionsAgree) {
    int version = 0, major = 0, minor = 0, patch = 0;
    ACC_OK(cusparseGetVersion(handle_, &version));
    ACC_OK(cusparseGetProperty(MAJOR_VERSION, &major));
    ACC_OK(cusparseGetProperty(MINOR_VERSION, &minor));
    ACC_OK(cusparseGetProperty(PATCH_LEVEL, &patch));
    EXPECT_EQ(version, CUSPARSE_VERSION);
    EXPECT_EQ(version, major * 1000 + minor * 100 + patch);
    EXPECT_EQ(cusparseGetVersion(handle_, nullptr), CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseGetProperty(MAJOR_VERSION, nullptr), CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseGetProperty(libraryPropertyType(9), &major), CUSPARSE_STATUS_INVALID_VALUE);
}

TEST(Status, HasANameAndASentence) {
    EXPECT_STREQ(cusparseGetErrorName(CUSPARSE_STATUS_SUCCESS), "CUSPARSE_STATUS_SUCCESS");
    EXPECT_STREQ(cusparseGetErrorName(CUSPARSE_STATUS_INSUFFICIENT_RESOURCES),
                 "CUSPARSE_STATUS_INSUFFICIENT_RESOURCES");
    for (int s = 0; s <= CUSPARSE_STATUS_INSUFFICIENT_RESOURCES; ++s)
        EXPECT_GT(std::strlen(cusparseGetErrorString(cusparseStatus_t(s))), 4u);
    EXPECT_NE(cusparseGetErrorName(cusparseStatus_t(99)), nullptr);
    EXPECT_NE(cusparseGetErrorString(cusparseStatus_t(99)), nullptr);
}

int g_lines = 0;
std::string g_last;

TEST_F(Sparse, LogTellsOfFailures) {
    ACC_OK(cusparseLoggerSetCallback([](int, const char* function, const char*) {
        ++g_lines;
        g_last = function;
    }));
    EXPECT_EQ(cusparseLoggerSetLevel(9), CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseLoggerSetMask(-1), CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseLoggerOpenFile("/nowhere/at/all"), CUSPARSE_STATUS_INVALID_VALUE);
    ACC_OK(cusparseLoggerSetLevel(1));
    cusparseGetStream(handle_, nullptr);
    EXPECT_EQ(g_lines, 1);
    EXPECT_EQ(g_last, "cusparseGetStream");
    cudaStream_t stream;
    ACC_OK(cusparseGetStream(handle_, &stream)); // a success is no line at this level
    EXPECT_EQ(g_lines, 1);
    ACC_OK(cusparseLoggerSetMask(0));
    cusparseGetStream(handle_, nullptr);
    EXPECT_EQ(g_lines, 1);
    ACC_OK(cusparseLoggerSetCallback(nullptr));
}

TEST(MatDescr, HoldsWhatIsSet) {
    cusparseMatDescr_t m = nullptr;
    EXPECT_EQ(cusparseCreateMatDescr(nullptr), CUSPARSE_STATUS_INVALID_VALUE);
    ACC_OK(cusparseCreateMatDescr(&m));
    EXPECT_EQ(cusparseGetMatType(m), CUSPARSE_MATRIX_TYPE_GENERAL);
    EXPECT_EQ(cusparseGetMatIndexBase(m), CUSPARSE_INDEX_BASE_ZERO);
    EXPECT_EQ(cusparseGetMatFillMode(m), CUSPARSE_FILL_MODE_LOWER);
    EXPECT_EQ(cusparseGetMatDiagType(m), CUSPARSE_DIAG_TYPE_NON_UNIT);
    ACC_OK(cusparseSetMatType(m, CUSPARSE_MATRIX_TYPE_TRIANGULAR));
    ACC_OK(cusparseSetMatIndexBase(m, CUSPARSE_INDEX_BASE_ONE));
    ACC_OK(cusparseSetMatFillMode(m, CUSPARSE_FILL_MODE_UPPER));
    ACC_OK(cusparseSetMatDiagType(m, CUSPARSE_DIAG_TYPE_UNIT));
    EXPECT_EQ(cusparseGetMatType(m), CUSPARSE_MATRIX_TYPE_TRIANGULAR);
    EXPECT_EQ(cusparseGetMatIndexBase(m), CUSPARSE_INDEX_BASE_ONE);
    EXPECT_EQ(cusparseGetMatFillMode(m), CUSPARSE_FILL_MODE_UPPER);
    EXPECT_EQ(cusparseGetMatDiagType(m), CUSPARSE_DIAG_TYPE_UNIT);
    EXPECT_EQ(cusparseSetMatType(m, cusparseMatrixType_t(4)), CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseSetMatIndexBase(nullptr, CUSPARSE_INDEX_BASE_ONE),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusparseGetMatIndexBase(nullptr), CUSPARSE_INDEX_BASE_ZERO);
    ACC_OK(cusparseDestroyMatDescr(m));
    ACC_OK(cusparseDestroyMatDescr(nullptr));
}

TEST_F(Sparse, FunctionsThatAreNotThereSaySo) {
    EXPECT_EQ(cusparseSpMMOp(nullptr, nullptr), CUSPARSE_STATUS_NOT_SUPPORTED);
}

} // namespace
} // namespace sparse_test
