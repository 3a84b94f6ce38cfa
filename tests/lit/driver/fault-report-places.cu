// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Faults in places that are not plain: inside a function of CUDA's headers the report names the program's own line; code that
// is undefined (a store through a null pointer) traps and does not run on into the kernel that lies behind.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe
// RUN: %t.exe 2>&1 | FileCheck %s
#include <cstdio>

__global__ void count(int *data, size_t index) {
    atomicAdd(data + index, 1); // the faulting line
}

__global__ void give_up() {
    __trap(); // the faulting line
}

__global__ void store_to_null(int *) {
    int *nowhere = nullptr;
    *nowhere = 1;
}

__global__ void behind(int *data) { *data = 99; }

void report() {
    std::printf("error %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    std::fflush(stdout);
    cudaDeviceReset();
}

int main() {
    int *data;
    cudaMalloc(&data, 1000 * sizeof(int));
    count<<<1, 1>>>(data, size_t(1) << 32);
    report();
    give_up<<<1, 1>>>();
    report();
    cudaMalloc(&data, 1000 * sizeof(int));
    store_to_null<<<1, 1>>>(data);
    report();
    behind<<<1, 1>>>(nullptr);
    report();
}
// CHECK: kernel: count(int*, unsigned long)
// CHECK-NEXT: source: {{.*}}fault-report-places.cu:10
// CHECK: error cudaErrorIllegalAddress
// CHECK: kernel: give_up()
// CHECK-NEXT: source: {{.*}}fault-report-places.cu:14
// CHECK: error cudaErrorLaunchFailure
// CHECK: device fault: trap
// CHECK-NEXT: kernel: store_to_null(int*)
// CHECK-NEXT: source: {{.*}}fault-report-places.cu:
// CHECK-NEXT: pc: {{.*}}store_to_null
// CHECK: error cudaErrorLaunchFailure
// CHECK: kernel: behind(int*)
// CHECK: error cudaErrorIllegalAddress
