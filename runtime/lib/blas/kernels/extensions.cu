// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/blas/kernels/extensions.h"

#include "runtime/lib/blas/kernels/launch.cuh"
#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1 << 20;

__device__ int64_t start() {
    return int64_t(blockIdx.x) * kThreads + threadIdx.x;
}
__device__ int64_t step() {
    return int64_t(gridDim.x) * kThreads;
}

template <class T>
__device__ T value_of(const Term<T>& term, T factor, int64_t i, int64_t j) {
    const T value = term.data[term.transposed ? j + i * term.ld : i + j * term.ld];
    return multiply(factor, conjugate_if(term.conjugated, value));
}

template <class T>
__global__ void sum_kernel(int64_t m, int64_t n, Term<T> a, Term<T> b, T* c, int64_t ldc) {
    const T alpha = get(a.factor), beta = get(b.factor);
    const bool with_a = !is_zero(alpha), with_b = !is_zero(beta);
    for (int64_t at = start(); at < m * n; at += step()) {
        const int64_t i = at % m, j = at / m;
        T sum = with_a ? value_of(a, alpha, i, j) : zero<T>();
        if (with_b) sum = add(sum, value_of(b, beta, i, j));
        c[i + j * ldc] = sum;
    }
}

template <class T>
__global__ void diagonal_kernel(bool rows, int64_t m, int64_t n, const T* a, int64_t lda,
                                const T* x, int64_t incx, T* c, int64_t ldc) {
    for (int64_t at = start(); at < m * n; at += step()) {
        const int64_t i = at % m, j = at / m;
        c[i + j * ldc] = multiply(a[i + j * lda], x[(rows ? i : j) * incx]);
    }
}

template <class T>
__global__ void packing_kernel(bool packs, bool upper, int64_t n, const T* from, T* to,
                               int64_t ld) {
    for (int64_t at = start(); at < n * n; at += step()) {
        const int64_t i = at % n, j = at / n;
        if (upper ? i > j : i < j) continue;
        const int64_t packed = upper ? i + j * (j + 1) / 2 : i + j * (2 * n - j - 1) / 2;
        if (packs)
            to[packed] = from[i + j * ld];
        else
            to[i + j * ld] = from[packed];
    }
}

} // namespace

template <class T>
cublasStatus_t launch_sum(Context& context, int64_t m, int64_t n, const Term<T>& a,
                          const Term<T>& b, T* c, int64_t ldc) {
    return launch(sum_kernel<T>, blocks_for(m * n, kThreads, kMostBlocks), kThreads, context.stream,
                  m, n, a, b, c, ldc);
}

template <class T>
cublasStatus_t launch_diagonal(Context& context, bool rows, int64_t m, int64_t n, const T* a,
                               int64_t lda, const T* x, int64_t incx, T* c, int64_t ldc) {
    return launch(diagonal_kernel<T>, blocks_for(m * n, kThreads, kMostBlocks), kThreads,
                  context.stream, rows, m, n, a, lda, first(x, rows ? m : n, incx), incx, c, ldc);
}

template <class T>
cublasStatus_t launch_packing(Context& context, bool packs, bool upper, int64_t n, const T* from,
                              T* to, int64_t ld) {
    return launch(packing_kernel<T>, blocks_for(n * n, kThreads, kMostBlocks), kThreads,
                  context.stream, packs, upper, n, from, to, ld);
}

#define ACC_FOR(T)                                                                                 \
    template cublasStatus_t launch_sum<T>(Context&, int64_t, int64_t, const Term<T>&,              \
                                          const Term<T>&, T*, int64_t);                            \
    template cublasStatus_t launch_diagonal<T>(Context&, bool, int64_t, int64_t, const T*,         \
                                               int64_t, const T*, int64_t, T*, int64_t);           \
    template cublasStatus_t launch_packing<T>(Context&, bool, bool, int64_t, const T*, T*, int64_t);
ACC_FOR(float)
ACC_FOR(double)
ACC_FOR(cuComplex)
ACC_FOR(cuDoubleComplex)

} // namespace acc::blas
