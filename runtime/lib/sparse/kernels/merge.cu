// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/kernels/merge.h"

#include "runtime/lib/sparse/kernels/dispatch.cuh"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 128;

/// f(column, place in a or -1, place in b or -1) for each column of a row of either.
template <class F>
__device__ void merge_row(const Rows& a, const Rows& b, int64_t row, F f) {
    int64_t i = index_at(a.offsets, row), j = index_at(b.offsets, row);
    const int64_t i_end = index_at(a.offsets, row + 1), j_end = index_at(b.offsets, row + 1);
    constexpr int64_t kEnd = INT64_MAX;
    while (i < i_end || j < j_end) {
        const int64_t left = i < i_end ? index_at(a.indices, i) : kEnd;
        const int64_t right = j < j_end ? index_at(b.indices, j) : kEnd;
        const int64_t column = left < right ? left : right;
        f(column, left == column ? i++ : -1, right == column ? j++ : -1);
    }
}

__global__ void count_kernel(Rows a, Rows b, int64_t* counts) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    int64_t count = 0;
    merge_row(a, b, row, [&](int64_t, int64_t, int64_t) { ++count; });
    counts[row] = count;
}

template <class C>
__global__ void merge_kernel(Rows a, Rows b, Rows c, AnyScalar alpha_given, AnyScalar beta_given) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    const C alpha = scalar<C>(alpha_given), beta = scalar<C>(beta_given);
    int64_t at = index_at(c.offsets, row);
    merge_row(a, b, row, [&](int64_t column, int64_t i, int64_t j) {
        C sum(0);
        if (i >= 0) sum += alpha * load<C>(a.values, i);
        if (j >= 0) sum += beta * load<C>(b.values, j);
        set_index(c.indices, at, column);
        store<C>(c.values, at++, sum);
    });
}

} // namespace

cudaError_t launch_count_merged(cudaStream_t stream, const Rows& a, const Rows& b,
                                int64_t* counts) {
    if (a.rows == 0) return cudaSuccess;
    return lib::launch(count_kernel, lib::blocks_for(a.rows, kThreads), kThreads, stream, a, b,
                       counts);
}

cudaError_t launch_merge(cudaStream_t stream, const Rows& a, const Rows& b, const Rows& c,
                         AnyScalar alpha, AnyScalar beta) {
    if (a.rows == 0) return cudaSuccess;
    return with_float_type(c.values.type, [&](auto t) {
        return lib::launch(merge_kernel<decltype(t)>, lib::blocks_for(a.rows, kThreads), kThreads,
                           stream, a, b, c, alpha, beta);
    });
}

} // namespace acc::sparse
