// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/descriptors.h"

#include <utility>

namespace acc::sparse {

Element element_of(cudaDataType type) {
    switch (type) {
    case CUDA_R_32F: return Element::F32;
    case CUDA_R_64F: return Element::F64;
    case CUDA_C_32F: return Element::C32;
    case CUDA_C_64F: return Element::C64;
    case CUDA_R_16F: return Element::F16;
    case CUDA_R_16BF: return Element::BF16;
    case CUDA_C_16F: return Element::C16;
    case CUDA_C_16BF: return Element::CBF16;
    case CUDA_R_8I: return Element::I8;
    case CUDA_R_32I: return Element::I32;
    default: return Element::None;
    }
}

bool valid(cusparseIndexType_t type) {
    return type == CUSPARSE_INDEX_32I || type == CUSPARSE_INDEX_64I;
}
bool valid(cusparseIndexBase_t base) {
    return base == CUSPARSE_INDEX_BASE_ZERO || base == CUSPARSE_INDEX_BASE_ONE;
}
bool valid(cusparseOperation_t op) {
    return op >= CUSPARSE_OPERATION_NON_TRANSPOSE && op <= CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE;
}
bool valid(cusparseOrder_t order) {
    return order == CUSPARSE_ORDER_COL || order == CUSPARSE_ORDER_ROW;
}

Rows rows_of(const cusparseSpMatDescr& m) {
    Rows r = {};
    r.rows = m.rows;
    r.columns = m.columns;
    r.nnz = m.nnz;
    r.offsets = indices_of(m.offsets, m.offset_type, m.base);
    r.indices = indices_of(m.indices, m.index_type, m.base);
    r.values = {m.values, element_of(m.type)};
    r.block_rows = m.block_rows;
    r.block_columns = m.block_columns;
    r.column_major = m.block_order == CUSPARSE_ORDER_COL;
    r.slice = m.slice;
    r.offsets_stride = m.offsets_stride;
    r.indices_stride = m.indices_stride;
    r.values_stride = m.values_stride;
    switch (m.format) {
    case CUSPARSE_FORMAT_CSC: std::swap(r.rows, r.columns); break;
    case CUSPARSE_FORMAT_COO:
        r.layout = Layout::Sorted;
        r.sorted = std::exchange(r.offsets, Indices{nullptr, 4, 0});
        break;
    case CUSPARSE_FORMAT_BSR: r.layout = Layout::Blocks; break;
    case CUSPARSE_FORMAT_BLOCKED_ELL:
        r.layout = Layout::Padded;
        r.steps = m.ell_columns / m.block_columns;
        r.nnz = m.rows / m.block_rows * r.steps;
        break;
    case CUSPARSE_FORMAT_SLICED_ELLPACK:
        r.layout = Layout::Slices;
        r.nnz = m.size_of_values;
        break;
    default: break;
    }
    return r;
}

int64_t stored_elements(const cusparseSpMatDescr& m) {
    switch (m.format) {
    case CUSPARSE_FORMAT_BSR: return m.nnz * m.block_rows * m.block_columns;
    case CUSPARSE_FORMAT_BLOCKED_ELL: return m.rows * m.ell_columns;
    case CUSPARSE_FORMAT_SLICED_ELLPACK: return m.size_of_values;
    default: return m.nnz;
    }
}

Dense dense_of(const cusparseDnMatDescr& m, cusparseOperation_t op) {
    const bool columns = m.order == CUSPARSE_ORDER_COL;
    Dense d = {{m.values, element_of(m.type)},
               m.rows,
               m.columns,
               columns ? 1 : m.ld,
               columns ? m.ld : 1,
               m.stride,
               op == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE};
    if (op != CUSPARSE_OPERATION_NON_TRANSPOSE) {
        std::swap(d.rows, d.columns);
        std::swap(d.row_step, d.column_step);
    }
    return d;
}

} // namespace acc::sparse
