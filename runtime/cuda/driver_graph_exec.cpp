// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Executable graphs of the driver API.
#include "runtime/cuda/graphs.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

constexpr unsigned long long kFlags = CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH |
                                      CUDA_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH |
                                      CUDA_GRAPH_INSTANTIATE_FLAG_USE_NODE_PRIORITY;

} // namespace

ACC_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* exec, CUgraph graph,
                                             unsigned long long flags) {
    return driver_graph_guard(__func__, [&] {
        require(exec, "phGraphExec");
        Instantiated told;
        *exec = instantiate(graph, flags, kFlags, told);
    });
}

ACC_API CUresult cuGraphInstantiateWithParams(CUgraphExec* exec, CUgraph graph,
                                              CUDA_GRAPH_INSTANTIATE_PARAMS* params) {
    return driver_graph_guard(__func__, [&] {
        require(exec, "phGraphExec");
        require(params, "instantiateParams");
        Instantiated told;
        try {
            *exec = instantiate(graph, params->flags, kFlags | CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD,
                                told);
            if ((params->flags & CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD) != 0)
                upload_new(driver_current(), *exec, params->hUploadStream);
        } catch (const rt::Error&) {
            params->result_out = static_cast<CUgraphInstantiateResult>(told.result);
            params->hErrNode_out = told.node != nullptr ? handle_of(*told.node) : nullptr;
            throw;
        }
        params->result_out = CUDA_GRAPH_INSTANTIATE_SUCCESS;
        params->hErrNode_out = nullptr;
    });
}

ACC_API CUresult cuGraphExecGetFlags(CUgraphExec exec, cuuint64_t* flags) {
    return driver_exec_guard(__func__, exec, [&] {
        require(flags, "flags");
        *flags = exec_of(exec).options().flags;
    });
}

ACC_API CUresult cuGraphExecDestroy(CUgraphExec exec) {
    return driver_graph_guard(__func__, [&] { destroy_exec(exec); });
}

ACC_API CUresult cuGraphLaunch(CUgraphExec exec, CUstream stream) {
    return driver_guard(__func__, [&] { launch_exec(driver_current(), exec, stream); });
}

ACC_API CUresult cuGraphUpload(CUgraphExec exec, CUstream stream) {
    return driver_guard(__func__, [&] { upload_exec(driver_current(), exec, stream); });
}

ACC_API CUresult cuGraphExecUpdate_v2(CUgraphExec exec, CUgraph graph,
                                      CUgraphExecUpdateResultInfo* info) {
    return driver_exec_guard(__func__, exec, [&] {
        static_assert(sizeof *info == sizeof(cudaGraphExecUpdateResultInfo));
        update_exec(exec, graph, reinterpret_cast<cudaGraphExecUpdateResultInfo*>(info));
    });
}

ACC_API CUresult cuGraphExecChildGraphNodeSetParams(CUgraphExec exec, CUgraphNode node,
                                                    CUgraph child) {
    return driver_exec_guard(__func__, exec, [&] { update_child(exec, node, child); });
}

ACC_API CUresult cuGraphExecNodeSetParams(CUgraphExec handle, CUgraphNode node,
                                          CUgraphNodeParams* params) {
    return driver_exec_guard(__func__, handle, [&] {
        require(params, "nodeParams");
        if (params->type == CU_GRAPH_NODE_TYPE_GRAPH) {
            update_child(handle, node, params->graph.graph);
            return;
        }
        rt::GraphExec& exec = exec_of(handle);
        rt::GraphNode& own = own_node(exec, node);
        set_exec(exec, own, any_node(own, *params));
    });
}

ACC_API CUresult cuGraphNodeSetEnabled(CUgraphExec exec, CUgraphNode node, unsigned enabled) {
    return driver_exec_guard(__func__, exec, [&] { enable_node(exec, node, enabled != 0); });
}

ACC_API CUresult cuGraphNodeGetEnabled(CUgraphExec exec, CUgraphNode node, unsigned* enabled) {
    return driver_exec_guard(__func__, exec, [&] {
        require(enabled, "isEnabled");
        *enabled = node_enabled(exec, node) ? 1 : 0;
    });
}
