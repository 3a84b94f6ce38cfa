// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernel nodes: their parameters and attributes.
#include <cstring>

#include "runtime/core/launch.h"
#include "runtime/cuda/graphs.h"
#include "runtime/cuda/launch_attributes.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

/// What the node says beside grid, block and arguments.
rt::LaunchConfig config_like(const rt::node::Kernel* like) {
    rt::LaunchConfig config{{}, {}, 0, false};
    if (like == nullptr) return config;
    const acc_packet_dispatch& packet = like->launch.packet;
    config.cooperative = (packet.header.flags & ACC_PKT_F_COOPERATIVE) != 0;
    if ((packet.cluster & ACC_CLUSTER_GIVEN) != 0)
        config.cluster = {(packet.cluster & 15u) + 1, (packet.cluster >> 4 & 15u) + 1,
                          (packet.cluster >> 8 & 15u) + 1};
    return config;
}

rt::LaunchConfig config_of(const rt::node::Kernel& kernel) {
    rt::LaunchConfig config = config_like(&kernel);
    const acc_packet_dispatch& packet = kernel.launch.packet;
    config.grid = {packet.grid[0], packet.grid[1], packet.grid[2]};
    config.block = {packet.block[0], packet.block[1], packet.block[2]};
    config.dynamic_shared = packet.dynamic_shared;
    return config;
}

rt::NodeWhat kernel_node(ApiContext& context, rt::Kernel& kernel, const void* name,
                         const rt::LaunchConfig& config, void** parameters, void** extra,
                         const rt::node::Kernel* like) {
    auto what = recorded(context, [&](rt::Stream& stream) {
        launch_with(stream, kernel, config, parameters, extra);
    });
    auto& node = std::get<rt::node::Kernel>(*what);
    node.function = name;
    if (like != nullptr) {
        node.attributes = like->attributes;
        node.priority = like->priority;
    }
    return std::move(*what);
}

/// A kernel by the address of its stub, or by the handle that cudaGetFuncBySymbol gives.
rt::Kernel& kernel_named(ApiContext& context, const void* function) {
    const auto found = HandleTable<rt::Kernel>::get().find(function);
    if (found.object == nullptr) return kernel_of(context, function);
    if (found.owner != &context)
        fail(Status::InvalidValue, "the kernel is of another context than the graph");
    return *found.object;
}

/// The node's kernel. Throws Error(InvalidValue) when its module is gone.
rt::Kernel& kernel_in(ApiContext& context, const rt::node::Kernel& node) {
    auto* kernel = const_cast<rt::Kernel*>(node.launch.kernel);
    if (!context.core.has(kernel))
        fail(Status::InvalidValue, "the module of the node's kernel has been unloaded");
    return *kernel;
}

/// Pointers to each argument, in memory of the node's.
void** pointers_of(ApiContext& context, rt::node::Kernel& node) {
    if (!node.pointers.empty()) return node.pointers.data();
    auto* base = const_cast<uint8_t*>(node.arguments->data());
    for (const acc_kernel_param& param : kernel_in(context, node).params)
        node.pointers.push_back(base + param.offset);
    return node.pointers.empty() ? nullptr : node.pointers.data();
}

} // namespace

rt::NodeWhat kernel_node(ApiContext& context, const cudaKernelNodeParams& params,
                         const rt::node::Kernel* like) {
    rt::LaunchConfig config = config_like(like);
    config.grid = {params.gridDim.x, params.gridDim.y, params.gridDim.z};
    config.block = {params.blockDim.x, params.blockDim.y, params.blockDim.z};
    config.dynamic_shared = params.sharedMemBytes;
    return kernel_node(context, kernel_named(context, params.func), params.func, config,
                       params.kernelParams, params.extra, like);
}

rt::NodeWhat kernel_node(ApiContext& context, const CUDA_KERNEL_NODE_PARAMS& params,
                         const rt::node::Kernel* like) {
    const void* function = params.func != nullptr ? static_cast<const void*>(params.func)
                                                  : static_cast<const void*>(params.kern);
    const auto found = HandleTable<rt::Kernel>::get().find(function);
    if (found.object == nullptr || found.owner != &context)
        fail(Status::InvalidValue, "the function does not exist in the graph's context");
    rt::LaunchConfig config = config_like(like);
    config.grid = {params.gridDimX, params.gridDimY, params.gridDimZ};
    config.block = {params.blockDimX, params.blockDimY, params.blockDimZ};
    config.dynamic_shared = params.sharedMemBytes;
    return kernel_node(context, *found.object, nullptr, config, params.kernelParams, params.extra,
                       like);
}

void get_params(cudaGraphNode_t handle, cudaKernelNodeParams& params) {
    auto& node = node_as<rt::node::Kernel>(handle);
    ApiContext& context = home_of(node_of(handle).graph);
    const rt::LaunchConfig config = config_of(node);
    params.func = const_cast<void*>(node.function);
    if (params.func == nullptr) {
        rt::Kernel& kernel = kernel_in(context, node);
        params.func = const_cast<void*>(Registry::get().stub_of(context, kernel));
        if (params.func == nullptr)
            params.func = HandleTable<rt::Kernel>::get().of<void*>(kernel, context);
    }
    params.gridDim = dim3(config.grid.x, config.grid.y, config.grid.z);
    params.blockDim = dim3(config.block.x, config.block.y, config.block.z);
    params.sharedMemBytes = static_cast<unsigned>(config.dynamic_shared);
    params.kernelParams = pointers_of(context, node);
    params.extra = nullptr;
}

void get_params(cudaGraphNode_t handle, CUDA_KERNEL_NODE_PARAMS& params) {
    auto& node = node_as<rt::node::Kernel>(handle);
    ApiContext& context = home_of(node_of(handle).graph);
    const rt::LaunchConfig config = config_of(node);
    params = {};
    params.func = HandleTable<rt::Kernel>::get().of<CUfunction>(kernel_in(context, node), context);
    params.gridDimX = config.grid.x;
    params.gridDimY = config.grid.y;
    params.gridDimZ = config.grid.z;
    params.blockDimX = config.block.x;
    params.blockDimY = config.block.y;
    params.blockDimZ = config.block.z;
    params.sharedMemBytes = static_cast<unsigned>(config.dynamic_shared);
    params.kernelParams = pointers_of(context, node);
    params.ctx = handle_of(context.handle);
}

namespace {

/// The same node, launched so.
void relaunch(rt::GraphNode& node, const rt::LaunchConfig& config) {
    auto& kernel = *node.as<rt::node::Kernel>();
    ApiContext& context = home_of(node.graph);
    auto again = recorded(context, [&](rt::Stream& stream) {
        rt::launch_packed(stream, kernel_in(context, kernel), config, kernel.arguments->data(),
                          kernel.arguments->size());
    });
    auto& fresh = std::get<rt::node::Kernel>(*again);
    fresh.function = kernel.function;
    fresh.priority = kernel.priority;
    fresh.attributes = kernel.attributes;
    node.what = std::move(*again);
}

bool is_node_attribute(int id) {
    switch (id) {
    case cudaLaunchAttributeAccessPolicyWindow:
    case cudaLaunchAttributeCooperative:
    case cudaLaunchAttributeClusterDimension:
    case cudaLaunchAttributeClusterSchedulingPolicyPreference:
    case cudaLaunchAttributePriority:
    case cudaLaunchAttributeMemSyncDomainMap:
    case cudaLaunchAttributeMemSyncDomain:
    case cudaLaunchAttributePreferredClusterDimension:
    case cudaLaunchAttributePreferredSharedMemoryCarveout: return true;
    default: return false;
    }
}

void check_attribute(int id) {
    if (id == cudaLaunchAttributeDeviceUpdatableKernelNode)
        fail(Status::NotSupported, "kernel nodes that device code updates are not supported");
    if (!is_node_attribute(id))
        fail(Status::InvalidValue, "attribute {} is none of kernel nodes", id);
}

} // namespace

void set_attribute(rt::GraphNode& node, int id, const cudaLaunchAttributeValue& value) {
    auto* kernel = node.as<rt::node::Kernel>();
    if (kernel == nullptr) fail(Status::InvalidValue, "the node is no kernel node");
    check_attribute(id);
    if (id == cudaLaunchAttributePriority) {
        kernel->priority = value.priority;
    } else if (id == cudaLaunchAttributeCooperative || id == cudaLaunchAttributeClusterDimension) {
        rt::LaunchConfig config = config_of(*kernel);
        cudaLaunchAttribute attribute{};
        attribute.id = static_cast<cudaLaunchAttributeID>(id);
        attribute.val = value;
        apply(config, attribute);
        relaunch(node, config);
    } else {
        rt::Attributes::Value bytes;
        std::memcpy(bytes.data(), &value, bytes.size());
        kernel->attributes.set(id, bytes);
    }
}

void get_attribute(const rt::node::Kernel& kernel, int id, cudaLaunchAttributeValue& value) {
    check_attribute(id);
    std::memset(&value, 0, sizeof value);
    const rt::LaunchConfig config = config_like(&kernel);
    if (id == cudaLaunchAttributePriority) {
        value.priority = kernel.priority;
    } else if (id == cudaLaunchAttributeCooperative) {
        value.cooperative = config.cooperative;
    } else if (id == cudaLaunchAttributeClusterDimension) {
        value.clusterDim = {config.cluster.x, config.cluster.y, config.cluster.z};
    } else if (const auto* have = kernel.attributes.find(id)) {
        static_assert(sizeof value == sizeof *have);
        std::memcpy(&value, have->data(), sizeof value);
    }
}

void copy_attributes(rt::GraphNode& to, const rt::node::Kernel& from) {
    auto* kernel = to.as<rt::node::Kernel>();
    if (kernel == nullptr) fail(Status::InvalidValue, "the node is no kernel node");
    rt::LaunchConfig config = config_of(*kernel);
    const rt::LaunchConfig like = config_like(&from);
    config.cooperative = like.cooperative;
    config.cluster = like.cluster;
    const rt::Attributes attributes = from.attributes;
    const int priority = from.priority;
    relaunch(to, config);
    kernel = to.as<rt::node::Kernel>();
    kernel->attributes = attributes;
    kernel->priority = priority;
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaGraphAddKernelNode(cudaGraphNode_t* node, cudaGraph_t handle,
                                           const cudaGraphNode_t* before, size_t count,
                                           const cudaKernelNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        require(params, "pNodeParams");
        rt::Graph& graph = graph_of(handle);
        *node = add_node(graph, before, nullptr, count,
                         kernel_node(home_of(graph), *params, nullptr));
    });
}

ACC_API cudaError_t cudaGraphKernelNodeGetParams(cudaGraphNode_t node,
                                                 cudaKernelNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(params, "pNodeParams");
        get_params(node, *params);
    });
}

ACC_API cudaError_t cudaGraphKernelNodeSetParams(cudaGraphNode_t node,
                                                 const cudaKernelNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(params, "pNodeParams");
        const auto& old = node_as<rt::node::Kernel>(node);
        set_what(node_of(node), kernel_node(home_of(node_of(node).graph), *params, &old));
    });
}

ACC_API cudaError_t cudaGraphExecKernelNodeSetParams(cudaGraphExec_t handle, cudaGraphNode_t node,
                                                     const cudaKernelNodeParams* params) {
    return exec_guard(__func__, handle, [&] {
        require(params, "pNodeParams");
        rt::GraphExec& exec = exec_of(handle);
        rt::GraphNode& own = own_node_as<rt::node::Kernel>(exec, node);
        set_exec(exec, own,
                 kernel_node(home_of(exec.graph()), *params, own.as<rt::node::Kernel>()));
    });
}

ACC_API cudaError_t cudaGraphKernelNodeCopyAttributes(cudaGraphNode_t dst, cudaGraphNode_t src) {
    return graph_guard(__func__,
                       [&] { copy_attributes(node_of(dst), node_as<rt::node::Kernel>(src)); });
}

ACC_API cudaError_t cudaGraphKernelNodeGetAttribute(cudaGraphNode_t node, cudaLaunchAttributeID id,
                                                    cudaLaunchAttributeValue* value) {
    return graph_guard(__func__, [&] {
        require(value, "value_out");
        get_attribute(node_as<rt::node::Kernel>(node), id, *value);
    });
}

ACC_API cudaError_t cudaGraphKernelNodeSetAttribute(cudaGraphNode_t node, cudaLaunchAttributeID id,
                                                    const cudaLaunchAttributeValue* value) {
    return graph_guard(__func__, [&] {
        require(value, "value");
        set_attribute(node_of(node), id, *value);
    });
}
