// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batches of products of a matrix and a vector, also of narrow types.
#include "runtime/lib/blas/arguments.h"
#include "runtime/lib/blas/kernels/level2.h"
#include "runtime/lib/blas/kernels/number.cuh"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

template <class A, class Y, class C>
cublasStatus_t run(Context& context, cublasOperation_t trans, GemvBatch<A, Y>& p, const C* alpha,
                   const C* beta) {
    if (!is_operation(trans) || p.m < 0 || p.n < 0 || !is_leading(p.lda, p.m) || p.incx == 0 ||
        p.incy == 0 || p.batch < 0 || alpha == nullptr || beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (p.m == 0 || p.n == 0 || p.batch == 0) return CUBLAS_STATUS_SUCCESS;
    p.transposed = trans != CUBLAS_OP_N;
    p.conjugated = trans == CUBLAS_OP_C;
    return launch_gemv(context, p, scalar(context, alpha), scalar(context, beta));
}

/// The matrices' type is given with the arguments: T is named by the table only for the four plain
/// ones.
template <class T = void, class A, class Y, class C>
cublasStatus_t gemv_batched(Context& context, cublasOperation_t trans, int64_t m, int64_t n,
                            const C* alpha, const A* const* a, int64_t lda, const A* const* x,
                            int64_t incx, const C* beta, Y* const* y, int64_t incy, int64_t batch) {
    GemvBatch<A, Y> p{m, n, lda, incx, incy, batch};
    p.a_array = a;
    p.x_array = x;
    p.y_array = y;
    return run(context, trans, p, alpha, beta);
}

template <class T = void, class A, class Y, class C>
cublasStatus_t gemv_strided_batched(Context& context, cublasOperation_t trans, int64_t m, int64_t n,
                                    const C* alpha, const A* a, int64_t lda, int64_t stride_a,
                                    const A* x, int64_t incx, int64_t stride_x, const C* beta, Y* y,
                                    int64_t incy, int64_t stride_y, int64_t batch) {
    GemvBatch<A, Y> p{m, n, lda, incx, incy, batch};
    p.a = a;
    p.x = x;
    p.y = y;
    p.stride_a = stride_a;
    p.stride_x = stride_x;
    p.stride_y = stride_y;
    return run(context, trans, p, alpha, beta);
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "gemv_batched_entries.inc"
