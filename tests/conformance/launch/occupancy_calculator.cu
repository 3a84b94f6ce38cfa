// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The occupancy calculator of <cuda_occupancy.h> against the runtime's answers for real kernels.
#include "../common/check.h"

#include <cuda_occupancy.h>

__global__ void light(int* p) {
    *p = 1;
}
__global__ void __launch_bounds__(256) bounded(int* p) {
    extern __shared__ int values[];
    values[threadIdx.x] = *p;
    __syncthreads();
    *p = values[blockDim.x - 1 - threadIdx.x];
}
__global__ void many_registers(double* p) {
    double v[40];
    for (int i = 0; i < 40; ++i)
        v[i] = p[i * 32 + threadIdx.x];
    for (int round = 0; round < 3; ++round)
        for (int i = 0; i < 40; ++i)
            v[i] = v[i] * v[(i * 7 + 3) % 40] + 1.0;
    for (int i = 0; i < 40; ++i)
        p[i * 32 + threadIdx.x] = v[i];
}
__global__ void fixed_shared(int* p) {
    __shared__ int tile[2501];
    tile[threadIdx.x] = *p;
    __syncthreads();
    *p = tile[blockDim.x - 1 - threadIdx.x];
}

template <class Kernel>
void compare(Kernel kernel, const char* name) {
    cudaDeviceProp device;
    CHECK(cudaGetDeviceProperties(&device, 0));
    CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, 90000));
    cudaFuncAttributes attributes;
    CHECK(cudaFuncGetAttributes(&attributes, kernel));
    const cudaOccDeviceProp properties = device;
    const cudaOccFuncAttributes function = attributes;
    const cudaOccDeviceState state;
    for (int threads : {1, 33, 64, 250, 256, 512, 1024})
        for (size_t bytes : {0, 100, 5000, 40001, 90000}) {
            int expected = -1;
            CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&expected, kernel, threads, bytes));
            cudaOccResult result;
            EXPECT(cudaOccMaxActiveBlocksPerMultiprocessor(&result, &properties, &function, &state,
                                                           threads, bytes) == CUDA_OCC_SUCCESS);
            EXPECT(result.activeBlocksPerMultiprocessor == expected,
                   "%s, %d threads, %zu bytes: %d, the runtime says %d", name, threads, bytes,
                   result.activeBlocksPerMultiprocessor, expected);
        }
    int grid = 0, block = 0, expected_grid = 0, expected_block = 0;
    CHECK(cudaOccupancyMaxPotentialBlockSize(&expected_grid, &expected_block, kernel, 1000));
    EXPECT(cudaOccMaxPotentialOccupancyBlockSize(&grid, &block, &properties, &function, &state,
                                                 1000) == CUDA_OCC_SUCCESS);
    EXPECT(grid / device.multiProcessorCount * block ==
               expected_grid / device.multiProcessorCount * expected_block,
           "%s: %d x %d, the runtime says %d x %d", name, grid, block, expected_grid,
           expected_block);
    // What is said to be available fits, and a unit more does not.
    size_t available = 0;
    EXPECT(cudaOccAvailableDynamicSMemPerBlock(&available, &properties, &function, &state, 4, 64) ==
           CUDA_OCC_SUCCESS);
    int blocks = 0;
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, 64, available));
    EXPECT(blocks >= 4, "%s", name);
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, 64, available + 256));
    EXPECT(blocks < 4, "%s", name);
}

int main() {
    compare(light, "light");
    compare(bounded, "bounded");
    compare(many_registers, "many_registers");
    compare(fixed_shared, "fixed_shared");
    cudaOccResult result;
    const cudaOccDeviceProp nothing;
    const cudaOccFuncAttributes function;
    const cudaOccDeviceState state;
    EXPECT(cudaOccMaxActiveBlocksPerMultiprocessor(&result, &nothing, &function, &state, 64, 0) ==
           CUDA_OCC_ERROR_INVALID_INPUT);
    return finish();
}
