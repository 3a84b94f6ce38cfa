// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// bsrmv and bsrmm: the kernels of SpMV and SpMM on arrays.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/kernels/products.h"
#include "runtime/lib/sparse/legacy.h"

using namespace acc::sparse;

namespace {

struct Blocks {
    cusparseDirection_t direction;
    int rows, columns, count;
    const cusparseMatDescr* matrix;
    const void* values;
    const int *offsets, *indices;
    int block;
};

cusparseStatus_t check(const Blocks& b) {
    if (b.rows < 0 || b.columns < 0 || b.count < 0 || b.block < 1 || b.matrix == nullptr ||
        (b.direction != CUSPARSE_DIRECTION_ROW && b.direction != CUSPARSE_DIRECTION_COLUMN) ||
        (b.count > 0 && (b.values == nullptr || any_null(b.offsets, b.indices))))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return b.matrix->type == CUSPARSE_MATRIX_TYPE_GENERAL
               ? CUSPARSE_STATUS_SUCCESS
               : CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED;
}

Rows rows_of(const Blocks& b, Element type) {
    Rows r = csr_rows(int64_t(b.rows) * b.block, int64_t(b.columns) * b.block, b.count, b.matrix,
                      b.offsets, b.indices, {writable(b.values), type});
    r.layout = Layout::Blocks;
    r.block_rows = r.block_columns = b.block;
    r.column_major = b.direction == CUSPARSE_DIRECTION_COLUMN;
    return r;
}

cusparseStatus_t bsrmv(const Context& context, const Blocks& b, cusparseOperation_t op,
                       const void* alpha, const void* x, const void* beta, void* y, Element type) {
    if (!valid(op) || alpha == nullptr || beta == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    const cusparseStatus_t status = check(b);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    if (op != CUSPARSE_OPERATION_NON_TRANSPOSE) return CUSPARSE_STATUS_NOT_SUPPORTED;
    if (b.rows == 0 || b.columns == 0) return CUSPARSE_STATUS_SUCCESS;
    if (x == nullptr || y == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    return status_of(launch_spmv(context.stream, type, rows_of(b, type), false, {writable(x), type},
                                 {y, type}, scalar(context, type, alpha),
                                 scalar(context, type, beta)));
}

cusparseStatus_t bsrmm(const Context& context, const Blocks& a, cusparseOperation_t op_a,
                       cusparseOperation_t op_b, int n, const void* alpha, const void* b, int ldb,
                       const void* beta, void* c, int ldc, Element type) {
    if (!valid(op_a) || !valid(op_b) || n < 0 || alpha == nullptr || beta == nullptr)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const cusparseStatus_t status = check(a);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    if (op_a != CUSPARSE_OPERATION_NON_TRANSPOSE || op_b == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE)
        return CUSPARSE_STATUS_NOT_SUPPORTED;
    const int64_t m = int64_t(a.rows) * a.block, k = int64_t(a.columns) * a.block;
    const bool plain = op_b == CUSPARSE_OPERATION_NON_TRANSPOSE;
    if (m == 0 || k == 0 || n == 0) return CUSPARSE_STATUS_SUCCESS;
    if (b == nullptr || c == nullptr || ldb < (plain ? k : n) || ldc < m)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const Dense right = {{writable(b), type}, k, n, plain ? 1 : ldb, plain ? ldb : 1, 0, false};
    const Dense result = {{c, type}, m, n, 1, ldc, 0, false};
    return status_of(launch_spmm(context.stream, type, rows_of(a, type), false, right, result,
                                 scalar(context, type, alpha), scalar(context, type, beta), 1));
}

} // namespace

#define ACC_BLOCKS(L, T)                                                                           \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##bsrmv(                                           \
        cusparseHandle_t handle, cusparseDirection_t direction, cusparseOperation_t op, int mb,    \
        int nb, int count, const T* alpha, const cusparseMatDescr_t a, const T* values,            \
        const int* offsets, const int* indices, int block, const T* x, const T* beta, T* y) {      \
        return guard(__func__, handle, [&] {                                                       \
            return bsrmv(*handle, {direction, mb, nb, count, a, values, offsets, indices, block},  \
                         op, alpha, x, beta, y, TypeOf<T>::element);                               \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##bsrmm(                                           \
        cusparseHandle_t handle, cusparseDirection_t direction, cusparseOperation_t op_a,          \
        cusparseOperation_t op_b, int mb, int n, int kb, int count, const T* alpha,                \
        const cusparseMatDescr_t a, const T* values, const int* offsets, const int* indices,       \
        const int block, const T* b, const int ldb, const T* beta, T* c, int ldc) {                \
        return guard(__func__, handle, [&] {                                                       \
            return bsrmm(*handle, {direction, mb, kb, count, a, values, offsets, indices, block},  \
                         op_a, op_b, n, alpha, b, ldb, beta, c, ldc, TypeOf<T>::element);          \
        });                                                                                        \
    }
ACC_BLOCKS(S, float)
ACC_BLOCKS(D, double)
ACC_BLOCKS(C, cuComplex)
ACC_BLOCKS(Z, cuDoubleComplex)
