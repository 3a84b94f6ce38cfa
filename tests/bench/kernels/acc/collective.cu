// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels in which the threads of a block combine what they have.

#include "device.h"

#include <memory>

namespace {

// Grid-stride sums of the threads, then shuffles in each warp, then the warps' sums through shared
// memory.
__global__ void reduce(int n, const float* in, float* sums) {
    __shared__ float of_warp[32];
    float sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        sum += in[i];
    for (int offset = 16; offset > 0; offset /= 2)
        sum += __shfl_down_sync(0xffffffff, sum, offset);
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    if (lane == 0) of_warp[warp] = sum;
    __syncthreads();
    if (warp == 0) {
        sum = lane < blockDim.x / 32 ? of_warp[lane] : 0;
        for (int offset = 16; offset > 0; offset /= 2)
            sum += __shfl_down_sync(0xffffffff, sum, offset);
        if (lane == 0) sums[blockIdx.x] = sum;
    }
}

// Exclusive sums within each block of 512 elements: a tree up and down in shared memory. The whole
// block's sum goes to `sums`.
__global__ void scan_blocks(int n, const int* in, int* out, int* sums) {
    __shared__ int part[512];
    int t = threadIdx.x, first = blockIdx.x * 512;
    part[t] = first + t < n ? in[first + t] : 0;
    part[t + 256] = first + t + 256 < n ? in[first + t + 256] : 0;
    int offset = 1;
    for (int active = 256; active > 0; active /= 2) {
        __syncthreads();
        if (t < active) part[offset * (2 * t + 2) - 1] += part[offset * (2 * t + 1) - 1];
        offset *= 2;
    }
    if (t == 0) {
        sums[blockIdx.x] = part[511];
        part[511] = 0;
    }
    for (int active = 1; active < 512; active *= 2) {
        offset /= 2;
        __syncthreads();
        if (t < active) {
            int left = offset * (2 * t + 1) - 1, right = offset * (2 * t + 2) - 1;
            int value = part[left];
            part[left] = part[right];
            part[right] += value;
        }
    }
    __syncthreads();
    if (first + t < n) out[first + t] = part[t];
    if (first + t + 256 < n) out[first + t + 256] = part[t + 256];
}

__global__ void scan_add(int n, int* out, const int* sums) {
    int first = blockIdx.x * 512 + threadIdx.x;
    int sum = sums[blockIdx.x];
    if (first < n) out[first] += sum;
    if (first + 256 < n) out[first + 256] += sum;
}

__global__ void histogram(int words, const unsigned* in, unsigned* bins) {
    __shared__ unsigned part[256];
    part[threadIdx.x] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < words; i += gridDim.x * blockDim.x) {
        unsigned word = in[i];
        atomicAdd(&part[word & 255], 1);
        atomicAdd(&part[word >> 8 & 255], 1);
        atomicAdd(&part[word >> 16 & 255], 1);
        atomicAdd(&part[word >> 24], 1);
    }
    __syncthreads();
    atomicAdd(&bins[threadIdx.x], part[threadIdx.x]);
}

// Scans `in`: blocks, then recursively their sums, which are added.
void scan(int n, const int* in, int* out, const std::vector<std::unique_ptr<Buffer<int>>>& sums,
          size_t level) {
    const int blocks = divide_up(n, bench::Scan::per_group);
    int* of_blocks = sums[level]->get();
    scan_blocks<<<blocks, 256>>>(n, in, out, of_blocks);
    if (blocks == 1) return;
    scan(blocks, of_blocks, of_blocks, sums, level + 1);
    scan_add<<<blocks, 256>>>(n, out, of_blocks);
}

} // namespace

void run_reduction(bench::Session& session) {
    const bench::Reduction p(session.scale());
    Buffer<float> in(p.in), sums(p.groups), out(1);
    auto launch = [&] {
        reduce<<<p.groups, 256>>>(p.n, in.get(), sums.get());
        reduce<<<1, 256>>>(p.groups, sums.get(), out.get());
    };
    session.run(p, launch, out);
}

void run_scan(bench::Session& session) {
    const bench::Scan p(session.scale());
    Buffer<int> in(p.in), out(p.n);
    std::vector<std::unique_ptr<Buffer<int>>> sums; // of each level
    int blocks = p.n;
    do {
        blocks = divide_up(blocks, p.per_group);
        sums.push_back(std::make_unique<Buffer<int>>(blocks));
    } while (blocks > 1);
    session.run(p, [&] { scan(p.n, in.get(), out.get(), sums, 0); }, out);
}

void run_histogram(bench::Session& session) {
    const bench::Histogram p(session.scale());
    Buffer<uint32_t> in(p.in), bins(256);
    auto launch = [&] {
        CHECK(cudaMemsetAsync(bins.get(), 0, 256 * sizeof(uint32_t)));
        histogram<<<p.groups, 256>>>(p.words, in.get(), bins.get());
    };
    session.run(p, launch, bins);
}
