// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/launch.h"
#include "runtime/core/demangle.h"

#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

rt::Dim3 to_core(dim3 d) {
    return {d.x, d.y, d.z};
}

void launch(const void* function, const rt::LaunchConfig& config, void** arguments,
            cudaStream_t stream) {
    ApiContext& context = current();
    rt::Kernel& kernel = kernel_of(context, function);
    if (arguments == nullptr && !kernel.params.empty()) [[unlikely]]
        rt::fail(rt::Status::InvalidValue,
                 "kernel {}: {} parameters, but the argument array is a null pointer",
                 rt::demangled(kernel.name), kernel.params.size());
    rt::launch(stream_of(context, stream), kernel, config, arguments);
}

/// Attributes of an extended launch. Hints are taken as such; what would change the meaning and is
/// not there is refused.
void apply(rt::LaunchConfig& config, const cudaLaunchAttribute& attribute) {
    switch (attribute.id) {
    case cudaLaunchAttributeCooperative: config.cooperative = attribute.val.cooperative != 0; break;
    case cudaLaunchAttributeClusterDimension:
        if (attribute.val.clusterDim.x != 1 || attribute.val.clusterDim.y != 1 ||
            attribute.val.clusterDim.z != 1)
            rt::fail(rt::Status::NotSupported,
                     "launches with clusters of more than one block are not supported");
        break;
    case cudaLaunchAttributeProgrammaticEvent:
    case cudaLaunchAttributeLaunchCompletionEvent:
    case cudaLaunchAttributeDeviceUpdatableKernelNode:
        rt::fail(rt::Status::NotSupported, "launch attribute {} is not supported",
                 static_cast<int>(attribute.id));
    case cudaLaunchAttributeIgnore:
    case cudaLaunchAttributeAccessPolicyWindow:
    case cudaLaunchAttributeSynchronizationPolicy:
    case cudaLaunchAttributeClusterSchedulingPolicyPreference:
    case cudaLaunchAttributeProgrammaticStreamSerialization: // allowed to overlap, not obliged
    case cudaLaunchAttributePriority:
    case cudaLaunchAttributeMemSyncDomainMap:
    case cudaLaunchAttributeMemSyncDomain:
    case cudaLaunchAttributePreferredClusterDimension:
    case cudaLaunchAttributePreferredSharedMemoryCarveout: break;
    default:
        rt::fail(rt::Status::InvalidValue, "launch attribute {} does not exist",
                 static_cast<int>(attribute.id));
    }
}

} // namespace

ACC_API cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments,
                                     size_t shared, cudaStream_t stream) {
    return guard(__func__, [&] {
        launch(function, {to_core(grid), to_core(block), shared, false}, arguments, stream);
    });
}

ACC_API cudaError_t cudaLaunchCooperativeKernel(const void* function, dim3 grid, dim3 block,
                                                void** arguments, size_t shared,
                                                cudaStream_t stream) {
    return guard(__func__, [&] {
        launch(function, {to_core(grid), to_core(block), shared, true}, arguments, stream);
    });
}

ACC_API cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* function,
                                        void** arguments) {
    return guard(__func__, [&] {
        require(config, "config");
        rt::LaunchConfig wanted{to_core(config->gridDim), to_core(config->blockDim),
                                config->dynamicSmemBytes, false};
        if (config->numAttrs != 0) require(config->attrs, "config->attrs");
        for (unsigned i = 0; i < config->numAttrs; ++i)
            apply(wanted, config->attrs[i]);
        launch(function, wanted, arguments, config->stream);
    });
}
