// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a context keeps of graphs and of streams' attributes.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "runtime/core/graph_exec.h"

namespace acc::cuda {

/// The program's graphs; under rt::graphs_mutex(). (Graphs inside of nodes are the nodes'.)
class GraphStore {
  public:
    rt::Graph& keep(std::unique_ptr<rt::Graph> graph);
    /// Null when it is none of these.
    std::unique_ptr<rt::Graph> take(const rt::Graph& graph);
    rt::GraphExec& keep(std::shared_ptr<rt::GraphExec> exec);
    std::shared_ptr<rt::GraphExec> take(const rt::GraphExec& exec);

  private:
    std::unordered_map<const rt::Graph*, std::unique_ptr<rt::Graph>> graphs_;
    std::unordered_map<const rt::GraphExec*, std::shared_ptr<rt::GraphExec>> execs_;
};

/// Attributes that programs have given to streams: hints, all of them.
class StreamAttributes {
  public:
    rt::Attributes get(const rt::Stream& stream) const;
    void set(const rt::Stream& stream, const rt::Attributes& attributes);
    void forget(const rt::Stream& stream);

  private:
    mutable std::mutex mutex_; // protects what follows
    std::unordered_map<const rt::Stream*, rt::Attributes> of_;
};

} // namespace acc::cuda
