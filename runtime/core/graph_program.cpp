// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/graph_program.h"

#include <algorithm>
#include <cstring>

#include "runtime/core/context.h"
#include "runtime/core/graph_conditional.h"
#include "runtime/core/graph_memory.h"
#include "runtime/core/host_functions.h"
#include "runtime/core/log.h"
#include "runtime/core/packets.h"

namespace acc::rt {
namespace {

/// In what order the pieces of a level go: kernels first, because the queue goes on while they
/// run; what the queue stops for comes last.
unsigned rank(const GraphNode& node) {
    if (node.as<node::Kernel>() != nullptr) return 0;
    if (node.as<node::Copy>() != nullptr || node.as<node::Fill>() != nullptr) return 1;
    return 2;
}

bool does_something(const GraphNode& node) {
    return node.as<node::Empty>() == nullptr && node.as<node::Child>() == nullptr &&
           node.as<node::Alloc>() == nullptr && node.as<node::Free>() == nullptr;
}

bool is_cooperative(const Work& work) {
    const auto* launch = std::get_if<work::Launch>(&work.what);
    return launch != nullptr && (launch->packet.header.flags & ACC_PKT_F_COOPERATIVE) != 0;
}

/// The host's view of memory as it is now. Null: the device memory is gone.
uint8_t* view(Context& context, const Place& place, size_t bytes) {
    return place.va != 0 ? context.memory().host_view(place.va, bytes) : place.host;
}

void move(uint8_t* to, const uint8_t* from, const work::Copy& copy) {
    std::memmove(to, from, copy.bytes);
}

void move(uint8_t* to, const uint8_t* from, const work::CopyRect& rect) {
    for (size_t z = 0; z < rect.depth; ++z)
        for (size_t y = 0; y < rect.height; ++y)
            std::memmove(to + (z * rect.to_slice + y) * rect.to_pitch,
                         from + (z * rect.from_slice + y) * rect.from_pitch, rect.width);
}

size_t extent_to(const work::Copy& copy) {
    return copy.bytes;
}
size_t extent_from(const work::Copy& copy) {
    return copy.bytes;
}
size_t extent_to(const work::CopyRect& rect) {
    return ((rect.depth - 1) * rect.to_slice + rect.height - 1) * rect.to_pitch + rect.width;
}
size_t extent_from(const work::CopyRect& rect) {
    return ((rect.depth - 1) * rect.from_slice + rect.height - 1) * rect.from_pitch + rect.width;
}

/// A copy that the device cannot do: the host does it when its turn has come, not before, because
/// the graph itself may write what is read.
template <typename T>
std::function<void()> host_copy(Context& context, const T& copy) {
    return [&context, copy] {
        uint8_t* to = view(context, copy.to, extent_to(copy));
        const uint8_t* from = view(context, copy.from, extent_from(copy));
        if (to == nullptr || from == nullptr)
            log().error("a graph copies memory that has been freed");
        else
            move(to, from, copy);
    };
}

bool device_does(const work::Copy& copy) {
    return copy.to.va != 0 && copy.from.va != 0;
}
bool device_does(const work::CopyRect& rect) {
    return rect.to.va != 0 && rect.from.va != 0 && fits_packet(rect);
}

/// A copy as the device does it asynchronously, or a call that does it.
template <typename T>
Work copy_work(Context& context, T copy, std::deque<std::function<void()>>& functions) {
    copy.blocking = false;
    if (device_does(copy)) return {copy};
    functions.push_back(host_copy(context, copy));
    return {work::HostCall{&functions.back(), false, true}};
}

Work copy_work(Context& context, const Work& work, std::deque<std::function<void()>>& functions) {
    if (const auto* copy = std::get_if<work::Copy>(&work.what))
        return copy_work(context, *copy, functions);
    return copy_work(context, std::get<work::CopyRect>(work.what), functions);
}

} // namespace

// ---- side streams

SideStreams::~SideStreams() {
    for (const auto& stream : streams_)
        context_.queues().give_back(stream->queue());
}

Stream& SideStreams::at(unsigned depth) {
    while (streams_.size() <= depth)
        streams_.push_back(std::make_unique<Stream>(context_, StreamKind::NonBlocking, 0,
                                                    context_.queues().take(0), 0));
    return *streams_[depth];
}

// ---- making

GraphProgram::GraphProgram(const Graph& graph, const std::unordered_set<const GraphNode*>& off,
                           SideStreams& sides, unsigned depth, GraphNode** stuck) {
    std::vector<Piece> pieces;
    place(graph, 0, pieces, stuck);
    std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
        return a.level != b.level ? a.level < b.level : rank(*a.node) < rank(*b.node);
    });
    sides_ = &sides;
    depth_ = depth;
    Draft draft;
    if (depth == 0) assign_defaults(graph, draft);
    for (size_t i = 0; i < pieces.size(); ++i) {
        const GraphNode& node = *pieces[i].node;
        const size_t first = draft.works.size();
        if (off.contains(&node))
            draft.works.push_back({work::Barrier{}});
        else
            emit_node(node, draft);
        where_[&node] = {first, draft.works.size() - first};
        if (first == draft.works.size()) continue;
        // Two cooperative kernels beside each other might each have half of the device, for ever.
        const bool alone = is_cooperative(draft.works[first]) ||
                           (first != 0 && is_cooperative(draft.works[first - 1]));
        const bool begins = i == 0 || pieces[i].level != pieces[i - 1].level;
        draft.works[first].ordered = begins || alone;
    }
    recording_.record(draft.works);
    sides_ = nullptr;
}

/// Finds the levels of the graph's nodes, and of those inside of them, from `start` on. The level
/// after the last.
unsigned GraphProgram::place(const Graph& graph, unsigned start, std::vector<Piece>& pieces,
                             GraphNode** stuck) {
    std::vector<unsigned> end(graph.places(), start);
    unsigned last = start;
    for (const GraphNode* node : graph.order(stuck)) {
        unsigned level = start;
        for (const GraphEdge& edge : node->before)
            level = std::max(level, end[edge.node->place]);
        if (const auto* child = node->as<node::Child>()) {
            level = place(*child->graph, level, pieces, stuck);
        } else if (does_something(*node)) {
            pieces.push_back({node, level});
            ++level;
        }
        if (const auto* alloc = node->as<node::Alloc>()) memory_.push_back({alloc->block, true});
        if (const auto* free = node->as<node::Free>()) memory_.push_back({free->block, false});
        end[node->place] = level;
        last = std::max(last, level);
    }
    return last;
}

void GraphProgram::assign_defaults(const Graph& graph, Draft& draft) {
    for (const auto& handle : graph.handles)
        if (const auto initial = handle->initial())
            draft.works.push_back({work::Signal{handle->va(), *initial, 4}});
    graph.for_nodes([&](const GraphNode& node) {
        for_inner(node, [&](Graph& inner) { assign_defaults(inner, draft); });
    });
}

void GraphProgram::emit_conditional(const node::Conditional& node, Draft& draft) {
    std::vector<std::shared_ptr<GraphProgram>> bodies;
    for (const auto& body : node.bodies)
        bodies.push_back(std::make_shared<GraphProgram>(
            *body, std::unordered_set<const GraphNode*>{}, *sides_, depth_ + 1, nullptr));
    auto run = std::make_shared<ConditionalRun>(node, sides_->at(depth_), std::move(bodies));
    draft.functions.push_back([run] { run->begin(); });
    draft.works.push_back({work::HostCall{&draft.functions.back(), false, true}});
    draft.works.push_back({work::Wait{}}); // for what is known when it is submitted
    conditionals_.push_back({draft.works.size() - 1, std::move(run)});
    host_calls_ = true;
}

void GraphProgram::emit_node(const GraphNode& node, Draft& draft) {
    if (const auto* kernel = node.as<node::Kernel>()) {
        draft.works.push_back({kernel->launch});
        // Its module may be unloaded by the time of a launch; then the launch faults.
        std::get<work::Launch>(draft.works.back().what).kernel = nullptr;
        prints_ |= kernel->prints;
    } else if (const auto* copy = node.as<node::Copy>()) {
        draft.works.push_back(copy->work
                                  ? copy_work(node.graph.context(), *copy->work, draft.functions)
                                  : Work{work::Barrier{}});
    } else if (const auto* fill = node.as<node::Fill>()) {
        draft.works.push_back(fill->work ? Work{*fill->work} : Work{work::Barrier{}});
    } else if (const auto* host = node.as<node::Host>()) {
        draft.functions.push_back([function = host->function, data = host->data] {
            HostFunctions::call_program(function, data);
        });
        draft.works.push_back({work::HostCall{&draft.functions.back()}});
    } else if (const auto* wait = node.as<node::EventWait>()) {
        waits_.push_back({draft.works.size(), wait->event});
        draft.works.push_back({work::Barrier{}});
    } else if (const auto* record = node.as<node::EventRecord>()) {
        records_.push_back({draft.works.size(), record->event});
        draft.works.push_back({work::Barrier{}, true, true});
    } else if (const auto* operations = node.as<node::MemoryOperations>()) {
        draft.works.insert(draft.works.end(), operations->works.begin(), operations->works.end());
    } else if (const auto* conditional = node.as<node::Conditional>()) {
        emit_conditional(*conditional, draft);
    }
    if (!draft.works.empty())
        host_calls_ |= std::holds_alternative<work::HostCall>(draft.works.back().what);
}

bool GraphProgram::replace(const GraphNode& node, bool off) {
    const auto at = where_.find(&node);
    const bool plain = node.as<node::Kernel>() != nullptr || node.as<node::Copy>() != nullptr ||
                       node.as<node::Fill>() != nullptr || node.as<node::Host>() != nullptr;
    if (!plain || has_conditionals() || at == where_.end() || at->second.second != 1) return false;
    Draft draft;
    if (off)
        draft.works.push_back({work::Barrier{}});
    else
        emit_node(node, draft);
    const size_t index = at->second.first;
    if (draft.works.size() != 1 || is_cooperative(draft.works[0]) ||
        is_cooperative(recording_[index]))
        return false;
    recording_.replace(index, draft.works[0]);
    return true;
}

// ---- submitting

uint64_t GraphProgram::submit(Stream& stream) {
    for (const auto& [index, run] : conditionals_)
        recording_[index].what = run->prepare(stream);
    try {
        return submit_prepared(stream);
    } catch (...) {
        for (const auto& [index, run] : conditionals_)
            run->forgo();
        throw;
    }
}

/// Conditional nodes wait for an execution of their own.
uint64_t GraphProgram::submit_prepared(Stream& stream) {
    std::vector<std::pair<size_t, Point>> awaited; // by index
    for (const auto& [index, event] : waits_) {
        auto point = event->to_wait_for(stream);
        if (point)
            recording_[index].what = work::Wait{point->queue->timeline().va, point->sequence};
        else
            recording_[index].what = work::Barrier{};
        if (point) awaited.emplace_back(index, std::move(*point));
    }
    std::vector<Event::Record> records;
    for (const auto& [index, event] : records_) {
        records.push_back(event->begin(stream));
        if (records.back().slot)
            recording_[index].what = work::Timestamp{records.back().slot->va()};
        else
            recording_[index].what = work::Barrier{};
    }
    size_t next = 0, next_wait = 0;
    const UserQueue::Placed placed = [&](size_t index, uint64_t number) {
        for (; next < records.size() && records_[next].index == index; ++next)
            records[next].point.sequence = number;
        for (; next_wait < awaited.size() && awaited[next_wait].first == index; ++next_wait)
            stream.waits_for(awaited[next_wait].second, number);
    };
    const bool tells = !records.empty() || !awaited.empty();
    const uint64_t last = stream.submit_burst({recording_.works(), prints_, host_calls_},
                                              tells ? &placed : nullptr);
    for (size_t i = 0; i < records.size(); ++i)
        records_[i].event->end(std::move(records[i]));
    return last;
}

} // namespace acc::rt
