// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs: making, taking apart, looking at them.
#include "runtime/cuda/graphs.h"

#include <functional>

namespace acc::cuda {

using rt::fail;
using rt::Status;

rt::Graph& graph_of(cudaGraph_t graph) {
    rt::Graph* found = HandleTable<rt::Graph>::get().find(graph).object;
    if (found == nullptr) fail(Status::InvalidValue, "the graph does not exist");
    return *found;
}

rt::GraphNode& node_of(cudaGraphNode_t node) {
    rt::GraphNode* found = HandleTable<rt::GraphNode>::get().find(node).object;
    if (found == nullptr) fail(Status::InvalidValue, "the graph node does not exist");
    return *found;
}

ApiContext& home_of(const rt::Graph& graph) {
    ApiContext* home = nullptr;
    Runtime::get().for_contexts([&](ApiContext& context) {
        if (&context.core == &graph.context()) home = &context;
    });
    if (home == nullptr) fail(Status::InvalidValue, "the graph's context is gone");
    return *home;
}

namespace {

void forget_handles(rt::Graph& graph);

void forget_handle(rt::GraphNode& node) {
    rt::for_inner(node, forget_handles);
    HandleTable<rt::GraphNode>::get().forget(node);
}

/// Whoever lets a graph go need not think of them.
void forget_handles(rt::Graph& graph) {
    graph.for_nodes(forget_handle);
    HandleTable<rt::Graph>::get().forget(graph);
}

} // namespace

cudaGraph_t handle_of(rt::Graph& graph) {
    graph.when_gone = forget_handles;
    return HandleTable<rt::Graph>::get().of<cudaGraph_t>(graph, home_of(graph));
}

cudaGraphNode_t handle_of(rt::GraphNode& node) {
    node.graph.when_gone = forget_handles;
    return HandleTable<rt::GraphNode>::get().of<cudaGraphNode_t>(node, home_of(node.graph));
}

int type_of(const rt::NodeWhat& what) {
    constexpr int kTypes[] = {CU_GRAPH_NODE_TYPE_KERNEL,       CU_GRAPH_NODE_TYPE_MEMCPY,
                              CU_GRAPH_NODE_TYPE_MEMSET,       CU_GRAPH_NODE_TYPE_HOST,
                              CU_GRAPH_NODE_TYPE_GRAPH,        CU_GRAPH_NODE_TYPE_EMPTY,
                              CU_GRAPH_NODE_TYPE_WAIT_EVENT,   CU_GRAPH_NODE_TYPE_EVENT_RECORD,
                              CU_GRAPH_NODE_TYPE_MEM_ALLOC,    CU_GRAPH_NODE_TYPE_MEM_FREE,
                              CU_GRAPH_NODE_TYPE_BATCH_MEM_OP, CU_GRAPH_NODE_TYPE_CONDITIONAL};
    static_assert(std::size(kTypes) == std::variant_size_v<rt::NodeWhat>);
    return kTypes[what.index()];
}

std::vector<rt::GraphEdge> edges_of(const cudaGraphNode_t* nodes, const cudaGraphEdgeData* data,
                                    size_t count) {
    if (count != 0) require(nodes, "the array of dependencies");
    std::vector<rt::GraphEdge> edges(count);
    for (size_t i = 0; i < count; ++i) {
        edges[i].node = &node_of(nodes[i]);
        if (data == nullptr) continue;
        edges[i].data = to_core(data[i]);
        if (data[i].type > cudaGraphDependencyTypeProgrammatic ||
            data[i].from_port > cudaGraphKernelNodePortLaunchCompletion || data[i].to_port != 0)
            fail(Status::InvalidValue, "edge data {} has a port or a type that does not exist", i);
    }
    return edges;
}

namespace {

/// Lists in the API's manner: without an array only the number; a longer array is filled up with
/// nulls.
class List {
  public:
    List(size_t* count, bool array) : count_(count), room_(array ? *count : 0), array_(array) {}
    /// The next entry's place in the array, nothing when it has none.
    std::optional<size_t> next() {
        const size_t at = found_++;
        return at < room_ ? std::optional(at) : std::nullopt;
    }
    /// How many places are not filled, and writes the number.
    size_t rest() {
        const size_t filled = array_ ? std::min(found_, room_) : found_;
        *count_ = filled;
        return array_ ? room_ - filled : 0;
    }
    size_t filled() const { return std::min(found_, room_); }

  private:
    size_t* count_;
    const size_t room_;
    const bool array_;
    size_t found_ = 0;
};

void check_lossy(const rt::EdgeData& data, const cudaGraphEdgeData* out, bool asked) {
    if (asked && out == nullptr && !data.plain())
        fail(Status::LossyQuery, "a dependency has edge data, for which there is no array");
}

} // namespace

void create_graph(ApiContext& context, cudaGraph_t* graph, unsigned flags) {
    require(graph, "pGraph");
    check_flags(flags, 0, "a new graph");
    *graph = handle_of(context.graphs.keep(std::make_unique<rt::Graph>(context.core)));
}

void destroy_graph(cudaGraph_t handle) {
    rt::Graph& graph = graph_of(handle);
    if (graph.owner != nullptr)
        fail(Status::InvalidValue, "the graph is inside of a node; it goes with the node");
    if (graph.captured_into())
        fail(Status::InvalidValue, "a graph cannot be destroyed while a capture goes into it");
    home_of(graph).graphs.take(graph).reset();
}

void clone_graph(cudaGraph_t* clone, cudaGraph_t original) {
    require(clone, "pGraphClone");
    rt::Graph& graph = graph_of(original);
    if (graph.has_memory() || graph.has_conditional())
        fail(Status::InvalidValue, "a graph with memory or conditional nodes cannot be cloned");
    *clone = handle_of(home_of(graph).graphs.keep(graph.clone()));
}

void find_in_clone(cudaGraphNode_t* node, cudaGraphNode_t original, cudaGraph_t clone) {
    require(node, "pNode");
    const rt::GraphNode& wanted = node_of(original);
    rt::GraphNode* found = graph_of(clone).clone_of(wanted.id);
    if (found == nullptr) fail(Status::InvalidValue, "the graph has no clone of the node");
    *node = handle_of(*found);
}

void list_nodes(cudaGraph_t handle, cudaGraphNode_t* nodes, size_t* count, bool roots) {
    require(count, "the number of nodes");
    const rt::Graph& graph = graph_of(handle);
    List list(count, nodes != nullptr);
    graph.for_nodes([&](rt::GraphNode& node) {
        if (roots && !node.before.empty()) return;
        if (const auto at = list.next()) nodes[*at] = handle_of(node);
    });
    const size_t filled = list.filled(), rest = list.rest();
    for (size_t i = 0; i < rest; ++i)
        nodes[filled + i] = nullptr;
}

void list_edges(cudaGraph_t handle, cudaGraphNode_t* from, cudaGraphNode_t* to,
                cudaGraphEdgeData* data, size_t* count) {
    require(count, "numEdges");
    const rt::Graph& graph = graph_of(handle);
    if ((from == nullptr) != (to == nullptr) || (from == nullptr && data != nullptr))
        fail(Status::InvalidValue, "of the arrays of edges only some are given");
    List list(count, from != nullptr);
    graph.for_nodes([&](rt::GraphNode& node) {
        for (const rt::GraphEdge& edge : node.after) {
            check_lossy(edge.data, data, from != nullptr);
            const auto at = list.next();
            if (!at) continue;
            from[*at] = handle_of(node);
            to[*at] = handle_of(*edge.node);
            if (data != nullptr) data[*at] = from_core(edge.data);
        }
    });
    const size_t filled = list.filled(), rest = list.rest();
    for (size_t i = 0; i < rest; ++i) {
        from[filled + i] = nullptr;
        to[filled + i] = nullptr;
    }
}

void list_neighbours(cudaGraphNode_t handle, cudaGraphNode_t* nodes, cudaGraphEdgeData* data,
                     size_t* count, bool after) {
    require(count, "the number of nodes");
    const rt::GraphNode& node = node_of(handle);
    if (nodes == nullptr && data != nullptr)
        fail(Status::InvalidValue, "edge data is asked for without the nodes");
    List list(count, nodes != nullptr);
    for (const rt::GraphEdge& edge : after ? node.after : node.before) {
        check_lossy(edge.data, data, nodes != nullptr);
        const auto at = list.next();
        if (!at) continue;
        nodes[*at] = handle_of(*edge.node);
        if (data != nullptr) data[*at] = from_core(edge.data);
    }
    const size_t filled = list.filled(), rest = list.rest();
    for (size_t i = 0; i < rest; ++i)
        nodes[filled + i] = nullptr;
}

void add_dependencies(cudaGraph_t handle, const cudaGraphNode_t* from, const cudaGraphNode_t* to,
                      const cudaGraphEdgeData* data, size_t count) {
    rt::Graph& graph = graph_of(handle);
    const auto before = edges_of(from, data, count), after = edges_of(to, nullptr, count);
    for (size_t i = 0; i < count; ++i)
        graph.connect(*before[i].node, *after[i].node, before[i].data);
}

void remove_dependencies(cudaGraph_t handle, const cudaGraphNode_t* from, const cudaGraphNode_t* to,
                         const cudaGraphEdgeData* data, size_t count) {
    rt::Graph& graph = graph_of(handle);
    const auto before = edges_of(from, data, count), after = edges_of(to, nullptr, count);
    for (size_t i = 0; i < count; ++i)
        graph.disconnect(*before[i].node, *after[i].node, before[i].data);
}

void destroy_node(cudaGraphNode_t handle) {
    rt::GraphNode& node = node_of(handle);
    rt::Graph& graph = node.graph;
    graph.check_removal(node);
    forget_handle(node);
    graph.remove(node);
}

} // namespace acc::cuda

using namespace acc::cuda;

ACC_API cudaError_t cudaGraphCreate(cudaGraph_t* graph, unsigned flags) {
    return graph_guard(__func__, [&] { create_graph(current(), graph, flags); });
}

ACC_API cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
    return graph_guard(__func__, [&] { destroy_graph(graph); });
}

ACC_API cudaError_t cudaGraphClone(cudaGraph_t* clone, cudaGraph_t original) {
    return graph_guard(__func__, [&] { clone_graph(clone, original); });
}

ACC_API cudaError_t cudaGraphNodeFindInClone(cudaGraphNode_t* node, cudaGraphNode_t original,
                                             cudaGraph_t clone) {
    return graph_guard(__func__, [&] { find_in_clone(node, original, clone); });
}

ACC_API cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, cudaGraphNodeType* type) {
    return graph_guard(__func__, [&] {
        require(type, "pType");
        *type = static_cast<cudaGraphNodeType>(type_of(node_of(node).what));
    });
}

ACC_API cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
    return graph_guard(__func__, [&] { list_nodes(graph, nodes, count, false); });
}

ACC_API cudaError_t cudaGraphGetRootNodes(cudaGraph_t graph, cudaGraphNode_t* nodes,
                                          size_t* count) {
    return graph_guard(__func__, [&] { list_nodes(graph, nodes, count, true); });
}

ACC_API cudaError_t cudaGraphGetEdges(cudaGraph_t graph, cudaGraphNode_t* from, cudaGraphNode_t* to,
                                      size_t* count) {
    return graph_guard(__func__, [&] { list_edges(graph, from, to, nullptr, count); });
}

ACC_API cudaError_t cudaGraphGetEdges_v2(cudaGraph_t graph, cudaGraphNode_t* from,
                                         cudaGraphNode_t* to, cudaGraphEdgeData* data,
                                         size_t* count) {
    return graph_guard(__func__, [&] { list_edges(graph, from, to, data, count); });
}

ACC_API cudaError_t cudaGraphNodeGetDependencies(cudaGraphNode_t node, cudaGraphNode_t* nodes,
                                                 size_t* count) {
    return graph_guard(__func__, [&] { list_neighbours(node, nodes, nullptr, count, false); });
}

ACC_API cudaError_t cudaGraphNodeGetDependencies_v2(cudaGraphNode_t node, cudaGraphNode_t* nodes,
                                                    cudaGraphEdgeData* data, size_t* count) {
    return graph_guard(__func__, [&] { list_neighbours(node, nodes, data, count, false); });
}

ACC_API cudaError_t cudaGraphNodeGetDependentNodes(cudaGraphNode_t node, cudaGraphNode_t* nodes,
                                                   size_t* count) {
    return graph_guard(__func__, [&] { list_neighbours(node, nodes, nullptr, count, true); });
}

ACC_API cudaError_t cudaGraphNodeGetDependentNodes_v2(cudaGraphNode_t node, cudaGraphNode_t* nodes,
                                                      cudaGraphEdgeData* data, size_t* count) {
    return graph_guard(__func__, [&] { list_neighbours(node, nodes, data, count, true); });
}

ACC_API cudaError_t cudaGraphAddDependencies(cudaGraph_t graph, const cudaGraphNode_t* from,
                                             const cudaGraphNode_t* to, size_t count) {
    return graph_guard(__func__, [&] { add_dependencies(graph, from, to, nullptr, count); });
}

ACC_API cudaError_t cudaGraphAddDependencies_v2(cudaGraph_t graph, const cudaGraphNode_t* from,
                                                const cudaGraphNode_t* to,
                                                const cudaGraphEdgeData* data, size_t count) {
    return graph_guard(__func__, [&] { add_dependencies(graph, from, to, data, count); });
}

ACC_API cudaError_t cudaGraphRemoveDependencies(cudaGraph_t graph, const cudaGraphNode_t* from,
                                                const cudaGraphNode_t* to, size_t count) {
    return graph_guard(__func__, [&] { remove_dependencies(graph, from, to, nullptr, count); });
}

ACC_API cudaError_t cudaGraphRemoveDependencies_v2(cudaGraph_t graph, const cudaGraphNode_t* from,
                                                   const cudaGraphNode_t* to,
                                                   const cudaGraphEdgeData* data, size_t count) {
    return graph_guard(__func__, [&] { remove_dependencies(graph, from, to, data, count); });
}

ACC_API cudaError_t cudaGraphDestroyNode(cudaGraphNode_t node) {
    return graph_guard(__func__, [&] { destroy_node(node); });
}

ACC_API cudaError_t cudaGraphDebugDotPrint(cudaGraph_t graph, const char* path, unsigned flags) {
    return graph_guard(__func__, [&] { print_dot(graph, path, flags); });
}
