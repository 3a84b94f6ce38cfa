// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __host__ __device__ functions that call host functions: on the host the calls work; on the device
// the program runs as long as nobody reaches one, and whoever does stops the kernel.
#include <cuda_runtime.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

// Explicit instantiations of the host's library are no business of the device.
template class std::vector<std::string>;

static int calls;
inline void count() {
    ++calls;
}
int plain(int x) {
    return x + 100;
}
struct Member {
    int times(int x) const { return 3 * x; } // defined in the class
};
template <typename T>
struct Holder {
    std::vector<T> values;
    __host__ __device__ Holder() {}
    __host__ __device__ ~Holder() {}
};

__host__ __device__ int both(int x) {
    if (x == 1) count();
    if (x == 2) return plain(x);
    if (x == 3) return Member().times(x);
    return x + 1;
}
template <typename T>
__host__ __device__ T generic(T x) {
    if (x == 4) {
        std::vector<T> v(1, x);
        return v[0];
    }
    return both(x);
}
template <typename F>
__host__ __device__ int call(F f) {
    return f();
}
struct OnHost {
    int operator()() const { return int(std::string("abc").size()); }
};
struct OnDevice {
    __device__ int operator()() const { return 7; }
};

__global__ void run(int* out, int x) {
    *out = generic(x) + 10 * call(OnDevice());
}

int main() {
    int* device;
    int value = 0;
    cudaMalloc(&device, sizeof value);
    run<<<1, 1>>>(device, 5);
    cudaMemcpy(&value, device, sizeof value, cudaMemcpyDeviceToHost);
    if (value != 76) return std::printf("FAIL: %d instead of 76\n", value), 1;
    if (generic(1) != 2 || calls != 1 || generic(2) != 102 || generic(3) != 9 || generic(4) != 4)
        return std::puts("FAIL: on the host"), 1;
    if (call(OnHost()) != 3) return std::puts("FAIL: a template with a host function"), 1;
    Holder<int> holder;
    holder.values.push_back(1);

    const int which = std::getenv("REACH") ? std::atoi(std::getenv("REACH")) : 1;
    run<<<1, 1>>>(device, which);
    if (cudaDeviceSynchronize() != cudaErrorAssert)
        return std::puts("FAIL: the call did nothing"), 1;
    std::puts("PASS");
    return 0;
}
