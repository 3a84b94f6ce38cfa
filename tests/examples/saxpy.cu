// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// y = a * x + y with a grid-stride loop, a stream and events; checked on the host.
//
// usage: saxpy [ELEMENTS]     default 1 << 20

#include <cuda_runtime.h>

#include <cmath>
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

__global__ void saxpy(int n, float a, const float* __restrict__ x, float* __restrict__ y) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        y[i] = a * x[i] + y[i];
}

int main(int argc, char** argv) {
    const int n = argc > 1 ? std::atoi(argv[1]) : 1 << 20;
    if (n < 1) {
        std::fprintf(stderr, "usage: saxpy [ELEMENTS]\n");
        return 2;
    }
    const float a = 1.7f;
    std::vector<float> x(n), y(n), result(n);
    for (int i = 0; i < n; ++i) {
        x[i] = 0.25f + i % 1013;
        y[i] = 3.5f - i % 97;
    }

    cudaStream_t stream;
    cudaEvent_t begin, end;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaEventCreate(&begin));
    CHECK(cudaEventCreate(&end));

    float *device_x, *device_y;
    const size_t bytes = n * sizeof(float);
    CHECK(cudaMalloc(&device_x, bytes));
    CHECK(cudaMalloc(&device_y, bytes));
    CHECK(cudaMemcpyAsync(device_x, x.data(), bytes, cudaMemcpyHostToDevice, stream));
    CHECK(cudaMemcpyAsync(device_y, y.data(), bytes, cudaMemcpyHostToDevice, stream));
    CHECK(cudaEventRecord(begin, stream));
    saxpy<<<64, 256, 0, stream>>>(n, a, device_x, device_y);
    CHECK(cudaGetLastError());
    CHECK(cudaEventRecord(end, stream));
    CHECK(cudaMemcpyAsync(result.data(), device_y, bytes, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));

    // The device may fuse multiply and add (one rounding) or not (two); nothing else is right.
    for (int i = 0; i < n; ++i) {
        const float fused = std::fma(a, x[i], y[i]);
        const volatile float product = a * x[i];
        const float separate = product + y[i];
        if (result[i] != fused && result[i] != separate) {
            std::fprintf(stderr, "saxpy: wrong: y[%d] = %.9g, expected %.9g or %.9g\n", i,
                         result[i], fused, separate);
            return 1;
        }
    }

    float milliseconds = 0;
    CHECK(cudaEventElapsedTime(&milliseconds, begin, end));
    cudaDeviceProp device;
    CHECK(cudaGetDeviceProperties(&device, 0));
    std::printf("saxpy: %d elements verified, %.3f ms on %s\n", n, milliseconds, device.name);

    CHECK(cudaFree(device_x));
    CHECK(cudaFree(device_y));
    CHECK(cudaEventDestroy(begin));
    CHECK(cudaEventDestroy(end));
    CHECK(cudaStreamDestroy(stream));
    return 0;
}
