// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads that one member mask names wait at different warp operations: the report says that this is why nobody goes on.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe
// RUN: %t.exe 2>&1 | FileCheck %s
#include <cstdio>

__global__ void cross(int *out) {
    int lane = threadIdx.x;
    if (lane % 2)
        out[lane] = __shfl_up_sync(0xffffffff, lane, 1);
    else
        out[lane] = __shfl_down_sync(0xffffffff, lane, 1);
}

int main() {
    int *out;
    cudaMalloc(&out, 128);
    cross<<<1, 32>>>(out);
    cudaError_t error = cudaDeviceSynchronize();
    std::fflush(stderr);
    std::printf("error %d\n", int(error));
}
// CHECK: device fault: deadlock: threads that one member mask names wait at different warp operations (function, mode, type and mask must be the same for all of them)
// CHECK-NEXT: kernel: cross(int*)
// CHECK: error 719
