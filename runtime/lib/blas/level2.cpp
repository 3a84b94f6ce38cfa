// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 2: matrices and vectors, in full, band and packed storage.
#include "runtime/lib/blas/kernels/level2.h"

#include "runtime/lib/blas/arguments.h"
#include "runtime/lib/blas/kernels/number.cuh"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

/// Element 0 of a vector: the last in memory when the stride is negative.
template <class T>
T* start_of(T* x, int64_t n, int64_t stride) {
    return stride < 0 ? x + (1 - n) * stride : x;
}

/// A band that leaves nothing out.
template <class T>
void set_whole(Stored<T>& m) {
    m.below = m.rows;
    m.above = m.columns;
}

template <class T>
void set_operation(Stored<T>& m, cublasOperation_t op) {
    m.transposed = op != CUBLAS_OP_N;
    m.conjugated = op == CUBLAS_OP_C;
}

template <class T>
cublasStatus_t matvec(Context& context, const Stored<T>& a, const T* alpha, const T* x,
                      int64_t incx, const T* beta, T* y, int64_t incy) {
    if (incx == 0 || incy == 0 || alpha == nullptr || beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (a.rows == 0 || a.columns == 0) return CUBLAS_STATUS_SUCCESS;
    const int64_t of_x = a.transposed ? a.rows : a.columns,
                  of_y = a.transposed ? a.columns : a.rows;
    return launch_matvec(context, a, scalar(context, alpha), start_of(x, of_x, incx), incx,
                         scalar(context, beta), start_of(y, of_y, incy), incy);
}

template <class T>
cublasStatus_t gemv(Context& context, cublasOperation_t trans, int64_t m, int64_t n, const T* alpha,
                    const T* a, int64_t lda, const T* x, int64_t incx, const T* beta, T* y,
                    int64_t incy) {
    if (!is_operation(trans) || m < 0 || n < 0 || !is_leading(lda, m) || incx == 0 || incy == 0 ||
        alpha == nullptr || beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
    GemvBatch<T, T> p;
    p.m = m;
    p.n = n;
    p.lda = lda;
    p.incx = incx;
    p.incy = incy;
    p.transposed = trans != CUBLAS_OP_N;
    p.conjugated = trans == CUBLAS_OP_C;
    p.a = a;
    p.x = x;
    p.y = y;
    return launch_gemv(context, p, scalar(context, alpha), scalar(context, beta));
}

template <class T>
cublasStatus_t gbmv(Context& context, cublasOperation_t trans, int64_t m, int64_t n, int64_t kl,
                    int64_t ku, const T* alpha, const T* a, int64_t lda, const T* x, int64_t incx,
                    const T* beta, T* y, int64_t incy) {
    if (!is_operation(trans) || m < 0 || n < 0 || kl < 0 || ku < 0 || lda < kl + ku + 1)
        return CUBLAS_STATUS_INVALID_VALUE;
    Stored<T> matrix{a, lda, m, n, kl, ku, Storage::Band};
    set_operation(matrix, trans);
    return matvec(context, matrix, alpha, x, incx, beta, y, incy);
}

/// A symmetric, Hermitian or triangular matrix, of which a half is stored.
template <class T>
Stored<T> half_of(Shape shape, Storage storage, cublasFillMode_t uplo, int64_t n, int64_t k,
                  const T* a, int64_t lda) {
    Stored<T> matrix{a, lda, n, n, 0, 0, storage, shape};
    matrix.upper = uplo == CUBLAS_FILL_MODE_UPPER;
    const int64_t diagonals = storage == Storage::Band ? k : n;
    matrix.above = matrix.upper ? diagonals : 0;
    matrix.below = matrix.upper ? 0 : diagonals;
    return matrix;
}

/// Sizes of a half in one of the storages.
bool are_half_sizes(Storage storage, cublasFillMode_t uplo, int64_t n, int64_t k, int64_t lda) {
    if (!is_half(uplo) || n < 0) return false;
    if (storage == Storage::Band) return k >= 0 && lda >= k + 1;
    return storage == Storage::Packed || is_leading(lda, n);
}

template <class T>
cublasStatus_t half_product(Context& context, Shape shape, Storage storage, cublasFillMode_t uplo,
                            int64_t n, int64_t k, const T* alpha, const T* a, int64_t lda,
                            const T* x, int64_t incx, const T* beta, T* y, int64_t incy) {
    if (!are_half_sizes(storage, uplo, n, k, lda)) return CUBLAS_STATUS_INVALID_VALUE;
    return matvec(context, half_of(shape, storage, uplo, n, k, a, lda), alpha, x, incx, beta, y,
                  incy);
}

// The six symmetric products.
#define ACC_FULL(name, SHAPE)                                                                      \
    template <class T>                                                                             \
    cublasStatus_t name(Context& context, cublasFillMode_t uplo, int64_t n, const T* alpha,        \
                        const T* a, int64_t lda, const T* x, int64_t incx, const T* beta, T* y,    \
                        int64_t incy) {                                                            \
        return half_product(context, SHAPE, Storage::Full, uplo, n, 0, alpha, a, lda, x, incx,     \
                            beta, y, incy);                                                        \
    }
#define ACC_BAND(name, SHAPE)                                                                      \
    template <class T>                                                                             \
    cublasStatus_t name(Context& context, cublasFillMode_t uplo, int64_t n, int64_t k,             \
                        const T* alpha, const T* a, int64_t lda, const T* x, int64_t incx,         \
                        const T* beta, T* y, int64_t incy) {                                       \
        return half_product(context, SHAPE, Storage::Band, uplo, n, k, alpha, a, lda, x, incx,     \
                            beta, y, incy);                                                        \
    }
#define ACC_PACKED(name, SHAPE)                                                                    \
    template <class T>                                                                             \
    cublasStatus_t name(Context& context, cublasFillMode_t uplo, int64_t n, const T* alpha,        \
                        const T* ap, const T* x, int64_t incx, const T* beta, T* y,                \
                        int64_t incy) {                                                            \
        return half_product(context, SHAPE, Storage::Packed, uplo, n, 0, alpha, ap, 1, x, incx,    \
                            beta, y, incy);                                                        \
    }
ACC_FULL(symv, Shape::Symmetric)
ACC_FULL(hemv, Shape::Hermitian)
ACC_BAND(sbmv, Shape::Symmetric)
ACC_BAND(hbmv, Shape::Hermitian)
ACC_PACKED(spmv, Shape::Symmetric)
ACC_PACKED(hpmv, Shape::Hermitian)

/// x = op(A) x or op(A)^-1 x.
template <class T>
cublasStatus_t triangular(Context& context, bool solves, Storage storage, cublasFillMode_t uplo,
                          cublasOperation_t trans, cublasDiagType_t diag, int64_t n, int64_t k,
                          const T* a, int64_t lda, T* x, int64_t incx) {
    if (!are_half_sizes(storage, uplo, n, k, lda) || !is_operation(trans) || !is_diagonal(diag) ||
        incx == 0)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (n == 0) return CUBLAS_STATUS_SUCCESS;
    Stored<T> matrix = half_of(Shape::Triangular, storage, uplo, n, k, a, lda);
    set_operation(matrix, trans);
    matrix.unit = diag == CUBLAS_DIAG_UNIT;
    T* start = start_of(x, n, incx);
    return solves ? launch_triangular_system(context, matrix, start, incx)
                  : launch_triangular_product(context, matrix, start, incx);
}

template <class T>
cublasStatus_t trmv(Context& context, cublasFillMode_t uplo, cublasOperation_t trans,
                    cublasDiagType_t diag, int64_t n, const T* a, int64_t lda, T* x, int64_t incx) {
    return triangular(context, false, Storage::Full, uplo, trans, diag, n, 0, a, lda, x, incx);
}

template <class T>
cublasStatus_t tbmv(Context& context, cublasFillMode_t uplo, cublasOperation_t trans,
                    cublasDiagType_t diag, int64_t n, int64_t k, const T* a, int64_t lda, T* x,
                    int64_t incx) {
    return triangular(context, false, Storage::Band, uplo, trans, diag, n, k, a, lda, x, incx);
}

template <class T>
cublasStatus_t tpmv(Context& context, cublasFillMode_t uplo, cublasOperation_t trans,
                    cublasDiagType_t diag, int64_t n, const T* ap, T* x, int64_t incx) {
    return triangular(context, false, Storage::Packed, uplo, trans, diag, n, 0, ap, 1, x, incx);
}

template <class T>
cublasStatus_t trsv(Context& context, cublasFillMode_t uplo, cublasOperation_t trans,
                    cublasDiagType_t diag, int64_t n, const T* a, int64_t lda, T* x, int64_t incx) {
    return triangular(context, true, Storage::Full, uplo, trans, diag, n, 0, a, lda, x, incx);
}

template <class T>
cublasStatus_t tbsv(Context& context, cublasFillMode_t uplo, cublasOperation_t trans,
                    cublasDiagType_t diag, int64_t n, int64_t k, const T* a, int64_t lda, T* x,
                    int64_t incx) {
    return triangular(context, true, Storage::Band, uplo, trans, diag, n, k, a, lda, x, incx);
}

template <class T>
cublasStatus_t tpsv(Context& context, cublasFillMode_t uplo, cublasOperation_t trans,
                    cublasDiagType_t diag, int64_t n, const T* ap, T* x, int64_t incx) {
    return triangular(context, true, Storage::Packed, uplo, trans, diag, n, 0, ap, 1, x, incx);
}

template <class T, class S>
UpdateFactor<T> update_factor(const Context& context, const S* alpha) {
    UpdateFactor<T> result = {zero<T>(), nullptr, !std::is_same_v<T, S>};
    if (context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE)
        result.pointer = alpha;
    else if constexpr (std::is_same_v<T, S>)
        result.value = read<T>(alpha);
    else
        result.value = from_real<T>(read<S>(alpha));
    return result;
}

template <class T>
cublasStatus_t general_update(Context& context, bool conjugated, int64_t m, int64_t n,
                              const T* alpha, const T* x, int64_t incx, const T* y, int64_t incy,
                              T* a, int64_t lda) {
    if (m < 0 || n < 0 || incx == 0 || incy == 0 || !is_leading(lda, m) || alpha == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
    Update<T> u;
    u.a = {a, lda, m, n};
    u.data = a;
    u.x = start_of(x, m, incx);
    u.y = start_of(y, n, incy);
    u.incx = incx;
    u.incy = incy;
    u.alpha = update_factor<T>(context, alpha);
    u.conjugated = conjugated;
    return launch_update(context, u);
}

template <class T>
cublasStatus_t geru(Context& context, int64_t m, int64_t n, const T* alpha, const T* x,
                    int64_t incx, const T* y, int64_t incy, T* a, int64_t lda) {
    return general_update(context, false, m, n, alpha, x, incx, y, incy, a, lda);
}

template <class T>
cublasStatus_t gerc(Context& context, int64_t m, int64_t n, const T* alpha, const T* x,
                    int64_t incx, const T* y, int64_t incy, T* a, int64_t lda) {
    return general_update(context, true, m, n, alpha, x, incx, y, incy, a, lda);
}

/// A += alpha x x^T, or with y both ways; ^H for Hermitian ones.
template <class T, class S>
cublasStatus_t half_update(Context& context, Shape shape, Storage storage, cublasFillMode_t uplo,
                           int64_t n, const S* alpha, const T* x, int64_t incx, const T* y,
                           int64_t incy, T* a, int64_t lda) {
    if (!are_half_sizes(storage, uplo, n, 0, lda) || incx == 0 || incy == 0 || alpha == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (n == 0) return CUBLAS_STATUS_SUCCESS;
    Update<T> u;
    u.a = half_of<T>(shape, storage, uplo, n, 0, a, lda);
    u.data = a;
    u.x = start_of(x, n, incx);
    u.twice = y != nullptr;
    u.y = u.twice ? start_of(y, n, incy) : u.x;
    u.incx = incx;
    u.incy = u.twice ? incy : incx;
    u.alpha = update_factor<T>(context, alpha);
    u.conjugated = shape == Shape::Hermitian;
    return launch_update(context, u);
}

#define ACC_RANK1(name, SHAPE, STORAGE, SCALAR, MATRIX, LD)                                        \
    template <class T>                                                                             \
    cublasStatus_t name(Context& context, cublasFillMode_t uplo, int64_t n, const SCALAR* alpha,   \
                        const T* x, int64_t incx, MATRIX) {                                        \
        return half_update<T>(context, SHAPE, STORAGE, uplo, n, alpha, x, incx,                    \
                              static_cast<const T*>(nullptr), 1, a, LD);                           \
    }
#define ACC_RANK2(name, SHAPE, STORAGE, MATRIX, LD)                                                \
    template <class T>                                                                             \
    cublasStatus_t name(Context& context, cublasFillMode_t uplo, int64_t n, const T* alpha,        \
                        const T* x, int64_t incx, const T* y, int64_t incy, MATRIX) {              \
        return half_update<T>(context, SHAPE, STORAGE, uplo, n, alpha, x, incx, y, incy, a, LD);   \
    }
#define ACC_FULL_MATRIX T *a, int64_t lda
#define ACC_PACKED_MATRIX T* a
ACC_RANK1(syr, Shape::Symmetric, Storage::Full, T, ACC_FULL_MATRIX, lda)
ACC_RANK1(her, Shape::Hermitian, Storage::Full, Real<T>, ACC_FULL_MATRIX, lda)
ACC_RANK1(spr, Shape::Symmetric, Storage::Packed, T, ACC_PACKED_MATRIX, 1)
ACC_RANK1(hpr, Shape::Hermitian, Storage::Packed, Real<T>, ACC_PACKED_MATRIX, 1)
ACC_RANK2(syr2, Shape::Symmetric, Storage::Full, ACC_FULL_MATRIX, lda)
ACC_RANK2(her2, Shape::Hermitian, Storage::Full, ACC_FULL_MATRIX, lda)
ACC_RANK2(spr2, Shape::Symmetric, Storage::Packed, ACC_PACKED_MATRIX, 1)
ACC_RANK2(hpr2, Shape::Hermitian, Storage::Packed, ACC_PACKED_MATRIX, 1)

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "level2_entries.inc"
