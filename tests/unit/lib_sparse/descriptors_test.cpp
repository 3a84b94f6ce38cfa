// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptors: what is set is got, and what cannot be is refused.
#include "rig.h"

namespace sparse_test {
namespace {

constexpr auto k32 = CUSPARSE_INDEX_32I;
constexpr auto k64 = CUSPARSE_INDEX_64I;
constexpr auto kZero = CUSPARSE_INDEX_BASE_ZERO;
constexpr auto kOne = CUSPARSE_INDEX_BASE_ONE;
constexpr auto kBad = CUSPARSE_STATUS_INVALID_VALUE;

/// Pointers that nobody looks behind.
void* pointer(int i) {
    return reinterpret_cast<void*>(uintptr_t(0x1000 * i));
}

TEST(Descriptors, OfSparseVectors) {
    cusparseSpVecDescr_t v;
    ACC_OK(cusparseCreateSpVec(&v, 9, 3, pointer(1), pointer(2), k64, kOne, CUDA_C_64F));
    int64_t size, nnz;
    void *indices, *values;
    cusparseIndexType_t index;
    cusparseIndexBase_t base;
    cudaDataType type;
    ACC_OK(cusparseSpVecGet(v, &size, &nnz, &indices, &values, &index, &base, &type));
    EXPECT_EQ(size, 9);
    EXPECT_EQ(nnz, 3);
    EXPECT_EQ(indices, pointer(1));
    EXPECT_EQ(values, pointer(2));
    EXPECT_EQ(index, k64);
    EXPECT_EQ(base, kOne);
    EXPECT_EQ(type, CUDA_C_64F);
    ACC_OK(cusparseSpVecSetValues(v, pointer(3)));
    const void* constant;
    ACC_OK(cusparseConstSpVecGetValues(v, &constant));
    EXPECT_EQ(constant, pointer(3));
    ACC_OK(cusparseSpVecGetIndexBase(v, &base));
    EXPECT_EQ(base, kOne);
    EXPECT_EQ(cusparseSpVecGet(v, nullptr, &nnz, &indices, &values, &index, &base, &type), kBad);
    EXPECT_EQ(cusparseSpVecSetValues(nullptr, pointer(3)), kBad);
    ACC_OK(cusparseDestroySpVec(v));
    ACC_OK(cusparseDestroySpVec(nullptr));
    cusparseConstSpVecDescr_t c;
    ACC_OK(cusparseCreateConstSpVec(&c, 9, 3, pointer(1), pointer(2), k32, kZero, CUDA_R_16F));
    ACC_OK(cusparseDestroySpVec(c));

    const auto made = [&](int64_t s, int64_t n, void* i, void* x, cusparseIndexType_t t,
                          cusparseIndexBase_t b,
                          cudaDataType d) { return cusparseCreateSpVec(&v, s, n, i, x, t, b, d); };
    EXPECT_EQ(made(-1, 0, pointer(1), pointer(2), k32, kZero, CUDA_R_32F), kBad);
    EXPECT_EQ(made(3, 4, pointer(1), pointer(2), k32, kZero, CUDA_R_32F), kBad);
    EXPECT_EQ(made(3, -1, pointer(1), pointer(2), k32, kZero, CUDA_R_32F), kBad);
    EXPECT_EQ(made(3, 1, nullptr, pointer(2), k32, kZero, CUDA_R_32F), kBad);
    EXPECT_EQ(made(3, 1, pointer(1), nullptr, k32, kZero, CUDA_R_32F), kBad);
    EXPECT_EQ(made(3, 1, pointer(1), pointer(2), cusparseIndexType_t(9), kZero, CUDA_R_32F), kBad);
    EXPECT_EQ(made(3, 1, pointer(1), pointer(2), k32, cusparseIndexBase_t(2), CUDA_R_32F), kBad);
    EXPECT_EQ(made(3, 1, pointer(1), pointer(2), k32, kZero, CUDA_R_8F_E4M3), kBad);
    EXPECT_EQ(cusparseCreateSpVec(nullptr, 3, 1, pointer(1), pointer(2), k32, kZero, CUDA_R_32F),
              kBad);
}

TEST(Descriptors, OfDenseVectors) {
    cusparseDnVecDescr_t v;
    ACC_OK(cusparseCreateDnVec(&v, 5, pointer(1), CUDA_R_64F));
    int64_t size;
    void* values;
    cudaDataType type;
    ACC_OK(cusparseDnVecGet(v, &size, &values, &type));
    EXPECT_EQ(size, 5);
    EXPECT_EQ(values, pointer(1));
    EXPECT_EQ(type, CUDA_R_64F);
    ACC_OK(cusparseDnVecSetValues(v, pointer(2)));
    ACC_OK(cusparseDnVecGetValues(v, &values));
    EXPECT_EQ(values, pointer(2));
    EXPECT_EQ(cusparseDnVecGet(v, &size, nullptr, &type), kBad);
    EXPECT_EQ(cusparseDnVecSetValues(v, nullptr), kBad);
    ACC_OK(cusparseDestroyDnVec(v));
    EXPECT_EQ(cusparseCreateDnVec(&v, -1, pointer(1), CUDA_R_64F), kBad);
    EXPECT_EQ(cusparseCreateDnVec(&v, 1, nullptr, CUDA_R_64F), kBad);
    EXPECT_EQ(cusparseCreateDnVec(nullptr, 1, pointer(1), CUDA_R_64F), kBad);
    ACC_OK(cusparseCreateDnVec(&v, 0, nullptr, CUDA_R_64F));
    ACC_OK(cusparseDestroyDnVec(v));
}

TEST(Descriptors, OfDenseMatrices) {
    cusparseDnMatDescr_t m;
    ACC_OK(cusparseCreateDnMat(&m, 3, 4, 5, pointer(1), CUDA_R_32F, CUSPARSE_ORDER_COL));
    int64_t rows, columns, ld, stride;
    void* values;
    cudaDataType type;
    cusparseOrder_t order;
    ACC_OK(cusparseDnMatGet(m, &rows, &columns, &ld, &values, &type, &order));
    EXPECT_EQ(rows, 3);
    EXPECT_EQ(columns, 4);
    EXPECT_EQ(ld, 5);
    EXPECT_EQ(values, pointer(1));
    EXPECT_EQ(type, CUDA_R_32F);
    EXPECT_EQ(order, CUSPARSE_ORDER_COL);
    int count;
    ACC_OK(cusparseDnMatSetStridedBatch(m, 7, 20));
    ACC_OK(cusparseDnMatGetStridedBatch(m, &count, &stride));
    EXPECT_EQ(count, 7);
    EXPECT_EQ(stride, 20);
    EXPECT_EQ(cusparseDnMatSetStridedBatch(m, 0, 20), kBad);
    EXPECT_EQ(cusparseDnMatSetStridedBatch(m, 2, 19), kBad);
    EXPECT_EQ(cusparseDnMatSetStridedBatch(m, 2, -1), kBad);
    ACC_OK(cusparseDnMatSetStridedBatch(m, 2, 0));
    ACC_OK(cusparseDestroyDnMat(m));
    EXPECT_EQ(cusparseCreateDnMat(&m, 3, 4, 2, pointer(1), CUDA_R_32F, CUSPARSE_ORDER_COL), kBad);
    EXPECT_EQ(cusparseCreateDnMat(&m, 3, 4, 3, pointer(1), CUDA_R_32F, CUSPARSE_ORDER_ROW), kBad);
    EXPECT_EQ(cusparseCreateDnMat(&m, 3, 4, 4, nullptr, CUDA_R_32F, CUSPARSE_ORDER_ROW), kBad);
    EXPECT_EQ(cusparseCreateDnMat(&m, 3, 4, 4, pointer(1), CUDA_R_32F, cusparseOrder_t(3)), kBad);
    EXPECT_EQ(cusparseCreateDnMat(&m, -3, 4, 4, pointer(1), CUDA_R_32F, CUSPARSE_ORDER_ROW), kBad);
}

TEST(Descriptors, OfCompressedMatrices) {
    cusparseSpMatDescr_t m;
    int64_t rows, columns, nnz;
    void *offsets, *indices, *values;
    cusparseIndexType_t offset_type, index_type;
    cusparseIndexBase_t base;
    cudaDataType type;
    ACC_OK(cusparseCreateCsr(&m, 3, 4, 5, pointer(1), pointer(2), pointer(3), k64, k32, kOne,
                             CUDA_R_32F));
    ACC_OK(cusparseCsrGet(m, &rows, &columns, &nnz, &offsets, &indices, &values, &offset_type,
                          &index_type, &base, &type));
    EXPECT_EQ(rows, 3);
    EXPECT_EQ(columns, 4);
    EXPECT_EQ(nnz, 5);
    EXPECT_EQ(offsets, pointer(1));
    EXPECT_EQ(indices, pointer(2));
    EXPECT_EQ(values, pointer(3));
    EXPECT_EQ(offset_type, k64);
    EXPECT_EQ(index_type, k32);
    EXPECT_EQ(base, kOne);
    EXPECT_EQ(type, CUDA_R_32F);
    EXPECT_EQ(cusparseCscGet(m, &rows, &columns, &nnz, &offsets, &indices, &values, &offset_type,
                             &index_type, &base, &type),
              kBad);
    ACC_OK(cusparseCsrSetPointers(m, pointer(4), pointer(5), pointer(6)));
    const void *o, *i, *v;
    ACC_OK(cusparseConstCsrGet(m, &rows, &columns, &nnz, &o, &i, &v, &offset_type, &index_type,
                               &base, &type));
    EXPECT_EQ(o, pointer(4));
    EXPECT_EQ(i, pointer(5));
    EXPECT_EQ(v, pointer(6));
    EXPECT_EQ(cusparseCsrSetPointers(m, nullptr, pointer(5), pointer(6)), kBad);
    EXPECT_EQ(cusparseCscSetPointers(m, pointer(4), pointer(5), pointer(6)), kBad);
    EXPECT_EQ(cusparseCooSetPointers(m, pointer(4), pointer(5), pointer(6)), kBad);
    cusparseFormat_t format;
    ACC_OK(cusparseSpMatGetFormat(m, &format));
    EXPECT_EQ(format, CUSPARSE_FORMAT_CSR);
    ACC_OK(cusparseSpMatGetIndexBase(m, &base));
    EXPECT_EQ(base, kOne);
    ACC_OK(cusparseSpMatSetValues(m, pointer(7)));
    ACC_OK(cusparseSpMatGetValues(m, &values));
    EXPECT_EQ(values, pointer(7));
    int count = 0;
    ACC_OK(cusparseCsrSetStridedBatch(m, 3, 4, 5));
    ACC_OK(cusparseSpMatGetStridedBatch(m, &count));
    EXPECT_EQ(count, 3);
    EXPECT_EQ(cusparseCsrSetStridedBatch(m, 3, 3, 5), kBad);
    EXPECT_EQ(cusparseCsrSetStridedBatch(m, 3, 4, 4), kBad);
    EXPECT_EQ(cusparseCsrSetStridedBatch(m, 0, 4, 5), kBad);
    EXPECT_EQ(cusparseCooSetStridedBatch(m, 3, 5), kBad);
    ACC_OK(cusparseDestroySpMat(m));

    EXPECT_EQ(cusparseCreateCsr(&m, -1, 4, 0, pointer(1), pointer(2), pointer(3), k32, k32, kZero,
                                CUDA_R_32F),
              kBad);
    EXPECT_EQ(cusparseCreateCsr(&m, 2, 2, 5, pointer(1), pointer(2), pointer(3), k32, k32, kZero,
                                CUDA_R_32F),
              kBad);
    EXPECT_EQ(cusparseCreateCsr(&m, 2, 2, 1, pointer(1), pointer(2), pointer(3), CUSPARSE_INDEX_16U,
                                k32, kZero, CUDA_R_32F),
              kBad);
    EXPECT_EQ(cusparseCreateCsc(nullptr, 2, 2, 1, pointer(1), pointer(2), pointer(3), k32, k32,
                                kZero, CUDA_R_32F),
              kBad);
    ACC_OK(cusparseCreateCsr(&m, 2, 2, 0, pointer(1), nullptr, nullptr, k32, k32, kZero,
                             CUDA_R_32F)); // a result that is not there yet
    ACC_OK(cusparseDestroySpMat(m));
    ACC_OK(cusparseDestroySpMat(nullptr));
}

TEST(Descriptors, OfOtherFormats) {
    cusparseSpMatDescr_t m;
    int64_t rows, columns, nnz, block, ell;
    void *offsets, *indices, *values;
    cusparseIndexType_t index_type;
    cusparseIndexBase_t base;
    cudaDataType type;
    ACC_OK(
        cusparseCreateCoo(&m, 3, 4, 5, pointer(1), pointer(2), pointer(3), k64, kZero, CUDA_R_64F));
    ACC_OK(cusparseCooGet(m, &rows, &columns, &nnz, &offsets, &indices, &values, &index_type, &base,
                          &type));
    EXPECT_EQ(offsets, pointer(1));
    EXPECT_EQ(index_type, k64);
    ACC_OK(cusparseCooSetStridedBatch(m, 2, 5));
    EXPECT_EQ(cusparseCooSetStridedBatch(m, 2, 4), kBad);
    ACC_OK(cusparseDestroySpMat(m));

    ACC_OK(
        cusparseCreateBlockedEll(&m, 4, 8, 2, 6, pointer(1), pointer(2), k32, kZero, CUDA_R_16F));
    ACC_OK(cusparseBlockedEllGet(m, &rows, &columns, &block, &ell, &indices, &values, &index_type,
                                 &base, &type));
    EXPECT_EQ(rows, 4);
    EXPECT_EQ(columns, 8);
    EXPECT_EQ(block, 2);
    EXPECT_EQ(ell, 6);
    ACC_OK(cusparseDestroySpMat(m));
    EXPECT_EQ(
        cusparseCreateBlockedEll(&m, 4, 8, 0, 6, pointer(1), pointer(2), k32, kZero, CUDA_R_16F),
        kBad);
    EXPECT_EQ(
        cusparseCreateBlockedEll(&m, 4, 8, 2, 10, pointer(1), pointer(2), k32, kZero, CUDA_R_16F),
        kBad);

    ACC_OK(cusparseCreateBsr(&m, 2, 3, 4, 5, 6, pointer(1), pointer(2), pointer(3), k32, k32, kZero,
                             CUDA_R_32F, CUSPARSE_ORDER_COL));
    ACC_OK(cusparseSpMatGetSize(m, &rows, &columns, &nnz));
    EXPECT_EQ(rows, 2); // as they were given: blocks
    EXPECT_EQ(columns, 3);
    EXPECT_EQ(nnz, 4);
    ACC_OK(cusparseBsrSetStridedBatch(m, 2, 3, 4, 120));
    EXPECT_EQ(cusparseBsrSetStridedBatch(m, 2, 3, 4, 119), kBad);
    ACC_OK(cusparseDestroySpMat(m));
    EXPECT_EQ(cusparseCreateBsr(&m, 2, 3, 4, 0, 6, pointer(1), pointer(2), pointer(3), k32, k32,
                                kZero, CUDA_R_32F, CUSPARSE_ORDER_COL),
              kBad);

    ACC_OK(cusparseCreateSlicedEll(&m, 4, 4, 9, 12, 2, pointer(1), pointer(2), pointer(3), k32, k32,
                                   kZero, CUDA_R_32F));
    ACC_OK(cusparseSpMatGetSize(m, &rows, &columns, &nnz));
    EXPECT_EQ(nnz, 9);
    ACC_OK(cusparseDestroySpMat(m));
    EXPECT_EQ(cusparseCreateSlicedEll(&m, 4, 4, 9, 8, 2, pointer(1), pointer(2), pointer(3), k32,
                                      k32, kZero, CUDA_R_32F),
              kBad);
}

TEST(Descriptors, Attributes) {
    cusparseSpMatDescr_t m;
    ACC_OK(
        cusparseCreateCsr(&m, 3, 3, 0, pointer(1), nullptr, nullptr, k32, k32, kZero, CUDA_R_32F));
    cusparseFillMode_t fill = CUSPARSE_FILL_MODE_UPPER, got_fill;
    cusparseDiagType_t diag = CUSPARSE_DIAG_TYPE_UNIT, got_diag;
    ACC_OK(cusparseSpMatSetAttribute(m, CUSPARSE_SPMAT_FILL_MODE, &fill, sizeof fill));
    ACC_OK(cusparseSpMatSetAttribute(m, CUSPARSE_SPMAT_DIAG_TYPE, &diag, sizeof diag));
    ACC_OK(cusparseSpMatGetAttribute(m, CUSPARSE_SPMAT_FILL_MODE, &got_fill, sizeof fill));
    ACC_OK(cusparseSpMatGetAttribute(m, CUSPARSE_SPMAT_DIAG_TYPE, &got_diag, sizeof diag));
    EXPECT_EQ(got_fill, fill);
    EXPECT_EQ(got_diag, diag);
    EXPECT_EQ(cusparseSpMatSetAttribute(m, CUSPARSE_SPMAT_FILL_MODE, nullptr, sizeof fill), kBad);
    EXPECT_EQ(cusparseSpMatSetAttribute(m, CUSPARSE_SPMAT_FILL_MODE, &fill, 2), kBad);
    EXPECT_EQ(cusparseSpMatSetAttribute(m, cusparseSpMatAttribute_t(5), &fill, sizeof fill), kBad);
    EXPECT_EQ(cusparseSpMatSetAttribute(nullptr, CUSPARSE_SPMAT_FILL_MODE, &fill, sizeof fill),
              kBad);
    ACC_OK(cusparseDestroySpMat(m));
}

} // namespace
} // namespace sparse_test
