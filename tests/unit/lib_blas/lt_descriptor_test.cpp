// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLASLt's descriptors, algorithms, log, and transformations of matrices.
#include "rig.h"

#include <cublasLt.h>
#include <cuda_fp16.h>

namespace blas_test {
namespace {

TEST(LtDescriptors, KeepTheirAttributes) {
    cublasLtMatrixLayout_t layout;
    ACC_OK(cublasLtMatrixLayoutCreate(&layout, CUDA_R_16F, 10, 20, 12));
    uint64_t rows = 0;
    int64_t ld = 0;
    int32_t order = 7, batch = 0;
    uint32_t type = 99;
    size_t written = 0;
    ACC_OK(cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_ROWS, &rows, sizeof rows,
                                            &written));
    ACC_OK(cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_LD, &ld, sizeof ld,
                                            nullptr));
    ACC_OK(cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_ORDER, &order,
                                            sizeof order, nullptr));
    ACC_OK(cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &batch,
                                            sizeof batch, nullptr));
    ACC_OK(cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_TYPE, &type, sizeof type,
                                            nullptr));
    EXPECT_EQ(rows, 10u);
    EXPECT_EQ(written, sizeof rows);
    EXPECT_EQ(ld, 12);
    EXPECT_EQ(order, CUBLASLT_ORDER_COL);
    EXPECT_EQ(batch, 1);
    EXPECT_EQ(type, uint32_t(CUDA_R_16F));
    // The size alone; a size that does not fit; what is no attribute.
    ACC_OK(
        cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_LD, nullptr, 0, &written));
    EXPECT_EQ(written, 8u);
    EXPECT_EQ(cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_LD, &batch,
                                               sizeof batch, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(
        cublasLtMatrixLayoutSetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_LD, &batch, sizeof batch),
        CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasLtMatrixLayoutSetAttribute(layout, cublasLtMatrixLayoutAttribute_t(77), &ld,
                                               sizeof ld),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasLtMatrixLayoutSetAttribute(nullptr, CUBLASLT_MATRIX_LAYOUT_LD, &ld, sizeof ld),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasLtMatrixLayoutCreate(nullptr, CUDA_R_16F, 1, 1, 1),
              CUBLAS_STATUS_INVALID_VALUE);
    cublasLtMatrixLayoutDestroy(layout);

    cublasLtMatmulDescOpaque_t matmul;
    ACC_OK(cublasLtMatmulDescInit(&matmul, CUBLAS_COMPUTE_32F, CUDA_R_32F));
    uint32_t epilogue = 0;
    ACC_OK(cublasLtMatmulDescGetAttribute(&matmul, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue,
                                          sizeof epilogue, nullptr));
    EXPECT_EQ(epilogue, uint32_t(CUBLASLT_EPILOGUE_DEFAULT));

    cublasLtMatmulPreferenceOpaque_t preference;
    ACC_OK(cublasLtMatmulPreferenceInit(&preference));
    const uint64_t most = 1 << 20;
    uint64_t got = 0;
    ACC_OK(cublasLtMatmulPreferenceSetAttribute(
        &preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &most, sizeof most));
    ACC_OK(cublasLtMatmulPreferenceGetAttribute(
        &preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &got, sizeof got, nullptr));
    EXPECT_EQ(got, most);

    cublasLtEmulationDescOpaque_t emulation;
    ACC_OK(cublasLtEmulationDescInit(&emulation));
    const int32_t bits = 55;
    ACC_OK(cublasLtEmulationDescSetAttribute(
        &emulation, CUBLASLT_EMULATION_DESC_FIXEDPOINT_MAX_MANTISSA_BIT_COUNT, &bits, sizeof bits));
}

TEST(LtAlgorithms, OneIsThereWithItsHints) {
    cublasLtHandle_t handle;
    ACC_OK(cublasLtCreate(&handle));
    int ids[4] = {9, 9, 9, 9}, many = 0;
    ACC_OK(cublasLtMatmulAlgoGetIds(handle, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F,
                                    CUDA_R_32F, CUDA_R_32F, 4, ids, &many));
    ASSERT_EQ(many, 1);
    EXPECT_EQ(cublasLtMatmulAlgoGetIds(handle, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_64F,
                                       CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, 4, ids, &many),
              CUBLAS_STATUS_NOT_SUPPORTED);
    cublasLtMatmulAlgo_t algorithm;
    ACC_OK(cublasLtMatmulAlgoInit(handle, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F,
                                  CUDA_R_32F, CUDA_R_32F, 0, &algorithm));
    // The number of an algorithm that others have is a hint, too.
    int id = -1;
    ACC_OK(cublasLtMatmulAlgoInit(handle, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F,
                                  CUDA_R_32F, CUDA_R_32F, 21, &algorithm));
    ACC_OK(cublasLtMatmulAlgoConfigGetAttribute(&algorithm, CUBLASLT_ALGO_CONFIG_ID, &id, sizeof id,
                                                nullptr));
    EXPECT_EQ(id, 21);
    EXPECT_EQ(cublasLtMatmulAlgoInit(handle, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F,
                                     CUDA_R_32F, CUDA_R_32F, -1, &algorithm),
              CUBLAS_STATUS_INVALID_VALUE);
    ACC_OK(cublasLtMatmulAlgoInit(handle, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F,
                                  CUDA_R_32F, CUDA_R_32F, 0, &algorithm));
    size_t written = 0;
    ACC_OK(cublasLtMatmulAlgoCapGetAttribute(&algorithm, CUBLASLT_ALGO_CAP_TILE_IDS, nullptr, 0,
                                             &written));
    std::vector<uint32_t> tiles(written / 4);
    ASSERT_EQ(tiles.size(), 1u);
    ACC_OK(cublasLtMatmulAlgoCapGetAttribute(&algorithm, CUBLASLT_ALGO_CAP_TILE_IDS, tiles.data(),
                                             written, &written));
    int split = 9;
    ACC_OK(cublasLtMatmulAlgoCapGetAttribute(&algorithm, CUBLASLT_ALGO_CAP_SPLITK_SUPPORT, &split,
                                             sizeof split, nullptr));
    EXPECT_EQ(split, 0);
    const int stages = CUBLASLT_MATMUL_STAGES_16x2;
    int got = 0;
    ACC_OK(cublasLtMatmulAlgoConfigSetAttribute(&algorithm, CUBLASLT_ALGO_CONFIG_STAGES_ID, &stages,
                                                sizeof stages));
    ACC_OK(cublasLtMatmulAlgoConfigGetAttribute(&algorithm, CUBLASLT_ALGO_CONFIG_STAGES_ID, &got,
                                                sizeof got, nullptr));
    EXPECT_EQ(got, stages);
    cublasLtMatmulDescOpaque_t desc;
    cublasLtMatrixLayoutOpaque_t layout;
    ACC_OK(cublasLtMatmulDescInit(&desc, CUBLAS_COMPUTE_32F, CUDA_R_32F));
    ACC_OK(cublasLtMatrixLayoutInit(&layout, CUDA_R_32F, 8, 8, 8));
    cublasLtMatmulHeuristicResult_t result;
    ACC_OK(cublasLtMatmulAlgoCheck(handle, &desc, &layout, &layout, &layout, &layout, &algorithm,
                                   &result));
    EXPECT_EQ(result.workspaceSize, 0u);
    cublasLtMatmulAlgo_t garbage = {};
    EXPECT_EQ(cublasLtMatmulAlgoCheck(handle, &desc, &layout, &layout, &layout, &layout, &garbage,
                                      &result),
              CUBLAS_STATUS_INVALID_VALUE);
    ACC_OK(cublasLtDestroy(handle));
    EXPECT_EQ(cublasLtDestroy(nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
}

int g_lines = 0;

TEST(LtLog, HasFailuresAndCalls) {
    cublasLtHandle_t handle;
    ACC_OK(cublasLtCreate(&handle));
    ACC_OK(cublasLtLoggerSetCallback([](int level, const char* function, const char*) {
        EXPECT_EQ(level, 1);
        EXPECT_STREQ(function, "cublasLtMatmul");
        ++g_lines;
    }));
    ACC_OK(cublasLtLoggerOpenFile((testing::TempDir() + "/lt.log").c_str()));
    ACC_OK(cublasLtLoggerSetLevel(1));
    EXPECT_EQ(cublasLtMatmul(handle, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                             nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 0, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(g_lines, 1);
    ACC_OK(cublasLtLoggerSetLevel(0));
    ACC_OK(cublasLtLoggerSetCallback(nullptr));
    ACC_OK(cublasLtLoggerSetFile(nullptr));
    EXPECT_EQ(cublasLtLoggerOpenFile("/nowhere/at/all"), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_STREQ(cublasLtGetStatusName(CUBLAS_STATUS_SUCCESS), "CUBLAS_STATUS_SUCCESS");
    EXPECT_EQ(cublasLtGetVersion(), size_t(CUBLAS_VERSION));
    ACC_OK(cublasLtDestroy(handle));
}

TEST(LtTransform, BetweenLayoutsAndTypes) {
    cublasLtHandle_t handle;
    ACC_OK(cublasLtCreate(&handle));
    const int rows = 5, columns = 70;
    Values values(1);
    const auto a = values.many<float>(size_t(rows * columns)),
               b = values.many<float>(size_t(rows * columns));
    Device<float> da(a), db(b);
    // op(A) + 2 B, A by rows and transposed; to halves in strips of 32 columns.
    std::vector<__half> halves(size_t(3 * 32 * rows), __float2half(0.f));
    Device<__half> dc(halves);
    cublasLtMatrixLayoutOpaque_t la, lb, lc;
    ACC_OK(cublasLtMatrixLayoutInit(&la, CUDA_R_32F, columns, rows, rows));
    ACC_OK(cublasLtMatrixLayoutInit(&lb, CUDA_R_32F, rows, columns, rows));
    ACC_OK(cublasLtMatrixLayoutInit(&lc, CUDA_R_16F, rows, columns, 32 * rows));
    const int32_t by_rows = CUBLASLT_ORDER_ROW, strips = CUBLASLT_ORDER_COL32,
                  transposed = CUBLAS_OP_T;
    ACC_OK(cublasLtMatrixLayoutSetAttribute(&la, CUBLASLT_MATRIX_LAYOUT_ORDER, &by_rows,
                                            sizeof by_rows));
    ACC_OK(cublasLtMatrixLayoutSetAttribute(&lc, CUBLASLT_MATRIX_LAYOUT_ORDER, &strips,
                                            sizeof strips));
    cublasLtMatrixTransformDesc_t desc;
    ACC_OK(cublasLtMatrixTransformDescCreate(&desc, CUDA_R_32F));
    ACC_OK(cublasLtMatrixTransformDescSetAttribute(desc, CUBLASLT_MATRIX_TRANSFORM_DESC_TRANSA,
                                                   &transposed, sizeof transposed));
    const float one = 1, two = 2;
    ACC_OK(cublasLtMatrixTransform(handle, desc, &one, da.data(), &la, &two, db.data(), &lb,
                                   dc.data(), &lc, nullptr));
    const auto got = dc.values();
    for (int j = 0; j < columns; ++j)
        for (int i = 0; i < rows; ++i) {
            // A is `columns` x `rows` by rows: its element (j, i) stands at j * rows + i.
            const float wanted = a[size_t(j * rows + i)] + 2 * b[size_t(i + j * rows)];
            ASSERT_NEAR(__half2float(got[size_t(j / 32 * 32 * rows + i * 32 + j % 32)]), wanted,
                        2e-3)
                << i << " " << j;
        }
    EXPECT_EQ(cublasLtMatrixTransform(handle, desc, &one, da.data(), &lb, &two, db.data(), &lb,
                                      dc.data(), &lc, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasLtMatrixTransform(nullptr, desc, &one, da.data(), &la, &two, db.data(), &lb,
                                      dc.data(), &lc, nullptr),
              CUBLAS_STATUS_NOT_INITIALIZED);
    // Strips are at least 32 columns apart.
    const int64_t narrow = 32 * rows - 1;
    ACC_OK(
        cublasLtMatrixLayoutSetAttribute(&lc, CUBLASLT_MATRIX_LAYOUT_LD, &narrow, sizeof narrow));
    EXPECT_EQ(cublasLtMatrixTransform(handle, desc, &one, da.data(), &la, &two, db.data(), &lb,
                                      dc.data(), &lc, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    cublasLtMatrixTransformDescDestroy(desc);
    ACC_OK(cublasLtDestroy(handle));
}

/// With integer scales integers that no float holds come through.
TEST(LtTransform, Integers) {
    cublasLtHandle_t handle;
    ACC_OK(cublasLtCreate(&handle));
    const std::vector<int> a = {(1 << 24) + 1, -(1 << 30) - 3, 7, 0, 2147483647, -1};
    Device<int> da(a), dc(std::vector<int>(6, 0));
    cublasLtMatrixLayoutOpaque_t la, lc;
    ACC_OK(cublasLtMatrixLayoutInit(&la, CUDA_R_32I, 2, 3, 2));
    ACC_OK(cublasLtMatrixLayoutInit(&lc, CUDA_R_32I, 3, 2, 3));
    cublasLtMatrixTransformDesc_t desc;
    ACC_OK(cublasLtMatrixTransformDescCreate(&desc, CUDA_R_32I));
    const int32_t transposed = CUBLAS_OP_T, wrong = 17;
    ACC_OK(cublasLtMatrixTransformDescSetAttribute(desc, CUBLASLT_MATRIX_TRANSFORM_DESC_TRANSA,
                                                   &transposed, sizeof transposed));
    const int one = 1;
    ACC_OK(cublasLtMatrixTransform(handle, desc, &one, da.data(), &la, nullptr, nullptr, nullptr,
                                   dc.data(), &lc, nullptr));
    EXPECT_EQ(dc.values(), (std::vector<int>{a[0], a[2], a[4], a[1], a[3], a[5]}));
    ACC_OK(cublasLtMatrixTransformDescSetAttribute(desc, CUBLASLT_MATRIX_TRANSFORM_DESC_TRANSA,
                                                   &wrong, sizeof wrong));
    EXPECT_EQ(cublasLtMatrixTransform(handle, desc, &one, da.data(), &la, nullptr, nullptr, nullptr,
                                      dc.data(), &lc, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    cublasLtMatrixTransformDescDestroy(desc);
    ACC_OK(cublasLtDestroy(handle));
}

} // namespace
} // namespace blas_test
