// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products and systems with triangular matrices.
#pragma once

#include "runtime/lib/blas/arguments.h"
#include "runtime/lib/blas/products.h"

namespace acc::blas {

/// B = alpha op(A)^-1 B, or B op(A)^-1, for each problem of the batch; A (shape Triangular) with
/// its operation.
cublasStatus_t solve(Context&, Type type, cublasSideMode_t side, int64_t m, int64_t n,
                     int64_t batch, const Factor& alpha, const Operand& a, const Target& b);

/// C = alpha op(A) B, or B op(A). C may be B.
cublasStatus_t multiply_triangular(Context&, Type type, cublasSideMode_t side, int64_t m, int64_t n,
                                   const Factor& alpha, const Operand& a, const Operand& b,
                                   const Target& c);

inline bool are_triangular_sizes(cublasSideMode_t side, cublasFillMode_t uplo,
                                 cublasOperation_t trans, cublasDiagType_t diag, int64_t m,
                                 int64_t n, int64_t lda, int64_t ldb) {
    return is_side(side) && is_half(uplo) && is_operation(trans) && is_diagonal(diag) && m >= 0 &&
           n >= 0 && is_leading(lda, side == CUBLAS_SIDE_LEFT ? m : n) && is_leading(ldb, m);
}

inline Operand triangular(Operand a, cublasFillMode_t uplo, cublasDiagType_t diag) {
    a.shape = Shape::Triangular;
    a.upper = uplo == CUBLAS_FILL_MODE_UPPER;
    a.unit = diag == CUBLAS_DIAG_UNIT;
    return a;
}

template <class T>
cublasStatus_t trsm(Context& context, cublasSideMode_t side, cublasFillMode_t uplo,
                    cublasOperation_t trans, cublasDiagType_t diag, int64_t m, int64_t n,
                    const T* alpha, const T* a, int64_t lda, T* b, int64_t ldb) {
    if (!are_triangular_sizes(side, uplo, trans, diag, m, n, lda, ldb) || alpha == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    constexpr Type type = type_id<T>();
    return solve(context, type, side, m, n, 1, factor(context, alpha),
                 triangular(operand(a, lda, type, trans), uplo, diag), target(b, ldb, type));
}

template <class T>
cublasStatus_t trsm_batched(Context& context, cublasSideMode_t side, cublasFillMode_t uplo,
                            cublasOperation_t trans, cublasDiagType_t diag, int64_t m, int64_t n,
                            const T* alpha, const T* const* a, int64_t lda, T* const* b,
                            int64_t ldb, int64_t batch) {
    if (!are_triangular_sizes(side, uplo, trans, diag, m, n, lda, ldb) || alpha == nullptr ||
        batch < 0)
        return CUBLAS_STATUS_INVALID_VALUE;
    constexpr Type type = type_id<T>();
    Target all = target(nullptr, ldb, type);
    all.array = reinterpret_cast<void* const*>(b);
    const auto* pointers = reinterpret_cast<const void* const*>(a);
    return solve(context, type, side, m, n, batch, factor(context, alpha),
                 triangular(operands(pointers, lda, type, trans), uplo, diag), all);
}

template <class T>
cublasStatus_t trmm(Context& context, cublasSideMode_t side, cublasFillMode_t uplo,
                    cublasOperation_t trans, cublasDiagType_t diag, int64_t m, int64_t n,
                    const T* alpha, const T* a, int64_t lda, const T* b, int64_t ldb, T* c,
                    int64_t ldc) {
    if (!are_triangular_sizes(side, uplo, trans, diag, m, n, lda, ldb) || !is_leading(ldc, m) ||
        alpha == nullptr || (b == c && ldb != ldc))
        return CUBLAS_STATUS_INVALID_VALUE;
    constexpr Type type = type_id<T>();
    return multiply_triangular(context, type, side, m, n, factor(context, alpha),
                               triangular(operand(a, lda, type, trans), uplo, diag),
                               operand(b, ldb, type), target(c, ldc, type));
}

} // namespace acc::blas
