// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// --default-stream per-thread: stream 0 is the calling thread's own. While one thread's is held by a
// host function, another's goes on, kernels and copies alike.
// REQUIRES: accc
// RUN: accc --default-stream per-thread %s -o %t && %t | FileCheck %s
// RUN: accc -default-stream=per-thread -rdc=true %s -o %t.rdc && %t.rdc | FileCheck %s
// CHECK: went on: 7
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#ifndef CUDA_API_PER_THREAD_DEFAULT_STREAM
#error nvcc defines it
#endif

__global__ void store(int* to, int value) { *to = value; }

static std::atomic<bool> open{false};

int main() {
    cudaLaunchHostFunc(0, [](void*) { while (!open) std::this_thread::sleep_for(std::chrono::milliseconds(1)); }, nullptr);
    std::thread other([] {
        int *device, value = 0;
        cudaMalloc(&device, sizeof value);
        store<<<1, 1>>>(device, 7);
        cudaMemcpyAsync(&value, device, sizeof value, cudaMemcpyDeviceToHost);
        cudaStreamSynchronize(0);
        printf("%s: %d\n", open ? "waited" : "went on", value);
    });
    other.join();
    open = true;
    return cudaStreamSynchronize(0) != cudaSuccess;
}
