// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What descriptors point to, and as what kernels see them.
#pragma once

#include "runtime/lib/sparse/handle.h"

struct cusparseSpVecDescr {
    int64_t size, nnz;
    void *indices, *values;
    cusparseIndexType_t index_type;
    cusparseIndexBase_t base;
    cudaDataType type;
};

struct cusparseDnVecDescr {
    int64_t size;
    void* values;
    cudaDataType type;
};

struct cusparseSpMatDescr {
    cusparseFormat_t format;
    int64_t rows, columns; ///< blocks are not counted but what is in them
    int64_t nnz;           ///< elements; BSR: blocks; blocked ELL: not used
    void* offsets;         ///< of rows, columns (CSC) or slices; COO: the row indices
    void* indices;
    void* values;
    cusparseIndexType_t offset_type, index_type;
    cusparseIndexBase_t base;
    cudaDataType type;
    int64_t block_rows = 1, block_columns = 1;
    cusparseOrder_t block_order = CUSPARSE_ORDER_ROW;
    int64_t ell_columns = 0;
    int64_t slice = 1, size_of_values = 0; ///< sliced ELL
    int batches = 1;
    int64_t offsets_stride = 0, indices_stride = 0, values_stride = 0;
    cusparseFillMode_t fill_mode = CUSPARSE_FILL_MODE_LOWER;
    cusparseDiagType_t diag_type = CUSPARSE_DIAG_TYPE_NON_UNIT;
};

struct cusparseDnMatDescr {
    int64_t rows, columns, ld;
    void* values;
    cudaDataType type;
    cusparseOrder_t order;
    int batches = 1;
    int64_t stride = 0;
};

namespace acc::sparse {

/// Element::None when a descriptor cannot have the type.
Element element_of(cudaDataType type);

bool valid(cusparseIndexType_t type); ///< 32 or 64 bits; 16 are none that CUDA documents
bool valid(cusparseIndexBase_t base);
bool valid(cusparseOperation_t op);
bool valid(cusparseOrder_t order);

inline Indices indices_of(void* data, cusparseIndexType_t type, cusparseIndexBase_t base) {
    return {data, type == CUSPARSE_INDEX_64I ? 8 : 4, base == CUSPARSE_INDEX_BASE_ONE ? 1 : 0};
}
inline Values values_of(const cusparseDnVecDescr& vector) {
    return {vector.values, element_of(vector.type)};
}
inline Values values_of(const cusparseSpVecDescr& vector) {
    return {vector.values, element_of(vector.type)};
}

/// The matrix by rows; for CSC the transposed one is.
Rows rows_of(const cusparseSpMatDescr& matrix);

/// Elements that are stored, padding included.
int64_t stored_elements(const cusparseSpMatDescr& matrix);

/// op(matrix).
Dense dense_of(const cusparseDnMatDescr& matrix, cusparseOperation_t op);

} // namespace acc::sparse
