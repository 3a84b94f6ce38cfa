// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 2 for matrices of every storage: a thread for each element of the result, triangular ones
// in place by one block. General matrices in full storage: gemv.cu.
#include "runtime/lib/blas/kernels/level2.h"

#include "runtime/lib/blas/kernels/launch.cuh"
#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {
namespace {

constexpr int kThreads = 256;
constexpr int kStrip = 32; ///< unknowns that a system finds between two looks at all others

/// Where the stored element (i, j) lies.
template <class T>
__device__ int64_t place_of(const Stored<T>& m, int64_t i, int64_t j) {
    switch (m.storage) {
    case Storage::Band: return m.above + i - j + j * m.ld;
    case Storage::Packed:
        return m.upper ? i + j * (j + 1) / 2 : i + j * (2 * m.columns - j - 1) / 2;
    default: return i + j * m.ld;
    }
}

/// Element (row, column) of op(A), which is inside of the band and the triangle.
template <class T>
__device__ T element(const Stored<T>& m, int64_t row, int64_t column) {
    int64_t i = m.transposed ? column : row, j = m.transposed ? row : column;
    bool conj = m.conjugated;
    const bool halved = m.shape == Shape::Symmetric || m.shape == Shape::Hermitian;
    if (halved && (m.upper ? i > j : i < j)) {
        const int64_t old = i;
        i = j;
        j = old;
        conj = m.shape == Shape::Hermitian;
    }
    if (m.unit && i == j) return from_real<T>(1);
    T value = m.a[place_of(m, i, j)];
    if constexpr (is_complex<T>) {
        if (m.shape == Shape::Hermitian && i == j) value.y = 0;
        if (conj) value.y = -value.y;
    }
    return value;
}

struct Range {
    int64_t from, to;
};

/// The columns of op(A) that row `row` has elements in.
template <class T>
__device__ Range columns_of(const Stored<T>& m, int64_t row) {
    const int64_t columns = m.transposed ? m.rows : m.columns;
    const bool halved = m.shape == Shape::Symmetric || m.shape == Shape::Hermitian;
    int64_t below = m.transposed ? m.above : m.below, above = m.transposed ? m.below : m.above;
    if (halved) below = above = below > above ? below : above;
    const int64_t from = row - below, to = row + above + 1;
    return {from < 0 ? 0 : from, to > columns ? columns : to};
}

template <class T>
__device__ T dot_of(const Stored<T>& m, int64_t row, Range range, const T* x, int64_t incx) {
    T sum = zero<T>();
    for (int64_t j = range.from; j < range.to; ++j)
        sum = multiply_add(element(m, row, j), x[j * incx], sum);
    return sum;
}

template <class T>
__global__ void matvec_kernel(const __grid_constant__ Stored<T> m, Scalar<T> alpha, const T* x,
                              int64_t incx, Scalar<T> beta, T* y, int64_t incy) {
    const int64_t row = int64_t(blockIdx.x) * kThreads + threadIdx.x;
    if (row >= (m.transposed ? m.columns : m.rows)) return;
    const T a = get(alpha), b = get(beta);
    T value = is_zero(b) ? zero<T>() : multiply(b, y[row * incy]);
    if (!is_zero(a)) value = multiply_add(a, dot_of(m, row, columns_of(m, row), x, incx), value);
    y[row * incy] = value;
}

/// Strips of rows in the order in which what others still need is not overwritten.
template <class T>
__global__ void __launch_bounds__(kThreads)
    product_kernel(const __grid_constant__ Stored<T> m, T* x, int64_t incx) {
    const bool upper = m.upper != m.transposed;
    const int64_t strips = (m.rows + kThreads - 1) / kThreads;
    for (int64_t s = 0; s < strips; ++s) {
        const int64_t row = (upper ? s : strips - 1 - s) * kThreads + threadIdx.x;
        T value = zero<T>();
        if (row < m.rows) value = dot_of(m, row, columns_of(m, row), x, incx);
        __syncthreads();
        if (row < m.rows) x[row * incx] = value;
        __syncthreads();
    }
}

/// The unknowns of a strip, one after the other; then all threads take these off the right-hand
/// sides that are left.
template <class T>
__global__ void __launch_bounds__(kThreads)
    system_kernel(const __grid_constant__ Stored<T> m, T* x, int64_t incx) {
    const bool upper = m.upper != m.transposed;
    const int64_t strips = (m.rows + kStrip - 1) / kStrip;
    for (int64_t s = 0; s < strips; ++s) {
        const int64_t first = (upper ? strips - 1 - s : s) * kStrip;
        const int64_t end = first + kStrip < m.rows ? first + kStrip : m.rows;
        for (int64_t step = 0; step < end - first; ++step) {
            const int64_t i = upper ? end - 1 - step : first + step;
            if (threadIdx.x == 0 && !m.unit) x[i * incx] = divide(x[i * incx], element(m, i, i));
            __syncthreads();
            const int64_t row = first + threadIdx.x;
            const Range range = columns_of(m, row);
            const bool after = row < end && (upper ? row < i : row > i);
            if (after && i >= range.from && i < range.to)
                x[row * incx] = subtract(x[row * incx], multiply(element(m, row, i), x[i * incx]));
            __syncthreads();
        }
        const int64_t rest_from = upper ? 0 : end, rest_to = upper ? first : m.rows;
        for (int64_t row = rest_from + threadIdx.x; row < rest_to; row += kThreads) {
            Range range = columns_of(m, row);
            if (range.from < first) range.from = first;
            if (range.to > end) range.to = end;
            if (range.from < range.to)
                x[row * incx] = subtract(x[row * incx], dot_of(m, row, range, x, incx));
        }
        __syncthreads();
    }
}

template <class T>
__device__ T get(const UpdateFactor<T>& factor) {
    if (factor.pointer == nullptr) return factor.value;
    if (factor.real) return from_real<T>(*static_cast<const Real<T>*>(factor.pointer));
    return *static_cast<const T*>(factor.pointer);
}

template <class T>
__global__ void update_kernel(const __grid_constant__ Update<T> u) {
    const T alpha = get(u.alpha);
    if (is_zero(alpha)) return;
    const int64_t all = u.a.rows * u.a.columns, step = int64_t(gridDim.x) * kThreads;
    const bool halved = u.a.shape != Shape::General;
    for (int64_t at = int64_t(blockIdx.x) * kThreads + threadIdx.x; at < all; at += step) {
        const int64_t i = at % u.a.rows, j = at / u.a.rows;
        if (halved && (u.a.upper ? i > j : i < j)) continue;
        const T xi = u.x[i * u.incx], yj = conjugate_if(u.conjugated, u.y[j * u.incy]);
        T& entry = u.data[place_of(u.a, i, j)];
        T value = multiply_add(multiply(alpha, xi), yj, entry);
        if (u.twice) {
            const T yi = u.y[i * u.incy], xj = conjugate_if(u.conjugated, u.x[j * u.incx]);
            value = multiply_add(multiply(conjugate_if(u.conjugated, alpha), yi), xj, value);
        }
        if constexpr (is_complex<T>)
            if (u.a.shape == Shape::Hermitian && i == j) value.y = 0;
        entry = value;
    }
}

} // namespace

template <class T>
cublasStatus_t launch_matvec(Context& context, const Stored<T>& a, Scalar<T> alpha, const T* x,
                             int64_t incx, Scalar<T> beta, T* y, int64_t incy) {
    const int64_t rows = a.transposed ? a.columns : a.rows;
    return launch(matvec_kernel<T>, blocks_for(rows, kThreads, kMaxGridX), kThreads, context.stream,
                  a, alpha, x, incx, beta, y, incy);
}

template <class T>
cublasStatus_t launch_triangular_product(Context& context, const Stored<T>& a, T* x, int64_t incx) {
    return launch(product_kernel<T>, 1, kThreads, context.stream, a, x, incx);
}

template <class T>
cublasStatus_t launch_triangular_system(Context& context, const Stored<T>& a, T* x, int64_t incx) {
    return launch(system_kernel<T>, 1, kThreads, context.stream, a, x, incx);
}

template <class T>
cublasStatus_t launch_update(Context& context, const Update<T>& update) {
    return launch(update_kernel<T>, blocks_for(update.a.rows * update.a.columns, kThreads, 1 << 20),
                  kThreads, context.stream, update);
}

#define ACC_FOR(T)                                                                                 \
    template cublasStatus_t launch_matvec<T>(Context&, const Stored<T>&, Scalar<T>, const T*,      \
                                             int64_t, Scalar<T>, T*, int64_t);                     \
    template cublasStatus_t launch_triangular_product<T>(Context&, const Stored<T>&, T*, int64_t); \
    template cublasStatus_t launch_triangular_system<T>(Context&, const Stored<T>&, T*, int64_t);  \
    template cublasStatus_t launch_update<T>(Context&, const Update<T>&);
ACC_FOR(float)
ACC_FOR(double)
ACC_FOR(cuComplex)
ACC_FOR(cuDoubleComplex)

} // namespace acc::blas
