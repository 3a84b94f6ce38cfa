// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/graph_store.h"

namespace acc::cuda {

rt::Graph& GraphStore::keep(std::unique_ptr<rt::Graph> graph) {
    rt::Graph& kept = *graph;
    graphs_.emplace(&kept, std::move(graph));
    return kept;
}

std::unique_ptr<rt::Graph> GraphStore::take(const rt::Graph& graph) {
    const auto at = graphs_.find(&graph);
    if (at == graphs_.end()) return nullptr;
    auto taken = std::move(at->second);
    graphs_.erase(at);
    return taken;
}

rt::GraphExec& GraphStore::keep(std::shared_ptr<rt::GraphExec> exec) {
    rt::GraphExec& kept = *exec;
    execs_.emplace(&kept, std::move(exec));
    return kept;
}

std::shared_ptr<rt::GraphExec> GraphStore::take(const rt::GraphExec& exec) {
    const auto at = execs_.find(&exec);
    if (at == execs_.end()) return nullptr;
    auto taken = std::move(at->second);
    execs_.erase(at);
    return taken;
}

rt::Attributes StreamAttributes::get(const rt::Stream& stream) const {
    std::lock_guard lock(mutex_);
    const auto at = of_.find(&stream);
    return at != of_.end() ? at->second : rt::Attributes();
}

void StreamAttributes::set(const rt::Stream& stream, const rt::Attributes& attributes) {
    std::lock_guard lock(mutex_);
    of_[&stream] = attributes;
}

void StreamAttributes::forget(const rt::Stream& stream) {
    std::lock_guard lock(mutex_);
    of_.erase(&stream);
}

} // namespace acc::cuda
