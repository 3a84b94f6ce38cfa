// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of dense matrices.

#include "device.h"

namespace {

// Each block computes a tile of c, from tiles of a and b in shared memory.
template <typename T, int Tile>
__global__ void gemm_tiled(int n, const T* a, const T* b, T* c) {
    __shared__ T tile_a[Tile][Tile];
    __shared__ T tile_b[Tile][Tile];
    int row = blockIdx.y * Tile + threadIdx.y;
    int column = blockIdx.x * Tile + threadIdx.x;
    T sum = 0;
    for (int k = 0; k < n; k += Tile) {
        tile_a[threadIdx.y][threadIdx.x] = a[row * n + k + threadIdx.x];
        tile_b[threadIdx.y][threadIdx.x] = b[(k + threadIdx.y) * n + column];
        __syncthreads();
        for (int i = 0; i < Tile; ++i)
            sum += tile_a[threadIdx.y][i] * tile_b[i][threadIdx.x];
        __syncthreads();
    }
    c[row * n + column] = sum;
}

template <typename Problem, typename T, int Tile>
void run_tiled(bench::Session& session) {
    const Problem p(session.scale());
    Buffer<T> a(p.a), b(p.b), c(size_t(p.n) * p.n);
    const dim3 grid(p.n / Tile, p.n / Tile), block(Tile, Tile);
    session.run(
        p, [&] { gemm_tiled<T, Tile><<<grid, block>>>(p.n, a.get(), b.get(), c.get()); }, c);
}

} // namespace

void run_sgemm16(bench::Session& session) {
    run_tiled<bench::Sgemm, float, 16>(session);
}
