// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel for tests of graphs, whose order shows in the result:
//   step(unsigned* at, unsigned factor, unsigned add) { *at = *at * factor + add; }
#pragma once

#include <cuda.h>

#include <initializer_list>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "compiler/object/linker.h"
#include "tests/unit/object/object_maker.h"
#include "tests/unit/runtime_cuda/expect.h"

extern "C" {
void** __cudaRegisterFatBinary(void* fat_binary);
void __cudaRegisterFatBinaryEnd(void** handle);
void __cudaRegisterFunction(void** handle, const char* stub, char* device_name, const char* name,
                            int threads, void* tid, void* bid, void* bdim, void* gdim, int* warp);
}

namespace cuda_test {

inline std::vector<uint8_t> step_image() {
    using namespace acc::object::test;
    ObjectMaker m;
    const auto text = m.section(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
                                code("mov.sr64 r2, sr_kernarg\n"
                                     "ld.const.b64 r6, [r2]\n"
                                     "ld.const.b32 r8, [r2 + 8]\n"
                                     "ld.const.b32 r9, [r2 + 12]\n"
                                     "ld.global.b32 r10, [r6]\n"
                                     "imad.b32 r10, r10, r8, r9\n"
                                     "st.global.b32 [r6], r10\n"
                                     "exit\n"));
    const auto kernels = m.section(".acc.kernels", SHT_PROGBITS, SHF_ALLOC,
                                   bytes_of<acc_kernel_descriptor>({descriptor(0, 3, 16)}), 64);
    m.section(".acc.params", SHT_PROGBITS, 0,
              bytes_of<acc_kernel_param>({{0, 8, 8, ACC_PARAM_POINTER},
                                          {8, 4, 4, ACC_PARAM_VALUE},
                                          {12, 4, 4, ACC_PARAM_VALUE}}),
              4);
    m.symbol("step.kd", kernels, 0, 64, STT_OBJECT, STB_LOCAL);
    m.symbol("step", text, 0, 8 * 16, STT_FUNC);
    return acc::object::link_code_object(m.write());
}

/// What stands for the kernel in the runtime API.
inline void* step_function() {
    static struct {
        uint32_t magic = ACC_FATBIN_WRAPPER_MAGIC, version = 1;
        const void* data = nullptr;
        void* unused = nullptr;
    } wrapper;
    static const std::vector<uint8_t> image = step_image();
    static char stub = 0;
    static const bool once = [] {
        wrapper.data = image.data();
        void** handle = __cudaRegisterFatBinary(&wrapper);
        __cudaRegisterFunction(handle, &stub, nullptr, "step", -1, nullptr, nullptr, nullptr,
                               nullptr, nullptr);
        __cudaRegisterFatBinaryEnd(handle);
        return true;
    }();
    static_cast<void>(once);
    return &stub;
}

/// Arguments of a step, and what cudaKernelNodeParams says.
struct Step {
    unsigned* at = nullptr;
    unsigned factor = 0, add = 0;
    void* pointers[3] = {&at, &factor, &add};
    Step(unsigned* to, unsigned f, unsigned a) : at(to), factor(f), add(a) {}
    Step(const Step&) = delete;
    cudaKernelNodeParams params() {
        cudaKernelNodeParams p{};
        p.func = step_function();
        p.gridDim = p.blockDim = dim3{1, 1, 1};
        p.kernelParams = pointers;
        return p;
    }
    void launch(cudaStream_t stream) {
        EXPECT_CUDA_OK(
            cudaLaunchKernel(step_function(), dim3{1, 1, 1}, dim3{1, 1, 1}, pointers, 0, stream));
    }
};

/// A graph, a stream, and a word of device memory.
struct GraphFixture : Clean {
    cudaGraph_t graph = nullptr;
    cudaStream_t stream = nullptr;
    unsigned* word = nullptr;
    void SetUp() override {
        ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        ASSERT_CUDA_OK(cudaGraphCreate(&graph, 0));
        ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&word), 256));
        put(0);
    }
    void TearDown() override {
        EXPECT_CUDA_OK(cudaStreamDestroy(stream));
        if (graph != nullptr) {
            EXPECT_CUDA_OK(cudaGraphDestroy(graph));
        }
        EXPECT_CUDA_OK(cudaFree(word));
        Clean::TearDown();
    }
    void put(unsigned value) {
        ASSERT_CUDA_OK(cudaMemcpy(word, &value, sizeof value, cudaMemcpyHostToDevice));
    }
    unsigned get() {
        unsigned value = 0;
        EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
        EXPECT_CUDA_OK(cudaMemcpy(&value, word, sizeof value, cudaMemcpyDeviceToHost));
        return value;
    }
    cudaGraphNode_t step(unsigned factor, unsigned add,
                         std::initializer_list<cudaGraphNode_t> before = {}) {
        Step arguments(word, factor, add);
        const cudaKernelNodeParams params = arguments.params();
        cudaGraphNode_t node = nullptr;
        EXPECT_CUDA_OK(
            cudaGraphAddKernelNode(&node, graph, before.begin(), before.size(), &params));
        return node;
    }
    cudaGraphNode_t empty(std::initializer_list<cudaGraphNode_t> before = {}) {
        cudaGraphNode_t node = nullptr;
        EXPECT_CUDA_OK(cudaGraphAddEmptyNode(&node, graph, before.begin(), before.size()));
        return node;
    }
    cudaGraphExec_t instantiate(unsigned long long flags = 0) {
        cudaGraphExec_t exec = nullptr;
        EXPECT_CUDA_OK(cudaGraphInstantiate(&exec, graph, flags));
        return exec;
    }
};

} // namespace cuda_test
