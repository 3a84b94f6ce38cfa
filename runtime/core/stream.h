// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams and events. A stream is an ordered sequence of work on a queue; an event is a point in
// one.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "runtime/core/queue.h"

namespace acc::rt {

class Context;

enum class StreamKind {
    Legacy,      ///< the default stream that waits for, and is waited for by, all blocking streams
    PerThread,   ///< a thread's own default stream; blocking
    Blocking,    ///< cudaStreamCreate
    NonBlocking, ///< cudaStreamNonBlocking: no relation to the legacy stream
};

class Stream {
  public:
    Stream(Context& context, StreamKind kind, int priority, std::shared_ptr<Queue> queue,
           uint64_t id)
        : context_(context), kind_(kind), priority_(priority), id_(id), queue_(std::move(queue)) {}

    Context& context() const { return context_; }
    StreamKind kind() const { return kind_; }
    int priority() const { return priority_; } ///< CUDA's number: 0 lowest, negative higher
    uint64_t id() const { return id_; }
    Queue& queue() const { return *queue_; }
    const std::shared_ptr<Queue>& shared_queue() const { return queue_; }
    bool blocking() const { return kind_ != StreamKind::NonBlocking; }

    /// Sequence number, on the queue, of this stream's last work.
    uint64_t last() const { return last_.load(std::memory_order_acquire); }
    bool idle() const { return queue_->reached(last()); }

    /// Submits after the waits that the default stream's rules ask for. Throws the context's sticky
    /// error.
    template <typename Packet>
    uint64_t submit(const Packet& packet) {
        before_submit();
        return in_queue([&] { return queue_->submit(packet); });
    }
    template <typename Write>
    uint64_t submit_dispatch(const acc_packet_dispatch& packet, uint32_t bytes, Write&& write) {
        before_submit();
        return in_queue(
            [&] { return queue_->submit_dispatch(packet, bytes, std::forward<Write>(write)); });
    }
    uint64_t submit_staged_copy(uint64_t dst, const void* source, uint32_t bytes) {
        before_submit();
        return in_queue([&] { return queue_->submit_staged_copy(dst, source, bytes); });
    }

    /// Makes later work of this stream wait until `timeline` has reached `value`.
    void wait_for(const Timeline& timeline, uint64_t value);

    /// A sequence number on the queue that stands for everything the stream's next operation would
    /// wait for: its own work, and what the default stream's rules add. Submits a no-op when these
    /// add something.
    uint64_t mark();

    /// Waits for all work of the stream (for the legacy stream: and of all blocking streams).
    /// Throws on a device fault.
    void synchronize();

  private:
    void before_submit();
    /// Runs what puts a packet into the queue. A queue that has halted is the context's error.
    template <typename Put>
    uint64_t in_queue(Put&& put) {
        try {
            return submitted(put());
        } catch (const QueueHalted&) {
            halted();
        }
    }
    [[noreturn]] void halted();
    uint64_t submitted(uint64_t sequence) {
        // Two threads that submit at once may come here in either order; last_ must not go back.
        uint64_t seen = last_.load(std::memory_order_relaxed);
        while (seen < sequence &&
               !last_.compare_exchange_weak(seen, sequence, std::memory_order_release)) {
        }
        return sequence;
    }

    Context& context_;
    const StreamKind kind_;
    const int priority_;
    const uint64_t id_;
    std::shared_ptr<Queue> queue_;
    std::atomic<uint64_t> last_{0};
};

/// A point in a stream; also a time when timing is enabled.
class Event {
  public:
    Event(Context& context, unsigned flags, bool timing);
    ~Event();
    Event(const Event&) = delete;

    /// The work now in `stream` must be done for the event to be complete.
    void record(Stream& stream);
    /// True when never recorded or complete.
    bool complete() const;
    void synchronize() const;
    /// Makes `stream` wait for the event.
    void wait_on(Stream& stream) const;
    bool recorded() const;
    bool timing() const { return timing_; }
    unsigned flags() const { return flags_; }
    /// Device time of completion in nanoseconds. Needs timing and complete().
    uint64_t timestamp() const;
    Context& context() const { return context_; }

  private:
    struct Point {
        std::shared_ptr<Queue> queue;
        uint64_t sequence = 0;
    };
    Point point() const;

    Context& context_;
    const unsigned flags_;
    const bool timing_;
    Allocation slot_;          // one 64-bit time, when timing is enabled
    mutable std::mutex mutex_; // protects point_
    Point point_;
};

} // namespace acc::rt
