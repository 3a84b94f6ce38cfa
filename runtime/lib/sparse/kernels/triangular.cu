// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/kernels/triangular.h"

#include "runtime/lib/sparse/kernels/dispatch.cuh"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 128;
constexpr unsigned kWarps = kThreads / 32;

/// The warp's turn. Whoever has an earlier one is running, so waiting for it ends.
__device__ int64_t next_turn(int* counter) {
    int turn = 0;
    if (threadIdx.x % 32 == 0) turn = atomicAdd(counter, 1);
    return __shfl_sync(0xffffffffu, turn, 0);
}

__device__ void wait_for(const int* flag) {
    while (*static_cast<const volatile int*>(flag) == 0) {
    }
    __threadfence();
}

__device__ void announce(int* flag) {
    __threadfence();
    *static_cast<volatile int*>(flag) = 1;
}

/// One column: lanes share the row.
template <class C>
__global__ void solve_kernel(Triangle a, Dense b, Dense x, AnyScalar alpha_given, int* state) {
    const int64_t turn = next_turn(state);
    if (turn >= a.rows.rows) return;
    const int lane = int(threadIdx.x % 32);
    const int64_t row = a.forward ? turn : a.rows.rows - 1 - turn;
    int* flags = state + 1;
    C sum(0), diagonal(0);
    for_row(a.rows, row, lane, 32, [&](int64_t column, int64_t place) {
        const C value = conj_if(a.conjugate, load<C>(a.rows.values, place));
        if (column == row) {
            diagonal += value;
        } else if ((column < row) == a.forward) {
            wait_for(flags + column);
            sum += value * load<C>(x, column, 0);
        }
    });
    sum = sum_of_lanes(sum, 32);
    diagonal = sum_of_lanes(diagonal, 32);
    if (lane != 0) return;
    C result = scalar<C>(alpha_given) * load<C>(b, row, 0) - sum;
    if (!a.unit) result = result / diagonal;
    store<C>(x.values, row * x.row_step, result);
    announce(flags + row);
}

/// Several columns: a lane has one.
template <class C>
__global__ void solve_columns_kernel(Triangle a, Dense b, Dense x, AnyScalar alpha_given,
                                     int* state) {
    const int64_t tiles = (x.columns + kColumnsOfWarp - 1) / kColumnsOfWarp;
    const int64_t turn = next_turn(state);
    if (turn >= a.rows.rows * tiles) return;
    const int64_t row = a.forward ? turn / tiles : a.rows.rows - 1 - turn / tiles;
    const int64_t tile = turn % tiles, column = tile * kColumnsOfWarp + threadIdx.x % 32;
    const bool there = column < x.columns;
    int* flags = state + 1 + tile;
    C sum(0), diagonal(0);
    for_row(a.rows, row, 0, 1, [&](int64_t k, int64_t place) {
        const C value = conj_if(a.conjugate, load<C>(a.rows.values, place));
        if (k == row) {
            diagonal += value;
        } else if ((k < row) == a.forward) {
            wait_for(flags + k * tiles);
            if (there) sum += value * load<C>(x, k, column);
        }
    });
    if (there) {
        C result = scalar<C>(alpha_given) * load<C>(b, row, column) - sum;
        if (!a.unit) result = result / diagonal;
        store<C>(x.values, row * x.row_step + column * x.column_step, result);
    }
    __threadfence();
    __syncwarp();
    if (threadIdx.x % 32 == 0) announce(flags + row * tiles);
}

template <class C>
__global__ void diagonal_kernel(Rows a, Values diagonal) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    for_row(a, row, 0, 1, [&](int64_t column, int64_t place) {
        if (column == row) store<C>(a.values, place, load<C>(diagonal, row));
    });
}

/// The place of `column` in a row whose columns are sorted, or -1.
__device__ int64_t find(const Rows& a, int64_t first, int64_t last, int64_t column) {
    const int64_t end = last;
    while (first < last) {
        const int64_t middle = first + (last - first) / 2;
        if (index_at(a.indices, middle) < column)
            first = middle + 1;
        else
            last = middle;
    }
    return first < end && index_at(a.indices, first) == column ? first : -1;
}

template <class C>
__device__ bool has_pivot(C value) {
    return value != C(0);
}

__device__ void note_pivot(int* position, int64_t row) {
    atomicMin(position, int(row));
}

__global__ void missing_kernel(Rows a, int* position) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    bool there = false;
    for_row(a, row, 0, 1, [&](int64_t column, int64_t) { there |= column == row; });
    if (!there) note_pivot(position, row);
}

/// Row by row: what is left of the diagonal is divided by pivots in turn, lanes update the rest.
template <class C>
__global__ void ilu_kernel(Rows a, Boost boost, int* position, int* state) {
    const int64_t row = next_turn(state);
    if (row >= a.rows) return;
    const int lane = int(threadIdx.x % 32);
    int* flags = state + 1;
    const Range mine = range_of(a, row);
    const int64_t first = mine.first, last = first + mine.steps;
    int64_t at = first;
    for (; at < last && index_at(a.indices, at) < row; ++at) {
        const int64_t k = index_at(a.indices, at);
        wait_for(flags + k);
        const Range other = range_of(a, k);
        const int64_t end = other.first + other.steps;
        const int64_t pivot = find(a, other.first, end, k);
        const C factor = load<C>(a.values, at) / (pivot < 0 ? C(0) : load<C>(a.values, pivot));
        __syncwarp();
        if (lane == 0) store<C>(a.values, at, factor);
        if (pivot >= 0)
            for (int64_t j = pivot + 1 + lane; j < end; j += 32) {
                const int64_t place = find(a, at + 1, last, index_at(a.indices, j));
                if (place >= 0)
                    store<C>(a.values, place,
                             load<C>(a.values, place) - factor * load<C>(a.values, j));
            }
        __syncwarp();
    }
    if (lane == 0) {
        const bool there = at < last && index_at(a.indices, at) == row;
        C pivot = there ? load<C>(a.values, at) : C(0);
        const double tolerance = boost.tolerance_pointer != nullptr ? *boost.tolerance_pointer
                                                                    : boost.tolerance;
        if (there && boost.wanted && double(lib::magnitude(pivot)) <= tolerance)
            store<C>(a.values, at, pivot = scalar<C>(boost.value));
        if (!has_pivot(pivot)) note_pivot(position, row);
        announce(flags + row);
    }
}

/// Row by row, lower triangle: each element needs the sums of products with the row of its column.
template <class C>
__global__ void cholesky_kernel(Rows a, int* position, int* state) {
    const int64_t row = next_turn(state);
    if (row >= a.rows) return;
    const int lane = int(threadIdx.x % 32);
    int* flags = state + 1;
    const Range mine = range_of(a, row);
    const int64_t first = mine.first, last = first + mine.steps;
    for (int64_t at = first; at < last; ++at) {
        const int64_t k = index_at(a.indices, at);
        if (k > row) break;
        C sum(0);
        if (k == row) {
            for (int64_t j = first + lane; j < at; j += 32)
                sum += C(lib::square(load<C>(a.values, j)));
            sum = sum_of_lanes(sum, 32);
            const Real<C> left = lib::real(load<C>(a.values, at)) - lib::real(sum);
            __syncwarp();
            if (lane == 0) {
                if (!(left > 0)) note_pivot(position, row);
                store<C>(a.values, at, C(sqrt(left)));
            }
            break;
        }
        wait_for(flags + k);
        const Range other = range_of(a, k);
        const int64_t end = other.first + other.steps;
        for (int64_t j = first + lane; j < at; j += 32) {
            const int64_t place = find(a, other.first, end, index_at(a.indices, j));
            if (place >= 0) sum += load<C>(a.values, j) * lib::conj(load<C>(a.values, place));
        }
        sum = sum_of_lanes(sum, 32);
        const int64_t pivot = find(a, other.first, end, k);
        const C result = (load<C>(a.values, at) - sum) /
                         (pivot < 0 ? C(0) : load<C>(a.values, pivot));
        __syncwarp();
        if (lane == 0) store<C>(a.values, at, result);
        __syncwarp();
    }
    __threadfence();
    __syncwarp();
    if (lane == 0) announce(flags + row);
}

__global__ void no_position_kernel(int* position) {
    *position = 0x7fffffff;
}

} // namespace

int64_t solver_state(int64_t rows, int64_t columns) {
    return 1 + rows * ((columns + kColumnsOfWarp - 1) / kColumnsOfWarp);
}

cudaError_t launch_triangular(cudaStream_t stream, Element compute, const Triangle& a,
                              const Dense& b, const Dense& x, AnyScalar alpha, int* state) {
    if (x.rows == 0 || x.columns == 0) return cudaSuccess;
    const int64_t turns = solver_state(x.rows, x.columns) - 1;
    const cudaError_t error = cudaMemsetAsync(state, 0, size_t(turns + 1) * sizeof(int), stream);
    if (error != cudaSuccess) return error;
    return with_float_type(compute, [&](auto t) {
        using C = decltype(t);
        return lib::launch(x.columns == 1 ? solve_kernel<C> : solve_columns_kernel<C>,
                           lib::blocks_for(turns, kWarps), kThreads, stream, a, b, x, alpha, state);
    });
}

cudaError_t launch_set_diagonal(cudaStream_t stream, const Rows& a, Values diagonal) {
    if (a.rows == 0) return cudaSuccess;
    return with_float_type(a.values.type, [&](auto t) {
        return lib::launch(diagonal_kernel<decltype(t)>, lib::blocks_for(a.rows, kThreads),
                           kThreads, stream, a, diagonal);
    });
}

cudaError_t launch_find_missing(cudaStream_t stream, const Rows& a, int* position) {
    if (a.rows == 0) return cudaSuccess;
    return lib::launch(missing_kernel, lib::blocks_for(a.rows, kThreads), kThreads, stream, a,
                       position);
}

cudaError_t launch_incomplete(cudaStream_t stream, const Rows& a, bool cholesky, Boost boost,
                              int* position, int* state) {
    cudaError_t error = lib::launch(no_position_kernel, 1, 1, stream, position);
    if (a.rows == 0 || error != cudaSuccess) return error;
    error = cudaMemsetAsync(state, 0, size_t(a.rows + 1) * sizeof(int), stream);
    if (error != cudaSuccess) return error;
    return with_float_type(a.values.type, [&](auto t) {
        using C = decltype(t);
        const unsigned grid = lib::blocks_for(a.rows, kWarps);
        if (cholesky)
            return lib::launch(cholesky_kernel<C>, grid, kThreads, stream, a, position, state);
        return lib::launch(ilu_kernel<C>, grid, kThreads, stream, a, boost, position, state);
    });
}

} // namespace acc::sparse
