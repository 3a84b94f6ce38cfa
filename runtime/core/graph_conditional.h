// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conditional nodes: the value that kernels set, and who runs a body, or does not. The stream of
// the graph waits on a word while the bodies run on a stream of their own; between them the host
// looks at the value.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/core/graph_node.h"
#include "runtime/core/memory.h"
#include "runtime/core/stream.h"

namespace acc::rt {

class GraphProgram;

class ConditionalHandle {
  public:
    /// `initial`: what every execution of the graph begins with; nothing: it keeps its value.
    ConditionalHandle(Context& context, std::optional<uint32_t> initial);
    ~ConditionalHandle(); ///< nothing uses it any more
    ConditionalHandle(const ConditionalHandle&) = delete;
    /// What the program calls it: device code stores the value at this address.
    uint64_t va() const { return word_.va; }
    std::optional<uint32_t> initial() const { return initial_; }
    uint32_t value() const;
    bool used = false; ///< a conditional node has it
    Point last;        ///< the last execution that uses it; executions do not overlap

  private:
    Context& context_;
    const std::optional<uint32_t> initial_;
    Allocation word_;
};

/// One conditional node of a program, while it executes.
class ConditionalRun : public std::enable_shared_from_this<ConditionalRun> {
  public:
    /// Bodies run on `side`, which nothing else uses meanwhile; it outlives this.
    ConditionalRun(const node::Conditional& node, Stream& side,
                   std::vector<std::shared_ptr<GraphProgram>> bodies);
    ~ConditionalRun();
    ConditionalRun(const ConditionalRun&) = delete;

    /// It is going to be submitted to the stream. What the stream has to wait for after the call of
    /// begin(). Other executions may be under way.
    work::Wait prepare(Stream& stream);
    /// The last prepared execution has not been submitted after all.
    void forgo();
    /// An execution has come to the node. For a host function.
    void begin();

  private:
    GraphProgram* choose() const;
    void step();
    void finish();

    Context& context_; // the last call may outlive the side stream
    const std::shared_ptr<ConditionalHandle> handle_;
    const node::Condition condition_;
    const std::vector<std::shared_ptr<GraphProgram>> bodies_;
    Stream& side_;
    Allocation word_;       // how many executions are done
    uint64_t prepared_ = 0; // executions
    uint64_t done_ = 0;     // of them
    bool ran_ = false;      // the body of an if or a switch, in the execution under way
    std::mutex mutex_;      // protects what follows
    std::deque<std::shared_ptr<UserQueue>> waiting_; // by execution
};

} // namespace acc::rt
