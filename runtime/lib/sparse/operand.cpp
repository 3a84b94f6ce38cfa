// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/operand.h"

namespace acc::sparse {
namespace {

void* moved(void* pointer, int64_t bytes) {
    return pointer == nullptr ? nullptr : static_cast<char*>(pointer) + bytes;
}

/// Matrix `batch`, alone.
Rows one_of(Rows m, int batch) {
    m.offsets.data = moved(m.offsets.data, batch * m.offsets_stride * m.offsets.bytes);
    m.sorted.data = moved(m.sorted.data, batch * m.indices_stride * m.sorted.bytes);
    m.indices.data = moved(m.indices.data, batch * m.indices_stride * m.indices.bytes);
    m.values.data = moved(m.values.data, batch * m.values_stride * int64_t(size_of(m.values.type)));
    m.offsets_stride = m.indices_stride = m.values_stride = 0;
    return m;
}

} // namespace

Element compute_of(cudaDataType type) {
    switch (type) {
    case CUDA_R_32F:
    case CUDA_R_64F:
    case CUDA_C_32F:
    case CUDA_C_64F:
    case CUDA_R_32I: return element_of(type);
    default: return Element::None;
    }
}

bool needs_transposing(const cusparseSpMatDescr& a, cusparseOperation_t op) {
    return (op != CUSPARSE_OPERATION_NON_TRANSPOSE) != (a.format == CUSPARSE_FORMAT_CSC);
}

int64_t rows_after(const cusparseSpMatDescr& a, cusparseOperation_t op) {
    return op == CUSPARSE_OPERATION_NON_TRANSPOSE ? a.rows : a.columns;
}
int64_t columns_after(const cusparseSpMatDescr& a, cusparseOperation_t op) {
    return op == CUSPARSE_OPERATION_NON_TRANSPOSE ? a.columns : a.rows;
}

void take_operand(Pieces& pieces, const cusparseSpMatDescr& a, cusparseOperation_t op,
                  Transposed& memory) {
    if (needs_transposing(a, op))
        memory.take(pieces, columns_after(a, op), rows_after(a, op), stored_elements(a));
}

cudaError_t make_operand(cudaStream_t stream, const cusparseSpMatDescr& a, cusparseOperation_t op,
                         int batch, Transposed& memory, Rows* result) {
    *result = one_of(rows_of(a), batch);
    if (!needs_transposing(a, op)) return cudaSuccess;
    const Rows given = *result;
    return launch_transpose(stream, given, stored_elements(a), memory, result);
}

} // namespace acc::sparse
