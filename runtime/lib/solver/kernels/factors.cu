// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cholesky, LU and QR: a block factors a matrix, column after column.
#include "runtime/lib/solver/kernels/block.cuh"

namespace acc::solver {
namespace {

/// The lower triangle of A, or of the conjugate transposed of the upper one.
template <class T>
__device__ inline T lower_at(const T* a, int64_t ld, bool upper, int64_t i, int64_t j) {
    return upper ? lib::conj(a[j + i * ld]) : a[i + j * ld];
}
template <class T>
__device__ inline void set_lower(T* a, int64_t ld, bool upper, int64_t i, int64_t j, T value) {
    if (upper)
        a[j + i * ld] = lib::conj(value);
    else
        a[i + j * ld] = value;
}

template <class T>
__global__ void potrf_kernel(bool upper, int64_t n, Matrices<T> matrices, int* info) {
    T* a = matrix_of(matrices, blockIdx.x);
    const int64_t ld = matrices.ld;
    for (int64_t k = 0; k < n; ++k) {
        const Real<T> pivot = lib::real(a[k + k * ld]);
        __syncthreads();
        if (!(pivot > 0)) {
            if (threadIdx.x == 0 && info != nullptr) info[blockIdx.x] = int(k + 1);
            return;
        }
        const Real<T> root = sqrt(pivot);
        if (threadIdx.x == 0) a[k + k * ld] = T(root);
        for (int64_t i = k + 1 + threadIdx.x; i < n; i += kThreads)
            set_lower(a, ld, upper, i, k, (Real<T>(1) / root) * lower_at(a, ld, upper, i, k));
        __syncthreads();
        for (int64_t j = k + 1 + warp(); j < n; j += kWarps) {
            const T factor = lib::conj(lower_at(a, ld, upper, j, k));
            for (int64_t i = j + lane(); i < n; i += 32)
                set_lower(a, ld, upper, i, j,
                          lower_at(a, ld, upper, i, j) - lower_at(a, ld, upper, i, k) * factor);
        }
        __syncthreads();
    }
    if (threadIdx.x == 0 && info != nullptr) info[blockIdx.x] = 0;
}

/// The row of the largest element of a column's part, the first of equals.
template <class T>
__device__ int64_t pivot_row(const T* column, int64_t first, int64_t m) {
    __shared__ Real<T> sizes[kThreads];
    __shared__ int64_t rows[kThreads];
    Real<T> best = -1;
    int64_t row = first;
    for (int64_t i = first + threadIdx.x; i < m; i += kThreads)
        if (const Real<T> size = lib::size1(column[i]); size > best) best = size, row = i;
    sizes[threadIdx.x] = best;
    rows[threadIdx.x] = row;
    __syncthreads();
    for (int half = kThreads / 2; half > 0; half /= 2) {
        if (int(threadIdx.x) < half) {
            const int other = int(threadIdx.x) + half;
            if (sizes[other] > sizes[threadIdx.x] ||
                (sizes[other] == sizes[threadIdx.x] && rows[other] < rows[threadIdx.x])) {
                sizes[threadIdx.x] = sizes[other];
                rows[threadIdx.x] = rows[other];
            }
        }
        __syncthreads();
    }
    row = rows[0];
    __syncthreads();
    return row;
}

template <class T>
__global__ void getrf_kernel(int64_t m, int64_t n, Matrices<T> matrices, Pivots pivots, int* info) {
    T* a = matrix_of(matrices, blockIdx.x);
    const int64_t ld = matrices.ld, steps = m < n ? m : n;
    int zero = 0;
    for (int64_t k = 0; k < steps; ++k) {
        if (pivots.data != nullptr) {
            const int64_t p = pivot_row(a + k * ld, k, m);
            if (threadIdx.x == 0) {
                if (pivots.wide)
                    static_cast<int64_t*>(pivots.data)[k] = p + 1;
                else
                    static_cast<int*>(pivots.data)[k] = int(p + 1);
            }
            for (int64_t j = threadIdx.x; j < n && p != k; j += kThreads) {
                const T value = a[k + j * ld];
                a[k + j * ld] = a[p + j * ld];
                a[p + j * ld] = value;
            }
            __syncthreads();
        }
        const T pivot = a[k + k * ld];
        if (pivot == T(0)) {
            if (zero == 0) zero = int(k + 1);
            continue; // every thread: the rest of the column is zeros, too, when pivots are chosen
        }
        for (int64_t i = k + 1 + threadIdx.x; i < m; i += kThreads)
            a[i + k * ld] = a[i + k * ld] / pivot;
        __syncthreads();
        for (int64_t j = k + 1 + warp(); j < n; j += kWarps) {
            const T factor = a[k + j * ld];
            for (int64_t i = k + 1 + lane(); i < m; i += 32)
                a[i + j * ld] -= a[i + k * ld] * factor;
        }
        __syncthreads();
    }
    if (threadIdx.x == 0 && info != nullptr) info[blockIdx.x] = zero;
}

/// Householder's reflectors as LAPACK's larfg makes them: H = 1 - tau v v^H, H^H x = beta e.
template <class T>
__global__ void geqrf_kernel(int64_t m, int64_t n, T* a, int64_t ld, T* tau) {
    using R = Real<T>;
    const int64_t steps = m < n ? m : n;
    for (int64_t k = 0; k < steps; ++k) {
        T* column = a + k * ld;
        R size = 0;
        for (int64_t i = k + 1 + threadIdx.x; i < m; i += kThreads) {
            const R s = lib::size1(column[i]);
            size = s > size ? s : size;
        }
        // The largest element scales the sum of squares.
        __shared__ R sizes[kThreads];
        sizes[threadIdx.x] = size;
        __syncthreads();
        for (int half = kThreads / 2; half > 0; half /= 2) {
            if (int(threadIdx.x) < half && sizes[threadIdx.x + half] > sizes[threadIdx.x])
                sizes[threadIdx.x] = sizes[threadIdx.x + half];
            __syncthreads();
        }
        size = sizes[0];
        const T alpha = column[k];
        __syncthreads();
        if (size == 0 && lib::imag(alpha) == 0) {
            if (threadIdx.x == 0) tau[k] = T(0);
            continue;
        }
        const R scale = lib::size1(alpha) > size ? lib::size1(alpha) : size;
        R sum = 0;
        for (int64_t i = k + 1 + threadIdx.x; i < m; i += kThreads)
            sum += lib::square((R(1) / scale) * column[i]);
        sum = sum_of_block(sum) + lib::square((R(1) / scale) * alpha);
        const R norm = scale * sqrt(sum);
        const R beta = lib::real(alpha) > 0 ? -norm : norm;
        T factor;
        if constexpr (is_complex<T>)
            factor = T((beta - alpha.re) / beta, -alpha.im / beta);
        else
            factor = (beta - alpha) / beta;
        const T divisor = alpha - T(beta);
        for (int64_t i = k + 1 + threadIdx.x; i < m; i += kThreads)
            column[i] = column[i] / divisor;
        __syncthreads();
        for (int64_t j = k + 1 + warp(); j < n; j += kWarps) {
            T* other = a + j * ld;
            T dot = lane() == 0 ? other[k] : T(0);
            for (int64_t i = k + 1 + lane(); i < m; i += 32)
                dot += lib::conj(column[i]) * other[i];
            dot = lib::conj(factor) * sum_of_warp(dot);
            if (lane() == 0) other[k] -= dot;
            for (int64_t i = k + 1 + lane(); i < m; i += 32)
                other[i] -= column[i] * dot;
        }
        if (threadIdx.x == 0) {
            tau[k] = factor;
            column[k] = T(beta);
        }
        __syncthreads();
    }
}

/// A warp for each column (left) or row of C; reflectors in turn.
template <class T>
__global__ void ormqr_kernel(bool left, bool conjugate, int64_t m, int64_t n, int64_t k, const T* v,
                             int64_t ldv, const T* tau, T* c, int64_t ldc) {
    const int64_t line = int64_t(blockIdx.x) * kWarps + warp();
    if (line >= (left ? n : m)) return;
    T* x = left ? c + line * ldc : c + line;
    const int64_t step = left ? 1 : ldc, length = left ? m : n;
    // Q x takes the last reflector first; x Q the first one.
    const bool forward = left == conjugate;
    for (int64_t i = 0; i < k; ++i) {
        const int64_t r = forward ? i : k - 1 - i;
        const T* w = v + r * ldv;
        const T factor = lib::conj_if(conjugate, tau[r]);
        T dot = lane() == 0 ? x[r * step] : T(0);
        for (int64_t j = r + 1 + lane(); j < length; j += 32)
            dot += lib::conj_if(left, w[j]) * x[j * step];
        dot = factor * sum_of_warp(dot);
        if (lane() == 0) x[r * step] -= dot;
        for (int64_t j = r + 1 + lane(); j < length; j += 32)
            x[j * step] -= lib::conj_if(!left, w[j]) * dot;
        __syncwarp();
    }
}

} // namespace

template <class T>
cudaError_t launch_potrf(cudaStream_t stream, bool upper, int64_t n, Matrices<T> a, int* info) {
    if (a.count == 0) return cudaSuccess;
    return lib::launch(potrf_kernel<T>, unsigned(a.count), kThreads, stream, upper, n, a, info);
}

template <class T>
cudaError_t launch_getrf(cudaStream_t stream, int64_t m, int64_t n, Matrices<T> a, Pivots pivots,
                         int* info) {
    return lib::launch(getrf_kernel<T>, unsigned(a.count), kThreads, stream, m, n, a, pivots, info);
}

template <class T>
cudaError_t launch_geqrf(cudaStream_t stream, int64_t m, int64_t n, T* a, int64_t lda, T* tau) {
    return lib::launch(geqrf_kernel<T>, 1, kThreads, stream, m, n, a, lda, tau);
}

template <class T>
cudaError_t launch_ormqr(cudaStream_t stream, bool left, bool conjugate, int64_t m, int64_t n,
                         int64_t k, const T* v, int64_t ldv, const T* tau, T* c, int64_t ldc) {
    const int64_t lines = left ? n : m;
    if (lines == 0 || k == 0) return cudaSuccess;
    return lib::launch(ormqr_kernel<T>, lib::blocks_for(lines, kWarps), kThreads, stream, left,
                       conjugate, m, n, k, v, ldv, tau, c, ldc);
}

#define ACC_INSTANCES(T)                                                                           \
    template cudaError_t launch_potrf<T>(cudaStream_t, bool, int64_t, Matrices<T>, int*);          \
    template cudaError_t launch_getrf<T>(cudaStream_t, int64_t, int64_t, Matrices<T>, Pivots,      \
                                         int*);                                                    \
    template cudaError_t launch_geqrf<T>(cudaStream_t, int64_t, int64_t, T*, int64_t, T*);         \
    template cudaError_t launch_ormqr<T>(cudaStream_t, bool, bool, int64_t, int64_t, int64_t,      \
                                         const T*, int64_t, const T*, T*, int64_t);
ACC_FOR_TYPES(ACC_INSTANCES)

} // namespace acc::solver
