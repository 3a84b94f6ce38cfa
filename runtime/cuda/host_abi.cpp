// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entry points that compiled host code calls: registration of embedded device code, and the
// launch configuration between <<<...>>> and the kernel's host stub. Their shapes are facts of the
// CUDA host ABI (as clang emits it).
#include <dlfcn.h>

#include <cstring>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "runtime/core/log.h"
#include "runtime/cuda/api.h"
#include "runtime/cuda/registration.h"
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// What the host compiler wraps around a fat binary.
struct Wrapper {
    uint32_t magic;
    uint32_t version;
    const void* data;
    void* unused;
};

struct Configuration {
    dim3 grid, block;
    size_t shared = 0;
    void* stream = nullptr;
};

/// Configurations of this thread's launches that have not reached their stub: more than one when an
/// argument of a launch launches, too.
std::vector<Configuration>& configurations() {
    thread_local std::vector<Configuration> stack;
    return stack;
}

std::string file_of(const void* address) {
    Dl_info info{};
    return dladdr(address, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname
                                                                    : "the program";
}

FatBinary* binary_of(void** handle) {
    return reinterpret_cast<FatBinary*>(handle);
}

} // namespace

/// Returns the handle that the other registration calls take. Null when the wrapper is not one.
ACC_API void** __cudaRegisterFatBinary(void* fat_binary) {
    const auto* wrapper = static_cast<const Wrapper*>(fat_binary);
    if (wrapper == nullptr || wrapper->magic != ACC_FATBIN_WRAPPER_MAGIC) {
        rt::log().error("{}: device code with an unknown wrapper; was it compiled by accc?",
                        file_of(fat_binary));
        return nullptr;
    }
    return reinterpret_cast<void**>(Registry::get().add(wrapper->data, file_of(fat_binary)));
}

ACC_API void __cudaRegisterFatBinaryEnd(void** handle) {
    if (handle == nullptr) return;
    // A bad image is reported here only when somebody asks for a log; its first use gives the
    // error.
    try {
        Registry::get().complete(*binary_of(handle));
    } catch (const rt::Error& error) {
        rt::log().debug("{}", error.what());
    }
}

ACC_API void __cudaUnregisterFatBinary(void** handle) {
    FatBinary* binary = binary_of(handle);
    if (binary == nullptr) return;
    Registry::get().remove(*binary);
    Runtime* runtime = Runtime::if_made();
    if (runtime == nullptr) return; // a program that has not used the device
    guard("__cudaUnregisterFatBinary", [&] {
        for (const auto& pinned : runtime->pin_contexts())
            pinned.context->binaries.drop(*pinned.context, *binary);
    });
}

ACC_API char __cudaInitModule(void**) {
    return 0;
}

ACC_API void __cudaRegisterFunction(void** handle, const char* stub, char*, const char* name, int,
                                    uint3*, uint3*, dim3*, dim3*, int*) {
    if (handle != nullptr) Registry::get().add_kernel(*binary_of(handle), stub, name);
}

ACC_API void __cudaRegisterVar(void** handle, char* shadow, char*, const char* name, int,
                               size_t bytes, int, int) {
    if (handle != nullptr) Registry::get().add_variable(*binary_of(handle), shadow, name, bytes);
}

ACC_API void __cudaRegisterManagedVar(void**, void**, char*, const char* name, int, size_t, int,
                                      int) {
    rt::log().error("managed variable {}: registered by another compiler's protocol, which is not "
                    "supported; use accc",
                    name);
}

ACC_API void __cudaRegisterTexture(void** handle, const void* reference, const void**,
                                   const char* name, int dimensions, int normalized, int) {
    if (handle != nullptr)
        Registry::get().add_reference(
            *binary_of(handle),
            {nullptr, name, reference, static_cast<unsigned>(dimensions), normalized != 0, false});
}

ACC_API void __cudaRegisterSurface(void** handle, const void* reference, const void**,
                                   const char* name, int dimensions, int) {
    if (handle != nullptr)
        Registry::get().add_reference(
            *binary_of(handle),
            {nullptr, name, reference, static_cast<unsigned>(dimensions), false, true});
}

/// Returns 0; anything else would make the caller skip the kernel.
ACC_API unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t shared, void* stream) {
    configurations().push_back({grid, block, shared, stream});
    return 0;
}

ACC_API cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, size_t* shared,
                                               void* stream) {
    auto& stack = configurations();
    if (stack.empty()) return failed(cudaErrorMissingConfiguration);
    const Configuration& top = stack.back();
    *grid = top.grid;
    *block = top.block;
    *shared = top.shared;
    std::memcpy(stream, &top.stream, sizeof(void*));
    stack.pop_back();
    return cudaSuccess;
}
