// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Executable graphs: instantiation, launches, updates.
#include "runtime/cuda/graphs.h"

#include <utility>

namespace acc::cuda {

using rt::fail;
using rt::Status;

rt::GraphExec& exec_of(cudaGraphExec_t handle) {
    rt::GraphExec* found = HandleTable<rt::GraphExec>::get().find(handle).object;
    if (found == nullptr) fail(Status::InvalidValue, "the executable graph does not exist");
    return *found;
}

namespace {

void check_handles(const rt::Graph& graph, Instantiated& told) {
    for (const auto& handle : graph.handles)
        if (!handle->used) {
            told.result = cudaGraphInstantiateConditionalHandleUnused;
            fail(Status::InvalidValue, "a conditional handle of the graph is in no node");
        }
}

} // namespace

cudaGraphExec_t instantiate(cudaGraph_t handle, unsigned long long flags, unsigned long long known,
                            Instantiated& told) {
    told.result = cudaGraphInstantiateError;
    if ((flags & ~known) != 0)
        fail(Status::InvalidValue, "instantiation: unknown flags {:#x}", flags & ~known);
    if ((flags & cudaGraphInstantiateFlagDeviceLaunch) != 0) {
        told.result = cudaGraphInstantiateNodeOperationNotSupported;
        if ((flags & cudaGraphInstantiateFlagAutoFreeOnLaunch) != 0)
            fail(Status::InvalidValue,
                 "graphs for launch from the device cannot free by themselves");
        fail(Status::NotSupported, "graphs for launch from the device are not supported");
    }
    rt::Graph& graph = graph_of(handle);
    ApiContext& context = home_of(graph);
    context.core.check_error();
    check_handles(graph, told);
    rt::GraphExec::Options options;
    options.flags = flags;
    options.auto_free = (flags & cudaGraphInstantiateFlagAutoFreeOnLaunch) != 0;
    options.node_priority = (flags & cudaGraphInstantiateFlagUseNodePriority) != 0;
    rt::GraphNode* stuck = nullptr;
    try {
        auto exec = std::make_shared<rt::GraphExec>(graph, options, &stuck);
        told.result = cudaGraphInstantiateSuccess;
        return HandleTable<rt::GraphExec>::get().of<cudaGraphExec_t>(
            context.graphs.keep(std::move(exec)), context);
    } catch (const rt::Error&) {
        told.node = stuck;
        told.result = stuck != nullptr ? cudaGraphInstantiateInvalidStructure
                                       : cudaGraphInstantiateError;
        throw;
    }
}

void destroy_exec(cudaGraphExec_t handle) {
    rt::GraphExec& exec = exec_of(handle);
    ApiContext& context = home_of(exec.graph());
    HandleTable<rt::GraphExec>::get().take(handle);
    exec.disown();
    const rt::Point last = exec.last();
    context.core.keep_until(context.graphs.take(exec), last);
}

namespace {

/// False: the stream does not capture any more.
bool launch_in_capture(rt::GraphExec& exec, const rt::Stream& stream) {
    std::lock_guard exec_lock(exec.mutex());
    std::lock_guard lock(rt::graphs_mutex());
    rt::CaptureMember* member = rt::Capture::of(stream);
    if (member == nullptr) return false;
    if (exec.graph().has_memory() || exec.graph().has_conditional())
        fail(Status::NotSupported,
             "a graph with memory or conditional nodes cannot be launched in a capture");
    member->add(rt::node::Child{exec.launched()});
    return true;
}

} // namespace

void launch_exec(ApiContext& current, cudaGraphExec_t handle, cudaStream_t stream) {
    rt::GraphExec& exec = exec_of(handle);
    rt::Stream& on = find_stream(current, stream);
    if (&on.context() != &exec.context())
        fail(Status::InvalidValue, "a graph of another context than the stream's");
    if (on.recording() && launch_in_capture(exec, on)) return;
    exec.launch(on);
}

void upload_exec(ApiContext& current, cudaGraphExec_t handle, cudaStream_t stream) {
    rt::GraphExec& exec = exec_of(handle);
    rt::Stream& on = find_stream(current, stream);
    if (&on.context() != &exec.context())
        fail(Status::InvalidValue, "a graph of another context than the stream's");
    on.check_not_recording("uploading a graph");
    exec.upload();
}

void upload_new(ApiContext& current, cudaGraphExec_t& handle, cudaStream_t stream) {
    try {
        upload_exec(current, handle, stream);
    } catch (...) {
        destroy_exec(std::exchange(handle, nullptr));
        throw;
    }
}

rt::GraphNode& own_node(rt::GraphExec& exec, cudaGraphNode_t node) {
    rt::GraphNode* own = exec.node_of(node_of(node));
    if (own == nullptr)
        fail(Status::InvalidValue, "the executable graph was not made with this node");
    return *own;
}

void set_exec(rt::GraphExec& exec, rt::GraphNode& own, rt::NodeWhat what) {
    const auto result = rt::GraphUpdate::compare(own.what, what, exec.options().node_priority);
    if (result != rt::GraphUpdate::Result::Success)
        fail(Status::InvalidValue,
             "the node of an executable graph cannot change that much (reason {})",
             static_cast<int>(result));
    exec.set(own, std::move(what));
}

namespace {

rt::GraphNode& switchable_node(rt::GraphExec& exec, cudaGraphNode_t node) {
    rt::GraphNode& own = own_node(exec, node);
    if (own.as<rt::node::Kernel>() == nullptr && own.as<rt::node::Copy>() == nullptr &&
        own.as<rt::node::Fill>() == nullptr)
        fail(Status::InvalidValue, "only kernels, copies and fills can be disabled");
    return own;
}

} // namespace

void enable_node(cudaGraphExec_t handle, cudaGraphNode_t node, bool enabled) {
    rt::GraphExec& exec = exec_of(handle);
    exec.enable(switchable_node(exec, node), enabled);
}

bool node_enabled(cudaGraphExec_t handle, cudaGraphNode_t node) {
    rt::GraphExec& exec = exec_of(handle);
    return exec.enabled(switchable_node(exec, node));
}

void update_exec(cudaGraphExec_t handle, cudaGraph_t graph, cudaGraphExecUpdateResultInfo* info) {
    require(info, "resultInfo");
    *info = {cudaGraphExecUpdateError, nullptr, nullptr};
    const rt::GraphUpdate update(exec_of(handle), graph_of(graph));
    info->result = static_cast<cudaGraphExecUpdateResult>(update.result);
    if (update.node != nullptr) info->errorNode = handle_of(*update.node);
    if (update.from != nullptr) info->errorFromNode = handle_of(*update.from);
    if (update.result != rt::GraphUpdate::Result::Success)
        fail(Status::GraphExecUpdateFailure,
             "the executable graph cannot become the other (reason "
             "{})",
             static_cast<int>(update.result));
}

void update_child(cudaGraphExec_t handle, cudaGraphNode_t node, cudaGraph_t child) {
    rt::GraphExec& exec = exec_of(handle);
    rt::GraphNode& own = own_node_as<rt::node::Child>(exec, node);
    const rt::GraphUpdate update(exec, *own.as<rt::node::Child>()->graph, graph_of(child));
    if (update.result != rt::GraphUpdate::Result::Success)
        fail(Status::InvalidValue, "the child graph cannot become the other (reason {})",
             static_cast<int>(update.result));
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

constexpr unsigned long long kFlags = cudaGraphInstantiateFlagAutoFreeOnLaunch |
                                      cudaGraphInstantiateFlagDeviceLaunch |
                                      cudaGraphInstantiateFlagUseNodePriority;

void instantiate_into(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long flags) {
    require(exec, "pGraphExec");
    Instantiated told;
    *exec = instantiate(graph, flags, kFlags, told);
}

} // namespace

ACC_API cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph,
                                         unsigned long long flags) {
    return graph_guard(__func__, [&] { instantiate_into(exec, graph, flags); });
}

ACC_API cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t* exec, cudaGraph_t graph,
                                                  unsigned long long flags) {
    return graph_guard(__func__, [&] { instantiate_into(exec, graph, flags); });
}

ACC_API cudaError_t cudaGraphInstantiateWithParams(cudaGraphExec_t* exec, cudaGraph_t graph,
                                                   cudaGraphInstantiateParams* params) {
    return graph_guard(__func__, [&] {
        require(exec, "pGraphExec");
        require(params, "instantiateParams");
        Instantiated told;
        try {
            *exec = instantiate(graph, params->flags, kFlags | cudaGraphInstantiateFlagUpload,
                                told);
            if ((params->flags & cudaGraphInstantiateFlagUpload) != 0)
                upload_new(current(), *exec, params->uploadStream);
        } catch (const rt::Error&) {
            params->result_out = static_cast<cudaGraphInstantiateResult>(told.result);
            params->errNode_out = told.node != nullptr ? handle_of(*told.node) : nullptr;
            throw;
        }
        params->result_out = cudaGraphInstantiateSuccess;
        params->errNode_out = nullptr;
    });
}

ACC_API cudaError_t cudaGraphExecGetFlags(cudaGraphExec_t exec, unsigned long long* flags) {
    return exec_guard(__func__, exec, [&] {
        require(flags, "flags");
        *flags = exec_of(exec).options().flags;
    });
}

ACC_API cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
    return graph_guard(__func__, [&] { destroy_exec(exec); });
}

ACC_API cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
    return guard(__func__, [&] { launch_exec(current(), exec, stream); });
}

ACC_API cudaError_t cudaGraphUpload(cudaGraphExec_t exec, cudaStream_t stream) {
    return guard(__func__, [&] { upload_exec(current(), exec, stream); });
}

ACC_API cudaError_t cudaGraphExecUpdate(cudaGraphExec_t exec, cudaGraph_t graph,
                                        cudaGraphExecUpdateResultInfo* info) {
    return exec_guard(__func__, exec, [&] { update_exec(exec, graph, info); });
}

ACC_API cudaError_t cudaGraphExecChildGraphNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                         cudaGraph_t child) {
    return exec_guard(__func__, exec, [&] { update_child(exec, node, child); });
}

ACC_API cudaError_t cudaGraphExecNodeSetParams(cudaGraphExec_t handle, cudaGraphNode_t node,
                                               cudaGraphNodeParams* params) {
    return exec_guard(__func__, handle, [&] {
        require(params, "nodeParams");
        if (params->type == cudaGraphNodeTypeGraph) {
            update_child(handle, node, params->graph.graph);
            return;
        }
        rt::GraphExec& exec = exec_of(handle);
        rt::GraphNode& own = own_node(exec, node);
        set_exec(exec, own, any_node(own, *params));
    });
}

ACC_API cudaError_t cudaGraphNodeSetEnabled(cudaGraphExec_t exec, cudaGraphNode_t node,
                                            unsigned enabled) {
    return exec_guard(__func__, exec, [&] { enable_node(exec, node, enabled != 0); });
}

ACC_API cudaError_t cudaGraphNodeGetEnabled(cudaGraphExec_t exec, cudaGraphNode_t node,
                                            unsigned* enabled) {
    return exec_guard(__func__, exec, [&] {
        require(enabled, "isEnabled");
        *enabled = node_enabled(exec, node) ? 1 : 0;
    });
}
