// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums and maxima of whole numbers: a template kernel with a tree in dynamic shared memory, then
// one atomic operation per block. Whole numbers, so that the order of additions cannot matter.
//
// usage: reduction [ELEMENTS]     default 1 << 20

#include <cuda_runtime.h>

#include <algorithm>
#include <climits>
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

struct Sum {
    static constexpr int neutral = 0;
    __host__ __device__ static int join(int a, int b) { return a + b; }
    __device__ static void publish(int* where, int value) { atomicAdd(where, value); }
};

struct Max {
    static constexpr int neutral = INT_MIN;
    __host__ __device__ static int join(int a, int b) { return a > b ? a : b; }
    __device__ static void publish(int* where, int value) { atomicMax(where, value); }
};

// Each block reduces its part; blockDim.x must be a power of two and the dynamic shared memory hold
// one int per thread.
template <typename Operation>
__global__ void reduce(const int* values, int n, int* result) {
    extern __shared__ int partial[];
    int mine = Operation::neutral;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        mine = Operation::join(mine, values[i]);
    partial[threadIdx.x] = mine;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half)
            partial[threadIdx.x] = Operation::join(partial[threadIdx.x],
                                                   partial[threadIdx.x + half]);
        __syncthreads();
    }
    if (threadIdx.x == 0) Operation::publish(result, partial[0]);
}

template <typename Operation>
static int reduce_on_device(const int* device_values, int n) {
    int result = Operation::neutral;
    int* device_result;
    CHECK(cudaMalloc(&device_result, sizeof(int)));
    CHECK(cudaMemcpy(device_result, &result, sizeof(int), cudaMemcpyHostToDevice));
    const int threads = 256;
    const int blocks = std::min(64, (n + threads - 1) / threads);
    reduce<Operation><<<blocks, threads, threads * sizeof(int)>>>(device_values, n, device_result);
    CHECK(cudaGetLastError());
    CHECK(cudaMemcpy(&result, device_result, sizeof(int), cudaMemcpyDeviceToHost));
    CHECK(cudaFree(device_result));
    return result;
}

template <typename Operation>
static bool check(const char* name, const std::vector<int>& values, const int* device_values) {
    int expected = Operation::neutral;
    for (int value : values)
        expected = Operation::join(expected, value);
    const int result = reduce_on_device<Operation>(device_values, static_cast<int>(values.size()));
    if (result != expected)
        std::fprintf(stderr, "reduction: wrong: %s is %d, expected %d\n", name, result, expected);
    return result == expected;
}

int main(int argc, char** argv) {
    const int n = argc > 1 ? std::atoi(argv[1]) : 1 << 20;
    if (n < 1) {
        std::fprintf(stderr, "usage: reduction [ELEMENTS]\n");
        return 2;
    }
    // A small linear congruential generator: the same numbers everywhere, sums far from overflow.
    std::vector<int> values(n);
    unsigned state = 12345;
    for (int& value : values) {
        state = state * 1664525u + 1013904223u;
        value = static_cast<int>(state >> 21) - 1024;
    }

    int* device_values;
    CHECK(cudaMalloc(&device_values, n * sizeof(int)));
    CHECK(cudaMemcpy(device_values, values.data(), n * sizeof(int), cudaMemcpyHostToDevice));
    const bool right = check<Sum>("sum", values, device_values) &&
                       check<Max>("maximum", values, device_values);
    CHECK(cudaFree(device_values));
    if (!right) return 1;

    cudaDeviceProp device;
    CHECK(cudaGetDeviceProperties(&device, 0));
    std::printf("reduction: sum and maximum of %d values verified, computed on %s\n", n,
                device.name);
    return 0;
}
