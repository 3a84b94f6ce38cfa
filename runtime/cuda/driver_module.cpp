// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Modules, functions and launches of the driver API. A CUmodule is the handle of a core module of
// the current context, a CUfunction of one of its kernels.
#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/launch.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/driver_function.h"
#include "runtime/cuda/host_function.h"
#include "runtime/cuda/jit.h"
#include "runtime/cuda/kernel_attributes.h"
#include "runtime/cuda/launch_attributes.h"
#include "runtime/cuda/library.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

rt::Module& module_of(CUmodule module) {
    const auto found = HandleTable<rt::Module>::get().find(module);
    if (found.object == nullptr || found.owner != &driver_current())
        rt::fail(rt::Status::InvalidHandle,
                 "the module is not loaded in this context (unloaded before?)");
    return *found.object;
}

/// A function of any living module: questions about it need no context. A kernel of a library
/// stands for its function in the current one.
HandleTable<rt::Kernel>::Found find_kernel(CUfunction function) {
    if (Libraries::is_kernel(function)) {
        ApiContext& context = driver_current();
        return {&Libraries::get().find_kernel(function)->in(context), &context};
    }
    const auto found = HandleTable<rt::Kernel>::get().find(function);
    if (found.object == nullptr)
        rt::fail(rt::Status::InvalidHandle,
                 "the function does not exist (its module or context is gone, or it is a handle of "
                 "something else)");
    return found;
}

rt::Kernel& kernel_of(CUfunction function) {
    return *find_kernel(function).object;
}

/// `bytes` 0: not known, the image's own header says.
CUmodule load(const void* image, size_t bytes, std::string name, JitOptions options = {0, {}, {}}) {
    ApiContext& context = driver_current();
    std::vector<uint8_t> compiled;
    const auto [code, size] = code_of(image, bytes, options, compiled);
    rt::Module& module = context.core.load_module(code, size, std::move(name));
    return HandleTable<rt::Module>::get().of<CUmodule>(module, context);
}

void launch(CUfunction function, const rt::LaunchConfig& config, CUstream stream, void** parameters,
            void** extra) {
    ApiContext& context = driver_current();
    const auto [found, owner] = find_kernel(function);
    if (owner != &context)
        rt::fail(rt::Status::InvalidHandle, "launch of {}: it is a function of another context",
                 found->name);
    rt::Kernel& kernel = *found;
    rt::Stream& on = stream_of(context, stream);
    launch_with(on, kernel, config, parameters, extra);
}

/// The attributes are those of the runtime API, under other names.
rt::LaunchConfig launch_config(const CUlaunchConfig& config) {
    static_assert(sizeof(CUlaunchAttribute) == sizeof(cudaLaunchAttribute) &&
                  int{CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION} ==
                      int{cudaLaunchAttributeClusterDimension});
    rt::LaunchConfig wanted{{config.gridDimX, config.gridDimY, config.gridDimZ},
                            {config.blockDimX, config.blockDimY, config.blockDimZ},
                            config.sharedMemBytes,
                            false};
    apply(wanted, reinterpret_cast<const cudaLaunchAttribute*>(config.attrs), config.numAttrs);
    return wanted;
}

} // namespace

namespace acc::cuda {

int attribute_of(const rt::Kernel& kernel, CUfunction_attribute attribute) {
    switch (attribute) {
    case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK: return max_threads(kernel);
    case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
        return static_cast<int>(kernel.descriptor.shared_bytes);
    case CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES: return 0;
    case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES: return static_cast<int>(kernel.descriptor.local_bytes);
    case CU_FUNC_ATTRIBUTE_NUM_REGS: return kernel.descriptor.num_regs;
    case CU_FUNC_ATTRIBUTE_PTX_VERSION:
    case CU_FUNC_ATTRIBUTE_BINARY_VERSION: return architecture(kernel);
    case CU_FUNC_ATTRIBUTE_CACHE_MODE_CA: return 1;
    case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
        return static_cast<int>(kernel.max_dynamic_shared.load());
    case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT: return kernel.preferred_carveout;
    case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH: return kernel.descriptor.cluster[0];
    case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT: return kernel.descriptor.cluster[1];
    case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH: return kernel.descriptor.cluster[2];
    case CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED: return kernel.large_clusters;
    default: break;
    }
    if (attribute >= CU_FUNC_ATTRIBUTE_MAX)
        rt::fail(rt::Status::InvalidValue, "function attribute {} does not exist",
                 static_cast<int>(attribute));
    return 0; // how clusters are scheduled; whether a launch must give their size
}

void set_attribute(rt::Kernel& kernel, CUfunction_attribute attribute, int value) {
    if (attribute == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)
        set_max_dynamic_shared(kernel, value);
    else if (attribute == CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT)
        set_carveout(kernel, value);
    else if (!set_cluster_attribute(kernel, attribute, value))
        rt::fail(rt::Status::InvalidValue, "function attribute {} cannot be set",
                 static_cast<int>(attribute));
}

void parameter_of(const rt::Kernel& kernel, size_t index, size_t* offset, size_t* size) {
    if (index >= kernel.params.size())
        rt::fail(rt::Status::InvalidValue, "kernel {} has {} parameters, {} was asked for",
                 kernel.name, kernel.params.size(), index);
    *offset = kernel.params[index].offset;
    if (size != nullptr) *size = kernel.params[index].size;
}

} // namespace acc::cuda

// ---- modules
// ------------------------------------------------------------------------------------------------------

ACC_API CUresult cuModuleLoad(CUmodule* module, const char* path) {
    return driver_guard(__func__, [&] {
        require(module, "module");
        require(path, "fname");
        const std::vector<char> image = read_image("cuModuleLoad", path);
        if (image.size() < 16)
            rt::fail(rt::Status::InvalidImage, "cuModuleLoad: {} is not a code object: {} bytes",
                     path, image.size());
        *module = load(image.data(), image.size(), path);
    });
}

ACC_API CUresult cuModuleLoadData(CUmodule* module, const void* image) {
    return driver_guard(__func__, [&] {
        require(module, "module");
        *module = load(image, 0, "module from memory");
    });
}

ACC_API CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned count,
                                    CUjit_option* options, void** values) {
    return driver_guard(__func__, [&] {
        require(module, "module");
        *module = load(image, 0, "module from memory", JitOptions(count, options, values));
    });
}

ACC_API CUresult cuModuleLoadFatBinary(CUmodule* module, const void* image) {
    return driver_guard(__func__, [&] {
        require(module, "module");
        *module = load(image, 0, "fat binary from memory");
    });
}

ACC_API CUresult cuModuleUnload(CUmodule module) {
    return driver_guard(__func__, [&] {
        ApiContext& context = driver_current();
        rt::Module& dying = module_of(module);
        if (Libraries::get().has(dying))
            rt::fail(rt::Status::NotPermitted,
                     "the module is a library's: cuLibraryUnload unloads it");
        drop_handles(dying);
        context.core.unload_module(&dying);
    });
}

ACC_API CUresult cuModuleGetLoadingMode(CUmoduleLoadingMode* mode) {
    return driver_guard(__func__, [&] {
        require(mode, "mode");
        *mode = CU_MODULE_LAZY_LOADING;
    });
}

ACC_API CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
    return driver_guard(__func__, [&] {
        require(function, "hfunc");
        require(name, "name");
        rt::Kernel* kernel = module_of(module).kernel(name);
        if (kernel == nullptr)
            rt::fail(rt::Status::NoSuchName,
                     "module {} has no kernel '{}' (names of C++ kernels are mangled)",
                     module_of(module).name(), name);
        *function = HandleTable<rt::Kernel>::get().of<CUfunction>(*kernel, driver_current());
    });
}

ACC_API CUresult cuModuleGetGlobal_v2(CUdeviceptr* address, size_t* bytes, CUmodule module,
                                      const char* name) {
    return driver_guard(__func__, [&] {
        require(name, "name");
        const rt::Variable* variable = module_of(module).variable(name);
        if (variable == nullptr)
            rt::fail(rt::Status::NoSuchName, "module {} has no variable '{}'",
                     module_of(module).name(), name);
        if (address != nullptr) *address = variable->va;
        if (bytes != nullptr) *bytes = variable->bytes;
    });
}

// ---- functions
// ----------------------------------------------------------------------------------------------------

ACC_API CUresult cuFuncGetAttribute(int* value, CUfunction_attribute attribute,
                                    CUfunction function) {
    return driver_guard(__func__, [&] {
        require(value, "pi");
        *value = attribute_of(kernel_of(function), attribute);
    });
}

ACC_API CUresult cuFuncSetAttribute(CUfunction function, CUfunction_attribute attribute,
                                    int value) {
    return driver_guard(__func__, [&] { set_attribute(kernel_of(function), attribute, value); });
}

ACC_API CUresult cuFuncSetCacheConfig(CUfunction function, CUfunc_cache config) {
    return driver_guard(__func__, [&] {
        kernel_of(function);
        if (config > CU_FUNC_CACHE_PREFER_EQUAL) throw DriverFailure{CUDA_ERROR_INVALID_VALUE};
    });
}

ACC_API CUresult cuFuncGetModule(CUmodule* module, CUfunction function) {
    return driver_guard(__func__, [&] {
        require(module, "hmod");
        const auto [kernel, owner] = find_kernel(function);
        *module = HandleTable<rt::Module>::get().of<CUmodule>(*kernel->module, *owner);
    });
}

ACC_API CUresult cuFuncGetName(const char** name, CUfunction function) {
    return driver_guard(__func__, [&] {
        require(name, "name");
        *name = kernel_of(function).name.c_str();
    });
}

ACC_API CUresult cuFuncGetParamInfo(CUfunction function, size_t index, size_t* offset,
                                    size_t* size) {
    return driver_guard(__func__, [&] {
        require(offset, "paramOffset");
        parameter_of(kernel_of(function), index, offset, size);
    });
}

ACC_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction function,
                                                             int threads, size_t shared) {
    return driver_guard(__func__, [&] {
        require(blocks, "numBlocks");
        if (threads <= 0) throw DriverFailure{CUDA_ERROR_INVALID_VALUE};
        *blocks = static_cast<int>(rt::blocks_per_compute_unit(
            kernel_of(function), static_cast<unsigned>(threads), shared));
    });
}

ACC_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks,
                                                                      CUfunction function,
                                                                      int threads, size_t shared,
                                                                      unsigned flags) {
    if (flags > CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE) return CUDA_ERROR_INVALID_VALUE;
    return cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads, shared);
}

namespace {

/// The block size with the most resident threads, the larger one where several have as many, and
/// how many such blocks fill the device.
void best_block(int* grid, int* block, CUfunction function, CUoccupancyB2DSize shared_of,
                size_t shared, int limit) {
    require(grid, "minGridSize");
    require(block, "blockSize");
    const auto [kernel, owner] = find_kernel(function);
    const int warp = ACC_WARP_SIZE;
    int most = max_threads(*kernel);
    if (limit > 0) most = std::min(most, limit);
    unsigned best = 0;
    for (int rounded = (most + warp - 1) / warp * warp; rounded > 0; rounded -= warp) {
        const int size = std::min(rounded, most);
        const unsigned blocks = rt::blocks_per_compute_unit(
            *kernel, static_cast<unsigned>(size), shared_of != nullptr ? shared_of(size) : shared);
        if (static_cast<unsigned>(size) * blocks <= best) continue;
        best = static_cast<unsigned>(size) * blocks;
        *block = size;
        *grid = static_cast<int>(blocks * owner->core.backend().info().compute_units);
    }
}

} // namespace

ACC_API CUresult cuOccupancyMaxPotentialBlockSize(int* grid, int* block, CUfunction function,
                                                  CUoccupancyB2DSize shared_of, size_t shared,
                                                  int limit) {
    return driver_guard(__func__,
                        [&] { best_block(grid, block, function, shared_of, shared, limit); });
}

ACC_API CUresult cuOccupancyMaxPotentialBlockSizeWithFlags(int* grid, int* block,
                                                           CUfunction function,
                                                           CUoccupancyB2DSize shared_of,
                                                           size_t shared, int limit,
                                                           unsigned flags) {
    return driver_guard(__func__, [&] {
        check_flags(flags, CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE, "occupancy");
        best_block(grid, block, function, shared_of, shared, limit);
    });
}

ACC_API CUresult cuOccupancyMaxPotentialClusterSize(int* size, CUfunction function,
                                                    const CUlaunchConfig* config) {
    return driver_guard(__func__, [&] {
        require(size, "clusterSize");
        require(config, "config");
        *size = static_cast<int>(largest_cluster(kernel_of(function), launch_config(*config)));
    });
}

ACC_API CUresult cuOccupancyMaxActiveClusters(int* clusters, CUfunction function,
                                              const CUlaunchConfig* config) {
    return driver_guard(__func__, [&] {
        require(clusters, "numClusters");
        require(config, "config");
        const auto [kernel, owner] = find_kernel(function);
        *clusters = static_cast<int>(active_clusters(owner->core, *kernel, launch_config(*config)));
    });
}

// ---- launches
// -----------------------------------------------------------------------------------------------------

ACC_API CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y,
                                unsigned grid_z, unsigned block_x, unsigned block_y,
                                unsigned block_z, unsigned shared, CUstream stream,
                                void** parameters, void** extra) {
    return driver_guard(__func__, [&] {
        launch(function, {{grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared, false},
               stream, parameters, extra);
    });
}

ACC_API CUresult cuLaunchKernelEx(const CUlaunchConfig* config, CUfunction function,
                                  void** parameters, void** extra) {
    return driver_guard(__func__, [&] {
        require(config, "config");
        launch(function, launch_config(*config), config->hStream, parameters, extra);
    });
}

ACC_API CUresult cuLaunchCooperativeKernel(CUfunction function, unsigned grid_x, unsigned grid_y,
                                           unsigned grid_z, unsigned block_x, unsigned block_y,
                                           unsigned block_z, unsigned shared, CUstream stream,
                                           void** parameters) {
    return driver_guard(__func__, [&] {
        launch(function, {{grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared, true},
               stream, parameters, nullptr);
    });
}

ACC_API CUresult cuLaunchHostFunc(CUstream stream, CUhostFn function, void* data) {
    return driver_guard(__func__, [&] {
        require(reinterpret_cast<const void*>(function), "fn");
        ApiContext& context = driver_current();
        add_host_function(stream_of(context, stream), function, data);
    });
}
