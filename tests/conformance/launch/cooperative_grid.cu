// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Grid-wide synchronisation: every block sees what every other block wrote before the barrier,
// round after round.
#include <cooperative_groups.h>
#include <cuda_runtime.h>

#include <cstdio>
#include <vector>

namespace cg = cooperative_groups;

// values[b] of round r+1 = sum over all blocks of values of round r, modulo 1000003: wrong when a
// block runs ahead.
__global__ void rounds(unsigned* even, unsigned* odd, int count, int* valid) {
    cg::grid_group grid = cg::this_grid();
    if (blockIdx.x == 0 && threadIdx.x == 0) *valid = grid.is_valid();
    for (int r = 0; r < count; ++r) {
        const unsigned* from = r % 2 == 0 ? even : odd;
        unsigned* to = r % 2 == 0 ? odd : even;
        if (threadIdx.x == 0) {
            unsigned sum = blockIdx.x;
            for (unsigned b = 0; b < gridDim.x; ++b)
                sum = (sum + from[b]) % 1000003u;
            to[blockIdx.x] = sum;
        }
        grid.sync();
    }
}

int main() {
    int device = 0, cooperative = 0;
    cudaDeviceGetAttribute(&cooperative, cudaDevAttrCooperativeLaunch, device);
    if (!cooperative) {
        std::printf("FAIL: the device says that it has no cooperative launch\n");
        return 1;
    }
    const int threads = 64, count = 9;
    int per_unit = 0;
    cudaDeviceProp prop;
    cudaGetDeviceProperties(&prop, device);
    cudaOccupancyMaxActiveBlocksPerMultiprocessor(&per_unit, rounds, threads, 0);
    int blocks = per_unit * prop.multiProcessorCount;
    if (blocks > 24) blocks = 24;
    unsigned *even, *odd;
    int* valid;
    cudaMallocManaged(&even, blocks * sizeof(unsigned));
    cudaMallocManaged(&odd, blocks * sizeof(unsigned));
    cudaMallocManaged(&valid, sizeof(int));
    std::vector<unsigned> want(blocks);
    for (int b = 0; b < blocks; ++b)
        want[b] = even[b] = 17u * b + 1;
    int rounds_to_run = count;
    void* arguments[] = {&even, &odd, &rounds_to_run, &valid};
    cudaError_t error = cudaLaunchCooperativeKernel(rounds, dim3(blocks), dim3(threads), arguments,
                                                    0, 0);
    if (error == cudaSuccess) error = cudaDeviceSynchronize();
    if (error != cudaSuccess) {
        std::printf("FAIL: %s\n", cudaGetErrorString(error));
        return 1;
    }
    for (int r = 0; r < count; ++r) {
        std::vector<unsigned> next(blocks);
        for (int b = 0; b < blocks; ++b) {
            unsigned sum = b;
            for (int other = 0; other < blocks; ++other)
                sum = (sum + want[other]) % 1000003u;
            next[b] = sum;
        }
        want = next;
    }
    const unsigned* got = count % 2 == 0 ? even : odd;
    int wrong = *valid != 1;
    for (int b = 0; b < blocks; ++b)
        wrong += got[b] != want[b];
    std::printf(wrong == 0 ? "PASS\n" : "FAIL: %d\n", wrong);
    return wrong != 0;
}
