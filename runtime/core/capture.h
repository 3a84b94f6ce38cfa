// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stream capture: what streams are told becomes nodes of a graph. A capture begins in one stream
// and draws others in, when they wait for an event that was recorded in it.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/core/graph.h"
#include "runtime/core/stream.h"

namespace acc::rt {

class Capture;
class Event;

/// What an event stands for that was recorded in a capture.
struct CapturedPoint {
    std::weak_ptr<Capture> capture;
    std::vector<GraphEdge> nodes;
};

/// The part of one stream.
class CaptureMember final : public Recorder {
  public:
    CaptureMember(Capture& of, Stream& stream) : of_(of), stream_(stream) {}

    void record(std::span<const Work> works) override;
    [[noreturn]] void refuse(const char* what) override;
    CaptureMember* capture() override { return this; }

    Capture& of() const { return of_; }
    Stream& stream() const { return stream_; }
    /// A node after all that the stream has. Throws Error(StreamCaptureInvalidated).
    GraphNode& add(NodeWhat what);
    /// What the next node waits for.
    const std::vector<GraphEdge>& tail() const { return tail_; }
    void wait_for(std::span<const GraphEdge> nodes);
    void set_tail(std::vector<GraphEdge> tail) { tail_ = std::move(tail); }

  private:
    Capture& of_;
    Stream& stream_;
    std::vector<GraphEdge> tail_;
};

class Capture : public std::enable_shared_from_this<Capture> {
  public:
    enum class Mode : unsigned char { Global, ThreadLocal, Relaxed };
    enum class Status { None, Active, Invalidated };

    /// `into`: an existing graph, else a new one. Throws Error(IllegalState,
    /// StreamCaptureUnsupported).
    static void begin(Stream& stream, Mode mode, Graph* into = nullptr,
                      std::vector<GraphEdge> first = {});
    struct Ended {
        std::unique_ptr<Graph> made; ///< when the capture began without a graph
        Graph* graph = nullptr;      ///< null: invalid
        /// Why it is invalid.
        acc::rt::Status why = acc::rt::Status::Success;
    };
    /// Throws Error(IllegalState, StreamCaptureUnmatched, StreamCaptureWrongThread), and goes on
    /// then.
    static Ended end(Stream& stream);
    /// The stream's part, null when it does not capture.
    static CaptureMember* of(const Stream& stream) {
        Recorder* recorder = stream.recorder();
        return recorder != nullptr ? recorder->capture() : nullptr;
    }

    uint64_t id() const { return id_; }
    Graph& graph() const { return *graph_; }
    Status status() const { return valid_ ? Status::Active : Status::Invalidated; }
    Mode mode() const { return mode_; }
    void invalidate() { valid_ = false; }
    bool goes_on() const { return goes_on_; }
    /// False when it goes into a graph that was there.
    bool makes_graph() const { return made_ != nullptr; }
    /// Throws Error(StreamCaptureInvalidated).
    void check() const;

    /// The stream waits for an event that was recorded in the capture. Throws
    /// Error(StreamCaptureMerge).
    void draw_in(Stream& stream, std::span<const GraphEdge> nodes);
    /// The stream goes away.
    static void forget(Stream& stream);
    /// The context goes away.
    static void forget(const Context& context);

    /// True when somebody captures: one load.
    static bool any() { return count_.load(std::memory_order_acquire) != 0; }
    /// For calls that captures do not see though they may matter. Throws
    /// Error(StreamCaptureUnsupported), and invalidates the captures, when the calling thread, in
    /// this mode, must not make any.
    static void check_unsafe(Mode thread);
    /// For calls that wait for the context.
    static void check_wait(const Context& context);
    /// For uses of the legacy stream, which would have to wait for blocking streams that capture.
    /// Throws Error(StreamCaptureImplicit). `invalidate`: the captures pay for it.
    static void check_implicit(const Context& context, bool invalidate = true);

  private:
    Capture(Stream& stream, Mode mode) : mode_(mode), origin_(&stream) {}
    CaptureMember& join(Stream& stream);
    bool unjoined(const CaptureMember& origin) const;
    void finish();

    static std::atomic<size_t> count_;

    const Mode mode_;
    Stream* origin_; // null: gone
    const std::thread::id thread_ = std::this_thread::get_id();
    uint64_t id_ = 0;
    std::atomic<bool> valid_{true}, goes_on_{true};
    std::unique_ptr<Graph> made_;
    Graph* graph_ = nullptr;
    std::map<const Stream*, std::unique_ptr<CaptureMember>> members_; // under graphs_mutex()
    std::vector<std::unique_ptr<CaptureMember>> former_; // their tails still have to be joined
};

} // namespace acc::rt
