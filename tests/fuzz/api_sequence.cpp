// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/fuzz/api_sequence.h"

#include <algorithm>
#include <string>

#include "compiler/object/code_object.h"

namespace acc::fuzz {
namespace {

constexpr size_t kPlain = 1 << 20;

template <typename T>
T handle(uint64_t value) {
    return reinterpret_cast<T>(value);
}

} // namespace

ApiSequence::ApiSequence(uint64_t seed, const std::vector<std::vector<uint8_t>>& images)
    : random_(seed), images_(images), plain_(kPlain), registered_(kPlain) {
    cuInit(0);
    cudaFree(nullptr);
}

void ApiSequence::run(int calls) {
    for (int i = 0; i < calls; ++i)
        step();
    cudaDeviceSynchronize();
}

void ApiSequence::step() {
    using Step = void (ApiSequence::*)();
    static constexpr Step kSteps[] = {
        &ApiSequence::allocate, &ApiSequence::allocate, &ApiSequence::release,
        &ApiSequence::copy,     &ApiSequence::copy,     &ApiSequence::copy_rectangle,
        &ApiSequence::fill,     &ApiSequence::streams,  &ApiSequence::events,
        &ApiSequence::events,   &ApiSequence::modules,  &ApiSequence::launch,
        &ApiSequence::launch,   &ApiSequence::contexts, &ApiSequence::registration,
        &ApiSequence::questions};
    (this->*kSteps[below(std::size(kSteps))])();
    const cudaError_t error = cudaPeekAtLastError();
    if (error == cudaErrorIllegalAddress || error == cudaErrorLaunchFailure ||
        error == cudaErrorMisalignedAddress || error == cudaErrorIllegalInstruction ||
        below(200) == 0)
        restart();
    cudaGetLastError();
}

/// A fault is sticky: only a reset lets the sequence go on. Old handles are kept. Old pointers are
/// not: outside the new context's addresses they would stand for host memory.
void ApiSequence::restart() {
    cudaDeviceReset();
    blocks_.clear();
}

size_t ApiSequence::size(size_t sensible) {
    switch (below(16)) {
    case 0: return 0;
    case 1: return sensible + 1;
    case 2: return ~size_t{0} - below(4096);
    case 3: return size_t{1} << below(64);
    case 4: return (size_t{1} << (32 + below(31))) + below(100);
    default: return sensible != 0 ? 1 + below(sensible) : 0;
    }
}

dim3 ApiSequence::dimensions() {
    const auto one = [&]() -> unsigned {
        switch (below(12)) {
        case 0: return 0;
        case 1: return ~0u - static_cast<unsigned>(below(3));
        case 2: return 1024;
        case 3: return 65536;
        default: return 1 + static_cast<unsigned>(below(4));
        }
    };
    return {one(), one(), one()};
}

cudaStream_t ApiSequence::stream() {
    if (rarely()) return handle<cudaStream_t>(random_());
    if (rarely()) return handle<cudaStream_t>(events_.empty() ? 3 : uint64_t(events_.back()));
    if (streams_.empty() || below(3) == 0) return handle<cudaStream_t>(below(3));
    return streams_[below(streams_.size())];
}

cudaEvent_t ApiSequence::event() {
    if (rarely() || events_.empty()) return handle<cudaEvent_t>(random_());
    return events_[below(events_.size())];
}

ApiSequence::Block ApiSequence::block() {
    if (blocks_.empty() || below(8) == 0) return {plain_.data(), plain_.size(), true};
    return blocks_[below(blocks_.size())];
}

char* ApiSequence::displaced(const Block& block) {
    if (block.host) return block.at;
    const auto at = reinterpret_cast<uint64_t>(block.at);
    switch (below(10)) {
    case 0: return handle<char*>(at + below(block.bytes + 1));
    case 1: return handle<char*>(at - 1 - below(64));
    case 2: return handle<char*>(at + (uint64_t{1} << below(30))); // stays in the device's window
    default: return block.at;
    }
}

void ApiSequence::allocate() {
    void* made = nullptr;
    const size_t bytes = size(200000);
    cudaError_t error;
    bool host = false;
    switch (below(5)) {
    case 0: error = cudaMalloc(rarely() ? nullptr : &made, bytes); break;
    case 1: error = cudaMallocAsync(&made, bytes, stream()); break;
    case 2:
        error = cudaHostAlloc(&made, bytes, static_cast<unsigned>(below(8)));
        host = true;
        break;
    case 3:
        error = cudaMallocManaged(&made, bytes, 1 + static_cast<unsigned>(below(2)));
        host = true;
        break;
    default: {
        size_t pitch = 0;
        const size_t rows = size(32);
        error = cudaMallocPitch(&made, &pitch, size(600), rows);
        if (error == cudaSuccess && made != nullptr)
            blocks_.push_back({static_cast<char*>(made), pitch * rows, false});
        return;
    }
    }
    if (error == cudaSuccess && made != nullptr)
        blocks_.push_back({static_cast<char*>(made), bytes, host});
    if (blocks_.size() > 100) blocks_.erase(blocks_.begin(), blocks_.begin() + 50);
}

void ApiSequence::release() {
    if (blocks_.empty()) return;
    const size_t i = below(blocks_.size());
    Block& chosen = blocks_[i];
    char* at = displaced(chosen);
    const bool async = below(2) != 0;
    if (async) cudaFreeAsync(at, stream());
    if (!async || chosen.host) {
        cudaFree(at);
        cudaFreeHost(at);
    }
    if (chosen.host) blocks_.erase(blocks_.begin() + static_cast<long>(i)); // the pages are gone
}

void ApiSequence::copy() {
    const Block to = block(), from = block();
    const bool host = to.host || from.host;
    size_t bytes = size(std::min(to.bytes, from.bytes));
    // A plain host pointer has no bounds that the runtime knows: the program's mistake, not tried.
    if (host) bytes = std::min({bytes, to.bytes, from.bytes});
    const auto kind = static_cast<cudaMemcpyKind>(below(6));
    if (below(2) != 0)
        cudaMemcpyAsync(displaced(to), displaced(from), bytes, kind, stream());
    else
        cudaMemcpy(displaced(to), displaced(from), bytes, kind);
}

void ApiSequence::copy_rectangle() {
    const Block to = block(), from = block();
    if (to.host || from.host) return;
    const auto kind = below(2) != 0 ? cudaMemcpyDeviceToDevice : cudaMemcpyDefault;
    if (below(2) != 0) {
        cudaMemcpy2DAsync(displaced(to), size(256), displaced(from), size(256), size(64), size(16),
                          kind, stream());
        return;
    }
    cudaMemcpy3DParms volume{};
    volume.dstPtr = {displaced(to), size(64), size(64), size(8)};
    volume.srcPtr = {displaced(from), size(64), size(64), size(8)};
    volume.dstPos = {below(3) == 0 ? size(8) : 0, below(3) == 0 ? size(8) : 0, 0};
    volume.extent = {size(16), size(4), size(3)};
    volume.kind = kind;
    cudaMemcpy3D(rarely() ? nullptr : &volume);
}

void ApiSequence::fill() {
    const Block to = block();
    const size_t bytes = to.host ? below(to.bytes + 1) : size(to.bytes);
    const auto at = reinterpret_cast<CUdeviceptr>(displaced(to));
    switch (below(5)) {
    case 0: cudaMemset(displaced(to), 1, bytes); break;
    case 1: cudaMemsetAsync(displaced(to), 2, bytes, stream()); break;
    case 2: cuMemsetD32(at, 3, bytes / 4); break;
    case 3: cuMemsetD2D16(at, size(64), 4, size(9), size(9)); break;
    default:
        cudaMemset3D({displaced(to), size(64), size(64), size(8)}, 5, {size(16), size(4), size(3)});
    }
}

void ApiSequence::streams() {
    cudaStream_t made = nullptr;
    switch (below(6)) {
    case 0:
    case 1:
        if (cudaStreamCreateWithPriority(&made, static_cast<unsigned>(below(2)),
                                         -static_cast<int>(below(8))) == cudaSuccess)
            streams_.push_back(made);
        break;
    case 2: cudaStreamDestroy(stream()); break;
    case 3: cudaStreamSynchronize(stream()); break;
    case 4: cudaStreamQuery(stream()); break;
    default: cudaStreamWaitEvent(stream(), event(), static_cast<unsigned>(below(3))); break;
    }
}

void ApiSequence::events() {
    cudaEvent_t made = nullptr;
    float ms = 0;
    switch (below(7)) {
    case 0:
    case 1:
        if (cudaEventCreateWithFlags(&made, static_cast<unsigned>(below(4))) == cudaSuccess)
            events_.push_back(made);
        break;
    case 2: cudaEventDestroy(event()); break;
    case 3:
    case 4: cudaEventRecord(event(), stream()); break;
    case 5: cudaEventSynchronize(event()); break;
    default: cudaEventElapsedTime(&ms, event(), event()); break;
    }
}

void ApiSequence::modules() {
    const auto& image = images_[below(images_.size())];
    CUmodule module = nullptr;
    if (below(3) != 0) {
        if (cuModuleLoadData(&module, image.data()) != CUDA_SUCCESS) return;
        modules_.push_back(module);
        const object::CodeObject code{object::Bytes(image)};
        for (const object::KernelInfo& kernel : code.kernels()) {
            CUfunction function = nullptr;
            if (cuModuleGetFunction(&function, module, std::string(kernel.name).c_str()) ==
                CUDA_SUCCESS)
                functions_.push_back(function);
        }
    } else if (!modules_.empty()) {
        cuModuleUnload(modules_[below(modules_.size())]);
    }
}

void ApiSequence::launch() {
    if (functions_.empty()) return;
    const CUfunction function = rarely() ? handle<CUfunction>(random_())
                                         : functions_[below(functions_.size())];
    const dim3 block = dimensions();
    dim3 grid = dimensions();
    if (uint64_t{grid.x} * grid.y * grid.z > 2000 && grid.x < 1u << 31 && grid.y < 65536 &&
        grid.z < 65536)
        grid = {2, 1, 1}; // what can be launched ends soon
    std::vector<uint8_t> parameters(4096);
    size_t bytes = below(4) == 0 ? size(4096) : parameters.size();
    bytes = std::min(bytes, parameters.size());
    void* extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, parameters.data(), CU_LAUNCH_PARAM_BUFFER_SIZE,
                     &bytes, CU_LAUNCH_PARAM_END};
    cuLaunchKernel(function, grid.x, grid.y, grid.z, block.x, block.y, block.z,
                   static_cast<unsigned>(size(4096)), stream(), nullptr, extra);
    int value = 0;
    cuFuncGetAttribute(&value, static_cast<CUfunction_attribute>(below(20)), function);
}

void ApiSequence::contexts() {
    CUcontext made = nullptr, old = nullptr;
    if (contexts_.size() < 5 && below(2) != 0) {
        if (cuCtxCreate(&made, 0, 0) == CUDA_SUCCESS) contexts_.push_back(made);
        cuCtxPopCurrent(&old);
    } else if (!contexts_.empty()) {
        const CUcontext chosen = contexts_[below(contexts_.size())];
        if (below(2) != 0) {
            cuCtxDestroy(chosen);
        } else if (cuCtxPushCurrent(chosen) == CUDA_SUCCESS) {
            fill();
            launch();
            cuCtxSynchronize();
            cuCtxPopCurrent(&old);
        }
    }
    cuCtxPushCurrent(handle<CUcontext>(random_()));
    CUcontext primary = nullptr;
    cuDevicePrimaryCtxRetain(&primary, 0);
    cuCtxSetCurrent(primary);
}

void ApiSequence::registration() {
    char* at = registered_.data() + below(kPlain / 2);
    const size_t bytes = rarely() ? ~size_t{0} - below(8192) : 1 + below(kPlain / 4);
    if (below(2) != 0)
        cudaHostRegister(at, bytes, static_cast<unsigned>(below(4)));
    else
        cudaHostUnregister(at);
}

void ApiSequence::questions() {
    cudaPointerAttributes about{};
    cudaPointerGetAttributes(&about, displaced(block()));
    size_t number = 0, total = 0;
    cudaMemGetInfo(&number, &total);
    cudaDeviceGetLimit(&number, static_cast<cudaLimit>(below(8)));
    cudaMemPool_t pool = nullptr;
    cudaDeviceGetDefaultMemPool(&pool, static_cast<int>(below(3)));
    cudaMemPoolTrimTo(rarely() ? handle<cudaMemPool_t>(random_()) : pool, size(1 << 20));
    CUdeviceptr base = 0;
    cuMemGetAddressRange(&base, &number, reinterpret_cast<CUdeviceptr>(displaced(block())));
}

} // namespace acc::fuzz
