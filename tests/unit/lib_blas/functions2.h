// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 2 for every type under one name, and OpenBLAS's, through its Fortran interface.
#pragma once

#include "functions3.h"

namespace blas_test {

#define ACC_LEVEL2(T, L, l)                                                                        \
    extern "C" {                                                                                   \
    void l##gemv_(const char*, const int*, const int*, const T*, const T*, const int*, const T*,   \
                  const int*, const T*, T*, const int*);                                           \
    void l##gbmv_(const char*, const int*, const int*, const int*, const int*, const T*, const T*, \
                  const int*, const T*, const int*, const T*, T*, const int*);                     \
    void l##trmv_(const char*, const char*, const char*, const int*, const T*, const int*, T*,     \
                  const int*);                                                                     \
    void l##trsv_(const char*, const char*, const char*, const int*, const T*, const int*, T*,     \
                  const int*);                                                                     \
    void l##tbmv_(const char*, const char*, const char*, const int*, const int*, const T*,         \
                  const int*, T*, const int*);                                                     \
    void l##tbsv_(const char*, const char*, const char*, const int*, const int*, const T*,         \
                  const int*, T*, const int*);                                                     \
    void l##tpmv_(const char*, const char*, const char*, const int*, const T*, T*, const int*);    \
    void l##tpsv_(const char*, const char*, const char*, const int*, const T*, T*, const int*);    \
    }                                                                                              \
    inline cublasStatus_t gemv(cublasHandle_t h, char t, int m, int n, const T* alpha, const T* a, \
                               int lda, const T* x, int ix, const T* beta, T* y, int iy) {         \
        return cublas##L##gemv(h, op(t), m, n, api(alpha), api(a), lda, api(x), ix, api(beta),     \
                               api(y), iy);                                                        \
    }                                                                                              \
    inline void ref_gemv(char t, int m, int n, T alpha, const T* a, int lda, const T* x, int ix,   \
                         T beta, T* y, int iy) {                                                   \
        l##gemv_(&t, &m, &n, &alpha, a, &lda, x, &ix, &beta, y, &iy);                              \
    }                                                                                              \
    inline cublasStatus_t gbmv(cublasHandle_t h, char t, int m, int n, int kl, int ku,             \
                               const T* alpha, const T* a, int lda, const T* x, int ix,            \
                               const T* beta, T* y, int iy) {                                      \
        return cublas##L##gbmv(h, op(t), m, n, kl, ku, api(alpha), api(a), lda, api(x), ix,        \
                               api(beta), api(y), iy);                                             \
    }                                                                                              \
    inline void ref_gbmv(char t, int m, int n, int kl, int ku, T alpha, const T* a, int lda,       \
                         const T* x, int ix, T beta, T* y, int iy) {                               \
        l##gbmv_(&t, &m, &n, &kl, &ku, &alpha, a, &lda, x, &ix, &beta, y, &iy);                    \
    }                                                                                              \
    inline cublasStatus_t triangular(cublasHandle_t h, const std::string& name, char u, char t,    \
                                     char d, int n, int k, const T* a, int lda, T* x, int ix) {    \
        const auto f = fill(u);                                                                    \
        const auto o = op(t);                                                                      \
        const auto g = diag(d);                                                                    \
        if (name == "trmv") return cublas##L##trmv(h, f, o, g, n, api(a), lda, api(x), ix);        \
        if (name == "trsv") return cublas##L##trsv(h, f, o, g, n, api(a), lda, api(x), ix);        \
        if (name == "tbmv") return cublas##L##tbmv(h, f, o, g, n, k, api(a), lda, api(x), ix);     \
        if (name == "tbsv") return cublas##L##tbsv(h, f, o, g, n, k, api(a), lda, api(x), ix);     \
        if (name == "tpmv") return cublas##L##tpmv(h, f, o, g, n, api(a), api(x), ix);             \
        return cublas##L##tpsv(h, f, o, g, n, api(a), api(x), ix);                                 \
    }                                                                                              \
    inline void ref_triangular(const std::string& name, char u, char t, char d, int n, int k,      \
                               const T* a, int lda, T* x, int ix) {                                \
        if (name == "trmv") return l##trmv_(&u, &t, &d, &n, a, &lda, x, &ix);                      \
        if (name == "trsv") return l##trsv_(&u, &t, &d, &n, a, &lda, x, &ix);                      \
        if (name == "tbmv") return l##tbmv_(&u, &t, &d, &n, &k, a, &lda, x, &ix);                  \
        if (name == "tbsv") return l##tbsv_(&u, &t, &d, &n, &k, a, &lda, x, &ix);                  \
        if (name == "tpmv") return l##tpmv_(&u, &t, &d, &n, a, x, &ix);                            \
        l##tpsv_(&u, &t, &d, &n, a, x, &ix);                                                       \
    }
ACC_LEVEL2(float, S, s)
ACC_LEVEL2(double, D, d)
ACC_LEVEL2(CF, C, c)
ACC_LEVEL2(CD, Z, z)

// Symmetric (real) or Hermitian (complex) products and updates: MV, BMV, PMV, R, PR, R2, PR2 are
// the ends of the routines' names.
#define ACC_HALVES(T, L, l, MV, BMV, PMV, R, PR, R2, PR2)                                          \
    extern "C" {                                                                                   \
    void l##MV##_(const char*, const int*, const T*, const T*, const int*, const T*, const int*,   \
                  const T*, T*, const int*);                                                       \
    void l##BMV##_(const char*, const int*, const int*, const T*, const T*, const int*, const T*,  \
                   const int*, const T*, T*, const int*);                                          \
    void l##PMV##_(const char*, const int*, const T*, const T*, const T*, const int*, const T*,    \
                   T*, const int*);                                                                \
    void l##R##_(const char*, const int*, const Real<T>*, const T*, const int*, T*, const int*);   \
    void l##PR##_(const char*, const int*, const Real<T>*, const T*, const int*, T*);              \
    void l##R2##_(const char*, const int*, const T*, const T*, const int*, const T*, const int*,   \
                  T*, const int*);                                                                 \
    void l##PR2##_(const char*, const int*, const T*, const T*, const int*, const T*, const int*,  \
                   T*);                                                                            \
    }                                                                                              \
    inline cublasStatus_t half_product(cublasHandle_t h, int kind, char u, int n, int k,           \
                                       const T* alpha, const T* a, int lda, const T* x, int ix,    \
                                       const T* beta, T* y, int iy) {                              \
        if (kind == 0)                                                                             \
            return cublas##L##MV(h, fill(u), n, api(alpha), api(a), lda, api(x), ix, api(beta),    \
                                 api(y), iy);                                                      \
        if (kind == 1)                                                                             \
            return cublas##L##BMV(h, fill(u), n, k, api(alpha), api(a), lda, api(x), ix,           \
                                  api(beta), api(y), iy);                                          \
        return cublas##L##PMV(h, fill(u), n, api(alpha), api(a), api(x), ix, api(beta), api(y),    \
                              iy);                                                                 \
    }                                                                                              \
    inline void ref_half_product(int kind, char u, int n, int k, T alpha, const T* a, int lda,     \
                                 const T* x, int ix, T beta, T* y, int iy) {                       \
        if (kind == 0) return l##MV##_(&u, &n, &alpha, a, &lda, x, &ix, &beta, y, &iy);            \
        if (kind == 1) return l##BMV##_(&u, &n, &k, &alpha, a, &lda, x, &ix, &beta, y, &iy);       \
        l##PMV##_(&u, &n, &alpha, a, x, &ix, &beta, y, &iy);                                       \
    }                                                                                              \
    inline cublasStatus_t half_update(cublasHandle_t h, bool packed, char u, int n,                \
                                      const Real<T>* alpha, const T* x, int ix, T* a, int lda) {   \
        return packed ? cublas##L##PR(h, fill(u), n, alpha, api(x), ix, api(a))                    \
                      : cublas##L##R(h, fill(u), n, alpha, api(x), ix, api(a), lda);               \
    }                                                                                              \
    inline void ref_half_update(bool packed, char u, int n, Real<T> alpha, const T* x, int ix,     \
                                T* a, int lda) {                                                   \
        if (packed) return l##PR##_(&u, &n, &alpha, x, &ix, a);                                    \
        l##R##_(&u, &n, &alpha, x, &ix, a, &lda);                                                  \
    }                                                                                              \
    inline cublasStatus_t half_update2(cublasHandle_t h, bool packed, char u, int n,               \
                                       const T* alpha, const T* x, int ix, const T* y, int iy,     \
                                       T* a, int lda) {                                            \
        return packed ? cublas##L##PR2(h, fill(u), n, api(alpha), api(x), ix, api(y), iy, api(a))  \
                      : cublas##L##R2(h, fill(u), n, api(alpha), api(x), ix, api(y), iy, api(a),   \
                                      lda);                                                        \
    }                                                                                              \
    inline void ref_half_update2(bool packed, char u, int n, T alpha, const T* x, int ix,          \
                                 const T* y, int iy, T* a, int lda) {                              \
        if (packed) return l##PR2##_(&u, &n, &alpha, x, &ix, y, &iy, a);                           \
        l##R2##_(&u, &n, &alpha, x, &ix, y, &iy, a, &lda);                                         \
    }
ACC_HALVES(float, S, s, symv, sbmv, spmv, syr, spr, syr2, spr2)
ACC_HALVES(double, D, d, symv, sbmv, spmv, syr, spr, syr2, spr2)
ACC_HALVES(CF, C, c, hemv, hbmv, hpmv, her, hpr, her2, hpr2)
ACC_HALVES(CD, Z, z, hemv, hbmv, hpmv, her, hpr, her2, hpr2)

} // namespace blas_test
