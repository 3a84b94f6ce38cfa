// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes of the driver API, type by type.
#include "runtime/core/graph_memory.h"
#include "runtime/cuda/graphs.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// Adds what `make` gives for the graph.
template <typename F>
CUresult add(const char* function, CUgraphNode* node, CUgraph handle, const CUgraphNode* before,
             size_t count, F&& make) {
    return driver_graph_guard(function, [&] {
        require(node, "phGraphNode");
        rt::Graph& graph = graph_of(handle);
        *node = add_node(graph, before, nullptr, count, make(graph));
    });
}

/// The node becomes what `make` gives for its context.
template <typename T, typename F>
CUresult set(const char* function, CUgraphNode node, F&& make) {
    return driver_graph_guard(function, [&] {
        node_as<T>(node);
        set_what(node_of(node), make(home_of(node_of(node).graph)));
    });
}

template <typename T, typename F>
CUresult set_in(const char* function, CUgraphExec handle, CUgraphNode node, F&& make) {
    return driver_exec_guard(function, handle, [&] {
        rt::GraphExec& exec = exec_of(handle);
        rt::GraphNode& own = own_node_as<T>(exec, node);
        set_exec(exec, own, make(home_of(exec.graph())));
    });
}

template <typename T, typename P>
CUresult get(const char* function, CUgraphNode node, P* params, P (*form)(ApiContext&, const T&)) {
    return driver_graph_guard(function, [&] {
        require(params, "nodeParams");
        *params = form(home_of(node_of(node).graph), node_as<T>(node));
    });
}

cudaMemsetParams form(const CUDA_MEMSET_NODE_PARAMS& p) {
    return {pointer_of(p.dst), p.pitch, p.value, p.elementSize, p.width, p.height};
}

CUDA_MEMSET_NODE_PARAMS driver_form(ApiContext&, const rt::node::Fill& fill) {
    const cudaMemsetParams p = params_of(fill);
    return {
        reinterpret_cast<CUdeviceptr>(p.dst), p.pitch, p.value, p.elementSize, p.width, p.height};
}

CUDA_HOST_NODE_PARAMS driver_host(ApiContext&, const rt::node::Host& host) {
    return {host.function, host.data};
}

rt::NodeWhat operations(rt::Graph& graph, const CUDA_BATCH_MEM_OP_NODE_PARAMS* params) {
    require(params, "nodeParams");
    check_flags(params->flags, 0, "a node of memory operations");
    rt::node::MemoryOperations node;
    node.works = memory_operations(graph.context(), params->paramArray, params->count);
    for (unsigned i = 0; i < params->count; ++i) {
        std::array<uint64_t, 6> bytes;
        static_assert(sizeof bytes == sizeof params->paramArray[i]);
        std::memcpy(bytes.data(), &params->paramArray[i], sizeof bytes);
        node.form.push_back(bytes);
    }
    return node;
}

} // namespace

ACC_API CUresult cuGraphAddKernelNode_v2(CUgraphNode* node, CUgraph graph,
                                         const CUgraphNode* before, size_t count,
                                         const CUDA_KERNEL_NODE_PARAMS* params) {
    return add(__func__, node, graph, before, count, [&](rt::Graph& in) {
        require(params, "nodeParams");
        return kernel_node(home_of(in), *params, nullptr);
    });
}

ACC_API CUresult cuGraphKernelNodeGetParams_v2(CUgraphNode node, CUDA_KERNEL_NODE_PARAMS* params) {
    return driver_graph_guard(__func__, [&] {
        require(params, "nodeParams");
        get_params(node, *params);
    });
}

ACC_API CUresult cuGraphKernelNodeSetParams_v2(CUgraphNode node,
                                               const CUDA_KERNEL_NODE_PARAMS* params) {
    return set<rt::node::Kernel>(__func__, node, [&](ApiContext& context) {
        require(params, "nodeParams");
        return kernel_node(context, *params, &node_as<rt::node::Kernel>(node));
    });
}

ACC_API CUresult cuGraphExecKernelNodeSetParams_v2(CUgraphExec exec, CUgraphNode node,
                                                   const CUDA_KERNEL_NODE_PARAMS* params) {
    return set_in<rt::node::Kernel>(__func__, exec, node, [&](ApiContext& context) {
        require(params, "nodeParams");
        return kernel_node(context, *params, own_node(exec_of(exec), node).as<rt::node::Kernel>());
    });
}

ACC_API CUresult cuGraphKernelNodeCopyAttributes(CUgraphNode dst, CUgraphNode src) {
    return driver_graph_guard(
        __func__, [&] { copy_attributes(node_of(dst), node_as<rt::node::Kernel>(src)); });
}

ACC_API CUresult cuGraphKernelNodeGetAttribute(CUgraphNode node, CUkernelNodeAttrID id,
                                               CUkernelNodeAttrValue* value) {
    return driver_graph_guard(__func__, [&] {
        require(value, "value_out");
        get_attribute(node_as<rt::node::Kernel>(node), id,
                      *reinterpret_cast<cudaLaunchAttributeValue*>(value));
    });
}

ACC_API CUresult cuGraphKernelNodeSetAttribute(CUgraphNode node, CUkernelNodeAttrID id,
                                               const CUkernelNodeAttrValue* value) {
    return driver_graph_guard(__func__, [&] {
        require(value, "value");
        set_attribute(node_of(node), id, *reinterpret_cast<const cudaLaunchAttributeValue*>(value));
    });
}

ACC_API CUresult cuGraphAddMemcpyNode(CUgraphNode* node, CUgraph graph, const CUgraphNode* before,
                                      size_t count, const CUDA_MEMCPY3D* params,
                                      CUcontext context) {
    return add(__func__, node, graph, before, count, [&](rt::Graph& in) {
        require(params, "copyParams");
        handle_of(context);
        return copy_node(home_of(in), *params);
    });
}

ACC_API CUresult cuGraphMemcpyNodeGetParams(CUgraphNode node, CUDA_MEMCPY3D* params) {
    return get<rt::node::Copy>(__func__, node, params, driver_params_of);
}

ACC_API CUresult cuGraphMemcpyNodeSetParams(CUgraphNode node, const CUDA_MEMCPY3D* params) {
    return set<rt::node::Copy>(__func__, node, [&](ApiContext& context) {
        require(params, "nodeParams");
        return copy_node(context, *params);
    });
}

ACC_API CUresult cuGraphExecMemcpyNodeSetParams(CUgraphExec exec, CUgraphNode node,
                                                const CUDA_MEMCPY3D* params, CUcontext of) {
    return set_in<rt::node::Copy>(__func__, exec, node, [&](ApiContext& context) {
        require(params, "copyParams");
        handle_of(of);
        return copy_node(context, *params);
    });
}

ACC_API CUresult cuGraphAddMemsetNode(CUgraphNode* node, CUgraph graph, const CUgraphNode* before,
                                      size_t count, const CUDA_MEMSET_NODE_PARAMS* params,
                                      CUcontext context) {
    return add(__func__, node, graph, before, count, [&](rt::Graph& in) {
        require(params, "memsetParams");
        handle_of(context);
        return fill_node(home_of(in), form(*params));
    });
}

ACC_API CUresult cuGraphMemsetNodeGetParams(CUgraphNode node, CUDA_MEMSET_NODE_PARAMS* params) {
    return get<rt::node::Fill>(__func__, node, params, driver_form);
}

ACC_API CUresult cuGraphMemsetNodeSetParams(CUgraphNode node,
                                            const CUDA_MEMSET_NODE_PARAMS* params) {
    return set<rt::node::Fill>(__func__, node, [&](ApiContext& context) {
        require(params, "nodeParams");
        return fill_node(context, form(*params));
    });
}

ACC_API CUresult cuGraphExecMemsetNodeSetParams(CUgraphExec exec, CUgraphNode node,
                                                const CUDA_MEMSET_NODE_PARAMS* params,
                                                CUcontext of) {
    return set_in<rt::node::Fill>(__func__, exec, node, [&](ApiContext& context) {
        require(params, "memsetParams");
        handle_of(of);
        return fill_node(context, form(*params));
    });
}

ACC_API CUresult cuGraphAddHostNode(CUgraphNode* node, CUgraph graph, const CUgraphNode* before,
                                    size_t count, const CUDA_HOST_NODE_PARAMS* params) {
    return add(__func__, node, graph, before, count, [&](rt::Graph&) {
        require(params, "nodeParams");
        return host_node(params->fn, params->userData);
    });
}

ACC_API CUresult cuGraphHostNodeGetParams(CUgraphNode node, CUDA_HOST_NODE_PARAMS* params) {
    return get<rt::node::Host>(__func__, node, params, driver_host);
}

ACC_API CUresult cuGraphHostNodeSetParams(CUgraphNode node, const CUDA_HOST_NODE_PARAMS* params) {
    return set<rt::node::Host>(__func__, node, [&](ApiContext&) {
        require(params, "nodeParams");
        return host_node(params->fn, params->userData);
    });
}

ACC_API CUresult cuGraphExecHostNodeSetParams(CUgraphExec exec, CUgraphNode node,
                                              const CUDA_HOST_NODE_PARAMS* params) {
    return set_in<rt::node::Host>(__func__, exec, node, [&](ApiContext&) {
        require(params, "nodeParams");
        return host_node(params->fn, params->userData);
    });
}

ACC_API CUresult cuGraphAddChildGraphNode(CUgraphNode* node, CUgraph graph,
                                          const CUgraphNode* before, size_t count, CUgraph child) {
    return add(__func__, node, graph, before, count,
               [&](rt::Graph&) { return child_node(graph_of(child)); });
}

ACC_API CUresult cuGraphChildGraphNodeGetGraph(CUgraphNode node, CUgraph* graph) {
    return driver_graph_guard(__func__, [&] {
        require(graph, "phGraph");
        *graph = handle_of(*node_as<rt::node::Child>(node).graph);
    });
}

ACC_API CUresult cuGraphAddEmptyNode(CUgraphNode* node, CUgraph graph, const CUgraphNode* before,
                                     size_t count) {
    return add(__func__, node, graph, before, count,
               [&](rt::Graph&) -> rt::NodeWhat { return rt::node::Empty{}; });
}

ACC_API CUresult cuGraphAddEventRecordNode(CUgraphNode* node, CUgraph graph,
                                           const CUgraphNode* before, size_t count, CUevent event) {
    return add(__func__, node, graph, before, count, [&](rt::Graph& in) -> rt::NodeWhat {
        return rt::node::EventRecord{shared_event(home_of(in), event)};
    });
}

ACC_API CUresult cuGraphEventRecordNodeGetEvent(CUgraphNode node, CUevent* event) {
    return driver_graph_guard(__func__, [&] {
        require(event, "event_out");
        *event = handle_of(node_as<rt::node::EventRecord>(node).event);
    });
}

ACC_API CUresult cuGraphEventRecordNodeSetEvent(CUgraphNode node, CUevent event) {
    return set<rt::node::EventRecord>(__func__, node, [&](ApiContext& context) -> rt::NodeWhat {
        return rt::node::EventRecord{shared_event(context, event)};
    });
}

ACC_API CUresult cuGraphExecEventRecordNodeSetEvent(CUgraphExec exec, CUgraphNode node,
                                                    CUevent event) {
    return set_in<rt::node::EventRecord>(
        __func__, exec, node, [&](ApiContext& context) -> rt::NodeWhat {
            return rt::node::EventRecord{shared_event(context, event)};
        });
}

ACC_API CUresult cuGraphAddEventWaitNode(CUgraphNode* node, CUgraph graph,
                                         const CUgraphNode* before, size_t count, CUevent event) {
    return add(__func__, node, graph, before, count, [&](rt::Graph& in) -> rt::NodeWhat {
        return rt::node::EventWait{shared_event(home_of(in), event)};
    });
}

ACC_API CUresult cuGraphEventWaitNodeGetEvent(CUgraphNode node, CUevent* event) {
    return driver_graph_guard(__func__, [&] {
        require(event, "event_out");
        *event = handle_of(node_as<rt::node::EventWait>(node).event);
    });
}

ACC_API CUresult cuGraphEventWaitNodeSetEvent(CUgraphNode node, CUevent event) {
    return set<rt::node::EventWait>(__func__, node, [&](ApiContext& context) -> rt::NodeWhat {
        return rt::node::EventWait{shared_event(context, event)};
    });
}

ACC_API CUresult cuGraphExecEventWaitNodeSetEvent(CUgraphExec exec, CUgraphNode node,
                                                  CUevent event) {
    return set_in<rt::node::EventWait>(__func__, exec, node,
                                       [&](ApiContext& context) -> rt::NodeWhat {
                                           return rt::node::EventWait{shared_event(context, event)};
                                       });
}

ACC_API CUresult cuGraphAddBatchMemOpNode(CUgraphNode* node, CUgraph graph,
                                          const CUgraphNode* before, size_t count,
                                          const CUDA_BATCH_MEM_OP_NODE_PARAMS* params) {
    return add(__func__, node, graph, before, count,
               [&](rt::Graph& in) { return operations(in, params); });
}

ACC_API CUresult cuGraphBatchMemOpNodeGetParams(CUgraphNode node,
                                                CUDA_BATCH_MEM_OP_NODE_PARAMS* params) {
    return driver_graph_guard(__func__, [&] {
        require(params, "nodeParams_out");
        auto& operations = node_as<rt::node::MemoryOperations>(node);
        params->ctx = handle_of(home_of(node_of(node).graph).handle);
        params->count = static_cast<unsigned>(operations.form.size());
        params->paramArray = reinterpret_cast<CUstreamBatchMemOpParams*>(operations.form.data());
        params->flags = 0;
    });
}

ACC_API CUresult cuGraphBatchMemOpNodeSetParams(CUgraphNode node,
                                                const CUDA_BATCH_MEM_OP_NODE_PARAMS* params) {
    return driver_graph_guard(__func__, [&] {
        node_as<rt::node::MemoryOperations>(node);
        set_what(node_of(node), operations(node_of(node).graph, params));
    });
}

ACC_API CUresult cuGraphExecBatchMemOpNodeSetParams(CUgraphExec handle, CUgraphNode node,
                                                    const CUDA_BATCH_MEM_OP_NODE_PARAMS* params) {
    return driver_exec_guard(__func__, handle, [&] {
        rt::GraphExec& exec = exec_of(handle);
        rt::GraphNode& own = own_node_as<rt::node::MemoryOperations>(exec, node);
        set_exec(exec, own, operations(own.graph, params));
    });
}

ACC_API CUresult cuGraphAddMemAllocNode(CUgraphNode* node, CUgraph handle,
                                        const CUgraphNode* before, size_t count,
                                        CUDA_MEM_ALLOC_NODE_PARAMS* params) {
    return driver_graph_guard(__func__, [&] {
        require(node, "phGraphNode");
        require(params, "nodeParams");
        static_assert(sizeof *params == sizeof(cudaMemAllocNodeParams));
        cudaMemAllocNodeParams wanted;
        std::memcpy(&wanted, params, sizeof wanted);
        rt::Graph& graph = graph_of(handle);
        const auto edges = edges_of(before, nullptr, count);
        rt::GraphNode& made = graph.add(alloc_node(graph, edges, wanted), edges);
        params->dptr = made.as<rt::node::Alloc>()->block->va();
        *node = handle_of(made);
    });
}

ACC_API CUresult cuGraphMemAllocNodeGetParams(CUgraphNode node,
                                              CUDA_MEM_ALLOC_NODE_PARAMS* params) {
    return driver_graph_guard(__func__, [&] {
        require(params, "params_out");
        const cudaMemAllocNodeParams known = params_of(home_of(node_of(node).graph),
                                                       node_as<rt::node::Alloc>(node));
        std::memcpy(params, &known, sizeof known);
    });
}

ACC_API CUresult cuGraphAddMemFreeNode(CUgraphNode* node, CUgraph graph, const CUgraphNode* before,
                                       size_t count, CUdeviceptr address) {
    return add(__func__, node, graph, before, count,
               [&](rt::Graph& in) { return free_node(in, address); });
}

ACC_API CUresult cuGraphMemFreeNodeGetParams(CUgraphNode node, CUdeviceptr* address) {
    return driver_graph_guard(__func__, [&] {
        require(address, "dptr_out");
        *address = node_as<rt::node::Free>(node).address;
    });
}

ACC_API CUresult cuDeviceGraphMemTrim(CUdevice device) {
    return driver_guard(__func__, [&] { trim_graph_memory(device); });
}

ACC_API CUresult cuDeviceGetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attribute,
                                              void* value) {
    return driver_guard(__func__, [&] { get_graph_memory(device, attribute, value); });
}

ACC_API CUresult cuDeviceSetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attribute,
                                              void* value) {
    return driver_guard(__func__, [&] { set_graph_memory(device, attribute, value); });
}
