// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a person reads when a kernel faults: kernel, source line, block, thread, address and what lies near it; and that the
// process lives on with the documented error.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe
// RUN: %t.exe 2>&1 | FileCheck %s
#include <cstdio>

__global__ void scribble(int *data, size_t index) {
    if (blockIdx.x == 2 && threadIdx.x == 5)
        data[index] = 1; // the faulting line
}

int main() {
    int *data;
    cudaMalloc(&data, 1000 * sizeof(int));
    scribble<<<4, 32>>>(data, size_t(1) << 32);
    cudaError_t error = cudaDeviceSynchronize();
    std::fflush(stderr);
    std::printf("error %d, then %d\n", int(error), int(cudaFree(data)));
    std::fflush(stdout);
    cudaDeviceReset();
    std::printf("after reset %d\n", int(cudaMalloc(&data, 4)));
}
// CHECK: device fault: access to an address that is not mapped
// CHECK-NEXT: kernel: scribble(int*, unsigned long)
// CHECK-NEXT: source: {{.*}}fault-report.cu:11
// CHECK: block: (2, 0, 0) thread: (5, 0, 0)
// CHECK-NEXT: address: 0x{{[0-9a-f]+}} (write of 4 bytes)
// CHECK-NEXT: nearest: {{[0-9]+}} bytes after the end of
// CHECK: error 700, then 700
// CHECK-NEXT: after reset 0
