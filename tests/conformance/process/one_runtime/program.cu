// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A CUDA program that opens plug-ins, closes them, and uses the driver API of a library opened by
// name: memory, streams and events are the same for all of them. usage: program PLUGIN libcuda.so.1
#include <cuda_runtime.h>
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kCount = 1000;

__global__ void set(int* values, int what) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < kCount) values[i] = what;
}

void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "wrong: %s\n", what);
    std::exit(1);
}

template <typename Function>
Function symbol(void* library, const char* name) {
    auto found = reinterpret_cast<Function>(dlsym(library, name));
    check(found != nullptr, name);
    return found;
}

/// Destroyed after main, when the runtime may have ended: that is an error code, not a crash.
struct Owner {
    int* values = nullptr;
    ~Owner() {
        const cudaError_t error = cudaFree(values);
        if (error != cudaSuccess && error != cudaErrorCudartUnloading) std::_Exit(3);
    }
} owner;

} // namespace

int main(int argc, char** argv) {
    check(argc == 3, "usage");
    int *values = nullptr, host[kCount];
    cudaStream_t stream;
    cudaEvent_t done;
    check(cudaMalloc(&values, sizeof host) == cudaSuccess, "cudaMalloc");
    check(cudaMalloc(&owner.values, 4) == cudaSuccess, "cudaMalloc");
    check(cudaStreamCreate(&stream) == cudaSuccess, "cudaStreamCreate");
    check(cudaEventCreate(&done) == cudaSuccess, "cudaEventCreate");
    for (int round = 0; round < 3; ++round) {
        void* plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        check(plugin != nullptr, dlerror());
        set<<<16, 64, 0, stream>>>(values, 40);
        auto add = symbol<int (*)(int*, int, int, cudaStream_t, cudaEvent_t)>(plugin, "plugin_add");
        check(add(values, kCount, 2, stream, done) == 0, "the plug-in's launch in our stream");
        check(cudaEventSynchronize(done) == cudaSuccess, "our event, recorded there");
        check(cudaMemcpy(host, values, sizeof host, cudaMemcpyDeviceToHost) == cudaSuccess, "copy");
        for (int value : host)
            check(value == 42, "the plug-in's kernel behind ours");
        check(symbol<int (*)()>(plugin, "plugin_calls")() >= 1, "a variable of the plug-in");
        check(dlclose(plugin) == 0, "dlclose");
    }
    void* driver = dlopen(argv[2], RTLD_NOW | RTLD_LOCAL);
    check(driver != nullptr, dlerror());
    void* context = nullptr;
    check(symbol<int (*)(void**)>(driver, "cuCtxGetCurrent")(&context) == 0 && context != nullptr,
          "the context of the runtime API in the driver API");
    host[0] = 0;
    const auto copy = symbol<int (*)(void*, unsigned long long, size_t)>(driver, "cuMemcpyDtoH_v2");
    check(copy(host, reinterpret_cast<unsigned long long>(values), sizeof(int)) == 0,
          "driver copy");
    check(host[0] == 42, "our memory in the driver API");
    check(cudaFree(values) == cudaSuccess, "cudaFree");
    std::puts("one runtime");
}
