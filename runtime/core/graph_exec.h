// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An instantiated graph: its own copy of the graph, and the program that is made of it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "runtime/core/graph_program.h"

namespace acc::rt {

class GraphExec {
  public:
    struct Options {
        uint64_t flags = 0;     ///< as the program gave them
        bool auto_free = false; ///< a launch frees what the last one left
        bool node_priority = false;
    };
    /// Copies the graph. Throws Error(InvalidValue) when it cannot be executed; `stuck` gets a
    /// node of a circle then.
    GraphExec(Graph& graph, const Options& options, GraphNode** stuck);
    ~GraphExec(); ///< nothing of it is pending
    GraphExec(const GraphExec&) = delete;

    Context& context() const { return graph_->context(); }
    const Options& options() const { return options_; }
    const Graph& graph() const { return *graph_; }

    /// Whoever needs graphs_mutex(), too, takes this one first: a launch holds it while it waits
    /// for room in the queue, and asks for captures then. Functions of this class take it
    /// themselves.
    std::recursive_mutex& mutex() const { return mutex_; }
    /// The graph as it would be launched: nodes that are off do nothing.
    std::unique_ptr<Graph> launched() const;

    /// Its own node for one of the graph that it was made of; null when there is none.
    GraphNode* node_of(const GraphNode& source);
    /// What follows concerns later launches only.
    void set(GraphNode& own, NodeWhat what);
    void enable(GraphNode& own, bool enabled);
    bool enabled(const GraphNode& own) const;

    /// Behind the stream's work and the last launch. Throws Error(InvalidValue) when memory of the
    /// last launch is still in use.
    void launch(Stream& stream);
    /// Everything that a launch needs is made ready.
    void upload();
    /// The last launch.
    Point last() const;
    /// The program does not know it any more: the graph may be instantiated again.
    void disown() {
        if (only_one_) *only_one_ = false;
    }

  private:
    friend class GraphUpdate;
    void build(GraphNode** stuck);
    void check_memory();
    void handles(const Graph& graph, std::vector<std::shared_ptr<ConditionalHandle>>& found) const;

    const Options options_;
    const std::unique_ptr<Graph> graph_;
    std::shared_ptr<bool> only_one_; // the graph's, when there can be one of it at a time
    SideStreams sides_;
    // Held while launching: whoever launches it, too, would have to wait anyway. Protects what
    // follows.
    mutable std::recursive_mutex mutex_;
    std::shared_ptr<GraphProgram> program_;          // null: nodes have changed
    std::unordered_map<uint64_t, GraphNode*> nodes_; // by the id of the original
    std::unordered_set<const GraphNode*> off_;
    std::vector<std::shared_ptr<ConditionalHandle>> handles_;
    Point last_;
};

/// Compares an executable graph with a graph and takes over what the graph's nodes do.
class GraphUpdate {
  public:
    enum class Result {
        Success,
        Error,
        TopologyChanged,
        NodeTypeChanged,
        FunctionChanged,
        ParametersChanged,
        NotSupported,
        UnsupportedFunctionChange,
        AttributesChanged,
    };
    /// Whether a node may become the other, but for the graphs inside of it. `priority`: it
    /// matters.
    static Result compare(const NodeWhat& own, const NodeWhat& fresh, bool priority);

    Result result = Result::Success;
    GraphNode* node = nullptr; ///< of the graph, where they differ
    GraphNode* from = nullptr; ///< one that it waits for, and the other's does not

    /// Nothing has changed unless the result is Success.
    GraphUpdate(GraphExec& exec, const Graph& graph);
    /// For the graph inside of a node of `exec`.
    GraphUpdate(GraphExec& exec, Graph& inside, const Graph& graph);

  private:
    using Pairs = std::vector<std::pair<GraphNode*, GraphNode*>>; // own, new
    void apply(GraphExec& exec, Graph& own, const Graph& graph);
    bool differ(Result why, GraphNode* where, GraphNode* before = nullptr);
    bool compare(const GraphExec& exec, Graph& own, const Graph& graph, Pairs& pairs);
    bool compare_edges(const std::vector<GraphNode*>& own, const std::vector<GraphNode*>& fresh);
    bool compare_node(const GraphExec& exec, GraphNode& own, GraphNode& fresh, Pairs& pairs);

    std::vector<std::pair<Graph*, const Graph*>> graphs_; // own, new
};

} // namespace acc::rt
