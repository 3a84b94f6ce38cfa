// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Handles, parameters, versions.
#include "rig.h"

namespace solver_test {
namespace {

TEST(Handle, WithoutOneFunctionsSaySo) {
    EXPECT_EQ(cusolverDnCreate(nullptr), kBad);
    EXPECT_EQ(cusolverDnDestroy(nullptr), kNone);
    cudaStream_t stream;
    EXPECT_EQ(cusolverDnSetStream(nullptr, nullptr), kNone);
    EXPECT_EQ(cusolverDnGetStream(nullptr, &stream), kNone);
    int size;
    EXPECT_EQ(cusolverDnSpotrf_bufferSize(nullptr, kLower, 1, nullptr, 1, &size), kNone);
    EXPECT_EQ(cusolverDnSpotrf(nullptr, kLower, 1, nullptr, 1, nullptr, 0, nullptr), kNone);
    EXPECT_EQ(cusolverDnSgetrf(nullptr, 1, 1, nullptr, 1, nullptr, nullptr, nullptr), kNone);
    EXPECT_EQ(cusolverDnSgeqrf(nullptr, 1, 1, nullptr, 1, nullptr, nullptr, 0, nullptr), kNone);
}

TEST_F(Solver, SettingsAreKept) {
    cudaStream_t stream, got = nullptr;
    ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
    ACC_OK(cusolverDnSetStream(handle_, stream));
    ACC_OK(cusolverDnGetStream(handle_, &got));
    EXPECT_EQ(got, stream);
    EXPECT_EQ(cusolverDnGetStream(handle_, nullptr), kBad);
    cusolverDeterministicMode_t mode;
    ACC_OK(cusolverDnGetDeterministicMode(handle_, &mode));
    EXPECT_EQ(mode, CUSOLVER_DETERMINISTIC_RESULTS);
    ACC_OK(cusolverDnSetDeterministicMode(handle_, CUSOLVER_ALLOW_NON_DETERMINISTIC_RESULTS));
    ACC_OK(cusolverDnGetDeterministicMode(handle_, &mode));
    EXPECT_EQ(mode, CUSOLVER_ALLOW_NON_DETERMINISTIC_RESULTS);
    EXPECT_EQ(cusolverDnSetDeterministicMode(handle_, cusolverDeterministicMode_t(0)), kBad);
    EXPECT_EQ(cusolverDnGetDeterministicMode(handle_, nullptr), kBad);
    ASSERT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

TEST(Parameters, AreCheckedAndChangeNothing) {
    cusolverDnParams_t params;
    EXPECT_EQ(cusolverDnCreateParams(nullptr), kBad);
    ACC_OK(cusolverDnCreateParams(&params));
    ACC_OK(cusolverDnSetAdvOptions(params, CUSOLVERDN_GETRF, CUSOLVER_ALG_1));
    EXPECT_EQ(cusolverDnSetAdvOptions(params, cusolverDnFunction_t(9), CUSOLVER_ALG_1), kBad);
    EXPECT_EQ(cusolverDnSetAdvOptions(params, CUSOLVERDN_GETRF, cusolverAlgMode_t(9)), kBad);
    EXPECT_EQ(cusolverDnSetAdvOptions(nullptr, CUSOLVERDN_GETRF, CUSOLVER_ALG_0), kBad);
    ACC_OK(cusolverDnDestroyParams(params));
}

/// cusolverDn.h brings cuBLAS by its programs' names.
TEST(Header, HasCublas) {
    cublasHandle_t blas = nullptr;
    EXPECT_EQ(cublasDestroy(blas), CUBLAS_STATUS_NOT_INITIALIZED);
}

TEST(Version, Agrees) {
    int version = 0, major = 0, minor = 0, patch = 0;
    ACC_OK(cusolverGetVersion(&version));
    ACC_OK(cusolverGetProperty(MAJOR_VERSION, &major));
    ACC_OK(cusolverGetProperty(MINOR_VERSION, &minor));
    ACC_OK(cusolverGetProperty(PATCH_LEVEL, &patch));
    EXPECT_EQ(version, major * 1000 + minor * 100 + patch);
    EXPECT_EQ(cusolverGetVersion(nullptr), kBad);
    EXPECT_EQ(cusolverGetProperty(MAJOR_VERSION, nullptr), kBad);
    EXPECT_EQ(cusolverGetProperty(libraryPropertyType(5), &major), kBad);
}

} // namespace
} // namespace solver_test
