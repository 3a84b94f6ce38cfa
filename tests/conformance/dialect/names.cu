// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A warpSize of the program's own, typeof in strict C++, and nvcc's predicates on closure types.
// Options: --extended-lambda
#include <cuda_runtime.h>

#include <cstdio>

namespace mine {
constexpr int warpSize = 16;
}
struct Member {
    static const int warpSize = 8;
    __host__ __device__ int get() const { return warpSize; }
};

template <typename F>
constexpr unsigned kind() {
    return __nv_is_extended_device_lambda_closure_type(F) +
           2 * __nv_is_extended_host_device_lambda_closure_type(F) +
           4 * __nv_is_extended_device_lambda_with_preserved_return_type(F);
}

template <typename T>
__device__ T generic(T value) {
    return value + warpSize;
}

__global__ void sizes(int* out) {
    typeof(*out) first = warpSize;
    __typeof__(first) second = mine::warpSize + Member().get();
    {
        const int warpSize = 4;
        second += warpSize;
    }
    *out = 1000 * first + second + generic(10000);
}

int main() {
    auto plain = [](int x) { return x; };
    auto device = [] __device__(int x) { return x; };
    auto both = [] __host__ __device__(int x) { return x; };
    auto written = [] __device__(int x) -> int { return x; };
    static_assert(kind<decltype(plain)>() == 0, "");
    static_assert(kind<decltype(device)>() == 1, "");
    static_assert(kind<decltype(both)>() == 2, "");
    static_assert(kind<decltype(written)>() == 5, "");
    static_assert(kind<int>() == 0 && kind<Member>() == 0, "");

    int *device_value, value = 0;
    cudaMalloc(&device_value, sizeof value);
    sizes<<<1, 1>>>(device_value);
    cudaMemcpy(&value, device_value, sizeof value, cudaMemcpyDeviceToHost);
    if (value != 32000 + 16 + 8 + 4 + 10032) return std::printf("FAIL: %d\n", value), 1;
    std::puts("PASS");
    return 0;
}
