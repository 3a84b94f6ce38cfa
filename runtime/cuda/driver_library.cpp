// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Libraries and their kernels, in the driver API.
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/driver_function.h"
#include "runtime/cuda/library.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

void check_options(unsigned count, const CUlibraryOption* options) {
    if (count != 0) require(options, "libraryOptions");
    for (unsigned i = 0; i < count; ++i) {
        if (options[i] == CU_LIBRARY_BINARY_IS_PRESERVED) continue; // a copy is kept all the same
        if (options[i] == CU_LIBRARY_HOST_UNIVERSAL_FUNCTION_AND_DATA_TABLE)
            rt::fail(rt::Status::NotSupported,
                     "CU_LIBRARY_HOST_UNIVERSAL_FUNCTION_AND_DATA_TABLE is not supported");
        rt::fail(rt::Status::InvalidValue, "library option {} does not exist",
                 static_cast<int>(options[i]));
    }
}

/// The kernel in the primary context of a device.
rt::Kernel& kernel_on(CUkernel kernel, CUdevice device) {
    Runtime& runtime = Runtime::get();
    ApiContext& context = runtime.open(runtime.device(device).primary);
    return Libraries::get().find_kernel(kernel)->in(context);
}

} // namespace

ACC_API CUresult cuLibraryLoadData(CUlibrary* library, const void* code, CUjit_option* options,
                                   void** values, unsigned count, CUlibraryOption* library_options,
                                   void**, unsigned library_count) {
    return driver_guard(__func__, [&] {
        require(library, "library");
        check_options(library_count, library_options);
        *library = static_cast<CUlibrary>(Libraries::get().add(std::make_shared<Library>(
            code, 0, "library from memory", JitOptions(count, options, values))));
    });
}

ACC_API CUresult cuLibraryLoadFromFile(CUlibrary* library, const char* path, CUjit_option* options,
                                       void** values, unsigned count,
                                       CUlibraryOption* library_options, void**,
                                       unsigned library_count) {
    return driver_guard(__func__, [&] {
        require(library, "library");
        require(path, "fileName");
        check_options(library_count, library_options);
        const std::vector<char> image = read_image("cuLibraryLoadFromFile", path);
        *library = static_cast<CUlibrary>(Libraries::get().add(std::make_shared<Library>(
            image.data(), image.size(), path, JitOptions(count, options, values))));
    });
}

ACC_API CUresult cuLibraryUnload(CUlibrary library) {
    return driver_guard(__func__, [&] { Libraries::get().remove(library); });
}

ACC_API CUresult cuLibraryGetKernel(CUkernel* kernel, CUlibrary library, const char* name) {
    return driver_guard(__func__, [&] {
        require(kernel, "pKernel");
        require(name, "name");
        *kernel = static_cast<CUkernel>(Libraries::get().kernel(library, name));
    });
}

ACC_API CUresult cuLibraryGetKernelCount(unsigned* count, CUlibrary library) {
    return driver_guard(__func__, [&] {
        require(count, "count");
        *count = static_cast<unsigned>(Libraries::get().find(library)->kernels().size());
    });
}

ACC_API CUresult cuLibraryEnumerateKernels(CUkernel* kernels, unsigned count, CUlibrary library) {
    return driver_guard(__func__, [&] {
        const auto of = Libraries::get().find(library);
        require(kernels, "kernels");
        for (unsigned i = 0; i < count && i < of->kernels().size(); ++i)
            kernels[i] = static_cast<CUkernel>(Libraries::get().kernel(library, of->kernels()[i]));
    });
}

ACC_API CUresult cuLibraryGetModule(CUmodule* module, CUlibrary library) {
    return driver_guard(__func__, [&] {
        require(module, "pMod");
        const auto of = Libraries::get().find(library);
        ApiContext& context = driver_current();
        *module = HandleTable<rt::Module>::get().of<CUmodule>(of->module_in(context), context);
    });
}

ACC_API CUresult cuLibraryGetGlobal(CUdeviceptr* address, size_t* bytes, CUlibrary library,
                                    const char* name) {
    return driver_guard(__func__, [&] {
        require(name, "name");
        const auto of = Libraries::get().find(library);
        const rt::Variable& variable = of->variable_in(driver_current(), name);
        if (address != nullptr) *address = variable.va;
        if (bytes != nullptr) *bytes = variable.bytes;
    });
}

ACC_API CUresult cuLibraryGetManaged(CUdeviceptr*, size_t*, CUlibrary library, const char* name) {
    return driver_guard(__func__, [&] {
        require(name, "name");
        Libraries::get().find(library)->fail_no_managed(name);
    });
}

ACC_API CUresult cuLibraryGetUnifiedFunction(void** function, CUlibrary library,
                                             const char* symbol) {
    return driver_guard(__func__, [&] {
        require(function, "fptr");
        require(symbol, "symbol");
        Libraries::get().find(library)->fail_no_unified(symbol);
    });
}

ACC_API CUresult cuKernelGetFunction(CUfunction* function, CUkernel kernel) {
    return driver_guard(__func__, [&] {
        require(function, "pFunc");
        const auto of = Libraries::get().find_kernel(kernel);
        ApiContext& context = driver_current();
        *function = HandleTable<rt::Kernel>::get().of<CUfunction>(of->in(context), context);
    });
}

ACC_API CUresult cuKernelGetLibrary(CUlibrary* library, CUkernel kernel) {
    return driver_guard(__func__, [&] {
        require(library, "pLib");
        *library = static_cast<CUlibrary>(Libraries::get().library_of(kernel));
    });
}

ACC_API CUresult cuKernelGetName(const char** name, CUkernel kernel) {
    return driver_guard(__func__, [&] {
        require(name, "name");
        *name = Libraries::get().find_kernel(kernel)->name.c_str();
    });
}

ACC_API CUresult cuKernelGetParamInfo(CUkernel kernel, size_t index, size_t* offset, size_t* size) {
    return driver_guard(__func__, [&] {
        require(offset, "paramOffset");
        parameter_of(kernel_on(kernel, 0), index, offset, size);
    });
}

ACC_API CUresult cuKernelGetAttribute(int* value, CUfunction_attribute attribute, CUkernel kernel,
                                      CUdevice device) {
    return driver_guard(__func__, [&] {
        require(value, "pi");
        *value = attribute_of(kernel_on(kernel, device), attribute);
    });
}

ACC_API CUresult cuKernelSetAttribute(CUfunction_attribute attribute, int value, CUkernel kernel,
                                      CUdevice device) {
    return driver_guard(__func__,
                        [&] { set_attribute(kernel_on(kernel, device), attribute, value); });
}

ACC_API CUresult cuKernelSetCacheConfig(CUkernel kernel, CUfunc_cache config, CUdevice device) {
    return driver_guard(__func__, [&] {
        kernel_on(kernel, device);
        if (config > CU_FUNC_CACHE_PREFER_EQUAL) throw DriverFailure{CUDA_ERROR_INVALID_VALUE};
    });
}
