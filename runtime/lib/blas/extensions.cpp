// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What BLAS has not: sums of matrices, products with diagonal ones, packing.
#include "runtime/lib/blas/kernels/extensions.h"

#include "runtime/lib/blas/arguments.h"
#include "runtime/lib/blas/kernels/number.cuh"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

template <class T>
Term<T> term(const Context& context, const T* factor, const T* data, int64_t ld,
             cublasOperation_t op) {
    return {scalar(context, factor), data, ld, op != CUBLAS_OP_N, op == CUBLAS_OP_C};
}

template <class T>
cublasStatus_t geam(Context& context, cublasOperation_t transa, cublasOperation_t transb, int64_t m,
                    int64_t n, const T* alpha, const T* a, int64_t lda, const T* beta, const T* b,
                    int64_t ldb, T* c, int64_t ldc) {
    if (!is_operation(transa) || !is_operation(transb) || m < 0 || n < 0 ||
        !is_leading(lda, transa == CUBLAS_OP_N ? m : n) ||
        !is_leading(ldb, transb == CUBLAS_OP_N ? m : n) || !is_leading(ldc, m) ||
        alpha == nullptr || beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    // In place only as it is.
    if ((c == a && (transa != CUBLAS_OP_N || lda != ldc)) ||
        (c == b && (transb != CUBLAS_OP_N || ldb != ldc)))
        return CUBLAS_STATUS_INVALID_VALUE;
    if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_sum(context, m, n, term(context, alpha, a, lda, transa),
                      term(context, beta, b, ldb, transb), c, ldc);
}

template <class T>
cublasStatus_t dgmm(Context& context, cublasSideMode_t side, int64_t m, int64_t n, const T* a,
                    int64_t lda, const T* x, int64_t incx, T* c, int64_t ldc) {
    if (!is_side(side) || m < 0 || n < 0 || !is_leading(lda, m) || !is_leading(ldc, m))
        return CUBLAS_STATUS_INVALID_VALUE;
    if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_diagonal(context, side == CUBLAS_SIDE_LEFT, m, n, a, lda, x, incx, c, ldc);
}

template <class T>
cublasStatus_t packing(Context& context, bool packs, cublasFillMode_t uplo, int64_t n,
                       const T* from, T* to, int64_t ld) {
    if (!is_half(uplo) || n < 0 || !is_leading(ld, n)) return CUBLAS_STATUS_INVALID_VALUE;
    if (n == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_packing(context, packs, uplo == CUBLAS_FILL_MODE_UPPER, n, from, to, ld);
}

template <class T>
cublasStatus_t tpttr(Context& context, cublasFillMode_t uplo, int64_t n, const T* ap, T* a,
                     int64_t lda) {
    return packing(context, false, uplo, n, ap, a, lda);
}

template <class T>
cublasStatus_t trttp(Context& context, cublasFillMode_t uplo, int64_t n, const T* a, int64_t lda,
                     T* ap) {
    return packing(context, true, uplo, n, a, ap, lda);
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "extensions_entries.inc"
