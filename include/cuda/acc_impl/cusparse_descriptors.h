// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSPARSE's descriptors of vectors and matrices. They hold sizes, types and the program's device
// pointers, no memory; a function with Const in its name is for data that is only read.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// The functions of which a Const form exists: V is void or const void, C nothing or Const, D the
// descriptor's type.
#define ACC_SPARSE_DESCRIPTORS(C, V, D)                                                            \
    cusparseStatus_t cusparseCreate##C##SpVec(D(SpVec) * vector, int64_t size, int64_t nnz,        \
                                              V* indices, V* values, cusparseIndexType_t type,     \
                                              cusparseIndexBase_t base, cudaDataType value_type);  \
    cusparseStatus_t cusparse##C##SpVecGet(D(SpVec) vector, int64_t* size, int64_t* nnz,           \
                                           V** indices, V** values, cusparseIndexType_t* type,     \
                                           cusparseIndexBase_t* base, cudaDataType* value_type);   \
    cusparseStatus_t cusparse##C##SpVecGetValues(D(SpVec) vector, V** values);                     \
    cusparseStatus_t cusparseCreate##C##DnVec(D(DnVec) * vector, int64_t size, V* values,          \
                                              cudaDataType type);                                  \
    cusparseStatus_t cusparse##C##DnVecGet(D(DnVec) vector, int64_t* size, V** values,             \
                                           cudaDataType* type);                                    \
    cusparseStatus_t cusparse##C##DnVecGetValues(D(DnVec) vector, V** values);                     \
    cusparseStatus_t cusparse##C##SpMatGetValues(D(SpMat) matrix, V** values);                     \
    cusparseStatus_t cusparseCreate##C##Csr(                                                       \
        D(SpMat) * matrix, int64_t rows, int64_t columns, int64_t nnz, V* row_offsets,             \
        V* column_indices, V* values, cusparseIndexType_t offset_type,                             \
        cusparseIndexType_t index_type, cusparseIndexBase_t base, cudaDataType value_type);        \
    cusparseStatus_t cusparseCreate##C##Csc(                                                       \
        D(SpMat) * matrix, int64_t rows, int64_t columns, int64_t nnz, V* column_offsets,          \
        V* row_indices, V* values, cusparseIndexType_t offset_type,                                \
        cusparseIndexType_t index_type, cusparseIndexBase_t base, cudaDataType value_type);        \
    cusparseStatus_t cusparse##C##CsrGet(                                                          \
        D(SpMat) matrix, int64_t* rows, int64_t* columns, int64_t* nnz, V** row_offsets,           \
        V** column_indices, V** values, cusparseIndexType_t* offset_type,                          \
        cusparseIndexType_t* index_type, cusparseIndexBase_t* base, cudaDataType* value_type);     \
    cusparseStatus_t cusparse##C##CscGet(                                                          \
        D(SpMat) matrix, int64_t* rows, int64_t* columns, int64_t* nnz, V** column_offsets,        \
        V** row_indices, V** values, cusparseIndexType_t* offset_type,                             \
        cusparseIndexType_t* index_type, cusparseIndexBase_t* base, cudaDataType* value_type);     \
    cusparseStatus_t cusparseCreate##C##Bsr(                                                       \
        D(SpMat) * matrix, int64_t block_rows, int64_t block_columns, int64_t blocks,              \
        int64_t rows_of_block, int64_t columns_of_block, V* row_offsets, V* column_indices,        \
        V* values, cusparseIndexType_t offset_type, cusparseIndexType_t index_type,                \
        cusparseIndexBase_t base, cudaDataType value_type, cusparseOrder_t order_in_block);        \
    cusparseStatus_t cusparseCreate##C##Coo(D(SpMat) * matrix, int64_t rows, int64_t columns,      \
                                            int64_t nnz, V* row_indices, V* column_indices,        \
                                            V* values, cusparseIndexType_t index_type,             \
                                            cusparseIndexBase_t base, cudaDataType value_type);    \
    cusparseStatus_t cusparse##C##CooGet(D(SpMat) matrix, int64_t* rows, int64_t* columns,         \
                                         int64_t* nnz, V** row_indices, V** column_indices,        \
                                         V** values, cusparseIndexType_t* index_type,              \
                                         cusparseIndexBase_t* base, cudaDataType* value_type);     \
    cusparseStatus_t cusparseCreate##C##BlockedEll(                                                \
        D(SpMat) * matrix, int64_t rows, int64_t columns, int64_t block_size, int64_t ell_columns, \
        V* column_indices, V* values, cusparseIndexType_t index_type, cusparseIndexBase_t base,    \
        cudaDataType value_type);                                                                  \
    cusparseStatus_t cusparse##C##BlockedEllGet(                                                   \
        D(SpMat) matrix, int64_t* rows, int64_t* columns, int64_t* block_size,                     \
        int64_t* ell_columns, V** column_indices, V** values, cusparseIndexType_t* index_type,     \
        cusparseIndexBase_t* base, cudaDataType* value_type);                                      \
    cusparseStatus_t cusparseCreate##C##SlicedEll(                                                 \
        D(SpMat) * matrix, int64_t rows, int64_t columns, int64_t nnz, int64_t size_of_values,     \
        int64_t rows_of_slice, V* slice_offsets, V* column_indices, V* values,                     \
        cusparseIndexType_t offset_type, cusparseIndexType_t index_type, cusparseIndexBase_t base, \
        cudaDataType value_type);                                                                  \
    cusparseStatus_t cusparseCreate##C##DnMat(D(DnMat) * matrix, int64_t rows, int64_t columns,    \
                                              int64_t ld, V* values, cudaDataType type,            \
                                              cusparseOrder_t order);                              \
    cusparseStatus_t cusparse##C##DnMatGet(D(DnMat) matrix, int64_t* rows, int64_t* columns,       \
                                           int64_t* ld, V** values, cudaDataType* type,            \
                                           cusparseOrder_t* order);                                \
    cusparseStatus_t cusparse##C##DnMatGetValues(D(DnMat) matrix, V** values);
#define ACC_SPARSE_DESCRIPTOR(NAME) cusparse##NAME##Descr_t
#define ACC_SPARSE_CONST_DESCRIPTOR(NAME) cusparseConst##NAME##Descr_t
ACC_SPARSE_DESCRIPTORS(, void, ACC_SPARSE_DESCRIPTOR)
ACC_SPARSE_DESCRIPTORS(Const, const void, ACC_SPARSE_CONST_DESCRIPTOR)
#undef ACC_SPARSE_DESCRIPTORS
#undef ACC_SPARSE_DESCRIPTOR
#undef ACC_SPARSE_CONST_DESCRIPTOR

/// Destroying a null descriptor does nothing.
cusparseStatus_t cusparseDestroySpVec(cusparseConstSpVecDescr_t vector);
cusparseStatus_t cusparseDestroyDnVec(cusparseConstDnVecDescr_t vector);
cusparseStatus_t cusparseDestroySpMat(cusparseConstSpMatDescr_t matrix);
cusparseStatus_t cusparseDestroyDnMat(cusparseConstDnMatDescr_t matrix);

cusparseStatus_t cusparseSpVecGetIndexBase(cusparseConstSpVecDescr_t vector,
                                           cusparseIndexBase_t* base);
cusparseStatus_t cusparseSpVecSetValues(cusparseSpVecDescr_t vector, void* values);
cusparseStatus_t cusparseDnVecSetValues(cusparseDnVecDescr_t vector, void* values);

cusparseStatus_t cusparseSpMatGetFormat(cusparseConstSpMatDescr_t matrix, cusparseFormat_t* format);
cusparseStatus_t cusparseSpMatGetIndexBase(cusparseConstSpMatDescr_t matrix,
                                           cusparseIndexBase_t* base);
cusparseStatus_t cusparseSpMatSetValues(cusparseSpMatDescr_t matrix, void* values);
cusparseStatus_t cusparseSpMatGetSize(cusparseConstSpMatDescr_t matrix, int64_t* rows,
                                      int64_t* columns, int64_t* nnz);
cusparseStatus_t cusparseSpMatGetAttribute(cusparseConstSpMatDescr_t matrix,
                                           cusparseSpMatAttribute_t attribute, void* data,
                                           size_t size);
cusparseStatus_t cusparseSpMatSetAttribute(cusparseSpMatDescr_t matrix,
                                           cusparseSpMatAttribute_t attribute, void* data,
                                           size_t size);
cusparseStatus_t cusparseCsrSetPointers(cusparseSpMatDescr_t matrix, void* row_offsets,
                                        void* column_indices, void* values);
cusparseStatus_t cusparseCscSetPointers(cusparseSpMatDescr_t matrix, void* column_offsets,
                                        void* row_indices, void* values);
cusparseStatus_t cusparseCooSetPointers(cusparseSpMatDescr_t matrix, void* row_indices,
                                        void* column_indices, void* values);

// Batches: matrices at equal distances, counted in elements. A distance of zero is one matrix for
// all.
cusparseStatus_t cusparseSpMatGetStridedBatch(cusparseConstSpMatDescr_t matrix, int* count);
cusparseStatus_t cusparseCooSetStridedBatch(cusparseSpMatDescr_t matrix, int count, int64_t stride);
cusparseStatus_t cusparseCsrSetStridedBatch(cusparseSpMatDescr_t matrix, int count,
                                            int64_t offsets_stride, int64_t columns_values_stride);
cusparseStatus_t cusparseBsrSetStridedBatch(cusparseSpMatDescr_t matrix, int count,
                                            int64_t offsets_stride, int64_t columns_stride,
                                            int64_t values_stride);

cusparseStatus_t cusparseDnMatSetValues(cusparseDnMatDescr_t matrix, void* values);
cusparseStatus_t cusparseDnMatSetStridedBatch(cusparseDnMatDescr_t matrix, int count,
                                              int64_t stride);
cusparseStatus_t cusparseDnMatGetStridedBatch(cusparseConstDnMatDescr_t matrix, int* count,
                                              int64_t* stride);

#ifdef __cplusplus
}
#endif
