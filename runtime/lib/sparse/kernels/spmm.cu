// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sparse times dense matrix, and products of dense matrices at a sparse one's places.
#include "runtime/lib/sparse/kernels/dispatch.cuh"
#include "runtime/lib/sparse/kernels/products.h"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 256;

/// Batches beyond the 65,535 that a grid has in y share blocks.
constexpr unsigned kMostBatches = 65535;

/// A thread for each element of C; neighbours are of one row, so they read the same of A.
template <class C>
__global__ void spmm_kernel(Rows all_a, bool conjugate, Dense all_b, Dense all_c,
                            AnyScalar alpha_given, AnyScalar beta_given, int batches) {
    const C alpha = scalar<C>(alpha_given), beta = scalar<C>(beta_given);
    const int64_t thread = lib::thread_of_grid();
    if (thread >= all_c.rows * all_c.columns) return;
    const int64_t row = thread / all_c.columns, column = thread % all_c.columns;
    for (int64_t batch = blockIdx.y; batch < batches; batch += gridDim.y) {
        const Rows a = of_batch(all_a, batch);
        const Dense b = of_batch(all_b, batch), c = of_batch(all_c, batch);
        C sum(0);
        if (alpha != C(0))
            for_row(a, row, 0, 1, [&](int64_t k, int64_t place) {
                sum += conj_if(conjugate, load<C>(a.values, place)) * load<C>(b, k, column);
            });
        const int64_t at = row * c.row_step + column * c.column_step;
        store<C>(c.values, at, plus_beta(alpha * sum, beta, c.values, at));
    }
}

/// Threads share a row of C, each takes elements of it.
template <class C>
__global__ void sddmm_kernel(Dense all_a, Dense all_b, Rows all_c, AnyScalar alpha_given,
                             AnyScalar beta_given, int lanes, int batches) {
    const C alpha = scalar<C>(alpha_given), beta = scalar<C>(beta_given);
    const int64_t row = lib::thread_of_grid() / lanes;
    if (row >= all_c.rows) return;
    for (int64_t batch = blockIdx.y; batch < batches; batch += gridDim.y) {
        const Dense a = of_batch(all_a, batch), b = of_batch(all_b, batch);
        const Rows c = of_batch(all_c, batch);
        for_row(c, row, int(threadIdx.x) % lanes, lanes, [&](int64_t column, int64_t place) {
            C sum(0);
            if (alpha != C(0))
                for (int64_t k = 0; k < a.columns; ++k)
                    sum += load<C>(a, row, k) * load<C>(b, k, column);
            store<C>(c.values, place, plus_beta(alpha * sum, beta, c.values, place));
        });
    }
}

/// The y of a grid.
unsigned batches_of_grid(int batches) {
    return unsigned(batches) < kMostBatches ? unsigned(batches) : kMostBatches;
}

} // namespace

cudaError_t launch_spmm(cudaStream_t stream, Element compute, const Rows& a, bool conjugate,
                        const Dense& b, const Dense& c, AnyScalar alpha, AnyScalar beta,
                        int batches) {
    if (c.rows == 0 || c.columns == 0) return cudaSuccess;
    const dim3 grid(lib::blocks_for(c.rows * c.columns, kThreads), batches_of_grid(batches));
    return with_type(compute, [&](auto t) {
        return lib::launch(spmm_kernel<decltype(t)>, grid, kThreads, stream, a, conjugate, b, c,
                           alpha, beta, batches);
    });
}

cudaError_t launch_sddmm(cudaStream_t stream, Element compute, const Dense& a, const Dense& b,
                         const Rows& c, AnyScalar alpha, AnyScalar beta, int batches) {
    if (c.rows == 0 || c.nnz == 0) return cudaSuccess;
    constexpr int kLanes = 8;
    const dim3 grid(lib::blocks_for(c.rows * kLanes, kThreads), batches_of_grid(batches));
    return with_float_type(compute, [&](auto t) {
        return lib::launch(sddmm_kernel<decltype(t)>, grid, kThreads, stream, a, b, c, alpha, beta,
                           kLanes, batches);
    });
}

} // namespace acc::sparse
