// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Triangular solves, a block for each right side, and small pieces around factorisations.
#include "runtime/lib/solver/kernels/block.cuh"

namespace acc::solver {
namespace {

constexpr int kSolveThreads = 128;

__device__ int64_t pivot_at(const Pivots& pivots, int64_t k) {
    return (pivots.wide ? static_cast<const int64_t*>(pivots.data)[k]
                        : int64_t(static_cast<const int*>(pivots.data)[k])) -
           1;
}

/// Exchanges of rows, one after the other.
template <class T>
__device__ void exchange(const Pivots& pivots, bool backward, int64_t n, T* b) {
    if (pivots.data == nullptr) return;
    if (threadIdx.x == 0)
        for (int64_t i = 0; i < n; ++i) {
            const int64_t k = backward ? n - 1 - i : i, p = pivot_at(pivots, k);
            const T value = b[k];
            b[k] = b[p];
            b[p] = value;
        }
    __syncthreads();
}

template <class T>
__device__ void solve(const Triangle& t, int64_t n, const T* a, int64_t ld, T* b) {
    const bool forward = t.upper == t.transposed;
    for (int64_t step = 0; step < n; ++step) {
        const int64_t k = forward ? step : n - 1 - step;
        const T value = t.unit ? b[k] : b[k] / lib::conj_if(t.conjugate, a[k + k * ld]);
        __syncthreads();
        if (threadIdx.x == 0) b[k] = value;
        const int64_t first = forward ? k + 1 : 0, last = forward ? n : k;
        for (int64_t i = first + threadIdx.x; i < last; i += kSolveThreads)
            b[i] -= lib::conj_if(t.conjugate, t.transposed ? a[k + i * ld] : a[i + k * ld]) * value;
        __syncthreads();
    }
}

template <class T>
__global__ void solve_kernel(Steps steps, int64_t n, Matrices<T> as, Matrices<T> bs) {
    const T* a = matrix_of(as, blockIdx.y);
    T* b = matrix_of(bs, blockIdx.y) + blockIdx.x * bs.ld;
    exchange(steps.before, false, n, b);
    for (int i = 0; i < steps.count; ++i)
        solve(steps.triangles[i], n, a, as.ld, b);
    exchange(steps.after, true, n, b);
}

/// A thread for each element (row, column).
template <class F>
__device__ void each_element(int64_t rows, int64_t columns, F f) {
    for (int64_t i = lib::thread_of_grid(); i < rows * columns; i += lib::threads_of_grid())
        f(i % rows, i / rows);
}

template <class T>
__global__ void copy_kernel(bool transpose, int64_t rows, int64_t columns, const T* from,
                            int64_t ld_from, T* to, int64_t ld_to) {
    each_element(rows, columns, [&](int64_t r, int64_t c) {
        to[r + c * ld_to] = transpose ? lib::conj(from[c + r * ld_from]) : from[r + c * ld_from];
    });
}

template <class T>
__global__ void copy_triangle_kernel(bool upper, int64_t n, const T* from, int64_t ld_from, T* to,
                                     int64_t ld_to) {
    each_element(n, n, [&](int64_t r, int64_t c) {
        if (upper ? r <= c : r >= c) to[r + c * ld_to] = from[r + c * ld_from];
    });
}

template <class T>
__global__ void fill_kernel(bool upper, int64_t n, const T* from, int64_t ld_from, T* to,
                            int64_t ld_to) {
    each_element(n, n, [&](int64_t r, int64_t c) {
        T value = r == c                    ? T(lib::real(from[r + c * ld_from]))
                  : (upper ? r < c : r > c) ? from[r + c * ld_from]
                                            : lib::conj(from[c + r * ld_from]);
        to[r + c * ld_to] = value;
    });
}

template <class T>
__global__ void identity_kernel(int64_t rows, int64_t columns, T* a, int64_t lda) {
    each_element(rows, columns, [&](int64_t r, int64_t c) { a[r + c * lda] = T(Real<T>(r == c)); });
}

template <class T>
__global__ void multiply_kernel(bool upper, bool conjugate, int64_t n, int64_t columns, const T* a,
                                int64_t lda, const T* b, int64_t ldb, T* c, int64_t ldc) {
    each_element(n, columns, [&](int64_t r, int64_t j) {
        // Row r of op(triangle) has the columns from r on, or up to r.
        const bool right = upper != conjugate;
        T sum(0);
        for (int64_t k = right ? r : 0; k < (right ? n : r + 1); ++k)
            sum += (conjugate ? lib::conj(a[k + r * lda]) : a[r + k * lda]) * b[k + j * ldb];
        c[r + j * ldc] = sum;
    });
}

template <class T>
__global__ void check_diagonal_kernel(int64_t n, const T* a, int64_t lda, int* info) {
    int zero = 0;
    for (int64_t i = n - 1; i >= 0; --i)
        if (a[i + i * lda] == T(0)) zero = int(i + 1);
    *info = zero;
}

/// A thread moves a row, from left to right.
template <class T>
__global__ void shift_columns_kernel(int64_t rows, int64_t columns, int64_t by, T* a, int64_t lda) {
    const int64_t r = lib::thread_of_grid();
    for (int64_t c = 0; r < rows && c < columns; ++c)
        a[r + c * lda] = a[r + (c + by) * lda];
}

__global__ void no_info_kernel(int* info, int64_t count) {
    const int64_t i = lib::thread_of_grid();
    if (i < count) info[i] = 0;
}

__global__ void shift_info_kernel(int* info, int more) {
    if (*info != 0) *info += more;
}

__global__ void second_info_kernel(int* info, const int* second, int value) {
    if (*info == 0 && *second != 0) *info = value;
}

template <class K, class... A>
cudaError_t over(cudaStream_t stream, K kernel, int64_t elements, A&&... arguments) {
    if (elements == 0) return cudaSuccess;
    return lib::launch(kernel, lib::blocks_for(elements, kThreads, 1024), kThreads, stream,
                       std::forward<A>(arguments)...);
}

/// The matrices from number `first` on.
template <class T>
Matrices<T> from(Matrices<T> m, int64_t first) {
    if (m.pointers != nullptr)
        m.pointers += first;
    else
        m.first += first * m.stride;
    return m;
}

} // namespace

template <class T>
cudaError_t launch_solve(cudaStream_t stream, const Steps& steps, int64_t n, int64_t nrhs,
                         Matrices<T> a, Matrices<T> b) {
    if (n == 0 || nrhs == 0 || b.count == 0) return cudaSuccess;
    constexpr int64_t kMost = 65535; // a grid's height
    for (int64_t first = 0; first < b.count; first += kMost) {
        const auto many = unsigned(b.count - first < kMost ? b.count - first : kMost);
        const cudaError_t error = lib::launch(solve_kernel<T>, dim3(unsigned(nrhs), many),
                                              kSolveThreads, stream, steps, n, from(a, first),
                                              from(b, first));
        if (error != cudaSuccess) return error;
    }
    return cudaSuccess;
}

template <class T>
cudaError_t launch_copy(cudaStream_t stream, bool transpose, int64_t rows, int64_t columns,
                        const T* from, int64_t ld_from, T* to, int64_t ld_to) {
    return over(stream, copy_kernel<T>, rows * columns, transpose, rows, columns, from, ld_from, to,
                ld_to);
}

template <class T>
cudaError_t launch_copy_triangle(cudaStream_t stream, bool upper, int64_t n, const T* from,
                                 int64_t ld_from, T* to, int64_t ld_to) {
    return over(stream, copy_triangle_kernel<T>, n * n, upper, n, from, ld_from, to, ld_to);
}

template <class T>
cudaError_t launch_fill(cudaStream_t stream, bool upper, int64_t n, const T* from, int64_t ld_from,
                        T* to, int64_t ld_to) {
    return over(stream, fill_kernel<T>, n * n, upper, n, from, ld_from, to, ld_to);
}

template <class T>
cudaError_t launch_identity(cudaStream_t stream, int64_t rows, int64_t columns, T* a, int64_t lda) {
    return over(stream, identity_kernel<T>, rows * columns, rows, columns, a, lda);
}

template <class T>
cudaError_t launch_multiply(cudaStream_t stream, bool upper, bool conjugate, int64_t n,
                            int64_t columns, const T* a, int64_t lda, const T* b, int64_t ldb, T* c,
                            int64_t ldc) {
    return over(stream, multiply_kernel<T>, n * columns, upper, conjugate, n, columns, a, lda, b,
                ldb, c, ldc);
}

template <class T>
cudaError_t launch_check_diagonal(cudaStream_t stream, int64_t n, const T* a, int64_t lda,
                                  int* info) {
    return lib::launch(check_diagonal_kernel<T>, 1, 1, stream, n, a, lda, info);
}

template <class T>
cudaError_t launch_shift_columns(cudaStream_t stream, int64_t rows, int64_t columns, int64_t by,
                                 T* a, int64_t lda) {
    if (rows == 0 || columns == 0 || by == 0) return cudaSuccess;
    return lib::launch(shift_columns_kernel<T>, lib::blocks_for(rows, kThreads), kThreads, stream,
                       rows, columns, by, a, lda);
}

cudaError_t launch_no_info(cudaStream_t stream, int* info, int64_t count) {
    if (info == nullptr) return cudaSuccess;
    return over(stream, no_info_kernel, count, info, count);
}

cudaError_t launch_shift_info(cudaStream_t stream, int* info, int more) {
    return lib::launch(shift_info_kernel, 1, 1, stream, info, more);
}

cudaError_t launch_second_info(cudaStream_t stream, int* info, const int* second, int value) {
    return lib::launch(second_info_kernel, 1, 1, stream, info, second, value);
}

#define ACC_INSTANCES(T)                                                                           \
    template cudaError_t launch_shift_columns<T>(cudaStream_t, int64_t, int64_t, int64_t, T*,      \
                                                 int64_t);                                         \
    template cudaError_t launch_solve<T>(cudaStream_t, const Steps&, int64_t, int64_t,             \
                                         Matrices<T>, Matrices<T>);                                \
    template cudaError_t launch_copy<T>(cudaStream_t, bool, int64_t, int64_t, const T*, int64_t,   \
                                        T*, int64_t);                                              \
    template cudaError_t launch_copy_triangle<T>(cudaStream_t, bool, int64_t, const T*, int64_t,   \
                                                 T*, int64_t);                                     \
    template cudaError_t launch_fill<T>(cudaStream_t, bool, int64_t, const T*, int64_t, T*,        \
                                        int64_t);                                                  \
    template cudaError_t launch_identity<T>(cudaStream_t, int64_t, int64_t, T*, int64_t);          \
    template cudaError_t launch_multiply<T>(cudaStream_t, bool, bool, int64_t, int64_t, const T*,  \
                                            int64_t, const T*, int64_t, T*, int64_t);              \
    template cudaError_t launch_check_diagonal<T>(cudaStream_t, int64_t, const T*, int64_t, int*);
ACC_FOR_TYPES(ACC_INSTANCES)

} // namespace acc::solver
