// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes of all types: how they come into a graph, and those that have little to say.
#include "runtime/cuda/graphs.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

cudaGraphNode_t add_node(rt::Graph& graph, const cudaGraphNode_t* before,
                         const cudaGraphEdgeData* data, size_t count, rt::NodeWhat what) {
    return handle_of(graph.add(std::move(what), edges_of(before, data, count)));
}

void set_what(rt::GraphNode& node, rt::NodeWhat what) {
    if (node.what.index() != what.index())
        fail(Status::InvalidValue, "the node is of another type");
    node.graph.replace(node, std::move(what));
}

rt::NodeWhat host_node(cudaHostFn_t function, void* data) {
    require(reinterpret_cast<const void*>(function), "fn");
    return rt::node::Host{function, data};
}

rt::NodeWhat child_node(rt::Graph& graph) {
    if (graph.has_memory() || graph.has_conditional())
        fail(Status::InvalidValue,
             "a graph with memory or conditional nodes cannot be a child graph");
    return rt::node::Child{graph.clone()};
}

std::shared_ptr<rt::Event> shared_event(ApiContext& context, cudaEvent_t event) {
    rt::Event& found = find_event(context, event);
    if (found.shared() != nullptr)
        fail(Status::NotSupported, "an event of several processes cannot be in a graph");
    return found.shared_from_this();
}

cudaEvent_t handle_of(const std::shared_ptr<rt::Event>& event) {
    ApiContext* home = nullptr;
    Runtime::get().for_contexts([&](ApiContext& context) {
        if (&context.core == &event->context() && context.core.has(event.get())) home = &context;
    });
    if (home == nullptr) fail(Status::InvalidHandle, "the node's event has been destroyed");
    return HandleTable<rt::Event>::get().of<cudaEvent_t>(*event, *home);
}

rt::NodeWhat conditional_node(rt::Graph& graph, const cudaConditionalNodeParams& params) {
    const bool known = params.type >= cudaGraphCondTypeIf && params.type <= cudaGraphCondTypeSwitch;
    const unsigned most = params.type == cudaGraphCondTypeIf      ? 2
                          : params.type == cudaGraphCondTypeWhile ? 1
                                                                  : UINT32_MAX;
    if (!known || params.size == 0 || params.size > most)
        fail(Status::InvalidValue, "a conditional node of type {} with {} bodies",
             static_cast<int>(params.type), params.size);
    // The handle is the graph's, or one's that the graph is inside of.
    std::shared_ptr<rt::ConditionalHandle> handle;
    for (const rt::Graph* at = &graph; at != nullptr && !handle;
         at = at->owner != nullptr ? &at->owner->graph : nullptr)
        for (const auto& have : at->handles)
            if (have->va() == params.handle) handle = have;
    if (!handle || handle->used)
        fail(Status::InvalidValue, "the conditional handle is none of the graph's, or in use");
    handle->used = true;
    rt::node::Conditional node{handle, static_cast<rt::node::Condition>(params.type), {}, {}};
    for (unsigned i = 0; i < params.size; ++i) {
        node.bodies.push_back(std::make_shared<rt::Graph>(graph.context()));
        node.bodies.back()->conditional_body = true;
    }
    return node;
}

cudaGraph_t* body_handles(rt::GraphNode& node) {
    auto& conditional = *node.as<rt::node::Conditional>();
    if (conditional.names.empty())
        for (const auto& body : conditional.bodies)
            conditional.names.push_back(handle_of(*body));
    return reinterpret_cast<cudaGraph_t*>(conditional.names.data());
}

void create_conditional(cudaGraph_t handle, cudaGraphConditionalHandle* made, unsigned initial,
                        unsigned flags) {
    require(made, "pHandle_out");
    check_flags(flags, cudaGraphCondAssignDefault, "a conditional handle");
    rt::Graph& graph = graph_of(handle);
    const bool assign = (flags & cudaGraphCondAssignDefault) != 0;
    graph.handles.push_back(std::make_shared<rt::ConditionalHandle>(
        graph.context(), assign ? std::optional<uint32_t>(initial) : std::nullopt));
    *made = graph.handles.back()->va();
}

namespace {

void check_zeros(const void* bytes, size_t count, const char* what) {
    for (size_t i = 0; i < count; ++i)
        if (static_cast<const unsigned char*>(bytes)[i] != 0)
            fail(Status::InvalidValue, "{} of the node's parameters is not zero", what);
}

template <typename P>
void check_reserved(const P& params) {
    check_zeros(params.reserved0, sizeof params.reserved0, "reserved0");
    check_zeros(&params.reserved2, sizeof params.reserved2, "reserved2");
}

/// The member of the runtime's union as the older functions have it.
template <typename To, typename From>
To plain(const From& from) {
    static_assert(sizeof(To) == sizeof(From));
    To to{};
    std::memcpy(static_cast<void*>(&to), &from, sizeof to);
    return to;
}

/// A graph that moves into the node, which goes with all handles of its own.
rt::NodeWhat child_node(const rt::Graph& into, cudaGraph_t handle,
                        cudaGraphChildGraphNodeOwnership ownership) {
    rt::Graph& graph = graph_of(handle);
    if (ownership == cudaGraphChildGraphOwnershipClone) return acc::cuda::child_node(graph);
    if (ownership != cudaGraphChildGraphOwnershipMove || graph.owner != nullptr ||
        graph.capturing || *graph.instantiated)
        fail(Status::InvalidValue, "the graph cannot move into the node");
    for (const rt::Graph* at = &into; at != nullptr;
         at = at->owner != nullptr ? &at->owner->graph : nullptr)
        if (at == &graph) fail(Status::InvalidValue, "a graph cannot move into itself");
    return rt::node::Child{home_of(graph).graphs.take(graph)};
}

cudaMemAllocNodeParams runtime_form(const CUDA_MEM_ALLOC_NODE_PARAMS_v2& params) {
    return plain<cudaMemAllocNodeParams>(params);
}

CUDA_KERNEL_NODE_PARAMS plain_kernel(const CUDA_KERNEL_NODE_PARAMS_v3& params) {
    return plain<CUDA_KERNEL_NODE_PARAMS>(params);
}

cudaMemsetParams runtime_form(const CUDA_MEMSET_NODE_PARAMS_v2& params) {
    return {reinterpret_cast<void*>(params.dst),
            params.pitch,
            params.value,
            params.elementSize,
            params.width,
            params.height};
}

rt::NodeWhat operations_node(rt::Graph& graph, const CUDA_BATCH_MEM_OP_NODE_PARAMS_v2& params) {
    check_flags(params.flags, 0, "a node of memory operations");
    rt::node::MemoryOperations node;
    node.works = memory_operations(graph.context(), params.paramArray, params.count);
    for (unsigned i = 0; i < params.count; ++i)
        node.form.push_back(plain<std::array<uint64_t, 6>>(params.paramArray[i]));
    return node;
}

/// What both unions have, by the type. `before` and `old` null: there is none.
rt::NodeWhat common_node(rt::Graph& graph, const cudaGraphNodeParams& params) {
    ApiContext& context = home_of(graph);
    switch (params.type) {
    case cudaGraphNodeTypeHost: return host_node(params.host.fn, params.host.userData);
    case cudaGraphNodeTypeEmpty: return rt::node::Empty{};
    case cudaGraphNodeTypeGraph:
        return child_node(graph, params.graph.graph, params.graph.ownership);
    case cudaGraphNodeTypeWaitEvent:
        return rt::node::EventWait{shared_event(context, params.eventWait.event)};
    case cudaGraphNodeTypeEventRecord:
        return rt::node::EventRecord{shared_event(context, params.eventRecord.event)};
    case cudaGraphNodeTypeExtSemaphoreSignal:
    case cudaGraphNodeTypeExtSemaphoreWait:
        fail(Status::NotSupported, "nodes of external semaphores are not supported");
    default:
        fail(Status::InvalidValue, "node type {} does not exist, or cannot be set",
             static_cast<int>(params.type));
    }
}

rt::NodeWhat make_node(rt::Graph& graph, const cudaGraphNodeParams& params,
                       const rt::node::Kernel* like) {
    switch (params.type) {
    case cudaGraphNodeTypeKernel:
        return kernel_node(home_of(graph), plain<cudaKernelNodeParams>(params.kernel), like);
    case cudaGraphNodeTypeMemcpy: return copy_node(home_of(graph), params.memcpy.copyParams);
    case cudaGraphNodeTypeMemset:
        return fill_node(home_of(graph), plain<cudaMemsetParams>(params.memset));
    default: return common_node(graph, params);
    }
}

rt::NodeWhat make_node(rt::Graph& graph, const CUgraphNodeParams& params,
                       const rt::node::Kernel* like) {
    switch (params.type) {
    case CU_GRAPH_NODE_TYPE_KERNEL:
        return kernel_node(home_of(graph), plain_kernel(params.kernel), like);
    case CU_GRAPH_NODE_TYPE_MEMCPY: return copy_node(home_of(graph), params.memcpy.copyParams);
    case CU_GRAPH_NODE_TYPE_MEMSET: return fill_node(home_of(graph), runtime_form(params.memset));
    case CU_GRAPH_NODE_TYPE_BATCH_MEM_OP: return operations_node(graph, params.memOp);
    default: return common_node(graph, plain<cudaGraphNodeParams>(params));
    }
}

cudaMemAllocNodeParams alloc_of(const cudaGraphNodeParams& params) {
    return plain<cudaMemAllocNodeParams>(params.alloc);
}
cudaMemAllocNodeParams alloc_of(const CUgraphNodeParams& params) {
    return runtime_form(params.alloc);
}

template <typename P>
cudaGraphNode_t add_any_of(rt::Graph& graph, const cudaGraphNode_t* before,
                           const cudaGraphEdgeData* data, size_t count, P& params) {
    check_reserved(params);
    const int type = static_cast<int>(params.type);
    const auto edges = edges_of(before, data, count);
    graph.check(edges); // what follows marks blocks and handles, and moves graphs
    if (type == cudaGraphNodeTypeMemAlloc) {
        auto what = alloc_node(graph, edges, alloc_of(params));
        const uint64_t at = std::get<rt::node::Alloc>(what).block->va();
        rt::GraphNode& node = graph.add(std::move(what), edges);
        std::memcpy(&params.alloc.dptr, &at, sizeof at); // a pointer, or a number
        return handle_of(node);
    }
    if (type == cudaGraphNodeTypeMemFree) {
        rt::GraphNode& node = graph.add(free_node(graph, plain<uint64_t>(params.free.dptr)), edges);
        freed(node);
        return handle_of(node);
    }
    if (type == cudaGraphNodeTypeConditional) {
        cudaConditionalNodeParams wanted{};
        wanted.handle = params.conditional.handle;
        wanted.type = static_cast<cudaGraphConditionalNodeType>(params.conditional.type);
        wanted.size = params.conditional.size;
        rt::GraphNode& node = graph.add(conditional_node(graph, wanted), edges);
        params.conditional.phGraph_out = body_handles(node);
        return handle_of(node);
    }
    return handle_of(graph.add(make_node(graph, params, nullptr), edges));
}

} // namespace

cudaGraphNode_t add_any(rt::Graph& graph, const cudaGraphNode_t* before,
                        const cudaGraphEdgeData* data, size_t count, cudaGraphNodeParams& params) {
    return add_any_of(graph, before, data, count, params);
}

cudaGraphNode_t add_any(rt::Graph& graph, const cudaGraphNode_t* before,
                        const cudaGraphEdgeData* data, size_t count, CUgraphNodeParams& params) {
    return add_any_of(graph, before, data, count, params);
}

namespace {

template <typename P>
rt::NodeWhat any_node_of(rt::GraphNode& node, const P& params) {
    check_reserved(params);
    if (static_cast<int>(params.type) != type_of(node.what))
        fail(Status::InvalidValue, "the node is of another type");
    const int type = static_cast<int>(params.type);
    if (type == cudaGraphNodeTypeMemAlloc || type == cudaGraphNodeTypeMemFree ||
        type == cudaGraphNodeTypeConditional)
        fail(Status::NotSupported, "nodes of type {} cannot be changed", type);
    return make_node(node.graph, params, node.as<rt::node::Kernel>());
}

} // namespace

rt::NodeWhat any_node(rt::GraphNode& node, const cudaGraphNodeParams& params) {
    return any_node_of(node, params);
}

rt::NodeWhat any_node(rt::GraphNode& node, const CUgraphNodeParams& params) {
    return any_node_of(node, params);
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaGraphAddHostNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                         const cudaGraphNode_t* before, size_t count,
                                         const cudaHostNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        require(params, "pNodeParams");
        *node = add_node(graph_of(graph), before, nullptr, count,
                         host_node(params->fn, params->userData));
    });
}

ACC_API cudaError_t cudaGraphHostNodeGetParams(cudaGraphNode_t node, cudaHostNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(params, "pNodeParams");
        const auto& host = node_as<rt::node::Host>(node);
        *params = {host.function, host.data};
    });
}

ACC_API cudaError_t cudaGraphHostNodeSetParams(cudaGraphNode_t node,
                                               const cudaHostNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(params, "pNodeParams");
        node_as<rt::node::Host>(node);
        set_what(node_of(node), host_node(params->fn, params->userData));
    });
}

ACC_API cudaError_t cudaGraphExecHostNodeSetParams(cudaGraphExec_t handle, cudaGraphNode_t node,
                                                   const cudaHostNodeParams* params) {
    return exec_guard(__func__, handle, [&] {
        require(params, "pNodeParams");
        rt::GraphExec& exec = exec_of(handle);
        set_exec(exec, own_node_as<rt::node::Host>(exec, node),
                 host_node(params->fn, params->userData));
    });
}

ACC_API cudaError_t cudaGraphAddChildGraphNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                               const cudaGraphNode_t* before, size_t count,
                                               cudaGraph_t child) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        *node = add_node(graph_of(graph), before, nullptr, count, child_node(graph_of(child)));
    });
}

ACC_API cudaError_t cudaGraphChildGraphNodeGetGraph(cudaGraphNode_t node, cudaGraph_t* graph) {
    return graph_guard(__func__, [&] {
        require(graph, "pGraph");
        *graph = handle_of(*node_as<rt::node::Child>(node).graph);
    });
}

ACC_API cudaError_t cudaGraphAddEmptyNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                          const cudaGraphNode_t* before, size_t count) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        *node = add_node(graph_of(graph), before, nullptr, count, rt::node::Empty{});
    });
}

namespace {

template <typename T>
void add_event_node(cudaGraphNode_t* node, cudaGraph_t handle, const cudaGraphNode_t* before,
                    size_t count, cudaEvent_t event) {
    require(node, "pGraphNode");
    rt::Graph& graph = graph_of(handle);
    *node = add_node(graph, before, nullptr, count, T{shared_event(home_of(graph), event)});
}

template <typename T>
void get_event(cudaGraphNode_t node, cudaEvent_t* event) {
    require(event, "event_out");
    *event = handle_of(node_as<T>(node).event);
}

template <typename T>
void set_event(cudaGraphNode_t node, cudaEvent_t event) {
    node_as<T>(node).event = shared_event(home_of(node_of(node).graph), event);
}

template <typename T>
void set_exec_event(cudaGraphExec_t handle, cudaGraphNode_t node, cudaEvent_t event) {
    rt::GraphExec& exec = exec_of(handle);
    set_exec(exec, own_node_as<T>(exec, node), T{shared_event(home_of(exec.graph()), event)});
}

} // namespace

ACC_API cudaError_t cudaGraphAddEventRecordNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                                const cudaGraphNode_t* before, size_t count,
                                                cudaEvent_t event) {
    return graph_guard(__func__, [&] {
        add_event_node<rt::node::EventRecord>(node, graph, before, count, event);
    });
}

ACC_API cudaError_t cudaGraphEventRecordNodeGetEvent(cudaGraphNode_t node, cudaEvent_t* event) {
    return graph_guard(__func__, [&] { get_event<rt::node::EventRecord>(node, event); });
}

ACC_API cudaError_t cudaGraphEventRecordNodeSetEvent(cudaGraphNode_t node, cudaEvent_t event) {
    return graph_guard(__func__, [&] { set_event<rt::node::EventRecord>(node, event); });
}

ACC_API cudaError_t cudaGraphExecEventRecordNodeSetEvent(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                         cudaEvent_t event) {
    return exec_guard(__func__, exec,
                      [&] { set_exec_event<rt::node::EventRecord>(exec, node, event); });
}

ACC_API cudaError_t cudaGraphAddEventWaitNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                              const cudaGraphNode_t* before, size_t count,
                                              cudaEvent_t event) {
    return graph_guard(
        __func__, [&] { add_event_node<rt::node::EventWait>(node, graph, before, count, event); });
}

ACC_API cudaError_t cudaGraphEventWaitNodeGetEvent(cudaGraphNode_t node, cudaEvent_t* event) {
    return graph_guard(__func__, [&] { get_event<rt::node::EventWait>(node, event); });
}

ACC_API cudaError_t cudaGraphEventWaitNodeSetEvent(cudaGraphNode_t node, cudaEvent_t event) {
    return graph_guard(__func__, [&] { set_event<rt::node::EventWait>(node, event); });
}

ACC_API cudaError_t cudaGraphExecEventWaitNodeSetEvent(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                       cudaEvent_t event) {
    return exec_guard(__func__, exec,
                      [&] { set_exec_event<rt::node::EventWait>(exec, node, event); });
}

ACC_API cudaError_t cudaGraphAddNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                     const cudaGraphNode_t* before, size_t count,
                                     cudaGraphNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        require(params, "nodeParams");
        *node = add_any(graph_of(graph), before, nullptr, count, *params);
    });
}

ACC_API cudaError_t cudaGraphAddNode_v2(cudaGraphNode_t* node, cudaGraph_t graph,
                                        const cudaGraphNode_t* before,
                                        const cudaGraphEdgeData* data, size_t count,
                                        cudaGraphNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        require(params, "nodeParams");
        *node = add_any(graph_of(graph), before, data, count, *params);
    });
}

ACC_API cudaError_t cudaGraphNodeSetParams(cudaGraphNode_t node, cudaGraphNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(params, "nodeParams");
        set_what(node_of(node), any_node(node_of(node), *params));
    });
}

ACC_API cudaError_t cudaGraphConditionalHandleCreate(cudaGraphConditionalHandle* made,
                                                     cudaGraph_t graph, unsigned initial,
                                                     unsigned flags) {
    return graph_guard(__func__, [&] { create_conditional(graph, made, initial, flags); });
}
