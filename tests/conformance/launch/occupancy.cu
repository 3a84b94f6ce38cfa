// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernel attributes and occupancy agree with the device's limits and with each other.
#include "../common/check.h"

__global__ void light(int* p) {
    *p = 1;
}
__global__ void __launch_bounds__(256, 2) bounded(int* p) {
    *p = 2;
}
__global__ void heavy_shared(int* p) {
    __shared__ int tile[10000];
    tile[threadIdx.x] = *p;
    __syncthreads();
    *p = tile[blockDim.x - 1 - threadIdx.x];
}

int main() {
    cudaDeviceProp device;
    CHECK(cudaGetDeviceProperties(&device, 0));
    cudaFuncAttributes attributes;
    CHECK(cudaFuncGetAttributes(&attributes, heavy_shared));
    EXPECT(attributes.sharedSizeBytes == 40000);
    EXPECT(attributes.numRegs > 0 && attributes.numRegs <= 255);
    EXPECT(attributes.maxThreadsPerBlock == 1024);
    CHECK(cudaFuncGetAttributes(&attributes, bounded));
    EXPECT(attributes.maxThreadsPerBlock == 256);

    for (int threads = 32; threads <= 1024; threads += 32) {
        int blocks = -1;
        CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, light, threads, 0));
        const int by_threads = device.maxThreadsPerMultiProcessor / threads;
        EXPECT(blocks >= 1 && blocks <= by_threads && blocks <= device.maxBlocksPerMultiProcessor,
               "%d threads: %d", threads, blocks);
    }
    int blocks = -1;
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, heavy_shared, 64, 0));
    EXPECT(blocks >= 1 && (size_t)blocks * 40000 <= device.sharedMemPerMultiprocessor);
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, bounded, 512, 0));
    EXPECT(blocks == 0);
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, light, 64, 10 << 20));
    EXPECT(blocks == 0);

    int grid = 0, block = 0;
    CHECK(cudaOccupancyMaxPotentialBlockSize(&grid, &block, light, 0, 0));
    EXPECT(block >= 32 && block <= 1024 && grid >= device.multiProcessorCount);
    CHECK(cudaOccupancyMaxPotentialBlockSize(&grid, &block, bounded, 0, 0));
    EXPECT(block <= 256);
    Buffer<int> p(1);
    const int threads = block < 256 ? block : 256;
    light<<<grid, threads>>>(p.device());
    SYNC();

    EXPECT_ERROR(cudaErrorInvalidValue,
                 cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, light, 0, 0));
    EXPECT_ERROR(cudaErrorInvalidDeviceFunction,
                 cudaFuncGetAttributes(&attributes, (const void*)&device));
    return finish();
}
