// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first program: adds two vectors on the device, checks every element on the host, and says
// where it ran. Plain CUDA; nothing in it knows of ACC.
//
// usage: vector_add [ELEMENTS]     default 1000000

#include <cuda_runtime.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        cudaError_t error_ = (call);                                                               \
        if (error_ != cudaSuccess) {                                                               \
            std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                     \
                         cudaGetErrorString(error_));                                              \
            std::exit(1);                                                                          \
        }                                                                                          \
    } while (0)

__global__ void vector_add(const float* a, const float* b, float* sum, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) sum[i] = a[i] + b[i];
}

int main(int argc, char** argv) {
    const int n = argc > 1 ? std::atoi(argv[1]) : 1000000;
    if (n < 1) {
        std::fprintf(stderr, "usage: vector_add [ELEMENTS]\n");
        return 2;
    }

    // Small whole numbers: their sums are exact in float, so the check needs no tolerance.
    std::vector<float> a(n), b(n), sum(n);
    for (int i = 0; i < n; ++i) {
        a[i] = static_cast<float>(i % 1000);
        b[i] = static_cast<float>(2 * (i % 777));
    }

    cudaDeviceProp device;
    CHECK(cudaGetDeviceProperties(&device, 0));

    const size_t bytes = n * sizeof(float);
    float *device_a, *device_b, *device_sum;
    CHECK(cudaMalloc(&device_a, bytes));
    CHECK(cudaMalloc(&device_b, bytes));
    CHECK(cudaMalloc(&device_sum, bytes));
    CHECK(cudaMemcpy(device_a, a.data(), bytes, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(device_b, b.data(), bytes, cudaMemcpyHostToDevice));

    const int threads = 256;
    vector_add<<<(n + threads - 1) / threads, threads>>>(device_a, device_b, device_sum, n);
    CHECK(cudaGetLastError());
    CHECK(cudaMemcpy(sum.data(), device_sum, bytes, cudaMemcpyDeviceToHost));

    for (int i = 0; i < n; ++i) {
        const float expected = static_cast<float>(i % 1000 + 2 * (i % 777));
        if (sum[i] != expected) {
            std::fprintf(stderr, "vector_add: wrong: sum[%d] = %g, expected %g\n", i, sum[i],
                         expected);
            return 1;
        }
    }
    std::printf("vector_add: %d sums verified, computed on %s\n", n, device.name);

    CHECK(cudaFree(device_a));
    CHECK(cudaFree(device_b));
    CHECK(cudaFree(device_sum));
    return 0;
}
