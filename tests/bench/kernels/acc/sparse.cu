// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that follow indices.

#include "device.h"

namespace {

// A thread for each row.
__global__ void spmv_scalar(int rows, const int* starts, const int* columns, const float* values,
                            const float* x, float* y) {
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) return;
    float sum = 0;
    for (int i = starts[row]; i < starts[row + 1]; ++i)
        sum += values[i] * x[columns[i]];
    y[row] = sum;
}

// A warp for each row.
__global__ void spmv_warp(int rows, const int* starts, const int* columns, const float* values,
                          const float* x, float* y) {
    int row = (blockIdx.x * blockDim.x + threadIdx.x) / 32, lane = threadIdx.x % 32;
    if (row >= rows) return;
    float sum = 0;
    for (int i = starts[row] + lane; i < starts[row + 1]; i += 32)
        sum += values[i] * x[columns[i]];
    for (int offset = 16; offset > 0; offset /= 2)
        sum += __shfl_down_sync(0xffffffff, sum, offset);
    if (lane == 0) y[row] = sum;
}

__global__ void bfs_begin(int vertices, int* distances) {
    int v = blockIdx.x * blockDim.x + threadIdx.x;
    if (v < vertices) distances[v] = v == 0 ? 0 : -1;
}

__global__ void bfs_level(int vertices, int level, const int* starts, const int* edges,
                          int* distances, int* changed) {
    int v = blockIdx.x * blockDim.x + threadIdx.x;
    if (v >= vertices || distances[v] != level) return;
    for (int i = starts[v]; i < starts[v + 1]; ++i) {
        int to = edges[i];
        if (distances[to] < 0) {
            distances[to] = level + 1;
            *changed = 1;
        }
    }
}

} // namespace

void run_spmv_scalar(bench::Session& session) {
    const bench::Spmv p(session.scale());
    Buffer<int> starts(p.starts), columns(p.columns);
    Buffer<float> values(p.values), x(p.x), y(p.rows);
    auto launch = [&] {
        spmv_scalar<<<divide_up(p.rows, 256), 256>>>(p.rows, starts.get(), columns.get(),
                                                     values.get(), x.get(), y.get());
    };
    session.run(p, launch, y);
}

void run_spmv_warp(bench::Session& session) {
    const bench::Spmv p(session.scale());
    Buffer<int> starts(p.starts), columns(p.columns);
    Buffer<float> values(p.values), x(p.x), y(p.rows);
    auto launch = [&] {
        spmv_warp<<<divide_up(p.rows, 8), 256>>>(p.rows, starts.get(), columns.get(), values.get(),
                                                 x.get(), y.get());
    };
    session.run(p, launch, y);
}

void run_bfs(bench::Session& session) {
    const bench::Bfs p(session.scale());
    Buffer<int> starts(p.starts), edges(p.edges), distances(p.vertices), changed(1);
    const int blocks = divide_up(p.vertices, 256);
    auto launch = [&] {
        bfs_begin<<<blocks, 256>>>(p.vertices, distances.get());
        int again = 1;
        for (int level = 0; again; ++level) {
            CHECK(cudaMemset(changed.get(), 0, sizeof(int)));
            bfs_level<<<blocks, 256>>>(p.vertices, level, starts.get(), edges.get(),
                                       distances.get(), changed.get());
            CHECK(cudaMemcpy(&again, changed.get(), sizeof(int), cudaMemcpyDeviceToHost));
        }
    };
    session.run(p, launch, distances);
}
