// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph as one burst of recorded work. Nodes lie in levels: a node's level is one more than the
// highest of those that it waits for. The first piece of a level waits for all before it; the
// others of the level start without waiting, so branches overlap on the device.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runtime/core/event.h"
#include "runtime/core/graph.h"
#include "runtime/core/recording.h"
#include "runtime/core/stream.h"

namespace acc::rt {

class ConditionalRun;
class GraphBlock;

/// The streams on which bodies of conditional nodes run, by how deep they lie.
class SideStreams {
  public:
    explicit SideStreams(Context& context) : context_(context) {}
    ~SideStreams();
    Stream& at(unsigned depth);

  private:
    Context& context_;
    std::vector<std::unique_ptr<Stream>> streams_;
};

class GraphProgram {
  public:
    /// `off`: nodes that do nothing. Throws Error(InvalidValue) when the dependencies go in a
    /// circle; `stuck` gets a node of it then.
    GraphProgram(const Graph& graph, const std::unordered_set<const GraphNode*>& off,
                 SideStreams& sides, unsigned depth, GraphNode** stuck);

    /// Puts everything into the stream; the number of the last piece.
    uint64_t submit(Stream& stream);
    /// The node does something else now. False when that takes a new program.
    bool replace(const GraphNode& node, bool off);

    /// What allocates (true) and frees memory, in an order in which it may happen.
    struct Memory {
        std::shared_ptr<GraphBlock> block;
        bool allocates;
    };
    const std::vector<Memory>& memory() const { return memory_; }
    bool empty() const { return recording_.works().empty(); }
    bool has_conditionals() const { return !conditionals_.empty(); }

  private:
    struct Piece {
        const GraphNode* node = nullptr;
        unsigned level = 0;
    };
    /// What is being made of the pieces.
    struct Draft {
        std::vector<Work> works;
        std::deque<std::function<void()>> functions;
    };
    unsigned place(const Graph& graph, unsigned start, std::vector<Piece>& pieces,
                   GraphNode** stuck);
    void emit(const std::vector<Piece>& pieces, const std::unordered_set<const GraphNode*>& off,
              SideStreams& sides, unsigned depth);
    void emit_node(const GraphNode& node, Draft& draft);
    uint64_t submit_prepared(Stream& stream);
    void emit_conditional(const node::Conditional& node, Draft& draft);
    void assign_defaults(const Graph& graph, Draft& draft);

    struct AtEvent {
        size_t index;
        std::shared_ptr<Event> event;
    };
    struct AtConditional {
        size_t index; ///< of the wait
        std::shared_ptr<ConditionalRun> run;
    };
    Recording recording_;
    bool prints_ = false, host_calls_ = false;
    std::unordered_map<const GraphNode*, std::pair<size_t, size_t>> where_; // first work, number
    std::vector<AtEvent> waits_, records_;
    std::vector<AtConditional> conditionals_;
    std::vector<Memory> memory_;
    // While it is being made:
    SideStreams* sides_ = nullptr;
    unsigned depth_ = 0;
};

} // namespace acc::rt
