// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/demangle.h"
#include "runtime/core/launch.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/kernel_attributes.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

int max_threads(const rt::Kernel& kernel) {
    // The largest block that fits: launch bounds, then registers.
    int threads = kernel.descriptor.max_threads != 0
                      ? static_cast<int>(kernel.descriptor.max_threads)
                      : ACC_MAX_THREADS_PER_BLOCK;
    while (threads > 0 &&
           rt::blocks_per_compute_unit(kernel, static_cast<unsigned>(threads), 0) == 0)
        threads = (threads - 1) / ACC_WARP_SIZE * ACC_WARP_SIZE;
    return threads;
}

int architecture(const rt::Kernel& kernel) {
    return static_cast<int>(kernel.sm != 0 ? kernel.sm : ACC_COMPUTE_CAPABILITY);
}

void set_max_dynamic_shared(rt::Kernel& kernel, int bytes) {
    const uint32_t limit = rt::dynamic_shared_limit(kernel);
    if (bytes < 0 || static_cast<uint32_t>(bytes) > limit)
        rt::fail(rt::Status::InvalidValue,
                 "kernel {}: {} bytes of dynamic shared memory are not between 0 and {}",
                 rt::demangled(kernel.name), bytes, limit);
    kernel.max_dynamic_shared = static_cast<uint32_t>(bytes);
}

void set_carveout(rt::Kernel& kernel, int percent) {
    if (percent < -1 || percent > 100)
        rt::fail(rt::Status::InvalidValue, "kernel {}: carveout {} is not -1 or a percentage",
                 rt::demangled(kernel.name), percent);
    kernel.preferred_carveout = percent;
}

bool set_cluster_attribute(rt::Kernel& kernel, int attribute, int value) {
    switch (attribute) {
    case cudaFuncAttributeNonPortableClusterSizeAllowed:
        if (value != 0 && value != 1)
            rt::fail(rt::Status::InvalidValue, "kernel {}: {} is neither 0 nor 1",
                     rt::demangled(kernel.name), value);
        kernel.large_clusters = value != 0;
        return true;
    case cudaFuncAttributeClusterSchedulingPolicyPreference: // a hint
        if (value < cudaClusterSchedulingPolicyDefault ||
            value > cudaClusterSchedulingPolicyLoadBalancing)
            rt::fail(rt::Status::InvalidValue, "kernel {}: cluster scheduling policy {}",
                     rt::demangled(kernel.name), value);
        return true;
    case cudaFuncAttributeRequiredClusterWidth:
    case cudaFuncAttributeRequiredClusterHeight:
    case cudaFuncAttributeRequiredClusterDepth:
        rt::fail(rt::Status::NotSupported,
                 "kernel {}: a cluster size that is set at run time (function attribute {}) is not "
                 "supported; give it to the launch",
                 rt::demangled(kernel.name), attribute);
    default: return false;
    }
}

void set_attribute(rt::Kernel& kernel, cudaFuncAttribute attribute, int value) {
    switch (attribute) {
    case cudaFuncAttributeMaxDynamicSharedMemorySize: set_max_dynamic_shared(kernel, value); break;
    case cudaFuncAttributePreferredSharedMemoryCarveout: set_carveout(kernel, value); break;
    default:
        if (set_cluster_attribute(kernel, attribute, value)) break;
        rt::fail(rt::Status::InvalidValue, "function attribute {} cannot be set",
                 static_cast<int>(attribute));
    }
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attr, const void* function) {
    return guard(__func__, [&] {
        require(attr, "attr");
        ApiContext& context = current();
        const rt::Kernel& kernel = kernel_of(context, function);
        *attr = {};
        attr->sharedSizeBytes = kernel.descriptor.shared_bytes;
        attr->localSizeBytes = kernel.descriptor.local_bytes;
        attr->maxThreadsPerBlock = max_threads(kernel);
        attr->numRegs = kernel.descriptor.num_regs;
        attr->ptxVersion = architecture(kernel);
        attr->binaryVersion = architecture(kernel);
        attr->cacheModeCA = 1;
        attr->maxDynamicSharedSizeBytes = static_cast<int>(kernel.max_dynamic_shared.load());
        attr->preferredShmemCarveout = kernel.preferred_carveout;
        attr->requiredClusterWidth = kernel.descriptor.cluster[0];
        attr->requiredClusterHeight = kernel.descriptor.cluster[1];
        attr->requiredClusterDepth = kernel.descriptor.cluster[2];
        attr->nonPortableClusterSizeAllowed = kernel.large_clusters;
    });
}

ACC_API cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute attr, int value) {
    return guard(__func__, [&] {
        ApiContext& context = current();
        set_attribute(kernel_of(context, function), attr, value);
    });
}

/// A preference; the kernel must exist.
ACC_API cudaError_t cudaFuncSetCacheConfig(const void* function, cudaFuncCache config) {
    return guard(__func__, [&] {
        if (config < cudaFuncCachePreferNone || config > cudaFuncCachePreferEqual)
            rt::fail(rt::Status::InvalidValue, "cache configuration {} does not exist",
                     static_cast<int>(config));
        ApiContext& context = current();
        kernel_of(context, function);
    });
}

/// Banks are four bytes wide; the kernel must exist.
ACC_API cudaError_t cudaFuncSetSharedMemConfig(const void* function, cudaSharedMemConfig config) {
    return guard(__func__, [&] {
        if (config < cudaSharedMemBankSizeDefault || config > cudaSharedMemBankSizeEightByte)
            rt::fail(rt::Status::InvalidValue, "shared memory configuration {} does not exist",
                     static_cast<int>(config));
        ApiContext& context = current();
        kernel_of(context, function);
    });
}

ACC_API cudaError_t cudaGetFuncBySymbol(cudaFunction_t* function, const void* symbol) {
    return guard(__func__, [&] {
        require(function, "functionPtr");
        ApiContext& context = current();
        *function = HandleTable<rt::Kernel>::get().of<cudaFunction_t>(kernel_of(context, symbol),
                                                                      context);
    });
}

ACC_API cudaError_t cudaFuncGetName(const char** name, const void* function) {
    return guard(__func__, [&] {
        require(name, "name");
        ApiContext& context = current();
        *name = kernel_of(context, function).name.c_str();
    });
}

ACC_API cudaError_t cudaFuncGetParamInfo(const void* function, size_t index, size_t* offset,
                                         size_t* size) {
    return guard(__func__, [&] {
        require(offset, "paramOffset");
        ApiContext& context = current();
        const rt::Kernel& kernel = kernel_of(context, function);
        if (index >= kernel.params.size())
            rt::fail(rt::Status::InvalidValue, "kernel {} has {} parameters, {} was asked for",
                     kernel.name, kernel.params.size(), index);
        *offset = kernel.params[index].offset;
        if (size != nullptr) *size = kernel.params[index].size;
    });
}
