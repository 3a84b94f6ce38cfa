// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/graph.h"

#include <algorithm>
#include <atomic>

#include "runtime/core/graph_conditional.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

uint64_t next_id() {
    static std::atomic<uint64_t> ids{0};
    return ++ids;
}

/// More dependencies than this are sorted to see whether one is there twice.
constexpr size_t kFewEdges = 16;

void check_distinct(std::span<const GraphEdge> edges) {
    bool twice = false;
    if (edges.size() <= kFewEdges) {
        for (size_t i = 0; i < edges.size(); ++i)
            for (size_t k = 0; k < i; ++k)
                twice |= edges[i].node == edges[k].node;
    } else {
        std::vector<const GraphNode*> nodes;
        for (const GraphEdge& edge : edges)
            nodes.push_back(edge.node);
        std::sort(nodes.begin(), nodes.end());
        twice = std::adjacent_find(nodes.begin(), nodes.end()) != nodes.end();
    }
    if (twice) fail(Status::InvalidValue, "a node is named twice among the dependencies");
}

bool connects(const std::vector<GraphEdge>& edges, const GraphNode& node) {
    return std::any_of(edges.begin(), edges.end(),
                       [&](const GraphEdge& edge) { return edge.node == &node; });
}

void cut(std::vector<GraphEdge>& edges, const GraphNode& node) {
    std::erase_if(edges, [&](const GraphEdge& edge) { return edge.node == &node; });
}

bool is_memory(const GraphNode& node) {
    return node.as<node::Alloc>() != nullptr || node.as<node::Free>() != nullptr;
}

} // namespace

std::recursive_mutex& graphs_mutex() {
    static auto* const mutex = new std::recursive_mutex; // threads end late, too
    return *mutex;
}

// ---- user objects

bool UserObject::release(unsigned count, bool& last) {
    uint64_t have = references_.load();
    do {
        if (count > have) return false;
    } while (!references_.compare_exchange_weak(have, have - count));
    last = have == count;
    return true;
}

void UserReferences::retain_all(const UserReferences& other) {
    for (const auto& [object, count] : other.held_)
        add(object, count, false);
}

UserReferences::~UserReferences() {
    for (const auto& [object, count] : held_) {
        bool last = false;
        if (object->release(count, last) && last) object->destroy();
    }
}

void UserReferences::add(const std::shared_ptr<UserObject>& object, unsigned count, bool counted) {
    if (!counted) object->retain(count);
    held_[object] += count;
}

bool UserReferences::remove(const std::shared_ptr<UserObject>& object, unsigned count) {
    const auto at = held_.find(object);
    if (at == held_.end() || at->second < count) return false;
    const std::shared_ptr<UserObject> held = object;
    if ((at->second -= count) == 0) held_.erase(at);
    bool last = false;
    if (held->release(count, last) && last) held->destroy();
    return true;
}

// ---- graphs

void for_inner(const GraphNode& node, const std::function<void(Graph&)>& f) {
    if (const auto* child = node.as<node::Child>()) f(*child->graph);
    if (const auto* conditional = node.as<node::Conditional>())
        for (const auto& body : conditional->bodies)
            f(*body);
}

Graph::~Graph() {
    if (when_gone != nullptr) when_gone(*this);
}

void Graph::count_memory(size_t nodes) {
    for (Graph* graph = this; graph != nullptr;
         graph = graph->owner != nullptr ? &graph->owner->graph : nullptr)
        graph->memory_nodes_ += nodes;
}

void Graph::adopt(GraphNode& node) {
    if (is_memory(node)) count_memory(1);
    const bool body = conditional_body || node.as<node::Conditional>() != nullptr;
    const auto mark = [body](auto& self, Graph& graph) -> void {
        graph.conditional_body |= body;
        graph.for_nodes([&](GraphNode& inner) {
            for_inner(inner, [&](Graph& deeper) { self(self, deeper); });
        });
    };
    for_inner(node, [&](Graph& inner) {
        inner.owner = &node;
        if (inner.memory_nodes_ != 0) count_memory(inner.memory_nodes_);
        mark(mark, inner);
    });
}

namespace {

/// As what stands in a child graph, which is part of the body.
bool allowed_in_body(const NodeWhat& what) {
    if (const auto* child = std::get_if<node::Child>(&what))
        return !child->graph->any(
            [](const GraphNode& node) { return !allowed_in_body(node.what); });
    return std::holds_alternative<node::Kernel>(what) ||
           std::holds_alternative<node::Empty>(what) || std::holds_alternative<node::Fill>(what) ||
           std::holds_alternative<node::Copy>(what) ||
           std::holds_alternative<node::Conditional>(what);
}

} // namespace

void Graph::check_body(const NodeWhat& what) const {
    if (conditional_body && !allowed_in_body(what))
        fail(Status::NotSupported,
             "the body of a conditional node can hold kernels, copies, fills, empty nodes, child "
             "graphs and conditional nodes only");
}

void Graph::check(std::span<const GraphEdge> before) const {
    for (const GraphEdge& edge : before)
        if (&edge.node->graph != this)
            fail(Status::InvalidValue, "a dependency is a node of another graph");
    check_distinct(before);
}

GraphNode& Graph::add(NodeWhat what, std::span<const GraphEdge> before) {
    check(before);
    check_body(what);
    nodes_.push_back(std::make_unique<GraphNode>(*this, next_id(), std::move(what)));
    GraphNode& node = *nodes_.back();
    node.place = nodes_.size() - 1;
    ++size_;
    node.before.assign(before.begin(), before.end());
    for (const GraphEdge& edge : before)
        edge.node->after.push_back({&node, edge.data});
    adopt(node);
    return node;
}

bool Graph::captured_into() const {
    bool found = capturing;
    for_nodes([&](const GraphNode& node) {
        for_inner(node, [&](Graph& inner) { found = found || inner.captured_into(); });
    });
    return found;
}

void Graph::check_inside_free(const GraphNode& node) const {
    for_inner(node, [](Graph& inner) {
        if (inner.captured_into())
            fail(Status::InvalidValue, "a capture goes into a graph inside of the node");
    });
}

void Graph::replace(GraphNode& node, NodeWhat what) {
    check_inside_free(node);
    check_body(what);
    for_inner(node, [&](Graph& inner) { count_memory(-inner.memory_nodes_); });
    node.what = std::move(what);
    adopt(node);
}

void Graph::check_removal(const GraphNode& node) const {
    if (capturing) fail(Status::InvalidValue, "a node cannot be removed while a capture goes on");
    check_inside_free(node);
    if (has_memory())
        fail(Status::InvalidValue, "a graph that allocates or frees memory keeps its nodes");
}

void Graph::remove(GraphNode& node) {
    check_removal(node);
    for (const GraphEdge& edge : node.before)
        cut(edge.node->after, node);
    for (const GraphEdge& edge : node.after)
        cut(edge.node->before, node);
    nodes_[node.place].reset();
    --size_;
}

void Graph::connect(GraphNode& from, GraphNode& to, const EdgeData& data) {
    if (&from.graph != this || &to.graph != this)
        fail(Status::InvalidValue, "a dependency between nodes of another graph");
    if (&from == &to) fail(Status::InvalidValue, "a node cannot wait for itself");
    const bool known = to.before.size() <= from.after.size() ? connects(to.before, from)
                                                             : connects(from.after, to);
    if (known) fail(Status::InvalidValue, "the dependency exists already");
    from.after.push_back({&to, data});
    to.before.push_back({&from, data});
}

void Graph::disconnect(GraphNode& from, GraphNode& to, const EdgeData& data) {
    const auto at = std::find_if(to.before.begin(), to.before.end(), [&](const GraphEdge& edge) {
        return edge.node == &from && edge.data == data;
    });
    if (&from.graph != this || &to.graph != this || at == to.before.end())
        fail(Status::InvalidValue, "removing a dependency that does not exist");
    if (has_memory())
        fail(Status::InvalidValue, "a graph that allocates or frees memory keeps its dependencies");
    to.before.erase(at);
    cut(from.after, to);
}

std::vector<GraphNode*> Graph::order(GraphNode** stuck) const {
    std::vector<size_t> waits_for(nodes_.size());
    std::vector<GraphNode*> order;
    order.reserve(size_);
    for_nodes([&](GraphNode& node) {
        waits_for[node.place] = node.before.size();
        if (node.before.empty()) order.push_back(&node);
    });
    for (size_t i = 0; i < order.size(); ++i)
        for (const GraphEdge& edge : order[i]->after)
            if (--waits_for[edge.node->place] == 0) order.push_back(edge.node);
    if (order.size() == size_) return order;
    for_nodes([&](GraphNode& node) {
        if (stuck != nullptr && *stuck == nullptr && waits_for[node.place] != 0) *stuck = &node;
    });
    fail(Status::InvalidValue, "the graph's dependencies go in a circle");
}

namespace {

/// A graph inside of a node is part of the node: each clone has its own.
NodeWhat copy_of(const NodeWhat& what) {
    NodeWhat copy = what;
    if (auto* child = std::get_if<node::Child>(&copy)) child->graph = child->graph->clone();
    if (auto* conditional = std::get_if<node::Conditional>(&copy))
        for (auto& body : conditional->bodies)
            body = body->clone();
    return copy;
}

} // namespace

std::unique_ptr<Graph> Graph::clone() const {
    auto copy = std::make_unique<Graph>(context_);
    copy->conditional_body = conditional_body;
    std::vector<GraphNode*> made(nodes_.size());
    for_nodes([&](const GraphNode& node) {
        GraphNode& twin = copy->add(copy_of(node.what), {});
        twin.origin = node.id;
        made[node.place] = &twin;
    });
    // Both sides in their order: updates compare dependencies by it.
    const auto turned = [&](const std::vector<GraphEdge>& edges) {
        std::vector<GraphEdge> to;
        to.reserve(edges.size());
        for (const GraphEdge& edge : edges)
            to.push_back({made[edge.node->place], edge.data});
        return to;
    };
    for_nodes([&](const GraphNode& node) {
        made[node.place]->before = turned(node.before);
        made[node.place]->after = turned(node.after);
    });
    copy->handles = handles;
    copy->references.retain_all(references);
    return copy;
}

GraphNode* Graph::clone_of(uint64_t id) {
    GraphNode* found = nullptr;
    for_nodes([&](GraphNode& node) {
        if (found == nullptr && node.origin == id) found = &node;
    });
    for_nodes([&](GraphNode& node) {
        if (found == nullptr)
            for_inner(node, [&](Graph& inner) {
                if (found == nullptr) found = inner.clone_of(id);
            });
    });
    return found;
}

bool Graph::any(const std::function<bool(const GraphNode&)>& f) const {
    for (const auto& node : nodes_) {
        if (!node) continue;
        bool found = f(*node);
        for_inner(*node, [&](Graph& inner) { found = found || inner.any(f); });
        if (found) return true;
    }
    return false;
}

bool Graph::has_conditional() const {
    return any([](const GraphNode& node) { return node.as<node::Conditional>() != nullptr; });
}

} // namespace acc::rt
