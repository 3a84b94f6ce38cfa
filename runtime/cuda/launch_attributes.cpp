// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/launch_attributes.h"

#include "runtime/core/context.h"
#include "runtime/core/demangle.h"
#include "runtime/cuda/driver.h"

namespace acc::cuda {

void apply(rt::LaunchConfig& config, const cudaLaunchAttribute& attribute) {
    switch (attribute.id) {
    case cudaLaunchAttributeCooperative: config.cooperative = attribute.val.cooperative != 0; break;
    case cudaLaunchAttributeClusterDimension:
        config.cluster = {attribute.val.clusterDim.x, attribute.val.clusterDim.y,
                          attribute.val.clusterDim.z};
        if (config.cluster.x == 0 || config.cluster.y == 0 || config.cluster.z == 0)
            rt::fail(rt::Status::InvalidClusterSize, "a cluster of ({}, {}, {}) blocks",
                     config.cluster.x, config.cluster.y, config.cluster.z);
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

void apply(rt::LaunchConfig& config, const cudaLaunchAttribute* attributes, unsigned count) {
    if (count != 0) require(attributes, "attrs");
    for (unsigned i = 0; i < count; ++i)
        apply(config, attributes[i]);
}

namespace {

/// The parameter buffer of the old launch form: a list of tagged values.
void launch_packed(rt::Stream& stream, rt::Kernel& kernel, const rt::LaunchConfig& config,
                   void** extra) {
    const void* buffer = nullptr;
    size_t bytes = 0;
    for (size_t i = 0; extra[i] != CU_LAUNCH_PARAM_END; i += 2) {
        if (extra[i] == CU_LAUNCH_PARAM_BUFFER_POINTER)
            buffer = extra[i + 1];
        else if (extra[i] == CU_LAUNCH_PARAM_BUFFER_SIZE)
            bytes = *static_cast<const size_t*>(extra[i + 1]);
        else
            rt::fail(rt::Status::InvalidValue, "launch of {}: entry {} of 'extra' is unknown",
                     kernel.name, i);
    }
    require(buffer, "CU_LAUNCH_PARAM_BUFFER_POINTER");
    rt::launch_packed(stream, kernel, config, buffer, bytes);
}

} // namespace

void launch_with(rt::Stream& on, rt::Kernel& kernel, const rt::LaunchConfig& config,
                 void** parameters, void** extra) {
    if (parameters != nullptr && extra != nullptr)
        rt::fail(rt::Status::InvalidValue,
                 "launch of {}: both 'kernelParams' and 'extra' are given", kernel.name);
    if (extra != nullptr) {
        launch_packed(on, kernel, config, extra);
        return;
    }
    if (parameters == nullptr && !kernel.params.empty())
        rt::fail(rt::Status::InvalidValue, "launch of {}: {} parameters, none given", kernel.name,
                 kernel.params.size());
    rt::launch(on, kernel, config, parameters);
}

unsigned largest_cluster(const rt::Kernel& kernel, const rt::LaunchConfig& config) {
    const unsigned threads = config.block.x * config.block.y * config.block.z;
    const bool fits = rt::blocks_per_compute_unit(kernel, threads, config.dynamic_shared) != 0;
    return fits ? rt::cluster_limit(kernel) : 0;
}

unsigned active_clusters(rt::Context& context, const rt::Kernel& kernel,
                         const rt::LaunchConfig& config) {
    return rt::clusters_per_compute_unit(kernel, config) * context.backend().info().compute_units;
}

} // namespace acc::cuda
