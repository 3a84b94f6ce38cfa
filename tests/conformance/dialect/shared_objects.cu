// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __shared__ objects of classes with constructors or member initialisers: not initialised, and
// usable; extern ones that are no arrays.
#include <cuda_runtime.h>

#include <cstdio>

struct Defaults {
    int value = 9;
    Defaults() = default;
    __device__ void set(int x) { value = x; }
};
struct Written {
    int value;
    __device__ Written() : value(9) {}
    __device__ void set(int x) { value = x; }
};
struct Layout {
    int ints[32];
    double doubles[32];
};
extern __shared__ Layout dynamic;
__shared__ Defaults at_file_scope;

template <typename T>
__device__ int through(int x) {
    __shared__ T object;
    __shared__ T array[2];
    __shared__ Defaults fixed; // does not depend on T
    if (threadIdx.x == 0) {
        object.set(x);
        array[1].set(10 * x);
        fixed.set(100 * x);
    }
    __syncthreads();
    return object.value + array[1].value + fixed.value;
}

__global__ void objects(int* out) {
    __shared__ Defaults first, second;
    __shared__ Written third;
    if (threadIdx.x == 0) {
        first.set(1);
        second.set(2);
        third.set(3);
        at_file_scope.set(4);
    }
    __syncthreads();
    out[threadIdx.x] = 1000 * first.value + 100 * second.value + 10 * third.value +
                       at_file_scope.value;
    out[32 + threadIdx.x] = through<Defaults>(1) + through<Written>(2);
}
__global__ void layout(int* out) {
    dynamic.ints[threadIdx.x] = int(threadIdx.x);
    dynamic.doubles[threadIdx.x] = 2.0 * threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = dynamic.ints[31 - threadIdx.x] + int(dynamic.doubles[threadIdx.x]);
}

int main() {
    int *device, host[64];
    cudaMalloc(&device, sizeof host);
    objects<<<1, 32>>>(device);
    cudaMemcpy(host, device, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 32; ++i)
        if (host[i] != 1234 || host[32 + i] != 333)
            return std::printf("FAIL: %d %d\n", host[i], host[32 + i]), 1;
    layout<<<1, 32, sizeof(Layout)>>>(device);
    cudaMemcpy(host, device, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 32; ++i)
        if (host[i] != 31 - i + 2 * i) return std::printf("FAIL: layout %d\n", host[i]), 1;
    std::puts("PASS");
    return 0;
}
