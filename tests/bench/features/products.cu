// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of matrices of f16 with accumulators of f32 by nvcuda::wmma.
#include "features.cuh"

#include <cuda_fp16.h>
#include <mma.h>
#include <type_traits>

namespace {

using namespace nvcuda;
constexpr int kSize = 512;

/// A 16 x 16 tile for each warp, from global memory.
template <class LayoutB>
__global__ void tile16(int n, const __half* a, const __half* b, float* c) {
    const int warp = threadIdx.x / 32, row = blockIdx.y * 16, column = (blockIdx.x * 4 + warp) * 16;
    constexpr bool rows = std::is_same<LayoutB, wmma::row_major>::value;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::fill_fragment(sum, 0.0f);
    for (int k = 0; k < n; k += 16) {
        wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> x;
        wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, LayoutB> y;
        wmma::load_matrix_sync(x, a + row * n + k, n);
        wmma::load_matrix_sync(y, rows ? b + k * n + column : b + column * n + k, n);
        wmma::mma_sync(sum, x, y, sum);
    }
    wmma::store_matrix_sync(c + row * n + column, sum, n, wmma::mem_row_major);
}

/// 64 x 64 tiles in shared memory, of which each of four warps has a quarter.
__global__ void tile64(int n, const __half* a, const __half* b, float* c) {
    constexpr int tile = 64, depth = 32, pad = 8;
    __shared__ __half tile_a[tile][depth + pad], tile_b[depth][tile + pad];
    const int warp = threadIdx.x / 32, y = warp / 2 * 32, x = warp % 2 * 32;
    const int row = blockIdx.y * tile, column = blockIdx.x * tile;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sums[2][2];
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j)
            wmma::fill_fragment(sums[i][j], 0.0f);
    for (int k = 0; k < n; k += depth) {
        for (int i = threadIdx.x; i < tile * depth / 8; i += blockDim.x) {
            const int r = i / (depth / 8), q = i % (depth / 8) * 8;
            *(int4*)&tile_a[r][q] = *(const int4*)&a[(row + r) * n + k + q];
        }
        for (int i = threadIdx.x; i < tile * depth / 8; i += blockDim.x) {
            const int r = i / (tile / 8), q = i % (tile / 8) * 8;
            *(int4*)&tile_b[r][q] = *(const int4*)&b[(k + r) * n + column + q];
        }
        __syncthreads();
        for (int kk = 0; kk < depth; kk += 16) {
            wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> left[2];
            wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::row_major> right[2];
            for (int i = 0; i < 2; ++i) {
                wmma::load_matrix_sync(left[i], &tile_a[y + 16 * i][kk], depth + pad);
                wmma::load_matrix_sync(right[i], &tile_b[kk][x + 16 * i], tile + pad);
            }
            for (int i = 0; i < 2; ++i)
                for (int j = 0; j < 2; ++j)
                    wmma::mma_sync(sums[i][j], left[i], right[j], sums[i][j]);
        }
        __syncthreads();
    }
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j)
            wmma::store_matrix_sync(c + (row + y + 16 * i) * n + column + x + 16 * j, sums[i][j], n,
                                    wmma::mem_row_major);
}

/// Elements here and there against the host's sums, which are in the same order.
void verify(const char* name, const std::vector<float>& a, const std::vector<float>& b,
            const float* device) {
    std::vector<float> c(kSize * kSize);
    CHECK(cudaMemcpy(c.data(), device, c.size() * sizeof(float), cudaMemcpyDeviceToHost));
    for (int i = 0; i < kSize; i += 5) {
        const int row = i, column = i * 37 % kSize;
        float sum = 0;
        for (int k = 0; k < kSize; ++k)
            sum = std::fmaf(a[row * kSize + k], b[k * kSize + column], sum);
        if (sum == c[row * kSize + column]) continue;
        std::fprintf(stderr, "%s: element %d, %d is %g, expected %g\n", name, row, column,
                     c[row * kSize + column], sum);
        std::exit(1);
    }
}

} // namespace

void measure_products(double peak) {
    std::vector<float> a(kSize * kSize), b(kSize * kSize);
    std::vector<__half> half_a(a.size()), half_b(a.size()), turned_b(a.size());
    for (int i = 0; i < kSize * kSize; ++i) {
        a[i] = static_cast<float>((i * 7 + i / 31) % 33 - 16) / 16;
        b[i] = static_cast<float>((i * 5 + i / 29) % 37 - 18) / 16;
        half_a[i] = __float2half(a[i]);
        half_b[i] = __float2half(b[i]);
        turned_b[i % kSize * kSize + i / kSize] = half_b[i];
    }
    const __half *da = upload(half_a), *db = upload(half_b), *dt = upload(turned_b);
    float* c = upload(std::vector<float>(a.size()));
    const auto row = [&](const char* name, auto launch) {
        const double rate = 2.0 * kSize * kSize * kSize / measure(launch);
        verify(name, a, b, c);
        std::printf("%-38s %7.1f GFLOP/s", name, rate / 1e9);
        if (peak > 0) std::printf("  %5.3f of the peak", rate / peak);
        std::printf("\n");
    };
    const dim3 small(kSize / 64, kSize / 16), large(kSize / 64, kSize / 64);
    row("wmma f16, 16 x 16 a warp, b by rows",
        [&] { tile16<wmma::row_major><<<small, 128>>>(kSize, da, db, c); });
    row("wmma f16, 16 x 16 a warp, b by columns",
        [&] { tile16<wmma::col_major><<<small, 128>>>(kSize, da, dt, c); });
    row("wmma f16, 64 x 64 in shared memory", [&] { tile64<<<large, 128>>>(kSize, da, db, c); });
}
