// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Updates of an executable graph by a graph of the same shape. Nodes are paired by the order in
// which they were added.
#include <algorithm>

#include "runtime/core/context.h"
#include "runtime/core/graph_exec.h"

namespace acc::rt {
namespace {

using Result = GraphUpdate::Result;

std::vector<GraphNode*> in_order(const Graph& graph) {
    std::vector<GraphNode*> nodes;
    graph.for_nodes([&](GraphNode& node) { nodes.push_back(&node); });
    return nodes;
}

bool is_cooperative(const node::Kernel& kernel) {
    return (kernel.launch.packet.header.flags & ACC_PKT_F_COOPERATIVE) != 0;
}

Result compare_kernels(const node::Kernel& own, const node::Kernel& fresh, bool priority) {
    if (is_cooperative(own) != is_cooperative(fresh)) return Result::AttributesChanged;
    if (priority && own.priority != fresh.priority) return Result::AttributesChanged;
    return Result::Success;
}

struct CopyShape {
    bool to_device = false, from_device = false, rect = false;
    bool to_array = false, from_array = false;
    bool operator==(const CopyShape&) const = default;
};

CopyShape shape_of(const node::Copy& copy) {
    CopyShape shape;
    if (copy.form) {
        shape.to_array = copy.form->to.array != nullptr;
        shape.from_array = copy.form->from.array != nullptr;
    }
    if (!copy.work) return shape;
    std::visit(
        [&](const auto& work) {
            if constexpr (requires { work.to.foreign; }) {
                shape.to_device = work.to.device;
                shape.from_device = work.from.device;
                shape.rect = requires { work.height; };
            }
        },
        copy.work->what);
    return shape;
}

Result compare_copies(const node::Copy& own, const node::Copy& fresh) {
    return shape_of(own) == shape_of(fresh) ? Result::Success : Result::ParametersChanged;
}

/// Of a fill of several rows only the address and the value may change.
Result compare_fills(const node::Fill& own, const node::Fill& fresh) {
    if (!own.work || !fresh.work) return Result::Success;
    const work::Fill &a = *own.work, &b = *fresh.work;
    const bool rows = a.height > 1 || b.height > 1;
    if (rows && (a.height != b.height || a.width != b.width || a.pitch != b.pitch ||
                 a.element_bytes != b.element_bytes))
        return Result::ParametersChanged;
    return Result::Success;
}

Result success_if(bool same, Result otherwise) {
    return same ? Result::Success : otherwise;
}

Result compare_conditionals(const node::Conditional& own, const node::Conditional& fresh) {
    return success_if(own.condition == fresh.condition && own.bodies.size() == fresh.bodies.size(),
                      Result::ParametersChanged);
}

} // namespace

Result GraphUpdate::compare(const NodeWhat& own, const NodeWhat& fresh, bool priority) {
    if (own.index() != fresh.index()) return Result::NodeTypeChanged;
    return std::visit(
        [&](const auto& a) {
            using What = std::decay_t<decltype(a)>;
            const auto& b = std::get<What>(fresh);
            if constexpr (std::is_same_v<What, node::Kernel>)
                return compare_kernels(a, b, priority);
            else if constexpr (std::is_same_v<What, node::Copy>)
                return compare_copies(a, b);
            else if constexpr (std::is_same_v<What, node::Fill>)
                return compare_fills(a, b);
            else if constexpr (std::is_same_v<What, node::Alloc> ||
                               std::is_same_v<What, node::Free>)
                return success_if(a.block == b.block, Result::NotSupported);
            else if constexpr (std::is_same_v<What, node::MemoryOperations>)
                return success_if(a.works.size() == b.works.size(), Result::ParametersChanged);
            else if constexpr (std::is_same_v<What, node::Conditional>)
                return compare_conditionals(a, b);
            else
                return Result::Success;
        },
        own);
}

bool GraphUpdate::differ(Result why, GraphNode* where, GraphNode* before) {
    result = why;
    node = where;
    from = before;
    return false;
}

bool GraphUpdate::compare_edges(const std::vector<GraphNode*>& own,
                                const std::vector<GraphNode*>& fresh) {
    std::unordered_map<const GraphNode*, size_t> rank;
    for (size_t i = 0; i < own.size(); ++i) {
        rank[own[i]] = i;
        rank[fresh[i]] = i;
    }
    for (size_t i = 0; i < own.size(); ++i) {
        std::vector<size_t> a, b;
        for (const GraphEdge& edge : own[i]->before)
            a.push_back(rank[edge.node]);
        for (const GraphEdge& edge : fresh[i]->before)
            b.push_back(rank[edge.node]);
        std::sort(a.begin(), a.end());
        for (size_t k = 0; k < b.size(); ++k)
            if (!std::binary_search(a.begin(), a.end(), b[k]))
                return differ(Result::TopologyChanged, fresh[i], fresh[i]->before[k].node);
        if (a.size() != b.size()) return differ(Result::TopologyChanged, fresh[i]);
    }
    return true;
}

bool GraphUpdate::compare_node(const GraphExec& exec, GraphNode& own, GraphNode& fresh,
                               Pairs& pairs) {
    const Result same = compare(own.what, fresh.what, exec.options().node_priority);
    if (same != Result::Success) return differ(same, &fresh);
    std::vector<Graph*> a, b;
    for_inner(own, [&](Graph& inner) { a.push_back(&inner); });
    for_inner(fresh, [&](Graph& inner) { b.push_back(&inner); });
    for (size_t i = 0; i < a.size(); ++i)
        if (!compare(exec, *a[i], *b[i], pairs)) return false;
    if (own.as<node::Child>() == nullptr) pairs.emplace_back(&own, &fresh);
    return true;
}

bool GraphUpdate::compare(const GraphExec& exec, Graph& own, const Graph& graph, Pairs& pairs) {
    const auto a = in_order(own), b = in_order(graph);
    if (a.size() != b.size()) return differ(Result::TopologyChanged, nullptr);
    for (size_t i = 0; i < a.size(); ++i)
        if (a[i]->what.index() != b[i]->what.index()) return differ(Result::NodeTypeChanged, b[i]);
    if (!compare_edges(a, b)) return false;
    graphs_.emplace_back(&own, &graph);
    for (size_t i = 0; i < a.size(); ++i)
        if (!compare_node(exec, *a[i], *b[i], pairs)) return false;
    return true;
}

void GraphUpdate::apply(GraphExec& exec, Graph& own, const Graph& graph) {
    std::lock_guard lock(exec.mutex_);
    if (&graph.context() != &exec.context()) {
        differ(Result::Error, nullptr);
        return;
    }
    Pairs pairs;
    if (!compare(exec, own, graph, pairs)) return;
    for (const auto& [mine, fresh] : pairs) {
        if (auto* conditional = mine->as<node::Conditional>()) // its bodies are in the list, too
            conditional->handle = fresh->as<node::Conditional>()->handle;
        else
            mine->what = fresh->what;
    }
    for (const auto& [mine, fresh] : graphs_)
        mine->handles = fresh->handles;
    exec.handles_.clear();
    exec.handles(*exec.graph_, exec.handles_);
    exec.program_.reset();
}

GraphUpdate::GraphUpdate(GraphExec& exec, const Graph& graph) {
    apply(exec, *exec.graph_, graph);
}

GraphUpdate::GraphUpdate(GraphExec& exec, Graph& inside, const Graph& graph) {
    apply(exec, inside, graph);
}

} // namespace acc::rt
