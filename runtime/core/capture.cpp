// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/capture.h"

#include <algorithm>

#include "runtime/core/context.h"
#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// The captures that go on; under graphs_mutex(). Never destroyed: threads end late, too.
std::vector<std::shared_ptr<Capture>>& captures() {
    static auto* const all = new std::vector<std::shared_ptr<Capture>>;
    return *all;
}

using Guard = std::lock_guard<std::recursive_mutex>;

void add_edge(std::vector<GraphEdge>& edges, const GraphEdge& edge) {
    for (const GraphEdge& have : edges)
        if (have.node == edge.node) return;
    edges.push_back(edge);
}

} // namespace

std::atomic<size_t> Capture::count_{0};

// ---- members

void CaptureMember::record(std::span<const Work> works) {
    Guard lock(graphs_mutex());
    of_.check();
    for (const Work& work : works) {
        try {
            if (auto node = node_of(work, stream_.priority())) add(std::move(*node));
        } catch (const Error&) {
            of_.invalidate();
            throw;
        }
    }
}

void CaptureMember::refuse(const char* what) {
    of_.invalidate();
    fail(Status::StreamCaptureUnsupported, "{}: the stream is capturing", what);
}

GraphNode& CaptureMember::add(NodeWhat what) {
    Guard lock(graphs_mutex());
    of_.check();
    GraphNode& node = of_.graph().add(std::move(what), tail_);
    tail_.assign(1, {&node, {}});
    return node;
}

void CaptureMember::wait_for(std::span<const GraphEdge> nodes) {
    for (const GraphEdge& edge : nodes)
        add_edge(tail_, edge);
}

// ---- captures

void Capture::check() const {
    if (!valid_)
        fail(acc::rt::Status::StreamCaptureInvalidated,
             "the capture has been invalidated by an error before");
}

CaptureMember& Capture::join(Stream& stream) {
    auto& member = members_[&stream];
    member = std::make_unique<CaptureMember>(*this, stream);
    stream.context().captures(stream.blocking(), true);
    stream.record_to(*member);
    return *member;
}

void Capture::begin(Stream& stream, Mode mode, Graph* into, std::vector<GraphEdge> first) {
    Guard lock(graphs_mutex());
    if (stream.kind() == StreamKind::Legacy)
        fail(acc::rt::Status::StreamCaptureUnsupported,
             "the legacy default stream cannot be captured");
    if (stream.recording()) fail(acc::rt::Status::IllegalState, "the stream is capturing already");
    if (into != nullptr && into->capturing)
        fail(acc::rt::Status::IllegalState, "another capture goes into the graph");
    static std::atomic<uint64_t> ids{0};
    std::shared_ptr<Capture> capture(new Capture(stream, mode));
    capture->id_ = ++ids;
    if (into == nullptr) capture->made_ = std::make_unique<Graph>(stream.context());
    capture->graph_ = into != nullptr ? into : capture->made_.get();
    capture->graph_->capturing = true;
    capture->join(stream).wait_for(first);
    trace("capture {} begins in stream {}", capture->id_, stream.id());
    captures().push_back(std::move(capture));
    count_ = captures().size();
}

/// A node that a stream ended with, and nothing waits for, is lost to whoever waits for the first
/// stream.
bool Capture::unjoined(const CaptureMember& origin) const {
    const auto loose = [&](const CaptureMember& member) {
        return std::any_of(member.tail().begin(), member.tail().end(), [&](const GraphEdge& edge) {
            const auto& end = origin.tail();
            return edge.node->after.empty() &&
                   std::none_of(end.begin(), end.end(),
                                [&](const GraphEdge& last) { return last.node == edge.node; });
        });
    };
    return std::any_of(members_.begin(), members_.end(),
                       [&](const auto& member) { return loose(*member.second); }) ||
           std::any_of(former_.begin(), former_.end(),
                       [&](const auto& member) { return loose(*member); });
}

/// Streams do their work again.
void Capture::finish() {
    for (auto& [known, member] : members_) {
        member->stream().stop_recording();
        member->stream().context().captures(member->stream().blocking(), false);
    }
    if (graph_ != nullptr) graph_->capturing = false;
    // Another thread may be on its way into a member: it finds an invalid capture.
    valid_ = false;
    goes_on_ = false;
    for (auto& [known, member] : members_)
        former_.push_back(std::move(member));
    members_.clear();
    const auto self = shared_from_this();
    std::erase(captures(), self);
    count_ = captures().size();
}

Capture::Ended Capture::end(Stream& stream) {
    Guard lock(graphs_mutex());
    CaptureMember* member = of(stream);
    if (member == nullptr) fail(acc::rt::Status::IllegalState, "the stream is not capturing");
    const auto capture = member->of().shared_from_this();
    if (capture->origin_ != &stream)
        fail(acc::rt::Status::StreamCaptureUnmatched, "the capture was begun in another stream");
    if (capture->mode_ != Mode::Relaxed && capture->thread_ != std::this_thread::get_id())
        fail(acc::rt::Status::StreamCaptureWrongThread, "another thread began the capture");
    Ended ended;
    if (!capture->valid_)
        ended.why = acc::rt::Status::StreamCaptureInvalidated;
    else if (capture->unjoined(*member))
        ended.why = acc::rt::Status::StreamCaptureUnjoined;
    else
        ended.graph = capture->graph_;
    Graph* const graph = capture->graph_;
    capture->finish();
    if (ended.graph != nullptr || capture->made_) ended.made = std::move(capture->made_);
    trace("capture {} ends with {} nodes", capture->id_, graph->size());
    return ended;
}

void Capture::draw_in(Stream& stream, std::span<const GraphEdge> nodes) {
    Guard lock(graphs_mutex());
    check();
    CaptureMember* member = of(stream);
    if (&stream.context() != &graph().context()) {
        invalidate();
        if (member != nullptr) member->of().invalidate();
        fail(acc::rt::Status::StreamCaptureUnsupported,
             "a capture of streams of several contexts is not supported");
    }
    if (member != nullptr && &member->of() != this) {
        invalidate();
        member->of().invalidate();
        fail(acc::rt::Status::StreamCaptureMerge, "two captures would become one");
    }
    if (member == nullptr) {
        if (stream.kind() == StreamKind::Legacy) check_implicit(stream.context());
        if (stream.kind() == StreamKind::Legacy || stream.recording()) {
            invalidate();
            fail(acc::rt::Status::StreamCaptureUnsupported,
                 "the legacy default stream cannot be captured");
        }
        member = &join(stream);
    }
    member->wait_for(nodes);
}

void Capture::forget(Stream& stream) {
    Guard lock(graphs_mutex());
    CaptureMember* member = of(stream);
    if (member == nullptr) return;
    const auto capture = member->of().shared_from_this();
    if (capture->origin_ == &stream) {
        capture->finish();
        return;
    }
    stream.stop_recording();
    stream.context().captures(stream.blocking(), false);
    const auto at = capture->members_.find(&stream);
    capture->former_.push_back(std::move(at->second));
    capture->members_.erase(at);
}

void Capture::forget(const Context& context) {
    Guard lock(graphs_mutex());
    const auto all = captures();
    for (const auto& capture : all)
        if (&capture->graph().context() == &context) capture->finish();
}

// ---- what must not happen meanwhile

void Capture::check_unsafe(Mode thread) {
    if (!any() || thread == Mode::Relaxed) return;
    Guard lock(graphs_mutex());
    bool prohibited = false;
    for (const auto& capture : captures()) {
        const bool own = capture->thread_ == std::this_thread::get_id();
        const bool matters = own ? capture->mode_ != Mode::Relaxed
                                 : thread == Mode::Global && capture->mode_ == Mode::Global;
        if (!matters) continue;
        capture->invalidate();
        prohibited = true;
    }
    if (prohibited)
        fail(acc::rt::Status::StreamCaptureUnsupported,
             "a call that a capture cannot see, while one goes on "
             "(cudaThreadExchangeStreamCaptureMode allows it)");
}

void Capture::check_wait(const Context& context) {
    if (!any()) return;
    Guard lock(graphs_mutex());
    bool found = false;
    for (const auto& capture : captures()) {
        if (&capture->graph().context() != &context) continue;
        capture->invalidate();
        found = true;
    }
    if (found)
        fail(acc::rt::Status::StreamCaptureUnsupported,
             "waiting for the device: a stream is capturing");
}

void Capture::check_implicit(const Context& context, bool invalidate) {
    if (!context.blocking_captures()) return;
    Guard lock(graphs_mutex());
    bool found = false;
    for (const auto& capture : captures())
        for (const auto& [known, member] : capture->members_) {
            const Stream& stream = member->stream();
            if (&stream.context() != &context || !stream.blocking()) continue;
            found = true;
            if (invalidate) capture->invalidate();
        }
    if (found)
        fail(acc::rt::Status::StreamCaptureImplicit,
             "the legacy default stream would have to wait for a stream that is capturing");
}

} // namespace acc::rt
