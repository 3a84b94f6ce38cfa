// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Triangular matrices, in strips of as many rows (or columns) of B as a diagonal block of A has:
// what other strips give is a product of general matrices, the diagonal block is a kernel of its
// own.
#include "runtime/lib/blas/triangular.h"

#include "runtime/lib/blas/kernels/triangular.h"

namespace acc::blas {
namespace {

/// The strips in the order in which they can be done.
template <class Do>
cublasStatus_t for_strips(int64_t size, bool ascending, Do one) {
    const int64_t count = (size + kTriangle - 1) / kTriangle;
    for (int64_t s = 0; s < count; ++s) {
        const int64_t first = (ascending ? s : count - 1 - s) * kTriangle;
        const int64_t many = size - first < kTriangle ? size - first : kTriangle;
        if (const cublasStatus_t status = one(first, many); status != CUBLAS_STATUS_SUCCESS)
            return status;
    }
    return CUBLAS_STATUS_SUCCESS;
}

/// op(A)'s block from (row, column) on, which is not on the diagonal and inside of the triangle.
Operand block_of(const Operand& a, int64_t row, int64_t column) {
    Operand block = a;
    block.shape = Shape::General;
    return a.transposed ? part_of(block, column, row) : part_of(block, row, column);
}

Diagonal diagonal_of(const Operand& a, cublasSideMode_t side, int64_t first, int64_t order) {
    Diagonal result;
    result.a = part_of(a, first, first);
    result.order = order;
    // From the right it is the transposed matrix that multiplies columns.
    if (side == CUBLAS_SIDE_RIGHT) result.a.transposed = !a.transposed;
    return result;
}

} // namespace

cublasStatus_t solve(Context& context, Type type, cublasSideMode_t side, int64_t m, int64_t n,
                     int64_t batch, const Factor& alpha, const Operand& a, const Target& b) {
    if (m == 0 || n == 0 || batch == 0) return CUBLAS_STATUS_SUCCESS;
    const bool left = side == CUBLAS_SIDE_LEFT;
    const int64_t order = left ? m : n, others = left ? n : m;
    const bool op_upper = a.upper != a.transposed;
    const bool ascending = left ? !op_upper : op_upper;
    return for_strips(order, ascending, [&](int64_t first, int64_t many) {
        // What is solved already: in front of the strip or behind it.
        const int64_t from = ascending ? 0 : first + many;
        const int64_t solved = ascending ? first : order - from;
        const Target strip = left ? part_of(b, first, 0) : part_of(b, 0, first);
        const Operand done = as_operand(left ? part_of(b, from, 0) : part_of(b, 0, from));
        if (solved > 0 && !is_known(alpha, 0)) {
            const Operand block = left ? block_of(a, first, from) : block_of(a, from, first);
            Product p = left ? product_of(many, n, solved, constant(-1), block, done, alpha, strip)
                             : product_of(m, many, solved, constant(-1), done, block, alpha, strip);
            p.batch = batch;
            if (const cublasStatus_t status = multiply(context, type, p);
                status != CUBLAS_STATUS_SUCCESS)
                return status;
        }
        Diagonal diagonal = diagonal_of(a, side, first, many);
        diagonal.factor = solved > 0 && !is_known(alpha, 0) ? constant(1) : alpha;
        return launch_solve(context.stream, type, diagonal, left, others, batch, strip);
    });
}

cublasStatus_t multiply_triangular(Context& context, Type type, cublasSideMode_t side, int64_t m,
                                   int64_t n, const Factor& alpha, const Operand& a,
                                   const Operand& b, const Target& c) {
    if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
    const bool left = side == CUBLAS_SIDE_LEFT;
    const int64_t order = left ? m : n, others = left ? n : m;
    const bool op_upper = a.upper != a.transposed;
    // A strip is done when those that need what it was are done.
    const bool ascending = left ? op_upper : !op_upper;
    return for_strips(order, ascending, [&](int64_t first, int64_t many) {
        const int64_t from = ascending ? first + many : 0;
        const int64_t size = ascending ? order - from : first;
        const Target strip = left ? part_of(c, first, 0) : part_of(c, 0, first);
        const Operand given = left ? part_of(b, first, 0) : part_of(b, 0, first);
        Diagonal diagonal = diagonal_of(a, side, first, many);
        diagonal.factor = alpha;
        if (const cublasStatus_t status = launch_multiply(context.stream, type, diagonal, left,
                                                          others, given, strip);
            status != CUBLAS_STATUS_SUCCESS || size == 0)
            return status;
        const Operand rest = left ? part_of(b, from, 0) : part_of(b, 0, from);
        const Operand block = left ? block_of(a, first, from) : block_of(a, from, first);
        return multiply(context, type,
                        left ? product_of(many, n, size, alpha, block, rest, constant(1), strip)
                             : product_of(m, many, size, alpha, rest, block, constant(1), strip));
    });
}

} // namespace acc::blas
