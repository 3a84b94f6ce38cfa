// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 3: products of general and symmetric matrices. Triangular ones: triangular.cpp.
#include "runtime/lib/blas/arguments.h"
#include "runtime/lib/blas/products.h"
#include "runtime/lib/blas/triangular.h"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

template <class T>
cublasStatus_t gemm(Context& context, cublasOperation_t transa, cublasOperation_t transb, int64_t m,
                    int64_t n, int64_t k, const T* alpha, const T* a, int64_t lda, const T* b,
                    int64_t ldb, const T* beta, T* c, int64_t ldc) {
    if (!are_product_sizes(transa, transb, m, n, k, lda, ldb, ldc) || alpha == nullptr ||
        beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    constexpr Type type = type_id<T>();
    return multiply(context, accumulator_of<T>(),
                    product_of(m, n, k, factor(context, alpha), operand(a, lda, type, transa),
                               operand(b, ldb, type, transb), factor(context, beta),
                               target(c, ldc, type)));
}

/// What is common to the updates of symmetric matrices: sizes, halves, and which operations there
/// are.
template <class T>
bool are_update_sizes(bool hermitian, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                      int64_t k, int64_t lda, int64_t ldb, int64_t ldc) {
    const bool transposes = hermitian       ? trans == CUBLAS_OP_C
                            : is_complex<T> ? trans == CUBLAS_OP_T
                                            : trans == CUBLAS_OP_T || trans == CUBLAS_OP_C;
    const int64_t rows = trans == CUBLAS_OP_N ? n : k;
    return is_half(uplo) && (trans == CUBLAS_OP_N || transposes) && n >= 0 && k >= 0 &&
           is_leading(lda, rows) && is_leading(ldb, rows) && is_leading(ldc, n);
}

/// C = alpha op(A) op(B)^T + beta C, or with ^H, in one half.
template <class T>
Product half_product(bool hermitian, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                     int64_t k, const Factor& alpha, const T* a, int64_t lda, const T* b,
                     int64_t ldb, const Factor& beta, T* c, int64_t ldc) {
    constexpr Type type = type_id<T>();
    const cublasOperation_t other = hermitian ? CUBLAS_OP_C : CUBLAS_OP_T;
    Product p = product_of(n, n, k, alpha,
                           operand(a, lda, type, trans == CUBLAS_OP_N ? CUBLAS_OP_N : other),
                           operand(b, ldb, type, trans == CUBLAS_OP_N ? other : CUBLAS_OP_N), beta,
                           target(c, ldc, type));
    p.part = uplo == CUBLAS_FILL_MODE_LOWER ? Part::Lower : Part::Upper;
    p.real_diagonal = hermitian;
    return p;
}

/// One update; B is A for syrk and herk.
template <class T, class A, class B>
cublasStatus_t update(Context& context, bool hermitian, cublasFillMode_t uplo,
                      cublasOperation_t trans, int64_t n, int64_t k, const A* alpha, const T* a,
                      int64_t lda, const T* b, int64_t ldb, const B* beta, T* c, int64_t ldc) {
    if (!are_update_sizes<T>(hermitian, uplo, trans, n, k, lda, ldb, ldc) || alpha == nullptr ||
        beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    return multiply(context, type_id<T>(),
                    half_product(hermitian, uplo, trans, n, k, factor(context, alpha), a, lda, b,
                                 ldb, factor(context, beta), c, ldc));
}

template <class T>
cublasStatus_t syrk(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                    int64_t k, const T* alpha, const T* a, int64_t lda, const T* beta, T* c,
                    int64_t ldc) {
    return update(context, false, uplo, trans, n, k, alpha, a, lda, a, lda, beta, c, ldc);
}

template <class T>
cublasStatus_t herk(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                    int64_t k, const Real<T>* alpha, const T* a, int64_t lda, const Real<T>* beta,
                    T* c, int64_t ldc) {
    return update(context, true, uplo, trans, n, k, alpha, a, lda, a, lda, beta, c, ldc);
}

template <class T>
cublasStatus_t syrkx(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                     int64_t k, const T* alpha, const T* a, int64_t lda, const T* b, int64_t ldb,
                     const T* beta, T* c, int64_t ldc) {
    return update(context, false, uplo, trans, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

template <class T>
cublasStatus_t herkx(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                     int64_t k, const T* alpha, const T* a, int64_t lda, const T* b, int64_t ldb,
                     const Real<T>* beta, T* c, int64_t ldc) {
    return update(context, true, uplo, trans, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

/// C = alpha op(A) op(B)^T + alpha op(B) op(A)^T + beta C, the Hermitian one with conj(alpha) in
/// the second term: two products.
template <class T, class B>
cublasStatus_t double_update(Context& context, bool hermitian, cublasFillMode_t uplo,
                             cublasOperation_t trans, int64_t n, int64_t k, const T* alpha,
                             const T* a, int64_t lda, const T* b, int64_t ldb, const B* beta, T* c,
                             int64_t ldc) {
    const cublasStatus_t status = update(context, hermitian, uplo, trans, n, k, alpha, a, lda, b,
                                         ldb, beta, c, ldc);
    if (status != CUBLAS_STATUS_SUCCESS) return status;
    Factor second = factor(context, alpha);
    second.conjugated = hermitian;
    if (hermitian && second.pointer == nullptr) { // the flag is for what the device reads
        second.conjugated = false;
        second.value[1] = -second.value[1];
    }
    return multiply(
        context, type_id<T>(),
        half_product(hermitian, uplo, trans, n, k, second, b, ldb, a, lda, constant(1), c, ldc));
}

template <class T>
cublasStatus_t syr2k(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                     int64_t k, const T* alpha, const T* a, int64_t lda, const T* b, int64_t ldb,
                     const T* beta, T* c, int64_t ldc) {
    return double_update(context, false, uplo, trans, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

template <class T>
cublasStatus_t her2k(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                     int64_t k, const T* alpha, const T* a, int64_t lda, const T* b, int64_t ldb,
                     const Real<T>* beta, T* c, int64_t ldc) {
    return double_update(context, true, uplo, trans, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

constexpr int64_t kBlock = 128; ///< rows of A that are done with its diagonal at once

/// A[rows from `row`, columns from `column`] of a symmetric matrix, wholly on one side of the
/// diagonal.
Operand off_diagonal(const Operand& a, int64_t row, int64_t column) {
    Operand whole = a;
    whole.shape = Shape::General;
    if ((row > column) != a.upper) return part_of(whole, row, column);
    whole.transposed = true;
    whole.conjugated = a.shape == Shape::Hermitian;
    return part_of(whole, column, row);
}

/// C = alpha A B + beta C with a symmetric A, in strips: what A's diagonal block gives, then what
/// is before and behind it.
cublasStatus_t multiply_left(Context& context, Type type, int64_t m, int64_t n, const Factor& alpha,
                             const Operand& a, const Operand& b, const Factor& beta,
                             const Target& c) {
    for (int64_t i = 0; i < m; i += kBlock) {
        const int64_t rows = m - i < kBlock ? m - i : kBlock, behind = i + rows;
        const Target strip = part_of(c, i, 0);
        const Product products[] = {
            product_of(rows, n, rows, alpha, part_of(a, i, i), part_of(b, i, 0), beta, strip),
            product_of(rows, n, i, alpha, off_diagonal(a, i, 0), b, constant(1), strip),
            product_of(rows, n, m - behind, alpha, off_diagonal(a, i, behind),
                       part_of(b, behind, 0), constant(1), strip),
        };
        for (const Product& p : products)
            if (const cublasStatus_t status = multiply(context, type, p);
                status != CUBLAS_STATUS_SUCCESS)
                return status;
    }
    return CUBLAS_STATUS_SUCCESS;
}

/// C = alpha B A + beta C, in strips of columns.
cublasStatus_t multiply_right(Context& context, Type type, int64_t m, int64_t n,
                              const Factor& alpha, const Operand& a, const Operand& b,
                              const Factor& beta, const Target& c) {
    for (int64_t j = 0; j < n; j += kBlock) {
        const int64_t columns = n - j < kBlock ? n - j : kBlock, behind = j + columns;
        const Target strip = part_of(c, 0, j);
        const Product products[] = {
            product_of(m, columns, columns, alpha, part_of(b, 0, j), part_of(a, j, j), beta, strip),
            product_of(m, columns, j, alpha, b, off_diagonal(a, 0, j), constant(1), strip),
            product_of(m, columns, n - behind, alpha, part_of(b, 0, behind),
                       off_diagonal(a, behind, j), constant(1), strip),
        };
        for (const Product& p : products)
            if (const cublasStatus_t status = multiply(context, type, p);
                status != CUBLAS_STATUS_SUCCESS)
                return status;
    }
    return CUBLAS_STATUS_SUCCESS;
}

template <class T>
cublasStatus_t symmetric_product(Context& context, Shape shape, cublasSideMode_t side,
                                 cublasFillMode_t uplo, int64_t m, int64_t n, const T* alpha,
                                 const T* a, int64_t lda, const T* b, int64_t ldb, const T* beta,
                                 T* c, int64_t ldc) {
    const int64_t order = side == CUBLAS_SIDE_LEFT ? m : n;
    if (!is_side(side) || !is_half(uplo) || m < 0 || n < 0 || !is_leading(lda, order) ||
        !is_leading(ldb, m) || !is_leading(ldc, m) || alpha == nullptr || beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    constexpr Type type = type_id<T>();
    Operand special = operand(a, lda, type);
    special.shape = shape;
    special.upper = uplo == CUBLAS_FILL_MODE_UPPER;
    const auto product = side == CUBLAS_SIDE_LEFT ? multiply_left : multiply_right;
    return product(context, type, m, n, factor(context, alpha), special, operand(b, ldb, type),
                   factor(context, beta), target(c, ldc, type));
}

template <class T>
cublasStatus_t symm(Context& context, cublasSideMode_t side, cublasFillMode_t uplo, int64_t m,
                    int64_t n, const T* alpha, const T* a, int64_t lda, const T* b, int64_t ldb,
                    const T* beta, T* c, int64_t ldc) {
    return symmetric_product(context, Shape::Symmetric, side, uplo, m, n, alpha, a, lda, b, ldb,
                             beta, c, ldc);
}

template <class T>
cublasStatus_t hemm(Context& context, cublasSideMode_t side, cublasFillMode_t uplo, int64_t m,
                    int64_t n, const T* alpha, const T* a, int64_t lda, const T* b, int64_t ldb,
                    const T* beta, T* c, int64_t ldc) {
    return symmetric_product(context, Shape::Hermitian, side, uplo, m, n, alpha, a, lda, b, ldb,
                             beta, c, ldc);
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "level3_entries.inc"
