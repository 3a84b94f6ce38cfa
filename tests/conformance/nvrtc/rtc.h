// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the programs of this folder share: sources compiled at run time, and run.
#pragma once

#include <cuda.h>
#include <nvrtc.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/// A source with its compilation.
class Program {
  public:
    explicit Program(const std::string& text, const char* name = "program.cu",
                     const std::map<std::string, std::string>& headers = {}) {
        std::vector<const char*> names, texts;
        for (const auto& header : headers) {
            names.push_back(header.first.c_str());
            texts.push_back(header.second.c_str());
        }
        CHECK(nvrtcCreateProgram(&handle, text.c_str(), name, int(names.size()), texts.data(),
                                 names.data()) == NVRTC_SUCCESS);
    }
    Program(const Program&) = delete;
    ~Program() { CHECK(nvrtcDestroyProgram(&handle) == NVRTC_SUCCESS && handle == nullptr); }

    nvrtcResult try_compile(const std::vector<const char*>& options) {
        return nvrtcCompileProgram(handle, int(options.size()), options.data());
    }
    void compile(const std::vector<const char*>& options) {
        const nvrtcResult result = try_compile(options);
        if (result != NVRTC_SUCCESS) printf("%s\n%s\n", nvrtcGetErrorString(result), log().c_str());
        CHECK(result == NVRTC_SUCCESS);
    }
    std::string log() const {
        size_t size = 0;
        CHECK(nvrtcGetProgramLogSize(handle, &size) == NVRTC_SUCCESS && size > 0);
        std::string text(size, 'x');
        CHECK(nvrtcGetProgramLog(handle, &text[0]) == NVRTC_SUCCESS && text[size - 1] == 0);
        text.resize(size - 1);
        return text;
    }
    std::string ptx() const {
        size_t size = 0;
        CHECK(nvrtcGetPTXSize(handle, &size) == NVRTC_SUCCESS && size > 1);
        std::string text(size, 'x');
        CHECK(nvrtcGetPTX(handle, &text[0]) == NVRTC_SUCCESS && text[size - 1] == 0);
        text.resize(size - 1);
        return text;
    }
    std::string cubin() const {
        size_t size = 0;
        CHECK(nvrtcGetCUBINSize(handle, &size) == NVRTC_SUCCESS && size > 0);
        std::string code(size, 'x');
        CHECK(nvrtcGetCUBIN(handle, &code[0]) == NVRTC_SUCCESS);
        return code;
    }
    std::string lowered(const char* expression) const {
        const char* name = nullptr;
        CHECK(nvrtcGetLoweredName(handle, expression, &name) == NVRTC_SUCCESS && name);
        return name;
    }

    nvrtcProgram handle = nullptr;
};

/// A loaded image, and the memory of one result.
class Loaded {
  public:
    explicit Loaded(const std::string& image) {
        const CUresult result = cuModuleLoadData(&module, image.data());
        if (result != CUDA_SUCCESS) printf("cuModuleLoadData: %d\n", int(result));
        CHECK(result == CUDA_SUCCESS);
    }
    Loaded(const Loaded&) = delete;
    ~Loaded() { CHECK(cuModuleUnload(module) == CUDA_SUCCESS); }

    CUdeviceptr variable(const std::string& name) const {
        CUdeviceptr address = 0;
        CHECK(cuModuleGetGlobal(&address, nullptr, module, name.c_str()) == CUDA_SUCCESS);
        return address;
    }
    void launch(const std::string& name, unsigned threads, void** arguments) const {
        CUfunction function;
        CHECK(cuModuleGetFunction(&function, module, name.c_str()) == CUDA_SUCCESS);
        CHECK(cuLaunchKernel(function, 1, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr) ==
              CUDA_SUCCESS);
        CHECK(cuCtxSynchronize() == CUDA_SUCCESS);
    }
    /// Of a kernel with one parameter, where to write one value of each thread.
    template <class T>
    std::vector<T> run(const std::string& name, unsigned threads) const {
        CUdeviceptr out;
        CHECK(cuMemAlloc(&out, threads * sizeof(T)) == CUDA_SUCCESS);
        void* arguments[] = {&out};
        launch(name, threads, arguments);
        std::vector<T> values(threads);
        CHECK(cuMemcpyDtoH(values.data(), out, threads * sizeof(T)) == CUDA_SUCCESS);
        CHECK(cuMemFree(out) == CUDA_SUCCESS);
        return values;
    }

    CUmodule module = nullptr;
};

inline void use_device() {
    CUdevice device;
    CUcontext context;
    CHECK(cuInit(0) == CUDA_SUCCESS && cuDeviceGet(&device, 0) == CUDA_SUCCESS);
    CHECK(cuDevicePrimaryCtxRetain(&context, device) == CUDA_SUCCESS);
    CHECK(cuCtxSetCurrent(context) == CUDA_SUCCESS);
}
