// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The library that main.cu opens.
#include <cuda_runtime.h>

#include <cstdio>

__managed__ int counter = 5;
__managed__ int padding[4096];
static __managed__ int hidden = 100; // only the kernel knows it

__global__ void count() {
    counter += 1;
    hidden += 1;
    padding[7] = counter;
    padding[8] = hidden;
}

__global__ void endless(volatile int* flag) {
    while (*flag == 0) {
    }
    counter = -1; // when there is no such variable any more
}

/// Launches `count`; the variable's value afterwards, negative on an error.
extern "C" int use() {
    count<<<1, 1>>>();
    if (cudaGetLastError() != cudaSuccess || cudaDeviceSynchronize() != cudaSuccess) return -1;
    return padding[7] == counter ? counter : -2;
}

extern "C" int use_hidden() {
    return use() < 0 ? -1 : padding[8];
}

extern "C" void* address() {
    return &counter;
}

/// Starts a kernel that runs until the flag is set.
extern "C" int start(int* flag) {
    endless<<<1, 1>>>(flag);
    return cudaGetLastError();
}
