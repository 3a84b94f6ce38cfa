// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/solver/kernels/band.h"

#include "runtime/lib/solver/kernels/block.cuh"

namespace acc::solver {
namespace {

__device__ int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

template <class T>
__global__ void fill_kernel(BandShape s, int nnz, const T* values, const int* offsets,
                            const int* columns, int base, const int* inverse, T mu, T* bands) {
    const int64_t r = lib::thread_of_grid();
    if (r >= s.n) return;
    T* band = bands + blockIdx.y * s.size();
    values += int64_t(blockIdx.y) * nnz;
    const int64_t i = inverse[r];
    for (int64_t k = offsets[r] - base; k < offsets[r + 1] - base; ++k) {
        const int64_t c = columns[k] - base, j = inverse[c];
        if (s.hermitian && c > r) continue;
        // A row's elements are one thread's, and each has a place of its own.
        if (s.hermitian && i < j)
            band[s.place(j, i)] += lib::conj(values[k]);
        else
            band[s.place(i, j)] += values[k];
    }
    band[s.place(i, i)] -= mu; // whether or not the matrix has a value there
}

template <class T>
__global__ void cholesky_kernel(BandShape s, T* band, Real<T>* pivots) {
    using R = Real<T>;
    for (int64_t k = 0; k < s.n; ++k) {
        const int64_t end = least(s.n, k + s.lower + 1);
        const R square = lib::real(band[s.place(k, k)]);
        const R root = square > 0 ? sqrt(square) : R(0);
        __syncthreads();
        if (threadIdx.x == 0) {
            pivots[k] = root;
            band[s.place(k, k)] = T(root);
        }
        for (int64_t i = k + 1 + threadIdx.x; i < end; i += kThreads)
            band[s.place(i, k)] = root > 0 ? (R(1) / root) * band[s.place(i, k)] : T(0);
        __syncthreads();
        for (int64_t j = k + 1 + warp(); j < end; j += kWarps) {
            const T factor = lib::conj(band[s.place(j, k)]);
            for (int64_t i = j + lane(); i < end; i += 32)
                band[s.place(i, j)] -= band[s.place(i, k)] * factor;
        }
        __syncthreads();
    }
}

template <class T>
__global__ void qr_kernel(BandShape s, T* bands, T* taus, Real<T>* all_pivots) {
    T* band = bands + blockIdx.x * s.size();
    T* tau = taus + blockIdx.x * s.n;
    Real<T>* pivots = all_pivots + blockIdx.x * s.n;
    for (int64_t k = 0; k < s.n; ++k) {
        const int64_t end = least(s.n, k + s.lower + 1);
        Real<T> largest = 0, rest = 0;
        for (int64_t i = k + threadIdx.x; i < end; i += kThreads)
            largest = fmax(largest, lib::size1(band[s.place(i, k)]));
        largest = largest_of_block(largest);
        const Real<T> unit = scale_for(largest, false);
        for (int64_t i = k + 1 + threadIdx.x; i < end; i += kThreads)
            rest += lib::square(unit * band[s.place(i, k)]);
        rest = sum_of_block(rest);
        T t, scale, beta;
        reflector_of(unit * band[s.place(k, k)], rest, &t, &scale, &beta);
        beta = scale_for(largest, true) * beta;
        __syncthreads();
        if (threadIdx.x == 0) {
            tau[k] = t;
            pivots[k] = lib::magnitude(beta);
            band[s.place(k, k)] = beta;
        }
        for (int64_t i = k + 1 + threadIdx.x; i < end; i += kThreads)
            band[s.place(i, k)] = scale * (unit * band[s.place(i, k)]);
        __syncthreads();
        for (int64_t j = k + 1 + warp(); j < least(s.n, k + s.lower + s.upper + 1); j += kWarps) {
            T sum = lane() == 0 ? band[s.place(k, j)] : T(0);
            for (int64_t i = k + 1 + lane(); i < end; i += 32)
                sum += lib::conj(band[s.place(i, k)]) * band[s.place(i, j)];
            sum = lib::conj(t) * sum_of_warp(sum);
            if (lane() == 0) band[s.place(k, j)] -= sum;
            for (int64_t i = k + 1 + lane(); i < end; i += 32)
                band[s.place(i, j)] -= band[s.place(i, k)] * sum;
        }
        __syncthreads();
    }
}

/// By the first warp: steps follow each other, and lanes share each.
template <class T>
__device__ void solve_qr(const BandShape& s, const T* band, const T* tau, T* y) {
    for (int64_t k = 0; k < s.n; ++k) {
        const int64_t end = least(s.n, k + s.lower + 1);
        T sum = lane() == 0 ? y[k] : T(0);
        for (int64_t i = k + 1 + lane(); i < end; i += 32)
            sum += lib::conj(band[s.place(i, k)]) * y[i];
        sum = lib::conj(tau[k]) * sum_of_warp(sum);
        if (lane() == 0) y[k] -= sum;
        for (int64_t i = k + 1 + lane(); i < end; i += 32)
            y[i] -= band[s.place(i, k)] * sum;
        __syncwarp();
    }
    for (int64_t k = s.n - 1; k >= 0; --k) {
        T sum(0);
        for (int64_t j = k + 1 + lane(); j < least(s.n, k + s.lower + s.upper + 1); j += 32)
            sum += band[s.place(k, j)] * y[j];
        sum = sum_of_warp(sum);
        if (lane() == 0) y[k] = (y[k] - sum) / band[s.place(k, k)];
        __syncwarp();
    }
}

template <class T>
__device__ void solve_cholesky(const BandShape& s, const T* band, T* y) {
    for (int64_t k = 0; k < s.n; ++k) {
        const T value = y[k] / band[s.place(k, k)];
        __syncwarp();
        if (lane() == 0) y[k] = value;
        for (int64_t i = k + 1 + lane(); i < least(s.n, k + s.lower + 1); i += 32)
            y[i] -= band[s.place(i, k)] * value;
        __syncwarp();
    }
    for (int64_t k = s.n - 1; k >= 0; --k) {
        T sum(0);
        for (int64_t i = k + 1 + lane(); i < least(s.n, k + s.lower + 1); i += 32)
            sum += lib::conj(band[s.place(i, k)]) * y[i];
        sum = sum_of_warp(sum);
        if (lane() == 0) y[k] = (y[k] - sum) / band[s.place(k, k)];
        __syncwarp();
    }
}

template <class T>
__global__ void solve_kernel(BandShape s, const T* bands, const T* taus, const int* inverse,
                             const T* bs, T* xs, T* works) {
    T* y = works + blockIdx.x * s.n;
    const T* b = bs + blockIdx.x * s.n;
    T* x = xs + blockIdx.x * s.n;
    for (int64_t r = threadIdx.x; r < s.n; r += kThreads)
        y[inverse[r]] = b[r];
    __syncthreads();
    if (warp() == 0) {
        const T* band = bands + blockIdx.x * s.size();
        if (taus != nullptr)
            solve_qr(s, band, taus + blockIdx.x * s.n, y);
        else
            solve_cholesky(s, band, y);
    }
    __syncthreads();
    for (int64_t r = threadIdx.x; r < s.n; r += kThreads)
        x[r] = y[inverse[r]];
}

__global__ void place_kernel(int64_t count, const int* map, const double* from, double* to) {
    for (int64_t i = lib::thread_of_grid(); i < count; i += lib::threads_of_grid())
        to[map[i]] = from[i];
}

__global__ void permute_rows_kernel(bool back, int64_t n, int64_t columns, const int* p,
                                    const double* from, int64_t ld_from, double* to,
                                    int64_t ld_to) {
    for (int64_t e = lib::thread_of_grid(); e < n * columns; e += lib::threads_of_grid()) {
        const int64_t i = e % n, c = e / n;
        if (back)
            to[p[i] + c * ld_to] = from[i + c * ld_from];
        else
            to[i + c * ld_to] = from[p[i] + c * ld_from];
    }
}

constexpr int64_t kMostBatches = 65535;

} // namespace

template <class T>
cudaError_t launch_fill_band(cudaStream_t stream, const BandShape& s, int nnz, const T* values,
                             const int* offsets, const int* columns, int base, const int* inverse,
                             T mu, T* band, int64_t count) {
    cudaError_t error = cudaMemsetAsync(band, 0, size_t(s.size() * count) * sizeof(T), stream);
    for (int64_t done = 0; done < count && error == cudaSuccess; done += kMostBatches) {
        const int64_t now = count - done < kMostBatches ? count - done : kMostBatches;
        const dim3 grid(lib::blocks_for(s.n, kThreads), unsigned(now));
        error = lib::launch(fill_kernel<T>, grid, kThreads, stream, s, nnz, values + done * nnz,
                            offsets, columns, base, inverse, mu, band + done * s.size());
    }
    return error;
}

template <class T>
cudaError_t launch_band_cholesky(cudaStream_t stream, const BandShape& s, T* band,
                                 Real<T>* pivots) {
    return lib::launch(cholesky_kernel<T>, 1, kThreads, stream, s, band, pivots);
}

template <class T>
cudaError_t launch_band_qr(cudaStream_t stream, const BandShape& s, T* band, T* tau,
                           Real<T>* pivots, int64_t count) {
    return lib::launch(qr_kernel<T>, unsigned(count), kThreads, stream, s, band, tau, pivots);
}

template <class T>
cudaError_t launch_band_solve(cudaStream_t stream, const BandShape& s, const T* band, const T* tau,
                              const int* inverse, const T* b, T* x, T* work, int64_t count) {
    return lib::launch(solve_kernel<T>, unsigned(count), kThreads, stream, s, band, tau, inverse, b,
                       x, work);
}

cudaError_t launch_place(cudaStream_t stream, int64_t count, const int* map, const double* from,
                         double* to) {
    return lib::launch(place_kernel, lib::blocks_for(count, kThreads, 1024), kThreads, stream,
                       count, map, from, to);
}

cudaError_t launch_permute_rows(cudaStream_t stream, bool back, int64_t n, int64_t columns,
                                const int* p, const double* from, int64_t ld_from, double* to,
                                int64_t ld_to) {
    return lib::launch(permute_rows_kernel, lib::blocks_for(n * columns, kThreads, 1024), kThreads,
                       stream, back, n, columns, p, from, ld_from, to, ld_to);
}

#define ACC_INSTANCES(T)                                                                           \
    template cudaError_t launch_fill_band<T>(cudaStream_t, const BandShape&, int, const T*,        \
                                             const int*, const int*, int, const int*, T, T*,       \
                                             int64_t);                                             \
    template cudaError_t launch_band_cholesky<T>(cudaStream_t, const BandShape&, T*, Real<T>*);    \
    template cudaError_t launch_band_qr<T>(cudaStream_t, const BandShape&, T*, T*, Real<T>*,       \
                                           int64_t);                                               \
    template cudaError_t launch_band_solve<T>(cudaStream_t, const BandShape&, const T*, const T*,  \
                                              const int*, const T*, T*, T*, int64_t);
ACC_FOR_TYPES(ACC_INSTANCES)

} // namespace acc::solver
