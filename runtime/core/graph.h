// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs: nodes and dependencies, as programs build them. What executes is made of one by
// GraphExec (graph_exec.h).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "runtime/core/graph_node.h"

namespace acc::rt {

class Context;

/// Held by whoever looks at graphs or changes them: programs may capture into one from several
/// threads. Nothing waits for the device while it is held.
std::recursive_mutex& graphs_mutex();

/// Something of the program's that graphs keep alive, counted; the last reference calls `destroy`.
class UserObject {
  public:
    UserObject(std::function<void()> destroy, unsigned references)
        : destroy_(std::move(destroy)), references_(references) {}
    void retain(unsigned count) { references_ += count; }
    /// False when there are not so many references. True, and `last` set, when the object is gone.
    bool release(unsigned count, bool& last);
    /// The object is gone, for whoever knows it, too.
    void destroy() const {
        if (gone_) gone_();
        destroy_();
    }
    void when_gone(std::function<void()> gone) { gone_ = std::move(gone); }

  private:
    const std::function<void()> destroy_;
    std::function<void()> gone_;
    std::atomic<uint64_t> references_;
};

/// References that a graph holds; given back with it.
class UserReferences {
  public:
    UserReferences() = default;
    UserReferences(const UserReferences&) = delete;
    ~UserReferences();
    /// As many references as the other has.
    void retain_all(const UserReferences& other);
    /// `counted`: the references exist already and become the graph's.
    void add(const std::shared_ptr<UserObject>& object, unsigned count, bool counted);
    /// False when it does not hold so many.
    bool remove(const std::shared_ptr<UserObject>& object, unsigned count);

  private:
    std::map<std::shared_ptr<UserObject>, unsigned> held_;
};

class Graph {
  public:
    explicit Graph(Context& context) : context_(context) {}
    ~Graph();
    Graph(const Graph&) = delete;

    Context& context() const { return context_; }
    /// No other graph has or had it.
    uint64_t id() const { return id_; }

    /// A node that waits for these nodes of the graph. Throws Error(InvalidValue) when one is of
    /// another graph, or is named twice.
    GraphNode& add(NodeWhat what, std::span<const GraphEdge> before);
    /// That add() will take them: for who does something before that cannot be undone.
    void check(std::span<const GraphEdge> before) const;
    /// The node does something else of the same type. Throws Error(InvalidValue) when a capture
    /// goes into a graph inside of it.
    void replace(GraphNode& node, NodeWhat what);
    /// And its dependencies. Throws Error(InvalidValue) when the graph may not lose any.
    void remove(GraphNode& node);
    void check_removal(const GraphNode& node) const; ///< throws as remove()
    /// `to` waits for `from`. Throws Error(InvalidValue) when it does already.
    void connect(GraphNode& from, GraphNode& to, const EdgeData& data);
    /// Throws Error(InvalidValue) when there is no such dependency.
    void disconnect(GraphNode& from, GraphNode& to, const EdgeData& data);

    /// In the order in which they were added.
    template <typename F>
    void for_nodes(F&& f) const {
        for (const auto& node : nodes_)
            if (node) f(*node);
    }
    size_t size() const { return size_; }
    /// Places are less than this.
    size_t places() const { return nodes_.size(); }
    /// Every node after those that it waits for; `stuck` gets one of a circle. Throws
    /// Error(InvalidValue) when there is one.
    std::vector<GraphNode*> order(GraphNode** stuck = nullptr) const;

    /// The same nodes, with the same dependencies, in the same order; each knows which one it is a
    /// clone of.
    std::unique_ptr<Graph> clone() const;
    /// The node that is a clone of the one with this id, in this graph or one inside of it.
    GraphNode* clone_of(uint64_t id);

    /// True when `f` holds for a node of this graph, or of one inside of it.
    bool any(const std::function<bool(const GraphNode&)>& f) const;
    /// Allocates or frees memory, in itself or in a graph inside of it.
    bool has_memory() const { return memory_nodes_ != 0; }
    bool has_conditional() const;
    /// A capture goes into it, or into a graph inside of it.
    bool captured_into() const;

    /// The node that it is inside of, null for a graph of its own.
    GraphNode* owner = nullptr;
    /// Inside of a conditional node at any depth: not everything can be in there.
    bool conditional_body = false;
    bool capturing = false; ///< a capture goes into it: no node may go
    /// With memory nodes: there is an executable graph of it.
    const std::shared_ptr<bool> instantiated = std::make_shared<bool>(false);
    UserReferences references;
    /// Called, when not null, before the graph goes: somebody has names for it or its nodes.
    void (*when_gone)(Graph&) = nullptr;
    /// Those that were made for it; nodes may or may not use them.
    std::vector<std::shared_ptr<ConditionalHandle>> handles;

  private:
    void adopt(GraphNode& node);
    void check_body(const NodeWhat& what) const;
    void check_inside_free(const GraphNode& node) const;
    void count_memory(size_t nodes);

    inline static std::atomic<uint64_t> last_id_{0};
    Context& context_;
    const uint64_t id_ = ++last_id_;
    std::vector<std::unique_ptr<GraphNode>> nodes_; // null: removed
    size_t size_ = 0;
    size_t memory_nodes_ = 0; // those of graphs inside of it, too
};

/// Calls `f` for the graphs inside of the node: a child, the bodies of a conditional.
void for_inner(const GraphNode& node, const std::function<void(Graph&)>& f);

} // namespace acc::rt
