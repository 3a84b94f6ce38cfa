// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 3 for every type under one name, and OpenBLAS's, through its Fortran interface.
#pragma once

#include "rig.h"

namespace blas_test {

using CF = std::complex<float>;
using CD = std::complex<double>;

inline cublasOperation_t op(char letter) {
    return letter == 'N' ? CUBLAS_OP_N : letter == 'T' ? CUBLAS_OP_T : CUBLAS_OP_C;
}
inline cublasFillMode_t fill(char letter) {
    return letter == 'L' ? CUBLAS_FILL_MODE_LOWER : CUBLAS_FILL_MODE_UPPER;
}
inline cublasSideMode_t side(char letter) {
    return letter == 'L' ? CUBLAS_SIDE_LEFT : CUBLAS_SIDE_RIGHT;
}
inline cublasDiagType_t diag(char letter) {
    return letter == 'U' ? CUBLAS_DIAG_UNIT : CUBLAS_DIAG_NON_UNIT;
}

/// A matrix of `rows` x `columns` with columns `ld` apart; what is between them is there to be left
/// alone.
template <class T>
struct Matrix {
    int rows, columns, ld;
    std::vector<T> values;

    Matrix(Values& source, int r, int c, int gap)
        : rows(r), columns(c), ld(std::max(1, r + gap)),
          values(source.many<T>(size_t(ld) * size_t(std::max(1, c)))) {}
    T* data() { return values.data(); }
    const T* data() const { return values.data(); }
};

#define ACC_LEVEL3(T, L, l)                                                                        \
    extern "C" {                                                                                   \
    void l##gemm_(const char*, const char*, const int*, const int*, const int*, const T*,          \
                  const T*, const int*, const T*, const int*, const T*, T*, const int*);           \
    void l##symm_(const char*, const char*, const int*, const int*, const T*, const T*,            \
                  const int*, const T*, const int*, const T*, T*, const int*);                     \
    void l##syrk_(const char*, const char*, const int*, const int*, const T*, const T*,            \
                  const int*, const T*, T*, const int*);                                           \
    void l##syr2k_(const char*, const char*, const int*, const int*, const T*, const T*,           \
                   const int*, const T*, const int*, const T*, T*, const int*);                    \
    void l##trsm_(const char*, const char*, const char*, const char*, const int*, const int*,      \
                  const T*, const T*, const int*, T*, const int*);                                 \
    void l##trmm_(const char*, const char*, const char*, const char*, const int*, const int*,      \
                  const T*, const T*, const int*, T*, const int*);                                 \
    }                                                                                              \
    inline cublasStatus_t gemm(cublasHandle_t h, char ta, char tb, int m, int n, int k,            \
                               const T* alpha, const T* a, int lda, const T* b, int ldb,           \
                               const T* beta, T* c, int ldc) {                                     \
        return cublas##L##gemm(h, op(ta), op(tb), m, n, k, api(alpha), api(a), lda, api(b), ldb,   \
                               api(beta), api(c), ldc);                                            \
    }                                                                                              \
    inline cublasStatus_t symm(cublasHandle_t h, char s, char u, int m, int n, const T* alpha,     \
                               const T* a, int lda, const T* b, int ldb, const T* beta, T* c,      \
                               int ldc) {                                                          \
        return cublas##L##symm(h, side(s), fill(u), m, n, api(alpha), api(a), lda, api(b), ldb,    \
                               api(beta), api(c), ldc);                                            \
    }                                                                                              \
    inline cublasStatus_t syrk(cublasHandle_t h, char u, char t, int n, int k, const T* alpha,     \
                               const T* a, int lda, const T* beta, T* c, int ldc) {                \
        return cublas##L##syrk(h, fill(u), op(t), n, k, api(alpha), api(a), lda, api(beta),        \
                               api(c), ldc);                                                       \
    }                                                                                              \
    inline cublasStatus_t syr2k(cublasHandle_t h, char u, char t, int n, int k, const T* alpha,    \
                                const T* a, int lda, const T* b, int ldb, const T* beta, T* c,     \
                                int ldc) {                                                         \
        return cublas##L##syr2k(h, fill(u), op(t), n, k, api(alpha), api(a), lda, api(b), ldb,     \
                                api(beta), api(c), ldc);                                           \
    }                                                                                              \
    inline cublasStatus_t trsm(cublasHandle_t h, char s, char u, char t, char d, int m, int n,     \
                               const T* alpha, const T* a, int lda, T* b, int ldb) {               \
        return cublas##L##trsm(h, side(s), fill(u), op(t), diag(d), m, n, api(alpha), api(a), lda, \
                               api(b), ldb);                                                       \
    }                                                                                              \
    inline cublasStatus_t trmm(cublasHandle_t h, char s, char u, char t, char d, int m, int n,     \
                               const T* alpha, const T* a, int lda, const T* b, int ldb, T* c,     \
                               int ldc) {                                                          \
        return cublas##L##trmm(h, side(s), fill(u), op(t), diag(d), m, n, api(alpha), api(a), lda, \
                               api(b), ldb, api(c), ldc);                                          \
    }                                                                                              \
    inline void ref_gemm(char ta, char tb, int m, int n, int k, T alpha, const T* a, int lda,      \
                         const T* b, int ldb, T beta, T* c, int ldc) {                             \
        l##gemm_(&ta, &tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);                  \
    }                                                                                              \
    inline void ref_symm(char s, char u, int m, int n, T alpha, const T* a, int lda, const T* b,   \
                         int ldb, T beta, T* c, int ldc) {                                         \
        l##symm_(&s, &u, &m, &n, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);                        \
    }                                                                                              \
    inline void ref_syrk(char u, char t, int n, int k, T alpha, const T* a, int lda, T beta, T* c, \
                         int ldc) {                                                                \
        l##syrk_(&u, &t, &n, &k, &alpha, a, &lda, &beta, c, &ldc);                                 \
    }                                                                                              \
    inline void ref_syr2k(char u, char t, int n, int k, T alpha, const T* a, int lda, const T* b,  \
                          int ldb, T beta, T* c, int ldc) {                                        \
        l##syr2k_(&u, &t, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);                       \
    }                                                                                              \
    inline void ref_trsm(char s, char u, char t, char d, int m, int n, T alpha, const T* a,        \
                         int lda, T* b, int ldb) {                                                 \
        l##trsm_(&s, &u, &t, &d, &m, &n, &alpha, a, &lda, b, &ldb);                                \
    }                                                                                              \
    inline void ref_trmm(char s, char u, char t, char d, int m, int n, T alpha, const T* a,        \
                         int lda, T* b, int ldb) {                                                 \
        l##trmm_(&s, &u, &t, &d, &m, &n, &alpha, a, &lda, b, &ldb);                                \
    }
ACC_LEVEL3(float, S, s)
ACC_LEVEL3(double, D, d)
ACC_LEVEL3(CF, C, c)
ACC_LEVEL3(CD, Z, z)

#define ACC_HERMITIAN3(T, L, l)                                                                    \
    extern "C" {                                                                                   \
    void l##hemm_(const char*, const char*, const int*, const int*, const T*, const T*,            \
                  const int*, const T*, const int*, const T*, T*, const int*);                     \
    void l##herk_(const char*, const char*, const int*, const int*, const Real<T>*, const T*,      \
                  const int*, const Real<T>*, T*, const int*);                                     \
    void l##her2k_(const char*, const char*, const int*, const int*, const T*, const T*,           \
                   const int*, const T*, const int*, const Real<T>*, T*, const int*);              \
    }                                                                                              \
    inline cublasStatus_t hemm(cublasHandle_t h, char s, char u, int m, int n, const T* alpha,     \
                               const T* a, int lda, const T* b, int ldb, const T* beta, T* c,      \
                               int ldc) {                                                          \
        return cublas##L##hemm(h, side(s), fill(u), m, n, api(alpha), api(a), lda, api(b), ldb,    \
                               api(beta), api(c), ldc);                                            \
    }                                                                                              \
    inline cublasStatus_t herk(cublasHandle_t h, char u, char t, int n, int k,                     \
                               const Real<T>* alpha, const T* a, int lda, const Real<T>* beta,     \
                               T* c, int ldc) {                                                    \
        return cublas##L##herk(h, fill(u), op(t), n, k, alpha, api(a), lda, beta, api(c), ldc);    \
    }                                                                                              \
    inline cublasStatus_t her2k(cublasHandle_t h, char u, char t, int n, int k, const T* alpha,    \
                                const T* a, int lda, const T* b, int ldb, const Real<T>* beta,     \
                                T* c, int ldc) {                                                   \
        return cublas##L##her2k(h, fill(u), op(t), n, k, api(alpha), api(a), lda, api(b), ldb,     \
                                beta, api(c), ldc);                                                \
    }                                                                                              \
    inline void ref_hemm(char s, char u, int m, int n, T alpha, const T* a, int lda, const T* b,   \
                         int ldb, T beta, T* c, int ldc) {                                         \
        l##hemm_(&s, &u, &m, &n, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);                        \
    }                                                                                              \
    inline void ref_herk(char u, char t, int n, int k, Real<T> alpha, const T* a, int lda,         \
                         Real<T> beta, T* c, int ldc) {                                            \
        l##herk_(&u, &t, &n, &k, &alpha, a, &lda, &beta, c, &ldc);                                 \
    }                                                                                              \
    inline void ref_her2k(char u, char t, int n, int k, T alpha, const T* a, int lda, const T* b,  \
                          int ldb, Real<T> beta, T* c, int ldc) {                                  \
        l##her2k_(&u, &t, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);                       \
    }
ACC_HERMITIAN3(CF, C, c)
ACC_HERMITIAN3(CD, Z, z)

} // namespace blas_test
