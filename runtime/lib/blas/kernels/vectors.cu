// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vector kernels of level 1 that write vectors.
#include "runtime/lib/blas/kernels/launch.cuh"
#include "runtime/lib/blas/kernels/level1.h"

namespace acc::blas {
namespace {

constexpr unsigned kThreads = 256;
constexpr int64_t kEach = 1024; ///< elements of a block before there is another one
constexpr int64_t kMostBlocks = 512;

__device__ int64_t start() {
    return int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ int64_t step() {
    return int64_t(gridDim.x) * blockDim.x;
}

template <class X>
__global__ void axpy_kernel(int64_t n, Scalar<Compute<X>> alpha, const X* x, int64_t incx, X* y,
                            int64_t incy) {
    const Compute<X> a = get(alpha);
    if (is_zero(a)) return;
    if (incx == 1 && incy == 1) {
        for (int64_t i = start(); i < n; i += step())
            y[i] = store<X>(multiply_add(a, load(x[i]), load(y[i])));
        return;
    }
    for (int64_t i = start(); i < n; i += step())
        y[i * incy] = store<X>(multiply_add(a, load(x[i * incx]), load(y[i * incy])));
}

template <class X, class S>
__global__ void scal_kernel(int64_t n, Scalar<S> alpha, X* x, int64_t incx) {
    const S a = get(alpha);
    for (int64_t i = start(); i < n; i += step()) {
        const Compute<X> value = load(x[i * incx]);
        if constexpr (is_complex<S>)
            x[i * incx] = store<X>(multiply(a, value));
        else
            x[i * incx] = store<X>(scale(a, value));
    }
}

template <class W>
__global__ void copy_kernel(int64_t n, const W* x, int64_t incx, W* y, int64_t incy) {
    for (int64_t i = start(); i < n; i += step())
        y[i * incy] = x[i * incx];
}

template <class W>
__global__ void swap_kernel(int64_t n, W* x, int64_t incx, W* y, int64_t incy) {
    for (int64_t i = start(); i < n; i += step()) {
        const W old = x[i * incx];
        x[i * incx] = y[i * incy];
        y[i * incy] = old;
    }
}

template <class X, class S>
__global__ void rot_kernel(int64_t n, X* x, int64_t incx, X* y, int64_t incy, Scalar<Real<X>> c,
                           Scalar<S> s) {
    const Real<X> cosine = get(c);
    const S sine = get(s);
    for (int64_t i = start(); i < n; i += step()) {
        const Compute<X> a = load(x[i * incx]), b = load(y[i * incy]);
        if constexpr (is_complex<S>) {
            x[i * incx] = store<X>(add(scale(cosine, a), multiply(sine, b)));
            y[i * incy] = store<X>(subtract(scale(cosine, b), multiply(conjugate(sine), a)));
        } else {
            x[i * incx] = store<X>(add(scale(cosine, a), scale(sine, b)));
            y[i * incy] = store<X>(subtract(scale(cosine, b), scale(sine, a)));
        }
    }
}

template <class X>
struct RotmParameters {
    X value[5];
};

template <class X>
__global__ void rotm_kernel(int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                            RotmParameters<X> given, const X* pointer) {
    const X* p = pointer != nullptr ? pointer : given.value;
    const X flag = p[0];
    if (flag == X(-2)) return;
    // The matrix [h11 h12; h21 h22]; entries that the flag says are not read.
    const X h11 = flag == X(0) ? X(1) : p[1], h21 = flag == X(1) ? X(-1) : p[2];
    const X h12 = flag == X(1) ? X(1) : p[3], h22 = flag == X(0) ? X(1) : p[4];
    for (int64_t i = start(); i < n; i += step()) {
        const X a = x[i * incx], b = y[i * incy];
        x[i * incx] = h11 * a + h12 * b;
        y[i * incy] = h21 * a + h22 * b;
    }
}

unsigned grid(int64_t n) {
    return blocks_for(n, kEach, kMostBlocks);
}

template <class W>
cublasStatus_t copy_words(Context& context, int64_t n, const void* x, int64_t incx, void* y,
                          int64_t incy) {
    return launch(copy_kernel<W>, grid(n), kThreads, context.stream, n,
                  first(static_cast<const W*>(x), n, incx), incx,
                  first(static_cast<W*>(y), n, incy), incy);
}

template <class W>
cublasStatus_t swap_words(Context& context, int64_t n, void* x, int64_t incx, void* y,
                          int64_t incy) {
    return launch(swap_kernel<W>, grid(n), kThreads, context.stream, n,
                  first(static_cast<W*>(x), n, incx), incx, first(static_cast<W*>(y), n, incy),
                  incy);
}

} // namespace

template <class X>
cublasStatus_t launch_axpy(Context& context, int64_t n, Scalar<Compute<X>> alpha, const X* x,
                           int64_t incx, X* y, int64_t incy) {
    return launch(axpy_kernel<X>, grid(n), kThreads, context.stream, n, alpha, first(x, n, incx),
                  incx, first(y, n, incy), incy);
}

template <class X, class S>
cublasStatus_t launch_scal(Context& context, int64_t n, Scalar<S> alpha, X* x, int64_t incx) {
    return launch(scal_kernel<X, S>, grid(n), kThreads, context.stream, n, alpha, x, incx);
}

cublasStatus_t launch_copy(Context& context, size_t size, int64_t n, const void* x, int64_t incx,
                           void* y, int64_t incy) {
    switch (size) {
    case 2: return copy_words<short>(context, n, x, incx, y, incy);
    case 4: return copy_words<int>(context, n, x, incx, y, incy);
    case 8: return copy_words<int2>(context, n, x, incx, y, incy);
    case 16: return copy_words<int4>(context, n, x, incx, y, incy);
    default: return CUBLAS_STATUS_NOT_SUPPORTED;
    }
}

cublasStatus_t launch_swap(Context& context, size_t size, int64_t n, void* x, int64_t incx, void* y,
                           int64_t incy) {
    switch (size) {
    case 2: return swap_words<short>(context, n, x, incx, y, incy);
    case 4: return swap_words<int>(context, n, x, incx, y, incy);
    case 8: return swap_words<int2>(context, n, x, incx, y, incy);
    case 16: return swap_words<int4>(context, n, x, incx, y, incy);
    default: return CUBLAS_STATUS_NOT_SUPPORTED;
    }
}

template <class X, class S>
cublasStatus_t launch_rot(Context& context, int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                          Scalar<Real<X>> c, Scalar<S> s) {
    return launch(rot_kernel<X, S>, grid(n), kThreads, context.stream, n, first(x, n, incx), incx,
                  first(y, n, incy), incy, c, s);
}

template <class X>
cublasStatus_t launch_rotm(Context& context, int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                           const X* host_param, const X* device_param) {
    RotmParameters<X> given = {};
    for (int i = 0; host_param != nullptr && i < 5; ++i)
        given.value[i] = host_param[i];
    return launch(rotm_kernel<X>, grid(n), kThreads, context.stream, n, first(x, n, incx), incx,
                  first(y, n, incy), incy, given, device_param);
}

#define ACC_FOR(X)                                                                                 \
    template cublasStatus_t launch_axpy<X>(Context&, int64_t, Scalar<Compute<X>>, const X*,        \
                                           int64_t, X*, int64_t);                                  \
    template cublasStatus_t launch_scal<X, Compute<X>>(Context&, int64_t, Scalar<Compute<X>>, X*,  \
                                                       int64_t);                                   \
    template cublasStatus_t launch_rot<X, Compute<X>>(Context&, int64_t, X*, int64_t, X*, int64_t, \
                                                      Scalar<Real<X>>, Scalar<Compute<X>>);
ACC_FOR(float)
ACC_FOR(double)
ACC_FOR(cuComplex)
ACC_FOR(cuDoubleComplex)
ACC_FOR(__half)
ACC_FOR(__nv_bfloat16)

#define ACC_FOR_REAL_SCALAR(X)                                                                     \
    template cublasStatus_t launch_scal<X, Real<X>>(Context&, int64_t, Scalar<Real<X>>, X*,        \
                                                    int64_t);                                      \
    template cublasStatus_t launch_rot<X, Real<X>>(Context&, int64_t, X*, int64_t, X*, int64_t,    \
                                                   Scalar<Real<X>>, Scalar<Real<X>>);
ACC_FOR_REAL_SCALAR(cuComplex)
ACC_FOR_REAL_SCALAR(cuDoubleComplex)

template cublasStatus_t launch_rotm<float>(Context&, int64_t, float*, int64_t, float*, int64_t,
                                           const float*, const float*);
template cublasStatus_t launch_rotm<double>(Context&, int64_t, double*, int64_t, double*, int64_t,
                                            const double*, const double*);

} // namespace acc::blas
