// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 1 for every type under one name: cuBLAS's (`api`-typed pointers inside) and OpenBLAS's,
// through its Fortran interface.
#pragma once

#include "rig.h"

#include <cblas.h>

namespace blas_test {

using CF = std::complex<float>;
using CD = std::complex<double>;

#define ACC_LEVEL1(T, L, l)                                                                        \
    extern "C" void l##axpy_(const int*, const T*, const T*, const int*, T*, const int*);          \
    extern "C" void l##scal_(const int*, const T*, T*, const int*);                                \
    extern "C" void l##copy_(const int*, const T*, const int*, T*, const int*);                    \
    extern "C" void l##swap_(const int*, T*, const int*, T*, const int*);                          \
    extern "C" int i##l##amax_(const int*, const T*, const int*);                                  \
    inline cublasStatus_t axpy(cublasHandle_t h, int n, const T* a, const T* x, int ix, T* y,      \
                               int iy) {                                                           \
        return cublas##L##axpy(h, n, api(a), api(x), ix, api(y), iy);                              \
    }                                                                                              \
    inline cublasStatus_t scal(cublasHandle_t h, int n, const T* a, T* x, int ix) {                \
        return cublas##L##scal(h, n, api(a), api(x), ix);                                          \
    }                                                                                              \
    inline cublasStatus_t copy(cublasHandle_t h, int n, const T* x, int ix, T* y, int iy) {        \
        return cublas##L##copy(h, n, api(x), ix, api(y), iy);                                      \
    }                                                                                              \
    inline cublasStatus_t swap(cublasHandle_t h, int n, T* x, int ix, T* y, int iy) {              \
        return cublas##L##swap(h, n, api(x), ix, api(y), iy);                                      \
    }                                                                                              \
    inline cublasStatus_t amax(cublasHandle_t h, int n, const T* x, int ix, int* r) {              \
        return cublasI##l##amax(h, n, api(x), ix, r);                                              \
    }                                                                                              \
    inline cublasStatus_t amin(cublasHandle_t h, int n, const T* x, int ix, int* r) {              \
        return cublasI##l##amin(h, n, api(x), ix, r);                                              \
    }                                                                                              \
    inline cublasStatus_t rotg(cublasHandle_t h, T* a, T* b, Real<T>* c, T* s) {                   \
        return cublas##L##rotg(h, api(a), api(b), c, api(s));                                      \
    }                                                                                              \
    inline cublasStatus_t rot(cublasHandle_t h, int n, T* x, int ix, T* y, int iy,                 \
                              const Real<T>* c, const T* s) {                                      \
        return cublas##L##rot(h, n, api(x), ix, api(y), iy, c, api(s));                            \
    }                                                                                              \
    inline void ref_axpy(int n, T a, const T* x, int ix, T* y, int iy) {                           \
        l##axpy_(&n, &a, x, &ix, y, &iy);                                                          \
    }                                                                                              \
    inline void ref_scal(int n, T a, T* x, int ix) {                                               \
        l##scal_(&n, &a, x, &ix);                                                                  \
    }                                                                                              \
    inline void ref_copy(int n, const T* x, int ix, T* y, int iy) {                                \
        l##copy_(&n, x, &ix, y, &iy);                                                              \
    }                                                                                              \
    inline void ref_swap(int n, T* x, int ix, T* y, int iy) {                                      \
        l##swap_(&n, x, &ix, y, &iy);                                                              \
    }                                                                                              \
    inline int ref_amax(int n, const T* x, int ix) {                                               \
        return i##l##amax_(&n, x, &ix);                                                            \
    }
ACC_LEVEL1(float, S, s)
ACC_LEVEL1(double, D, d)
ACC_LEVEL1(CF, C, c)
ACC_LEVEL1(CD, Z, z)

// Results whose names or types differ.
#define ACC_SUMS(T, NRM2, ASUM, ref_nrm2_name)                                                     \
    inline cublasStatus_t nrm2(cublasHandle_t h, int n, const T* x, int ix, Real<T>* r) {          \
        return NRM2(h, n, api(x), ix, r);                                                          \
    }                                                                                              \
    inline cublasStatus_t asum(cublasHandle_t h, int n, const T* x, int ix, Real<T>* r) {          \
        return ASUM(h, n, api(x), ix, r);                                                          \
    }                                                                                              \
    inline Real<T> ref_nrm2(int n, const T* x, int ix) {                                           \
        return ref_nrm2_name(n, x, ix);                                                            \
    }
ACC_SUMS(float, cublasSnrm2, cublasSasum, cblas_snrm2)
ACC_SUMS(double, cublasDnrm2, cublasDasum, cblas_dnrm2)
ACC_SUMS(CF, cublasScnrm2, cublasScasum, cblas_scnrm2)
ACC_SUMS(CD, cublasDznrm2, cublasDzasum, cblas_dznrm2)

/// Sum of conj?(x) * y, in double.
template <class T>
CD ref_dot(bool conj, int n, const T* x, int ix, const T* y, int iy) {
    CD sum = 0;
    for (int i = 0; i < n; ++i) {
        const CD a(x[size_t((ix < 0 ? i - n + 1 : i) * ix)]);
        const CD b(y[size_t((iy < 0 ? i - n + 1 : i) * iy)]);
        sum += (conj ? std::conj(a) : a) * b;
    }
    return sum;
}
inline cublasStatus_t dot(cublasHandle_t h, bool, int n, const float* x, int ix, const float* y,
                          int iy, float* r) {
    return cublasSdot(h, n, x, ix, y, iy, r);
}
inline cublasStatus_t dot(cublasHandle_t h, bool, int n, const double* x, int ix, const double* y,
                          int iy, double* r) {
    return cublasDdot(h, n, x, ix, y, iy, r);
}
inline cublasStatus_t dot(cublasHandle_t h, bool conj, int n, const CF* x, int ix, const CF* y,
                          int iy, CF* r) {
    return (conj ? cublasCdotc : cublasCdotu)(h, n, api(x), ix, api(y), iy, api(r));
}
inline cublasStatus_t dot(cublasHandle_t h, bool conj, int n, const CD* x, int ix, const CD* y,
                          int iy, CD* r) {
    return (conj ? cublasZdotc : cublasZdotu)(h, n, api(x), ix, api(y), iy, api(r));
}

} // namespace blas_test
