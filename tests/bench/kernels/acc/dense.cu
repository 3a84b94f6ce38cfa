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

// 256 threads compute a tile of c, Each x Each elements in the registers of each.
template <int Tile, int Depth, int Each>
__global__ void gemm_registers(int n, const float* a, const float* b, float* c) {
    __shared__ float tile_a[Depth][Tile]; // transposed
    __shared__ float tile_b[Depth][Tile];
    int first_row = blockIdx.y * Tile, first_column = blockIdx.x * Tile;
    int x = threadIdx.x % (Tile / Each) * Each, y = threadIdx.x / (Tile / Each) * Each;
    float sums[Each][Each] = {};
    for (int k = 0; k < n; k += Depth) {
        for (int i = threadIdx.x; i < Tile * Depth; i += 256) {
            tile_a[i % Depth][i / Depth] = a[(first_row + i / Depth) * n + k + i % Depth];
            tile_b[i / Tile][i % Tile] = b[(k + i / Tile) * n + first_column + i % Tile];
        }
        __syncthreads();
        for (int i = 0; i < Depth; ++i) {
            float of_a[Each], of_b[Each];
            for (int j = 0; j < Each; ++j) {
                of_a[j] = tile_a[i][y + j];
                of_b[j] = tile_b[i][x + j];
            }
            for (int row = 0; row < Each; ++row)
                for (int column = 0; column < Each; ++column)
                    sums[row][column] += of_a[row] * of_b[column];
        }
        __syncthreads();
    }
    for (int row = 0; row < Each; ++row)
        for (int column = 0; column < Each; ++column)
            c[(first_row + y + row) * n + first_column + x + column] = sums[row][column];
}

// Words of four bytes along k. Columns: b is stored column by column.
template <bool Columns>
__global__ void igemm(int n, int words, const int* a, const int* b, int* c) {
    __shared__ int tile_a[16][16];
    __shared__ int tile_b[16][17];
    int row = blockIdx.y * 16 + threadIdx.y;
    int column = blockIdx.x * 16 + threadIdx.x;
    int sum = 0;
    for (int k = 0; k < words; k += 16) {
        tile_a[threadIdx.y][threadIdx.x] = a[row * words + k + threadIdx.x];
        if (Columns)
            tile_b[threadIdx.x][threadIdx.y] =
                b[(blockIdx.x * 16 + threadIdx.y) * words + k + threadIdx.x];
        else
            tile_b[threadIdx.y][threadIdx.x] = b[(k + threadIdx.y) * n + column];
        __syncthreads();
        for (int i = 0; i < 16; ++i)
            sum = __dp4a(tile_a[threadIdx.y][i], tile_b[i][threadIdx.x], sum);
        __syncthreads();
    }
    c[row * n + column] = sum;
}

template <int Tile, int Depth, int Each>
void run_registers(bench::Session& session) {
    const bench::Sgemm p(session.scale());
    Buffer<float> a(p.a), b(p.b), c(size_t(p.n) * p.n);
    const dim3 grid(p.n / Tile, p.n / Tile);
    auto launch = [&] {
        gemm_registers<Tile, Depth, Each><<<grid, 256>>>(p.n, a.get(), b.get(), c.get());
    };
    session.run(p, launch, c);
}

template <bool Columns>
void run_integers(bench::Session& session) {
    const bench::Igemm p(session.scale());
    Buffer<int> a(p.a), b(p.b), c(size_t(p.n) * p.n);
    const dim3 grid(p.n / 16, p.n / 16), block(16, 16);
    session.run(
        p, [&] { igemm<Columns><<<grid, block>>>(p.n, p.words, a.get(), b.get(), c.get()); }, c);
}

} // namespace

void run_sgemm16(bench::Session& session) {
    run_tiled<bench::Sgemm, float, 16>(session);
}

void run_sgemm32(bench::Session& session) {
    run_tiled<bench::Sgemm, float, 32>(session);
}

void run_sgemm64(bench::Session& session) {
    run_registers<64, 16, 4>(session);
}

void run_sgemm128(bench::Session& session) {
    run_registers<128, 8, 8>(session);
}

void run_dgemm(bench::Session& session) {
    run_tiled<bench::Dgemm, double, 16>(session);
}

void run_igemm(bench::Session& session) {
    run_integers<false>(session);
}

void run_igemm_columns(bench::Session& session) {
    run_integers<true>(session);
}
