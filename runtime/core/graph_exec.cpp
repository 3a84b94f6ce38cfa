// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/graph_exec.h"

#include "runtime/core/context.h"
#include "runtime/core/graph_conditional.h"
#include "runtime/core/graph_memory.h"
#include "runtime/core/log.h"

namespace acc::rt {

GraphExec::GraphExec(Graph& graph, const Options& options, GraphNode** stuck)
    : options_(options), graph_(graph.clone()), sides_(graph.context()) {
    if (graph.has_memory() && *graph.instantiated)
        fail(Status::InvalidValue,
             "a graph that allocates or frees memory can have one executable graph at a time");
    try {
        build(nullptr);
    } catch (const Error&) {
        if (stuck != nullptr) graph.order(stuck); // names the program's node
        throw;
    }
    handles(*graph_, handles_);
    if (!graph.has_memory()) return;
    only_one_ = graph.instantiated;
    *only_one_ = true;
}

GraphExec::~GraphExec() = default;

void GraphExec::handles(const Graph& graph,
                        std::vector<std::shared_ptr<ConditionalHandle>>& found) const {
    found.insert(found.end(), graph.handles.begin(), graph.handles.end());
    graph.for_nodes([&](const GraphNode& node) {
        for_inner(node, [&](Graph& inner) { handles(inner, found); });
    });
}

void GraphExec::build(GraphNode** stuck) {
    program_ = std::make_shared<GraphProgram>(*graph_, off_, sides_, 0, stuck);
}

namespace {

void enter_nodes(const Graph& graph, std::unordered_map<uint64_t, GraphNode*>& nodes) {
    graph.for_nodes([&](GraphNode& node) {
        nodes[node.origin] = &node;
        for_inner(node, [&](Graph& inner) { enter_nodes(inner, nodes); });
    });
}

} // namespace

GraphNode* GraphExec::node_of(const GraphNode& source) {
    std::lock_guard lock(mutex_);
    if (nodes_.empty()) enter_nodes(*graph_, nodes_);
    const auto at = nodes_.find(source.id);
    return at != nodes_.end() ? at->second : nullptr;
}

void GraphExec::set(GraphNode& own, NodeWhat what) {
    std::lock_guard lock(mutex_);
    own.what = std::move(what);
    if (off_.contains(&own)) return;
    if (program_ && !program_->replace(own, false)) program_.reset();
}

void GraphExec::enable(GraphNode& own, bool enabled) {
    std::lock_guard lock(mutex_);
    if (enabled == !off_.contains(&own)) return;
    if (enabled)
        off_.erase(&own);
    else
        off_.insert(&own);
    if (program_ && !program_->replace(own, !enabled)) program_.reset();
}

bool GraphExec::enabled(const GraphNode& own) const {
    std::lock_guard lock(mutex_);
    return !off_.contains(&own);
}

/// What the launch allocates must be free, what it frees must be in use. Then all of it gets
/// device memory.
void GraphExec::check_memory() {
    GraphMemory& memory = context().graph_memory();
    std::unordered_map<const GraphBlock*, bool> state;
    for (const auto& [block, allocates] : program_->memory()) {
        const auto [known, fresh] = state.try_emplace(block.get(), false);
        if (fresh) known->second = memory.in_use(*block);
        // Only what is left of the last launch is freed by this one.
        if (allocates && known->second && !(options_.auto_free && fresh))
            fail(Status::InvalidValue,
                 "the graph's allocation at {:#x} has not been freed since the last launch",
                 block->va());
        if (!allocates && !known->second)
            fail(Status::InvalidValue, "the graph frees memory at {:#x} that is not allocated",
                 block->va());
        known->second = allocates;
    }
    for (const auto& [block, allocates] : program_->memory())
        memory.back(*block);
}

void GraphExec::upload() {
    std::lock_guard lock(mutex_);
    if (!program_) build(nullptr);
    for (const auto& [block, allocates] : program_->memory())
        if (allocates) context().graph_memory().back(*block);
}

namespace {

/// Executables of one graph share its conditional handles: held while one that has any launches.
std::mutex& shared_handles_mutex() {
    static auto* const mutex = new std::mutex; // threads end late, too
    return *mutex;
}

} // namespace

void GraphExec::launch(Stream& stream) {
    std::lock_guard lock(mutex_);
    std::unique_lock<std::mutex> shared;
    if (!handles_.empty()) shared = std::unique_lock(shared_handles_mutex());
    context().check_error();
    if (!program_) build(nullptr);
    if (!program_->memory().empty()) check_memory();
    const auto after = [&](const Point& point) {
        if (point.queue && point.queue != stream.shared_queue()) stream.wait_for(point);
    };
    after(last_);
    for (const auto& handle : handles_)
        after(handle->last);
    trace("launch of a graph of {} nodes in stream {}", graph_->size(), stream.id());
    if (!program_->empty()) last_ = {stream.shared_queue(), program_->submit(stream)};
    for (const auto& handle : handles_)
        handle->last = last_;
    GraphMemory& memory = context().graph_memory();
    for (const auto& [block, allocates] : program_->memory()) {
        if (allocates)
            memory.allocate(block);
        else
            memory.release(block, last_.queue ? last_ : stream.point());
        memory.used_until(*block, last_.queue ? last_ : stream.point());
    }
}

std::unique_ptr<Graph> GraphExec::launched() const {
    std::lock_guard lock(mutex_);
    auto copy = graph_->clone();
    for (const GraphNode* node : off_)
        copy->clone_of(node->id)->what = node::Empty{};
    return copy;
}

Point GraphExec::last() const {
    std::lock_guard lock(mutex_);
    return last_;
}

} // namespace acc::rt
