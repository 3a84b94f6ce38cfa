// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -rdc=true -DCUDA_FORCE_CDP1_IF_SUPPORTED -D__CDPRT_SUPPRESS_SYNC_DEPRECATION_WARNING
// The first version of dynamic parallelism: a thread waits for what its block has launched, and
// sees what that has written. Neither the number of blocks that wait nor the depth matters.
#include "../common/check.h"

__global__ void fill(int* to, int count, int value) {
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        to[i] = value + i;
}

// One thread launches and waits, all threads of the block see the result.
__global__ void parents(int* scratch, int* sums, int count) {
    int* mine = scratch + blockIdx.x * count;
    if (threadIdx.x == 0) {
        fill<<<1, 64>>>(mine, count, (int)blockIdx.x);
        cudaDeviceSynchronize();
    }
    __syncthreads();
    int sum = 0;
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        sum += mine[i];
    atomicAdd(&sums[blockIdx.x], sum);
    __syncthreads();
    // And again: what was launched first has been seen.
    fill<<<1, 1>>>(mine + threadIdx.x, 1, 5000);
    __syncthreads();
    if (cudaDeviceSynchronize() != cudaSuccess) atomicAdd(&sums[blockIdx.x], 1);
    int other = mine[(threadIdx.x + 1) % blockDim.x];
    if (other != 5000) atomicAdd(&sums[blockIdx.x], 1 << 20);
}

// Waits at every depth: the value comes up as the sum of what is below.
__global__ void down(int depth, int* values) {
    if (depth == 24) {
        values[depth] = 1;
        return;
    }
    down<<<1, 1>>>(depth + 1, values);
    cudaDeviceSynchronize();
    values[depth] = values[depth + 1] + 1;
}

// A tree in which everybody waits: 3^5 leaves.
__global__ void tree(int depth, int* result) {
    __shared__ int* parts;
    if (depth == 0) {
        if (threadIdx.x == 0) *result = 1;
        return;
    }
    if (threadIdx.x == 0) cudaMalloc((void**)&parts, 3 * sizeof(int));
    __syncthreads();
    tree<<<1, 3>>>(depth - 1, &parts[threadIdx.x]);
    cudaDeviceSynchronize();
    __syncthreads();
    if (threadIdx.x == 0) {
        *result = parts[0] + parts[1] + parts[2];
        cudaFree(parts);
    }
}

int main() {
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimeSyncDepth, 24));
    size_t depth = 0;
    CHECK(cudaDeviceGetLimit(&depth, cudaLimitDevRuntimeSyncDepth));
    EXPECT(depth == 24);
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 32768));

    const int blocks = 300, count = 200, threads = 32;
    Buffer<int> scratch(blocks * count), sums(blocks);
    parents<<<blocks, threads>>>(scratch.device(), sums.device(), count);
    SYNC();
    sums.download();
    for (int b = 0; b < blocks; ++b)
        EXPECT(sums[b] == count * b + count * (count - 1) / 2, "block %d: %d", b, sums[b]);

    Buffer<int> values(25);
    down<<<1, 1>>>(0, values.device());
    SYNC();
    values.download();
    for (int d = 0; d <= 24; ++d)
        EXPECT(values[d] == 25 - d, "depth %d: %d", d, values[d]);

    Buffer<int> leaves(1);
    tree<<<1, 3>>>(5, leaves.device());
    SYNC();
    EXPECT(leaves.download()[0] == 243, "%d", leaves[0]);
    return finish();
}
