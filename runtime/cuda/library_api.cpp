// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Libraries and their kernels, in the runtime API: the driver API's, for the current device.
#include "runtime/cuda/kernel_attributes.h"
#include "runtime/cuda/library.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

void check_options(unsigned count, const cudaLibraryOption* options) {
    if (count != 0) require(options, "libraryOptions");
    for (unsigned i = 0; i < count; ++i) {
        if (options[i] == cudaLibraryBinaryIsPreserved) continue; // a copy is kept all the same
        if (options[i] == cudaLibraryHostUniversalFunctionAndDataTable)
            rt::fail(rt::Status::NotSupported,
                     "cudaLibraryHostUniversalFunctionAndDataTable is not supported");
        rt::fail(rt::Status::InvalidValue, "library option {} does not exist",
                 static_cast<int>(options[i]));
    }
}

/// The numbers are those of the driver API.
JitOptions jit_options(unsigned count, cudaJitOption* options, void** values) {
    static_assert(int{CU_JIT_MAX_REGISTERS} == int{cudaJitMaxRegisters} &&
                  int{CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES} == int{cudaJitErrorLogBufferSizeBytes} &&
                  int{CU_JIT_GENERATE_DEBUG_INFO} == int{cudaJitGenerateDebugInfo});
    return JitOptions(count, reinterpret_cast<const CUjit_option*>(options), values);
}

} // namespace

ACC_API cudaError_t cudaLibraryLoadData(cudaLibrary_t* library, const void* code,
                                        cudaJitOption* options, void** values, unsigned count,
                                        cudaLibraryOption* library_options, void**,
                                        unsigned library_count) {
    return guard(__func__, [&] {
        require(library, "library");
        check_options(library_count, library_options);
        *library = static_cast<cudaLibrary_t>(Libraries::get().add(std::make_shared<Library>(
            code, 0, "library from memory", jit_options(count, options, values))));
    });
}

ACC_API cudaError_t cudaLibraryLoadFromFile(cudaLibrary_t* library, const char* path,
                                            cudaJitOption* options, void** values, unsigned count,
                                            cudaLibraryOption* library_options, void**,
                                            unsigned library_count) {
    return guard(__func__, [&] {
        require(library, "library");
        require(path, "fileName");
        check_options(library_count, library_options);
        const std::vector<char> image = read_image("cudaLibraryLoadFromFile", path);
        *library = static_cast<cudaLibrary_t>(Libraries::get().add(std::make_shared<Library>(
            image.data(), image.size(), path, jit_options(count, options, values))));
    });
}

ACC_API cudaError_t cudaLibraryUnload(cudaLibrary_t library) {
    return guard(__func__, [&] { Libraries::get().remove(library); });
}

ACC_API cudaError_t cudaLibraryGetKernel(cudaKernel_t* kernel, cudaLibrary_t library,
                                         const char* name) {
    return guard(__func__, [&] {
        require(kernel, "pKernel");
        require(name, "name");
        *kernel = static_cast<cudaKernel_t>(Libraries::get().kernel(library, name));
    });
}

ACC_API cudaError_t cudaLibraryGetKernelCount(unsigned* count, cudaLibrary_t library) {
    return guard(__func__, [&] {
        require(count, "count");
        *count = static_cast<unsigned>(Libraries::get().find(library)->kernels().size());
    });
}

ACC_API cudaError_t cudaLibraryEnumerateKernels(cudaKernel_t* kernels, unsigned count,
                                                cudaLibrary_t library) {
    return guard(__func__, [&] {
        const auto of = Libraries::get().find(library);
        require(kernels, "kernels");
        for (unsigned i = 0; i < count && i < of->kernels().size(); ++i)
            kernels[i] = static_cast<cudaKernel_t>(
                Libraries::get().kernel(library, of->kernels()[i]));
    });
}

ACC_API cudaError_t cudaLibraryGetGlobal(void** address, size_t* bytes, cudaLibrary_t library,
                                         const char* name) {
    return guard(__func__, [&] {
        require(name, "name");
        const rt::Variable& variable = Libraries::get().find(library)->variable_in(current(), name);
        if (address != nullptr) *address = reinterpret_cast<void*>(variable.va);
        if (bytes != nullptr) *bytes = variable.bytes;
    });
}

ACC_API cudaError_t cudaLibraryGetManaged(void**, size_t*, cudaLibrary_t library,
                                          const char* name) {
    return guard(__func__, [&] {
        require(name, "name");
        Libraries::get().find(library)->fail_no_managed(name);
    });
}

ACC_API cudaError_t cudaLibraryGetUnifiedFunction(void** function, cudaLibrary_t library,
                                                  const char* symbol) {
    return guard(__func__, [&] {
        require(function, "fptr");
        require(symbol, "symbol");
        Libraries::get().find(library)->fail_no_unified(symbol);
    });
}

ACC_API cudaError_t cudaGetKernel(cudaKernel_t* kernel, const void* function) {
    return guard(__func__, [&] {
        require(kernel, "kernelPtr");
        std::string name = kernel_of(current(), function).name;
        *kernel = static_cast<cudaKernel_t>(
            Libraries::get().kernel_of_stub(function, std::move(name)));
    });
}

ACC_API cudaError_t cudaKernelSetAttributeForDevice(cudaKernel_t kernel,
                                                    cudaFuncAttribute attribute, int value,
                                                    int device) {
    return guard(__func__, [&] {
        Runtime& runtime = Runtime::get();
        ApiContext& context = runtime.open(runtime.device(device).primary);
        set_attribute(Libraries::get().find_kernel(kernel)->in(context), attribute, value);
    });
}
