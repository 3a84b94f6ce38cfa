// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A block factors a matrix where it lies: its threads share the rows, columns or elements of each
// step.
#include "runtime/lib/blas/kernels/factor.h"

#include "runtime/lib/blas/kernels/launch.cuh"
#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {
namespace {

constexpr int kThreads = 64;

__device__ int me() {
    return int(threadIdx.x);
}

/// The place of the largest size1 among a[from..n), the first of equals; the same for all threads.
template <class T>
__device__ int largest(const T* a, int from, int n) {
    constexpr int kWarps = kThreads / 32;
    __shared__ Real<T> sizes[kWarps];
    __shared__ int places[kWarps];
    Real<T> best = -1;
    int place = from;
    const auto consider = [&](Real<T> size, int at) {
        if (size > best || (size == best && at < place)) {
            best = size;
            place = at;
        }
    };
    for (int i = from + me(); i < n; i += kThreads)
        consider(size1(a[i]), i);
    for (int step = 16; step != 0; step /= 2) {
        const Real<T> size = __shfl_xor_sync(~0u, best, step);
        consider(size, __shfl_xor_sync(~0u, place, step));
    }
    if (me() % 32 == 0) {
        sizes[me() / 32] = best;
        places[me() / 32] = place;
    }
    __syncthreads();
    for (int warp = 0; warp < kWarps; ++warp)
        consider(sizes[warp], places[warp]);
    __syncthreads();
    return place;
}

template <class T>
__device__ void exchange(T& a, T& b) {
    const T old = a;
    a = b;
    b = old;
}

/// LU by columns. Returns the first zero on the diagonal, from one, or 0.
template <class T>
__device__ int factor_lu(T* a, int n, int lda, int* pivots) {
    int info = 0;
    for (int k = 0; k < n; ++k) {
        const int p = pivots != nullptr ? largest(a + int64_t(k) * lda, k, n) : k;
        if (pivots != nullptr && me() == 0) pivots[k] = p + 1;
        if (p != k)
            for (int j = me(); j < n; j += kThreads)
                exchange(a[k + int64_t(j) * lda], a[p + int64_t(j) * lda]);
        __syncthreads();
        const T pivot = a[k + int64_t(k) * lda];
        if (is_zero(pivot)) {
            if (info == 0) info = k + 1;
            continue; // the column is zero below, too, or nobody exchanges rows
        }
        // A thread has whole rows: what they need of the others stays as it is.
        for (int i = k + 1 + me(); i < n; i += kThreads) {
            T* const row = a + i;
            const T factor = divide(row[int64_t(k) * lda], pivot);
            row[int64_t(k) * lda] = factor;
            for (int j = k + 1; j < n; ++j) {
                T& entry = row[int64_t(j) * lda];
                entry = subtract(entry, multiply(factor, a[k + int64_t(j) * lda]));
            }
        }
        __syncthreads();
    }
    return info;
}

/// x = L^-1 x (ones on the diagonal), then U^-1 x, by one thread.
template <class T>
__device__ void solve_column(const T* a, int n, int lda, T* x) {
    for (int i = 0; i < n; ++i)
        for (int k = 0; k < i; ++k)
            x[i] = subtract(x[i], multiply(a[i + int64_t(k) * lda], x[k]));
    for (int i = n - 1; i >= 0; --i) {
        for (int k = i + 1; k < n; ++k)
            x[i] = subtract(x[i], multiply(a[i + int64_t(k) * lda], x[k]));
        x[i] = divide(x[i], a[i + int64_t(i) * lda]);
    }
}

/// The same with both factors transposed: U^T first, then L^T.
template <class T>
__device__ void solve_transposed(const T* a, int n, int lda, bool conjugated, T* x) {
    for (int i = 0; i < n; ++i) {
        for (int k = 0; k < i; ++k)
            x[i] = subtract(x[i],
                            multiply(conjugate_if(conjugated, a[k + int64_t(i) * lda]), x[k]));
        x[i] = divide(x[i], conjugate_if(conjugated, a[i + int64_t(i) * lda]));
    }
    for (int i = n - 1; i >= 0; --i)
        for (int k = i + 1; k < n; ++k)
            x[i] = subtract(x[i],
                            multiply(conjugate_if(conjugated, a[k + int64_t(i) * lda]), x[k]));
}

/// Columns of the inverse.
template <class T>
__device__ void invert(const T* a, int n, int lda, const int* pivots, T* c, int ldc) {
    for (int j = me(); j < n; j += kThreads) {
        T* x = c + int64_t(j) * ldc;
        for (int i = 0; i < n; ++i)
            x[i] = i == j ? from_real<T>(1) : zero<T>();
        for (int k = 0; k < n && pivots != nullptr; ++k)
            if (pivots[k] != k + 1) exchange(x[k], x[pivots[k] - 1]);
        solve_column(a, n, lda, x);
    }
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    lu_kernel(int n, T* const* a, int lda, int* pivots, int* info) {
    const int z = int(blockIdx.x);
    const int found = factor_lu(a[z], n, lda,
                                pivots != nullptr ? pivots + int64_t(z) * n : nullptr);
    if (me() == 0) info[z] = found;
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    lu_inverse_kernel(int n, const T* const* a, int lda, const int* pivots, T* const* c, int ldc,
                      int* info) {
    const int z = int(blockIdx.x);
    int zero_at = 0;
    for (int k = n - 1; k >= 0; --k)
        if (is_zero(a[z][k + int64_t(k) * lda])) zero_at = k + 1;
    if (me() == 0) info[z] = zero_at;
    if (zero_at == 0)
        invert(a[z], n, lda, pivots != nullptr ? pivots + int64_t(z) * n : nullptr, c[z], ldc);
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    lu_solve_kernel(bool transposed, bool conjugated, int n, int sides, const T* const* a, int lda,
                    const int* all_pivots, T* const* b, int ldb) {
    const int z = int(blockIdx.x);
    const int* pivots = all_pivots != nullptr ? all_pivots + int64_t(z) * n : nullptr;
    for (int j = me(); j < sides; j += kThreads) {
        T* x = b[z] + int64_t(j) * ldb;
        if (!transposed) {
            for (int k = 0; k < n && pivots != nullptr; ++k)
                if (pivots[k] != k + 1) exchange(x[k], x[pivots[k] - 1]);
            solve_column(a[z], n, lda, x);
        } else {
            solve_transposed(a[z], n, lda, conjugated, x);
            for (int k = n - 1; k >= 0 && pivots != nullptr; --k)
                if (pivots[k] != k + 1) exchange(x[k], x[pivots[k] - 1]);
        }
    }
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    inverse_kernel(int n, const T* const* a, int lda, T* const* c, int ldc, int* info) {
    __shared__ T copy[kInverseOrder * kInverseOrder];
    __shared__ int pivots[kInverseOrder];
    const int z = int(blockIdx.x);
    for (int at = me(); at < n * n; at += kThreads)
        copy[at] = a[z][at % n + int64_t(at / n) * lda];
    __syncthreads();
    const int found = factor_lu(copy, n, n, pivots);
    if (me() == 0) info[z] = found;
    if (found == 0) invert(copy, n, n, pivots, c[z], ldc);
}

/// The sum of the threads' values, for all of them.
template <class R>
__device__ R sum_all(R mine) {
    __shared__ R sums[kThreads];
    sums[me()] = mine;
    __syncthreads();
    for (int width = kThreads / 2; width > 0; width /= 2) {
        if (me() < width) sums[me()] += sums[me() + width];
        __syncthreads();
    }
    const R all = sums[0];
    __syncthreads();
    return all;
}

template <class T>
__device__ Real<T> square(T value) {
    if constexpr (is_complex<T>)
        return value.x * value.x + value.y * value.y;
    else
        return value * value;
}

/// A Householder reflection I - tau v v^H that takes x[0..count) to (beta, 0, ...); v, without its
/// leading one, takes x's place (LAPACK's larfg, without its care for numbers at the ends of the
/// range).
template <class T>
__device__ T make_reflection(T* x, int count) {
    Real<T> mine = 0;
    for (int i = 1 + me(); i < count; i += kThreads)
        mine += square(x[i]);
    const Real<T> rest = sum_all(mine);
    const T alpha = x[0];
    Real<T> imaginary = 0;
    if constexpr (is_complex<T>) imaginary = alpha.y;
    if (rest == 0 && imaginary == 0) return zero<T>();
    const Real<T> size = sqrt(square(alpha) + rest);
    const Real<T> beta = real_part(alpha) >= 0 ? -size : size;
    T tau;
    if constexpr (is_complex<T>)
        tau = {(beta - alpha.x) / beta, -alpha.y / beta};
    else
        tau = (beta - alpha) / beta;
    const T scale = divide(from_real<T>(1), subtract(alpha, from_real<T>(beta)));
    __syncthreads(); // everybody has read x[0]
    for (int i = 1 + me(); i < count; i += kThreads)
        x[i] = multiply(scale, x[i]);
    if (me() == 0) x[0] = from_real<T>(beta);
    __syncthreads();
    return tau;
}

/// (I - conj(tau) v v^H) y for columns y, each by one thread.
template <class T>
__device__ void reflect(const T* v, T tau, int count, T* y, int columns, int ld) {
    for (int j = me(); j < columns; j += kThreads) {
        T* column = y + int64_t(j) * ld;
        T sum = column[0];
        for (int i = 1; i < count; ++i)
            sum = multiply_add(conjugate(v[i]), column[i], sum);
        sum = multiply(conjugate(tau), sum);
        column[0] = subtract(column[0], sum);
        for (int i = 1; i < count; ++i)
            column[i] = subtract(column[i], multiply(sum, v[i]));
    }
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    qr_kernel(int m, int n, T* const* matrices, int lda, T* const* taus, int sides, T* const* cs,
              int ldc, int* info) {
    const int z = int(blockIdx.x);
    T* a = matrices[z];
    T* c = cs != nullptr ? cs[z] : nullptr;
    for (int k = 0; k < (m < n ? m : n); ++k) {
        T* v = a + k + int64_t(k) * lda;
        const T tau = make_reflection(v, m - k);
        if (taus != nullptr && me() == 0) taus[z][k] = tau;
        reflect(v, tau, m - k, v + lda, n - k - 1, lda);
        if (c != nullptr) reflect(v, tau, m - k, c + k, sides, ldc);
        __syncthreads();
    }
    if (c == nullptr) return;
    int zero_at = 0;
    for (int k = n - 1; k >= 0; --k)
        if (is_zero(a[k + int64_t(k) * lda])) zero_at = k + 1;
    if (info != nullptr && me() == 0) info[z] = zero_at;
    for (int j = me(); j < sides && zero_at == 0; j += kThreads) {
        T* x = c + int64_t(j) * ldc;
        for (int i = n - 1; i >= 0; --i) {
            for (int k = i + 1; k < n; ++k)
                x[i] = subtract(x[i], multiply(a[i + int64_t(k) * lda], x[k]));
            x[i] = divide(x[i], a[i + int64_t(i) * lda]);
        }
    }
}

} // namespace

template <class T>
cublasStatus_t launch_lu(Context& context, int n, T* const* a, int lda, int* pivots, int* info,
                         int batch) {
    return launch(lu_kernel<T>, batch, kThreads, context.stream, n, a, lda, pivots, info);
}

template <class T>
cublasStatus_t launch_lu_inverse(Context& context, int n, const T* const* a, int lda,
                                 const int* pivots, T* const* c, int ldc, int* info, int batch) {
    return launch(lu_inverse_kernel<T>, batch, kThreads, context.stream, n, a, lda, pivots, c, ldc,
                  info);
}

template <class T>
cublasStatus_t launch_lu_solve(Context& context, bool transposed, bool conjugated, int n, int sides,
                               const T* const* a, int lda, const int* pivots, T* const* b, int ldb,
                               int batch) {
    return launch(lu_solve_kernel<T>, batch, kThreads, context.stream, transposed, conjugated, n,
                  sides, a, lda, pivots, b, ldb);
}

template <class T>
cublasStatus_t launch_inverse(Context& context, int n, const T* const* a, int lda, T* const* c,
                              int ldc, int* info, int batch) {
    return launch(inverse_kernel<T>, batch, kThreads, context.stream, n, a, lda, c, ldc, info);
}

template <class T>
cublasStatus_t launch_qr(Context& context, int m, int n, T* const* a, int lda, T* const* tau,
                         int sides, T* const* c, int ldc, int* info, int batch) {
    return launch(qr_kernel<T>, batch, kThreads, context.stream, m, n, a, lda, tau, sides, c, ldc,
                  info);
}

#define ACC_FOR(T)                                                                                 \
    template cublasStatus_t launch_lu<T>(Context&, int, T* const*, int, int*, int*, int);          \
    template cublasStatus_t launch_lu_inverse<T>(Context&, int, const T* const*, int, const int*,  \
                                                 T* const*, int, int*, int);                       \
    template cublasStatus_t launch_lu_solve<T>(Context&, bool, bool, int, int, const T* const*,    \
                                               int, const int*, T* const*, int, int);              \
    template cublasStatus_t launch_inverse<T>(Context&, int, const T* const*, int, T* const*, int, \
                                              int*, int);                                          \
    template cublasStatus_t launch_qr<T>(Context&, int, int, T* const*, int, T* const*, int,       \
                                         T* const*, int, int*, int);
ACC_FOR(float)
ACC_FOR(double)
ACC_FOR(cuComplex)
ACC_FOR(cuDoubleComplex)

} // namespace acc::blas
