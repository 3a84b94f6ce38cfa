// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The host's side of random programs: the program's arguments are files with its device code, each
// compiled in another way. The reference runs once, and every file is compared with it.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cuda.h>
#include <vector>

/// Device code, as it was compiled in one way.
struct Build {
    const char* file;
    CUmodule module;
};
inline std::vector<Build> builds;

inline void must(CUresult result, const char* what) {
    if (result == CUDA_SUCCESS) return;
    printf("%s: CUDA error %d\n", what, (int)result);
    exit(2);
}

inline void load_builds(int count, char** files) {
    CUdevice device;
    CUcontext context;
    must(cuInit(0), "cuInit");
    must(cuDeviceGet(&device, 0), "cuDeviceGet");
    must(cuDevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
    must(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    for (int i = 1; i < count; ++i) {
        CUmodule module;
        must(cuModuleLoad(&module, files[i]), files[i]);
        builds.push_back({files[i], module});
    }
}

/// Memory of the device that begins as a copy.
template <class T>
class Buffer {
  public:
    explicit Buffer(const std::vector<T>& values) : size(values.size()) {
        must(cuMemAlloc(&at, size * sizeof(T)), "cuMemAlloc");
        must(cuMemcpyHtoD(at, values.data(), size * sizeof(T)), "cuMemcpyHtoD");
    }
    explicit Buffer(size_t size) : Buffer(std::vector<T>(size)) {}
    Buffer(const Buffer&) = delete;
    ~Buffer() { cuMemFree(at); }
    std::vector<T> read() const {
        std::vector<T> values(size);
        must(cuMemcpyDtoH(values.data(), at, size * sizeof(T)), "cuMemcpyDtoH");
        return values;
    }

    CUdeviceptr at = 0;
    size_t size;
};

template <class... A>
CUresult launch(CUfunction kernel, unsigned blocks, unsigned threads, A... arguments) {
    void* places[] = {&arguments...};
    if (CUresult result = cuLaunchKernel(kernel, blocks, 1, 1, threads, 1, 1, 0, nullptr, places,
                                         nullptr))
        return result;
    return cuCtxSynchronize();
}

/// The kernel of a build; a program without it has failed.
inline CUfunction kernel_of(const Build& build, const char* name) {
    CUfunction kernel;
    must(cuModuleGetFunction(&kernel, build.module, name), name);
    return kernel;
}

/// The next random number: xorshift64 (Marsaglia, 2003), from a state that is not 0.
inline uint64_t next(uint64_t& state) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}
