// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs of the driver API: making, taking apart, looking at them.
#include "runtime/cuda/graphs.h"

using namespace acc::cuda;

namespace {

const cudaGraphEdgeData* form(const CUgraphEdgeData* data) {
    return reinterpret_cast<const cudaGraphEdgeData*>(data);
}
cudaGraphEdgeData* form(CUgraphEdgeData* data) {
    return reinterpret_cast<cudaGraphEdgeData*>(data);
}

} // namespace

ACC_API CUresult cuGraphCreate(CUgraph* graph, unsigned flags) {
    return driver_graph_guard(__func__, [&] {
        require(graph, "phGraph");
        check_flags(flags, 0, "a new graph");
        create_graph(driver_current(), graph, flags);
    });
}

ACC_API CUresult cuGraphDestroy(CUgraph graph) {
    return driver_graph_guard(__func__, [&] { destroy_graph(graph); });
}

ACC_API CUresult cuGraphClone(CUgraph* clone, CUgraph original) {
    return driver_graph_guard(__func__, [&] { clone_graph(clone, original); });
}

ACC_API CUresult cuGraphNodeFindInClone(CUgraphNode* node, CUgraphNode original, CUgraph clone) {
    return driver_graph_guard(__func__, [&] { find_in_clone(node, original, clone); });
}

ACC_API CUresult cuGraphNodeGetType(CUgraphNode node, CUgraphNodeType* type) {
    return driver_graph_guard(__func__, [&] {
        require(type, "type");
        *type = static_cast<CUgraphNodeType>(type_of(node_of(node).what));
    });
}

ACC_API CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode* nodes, size_t* count) {
    return driver_graph_guard(__func__, [&] { list_nodes(graph, nodes, count, false); });
}

ACC_API CUresult cuGraphGetRootNodes(CUgraph graph, CUgraphNode* nodes, size_t* count) {
    return driver_graph_guard(__func__, [&] { list_nodes(graph, nodes, count, true); });
}

ACC_API CUresult cuGraphGetEdges(CUgraph graph, CUgraphNode* from, CUgraphNode* to, size_t* count) {
    return driver_graph_guard(__func__, [&] { list_edges(graph, from, to, nullptr, count); });
}

ACC_API CUresult cuGraphGetEdges_v2(CUgraph graph, CUgraphNode* from, CUgraphNode* to,
                                    CUgraphEdgeData* data, size_t* count) {
    return driver_graph_guard(__func__, [&] { list_edges(graph, from, to, form(data), count); });
}

ACC_API CUresult cuGraphNodeGetDependencies(CUgraphNode node, CUgraphNode* nodes, size_t* count) {
    return driver_graph_guard(__func__,
                              [&] { list_neighbours(node, nodes, nullptr, count, false); });
}

ACC_API CUresult cuGraphNodeGetDependencies_v2(CUgraphNode node, CUgraphNode* nodes,
                                               CUgraphEdgeData* data, size_t* count) {
    return driver_graph_guard(__func__,
                              [&] { list_neighbours(node, nodes, form(data), count, false); });
}

ACC_API CUresult cuGraphNodeGetDependentNodes(CUgraphNode node, CUgraphNode* nodes, size_t* count) {
    return driver_graph_guard(__func__,
                              [&] { list_neighbours(node, nodes, nullptr, count, true); });
}

ACC_API CUresult cuGraphNodeGetDependentNodes_v2(CUgraphNode node, CUgraphNode* nodes,
                                                 CUgraphEdgeData* data, size_t* count) {
    return driver_graph_guard(__func__,
                              [&] { list_neighbours(node, nodes, form(data), count, true); });
}

ACC_API CUresult cuGraphAddDependencies(CUgraph graph, const CUgraphNode* from,
                                        const CUgraphNode* to, size_t count) {
    return driver_graph_guard(__func__, [&] { add_dependencies(graph, from, to, nullptr, count); });
}

ACC_API CUresult cuGraphAddDependencies_v2(CUgraph graph, const CUgraphNode* from,
                                           const CUgraphNode* to, const CUgraphEdgeData* data,
                                           size_t count) {
    return driver_graph_guard(__func__,
                              [&] { add_dependencies(graph, from, to, form(data), count); });
}

ACC_API CUresult cuGraphRemoveDependencies(CUgraph graph, const CUgraphNode* from,
                                           const CUgraphNode* to, size_t count) {
    return driver_graph_guard(__func__,
                              [&] { remove_dependencies(graph, from, to, nullptr, count); });
}

ACC_API CUresult cuGraphRemoveDependencies_v2(CUgraph graph, const CUgraphNode* from,
                                              const CUgraphNode* to, const CUgraphEdgeData* data,
                                              size_t count) {
    return driver_graph_guard(__func__,
                              [&] { remove_dependencies(graph, from, to, form(data), count); });
}

ACC_API CUresult cuGraphDestroyNode(CUgraphNode node) {
    return driver_graph_guard(__func__, [&] { destroy_node(node); });
}

ACC_API CUresult cuGraphDebugDotPrint(CUgraph graph, const char* path, unsigned flags) {
    return driver_graph_guard(__func__, [&] { print_dot(graph, path, flags); });
}

ACC_API CUresult cuGraphAddNode(CUgraphNode* node, CUgraph graph, const CUgraphNode* before,
                                size_t count, CUgraphNodeParams* params) {
    return driver_graph_guard(__func__, [&] {
        require(node, "phGraphNode");
        require(params, "nodeParams");
        *node = add_any(graph_of(graph), before, nullptr, count, *params);
    });
}

ACC_API CUresult cuGraphAddNode_v2(CUgraphNode* node, CUgraph graph, const CUgraphNode* before,
                                   const CUgraphEdgeData* data, size_t count,
                                   CUgraphNodeParams* params) {
    return driver_graph_guard(__func__, [&] {
        require(node, "phGraphNode");
        require(params, "nodeParams");
        *node = add_any(graph_of(graph), before, form(data), count, *params);
    });
}

ACC_API CUresult cuGraphNodeSetParams(CUgraphNode node, CUgraphNodeParams* params) {
    return driver_graph_guard(__func__, [&] {
        require(params, "nodeParams");
        set_what(node_of(node), any_node(node_of(node), *params));
    });
}

ACC_API CUresult cuGraphConditionalHandleCreate(CUgraphConditionalHandle* made, CUgraph graph,
                                                CUcontext context, unsigned initial,
                                                unsigned flags) {
    return driver_graph_guard(__func__, [&] {
        handle_of(context);
        cudaGraphConditionalHandle handle = 0;
        require(made, "pHandle_out");
        create_conditional(graph, &handle, initial, flags);
        *made = handle;
    });
}
