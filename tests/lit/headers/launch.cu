// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels, variables and the calls that the host pass makes for them.
// RUN: %cuda_device -O1 %s -o - | FileCheck --check-prefix=DEVICE %s
// RUN: %cuda_host -O1 %s -o - | FileCheck --check-prefix=HOST %s
#include <assert.h>
#include <stdio.h>

// DEVICE-DAG: @table = {{.*}}addrspace(4) externally_initialized constant [4 x float]
// HOST-DAG: @table = {{.*}}[4 x float]
__constant__ float table[4];
// DEVICE-DAG: @counter = {{.*}}addrspace(1) externally_initialized global i32
__device__ int counter;
// DEVICE-DAG: @dynamic = external{{.*}} addrspace(3) global [0 x float]
extern __shared__ float dynamic[];

// DEVICE: define{{.*}} ptx_kernel void @kernel(
// DEVICE: load i32, ptr addrspacecast (ptr addrspace(1) @blockIdx to ptr)
// DEVICE: load i32, ptr addrspacecast (ptr addrspace(1) @blockDim to ptr)
// DEVICE: load i32, ptr addrspacecast (ptr addrspace(1) @threadIdx to ptr)
// DEVICE-DAG: call{{.*}} @__assertfail(
// DEVICE-DAG: call{{.*}} @vprintf(
extern "C" __global__ void __launch_bounds__(256, 2) kernel(float *data, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    assert(n > 0);
    printf("%d %f\n", i, data[i]);
    dynamic[threadIdx.x] = data[i] * table[i & 3] + counter + warpSize;
    __syncthreads();
    const dim3 shape = blockDim;
    const uint3 where = threadIdx;
    data[i] = dynamic[(where.x + 1) % shape.x];
}

// DEVICE-LABEL: define{{.*}} @heap
// DEVICE: call{{.*}} @malloc(
// DEVICE: call{{.*}} @free(
extern "C" __device__ void *heap(void *old) {
    void *memory = malloc(16);
    free(old);
    return memory;
}

// HOST: define{{.*}} @__device_stub__kernel(
// HOST: call i32 @__cudaPopCallConfiguration(
// HOST: call{{.*}} i32 @cudaLaunchKernel(
// HOST-LABEL: define{{.*}} @launch
extern "C" cudaError_t launch(float *data, int n, cudaStream_t stream) {
    // HOST: call i32 @__cudaPushCallConfiguration(
    kernel<<<(n + 255) / 256, 256, 256 * sizeof(float), stream>>>(data, n);
    kernel<<<dim3(1, 2, 3), dim3(4, 5)>>>(data, n);
    // HOST: call{{.*}} @cudaMemcpyToSymbol(ptr{{.*}} @table,
    cudaMemcpyToSymbol(table, data, sizeof(table));
    return cudaGetLastError();
}
