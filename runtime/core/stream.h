// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams: ordered sequences of work on queues.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "runtime/core/user_queue.h"
#include "runtime/core/work.h"

namespace acc::rt {

class Context;

/// Work that is ready for a queue: nothing in it has to be done by the host first.
struct Burst {
    std::span<const Work> works;
    bool prints = false;     ///< a kernel prints
    bool host_calls = false; ///< there are host calls
};

enum class StreamKind {
    Legacy,      ///< the default stream that waits for, and is waited for by, all blocking streams
    PerThread,   ///< a thread's own default stream; blocking
    Blocking,    ///< cudaStreamCreate
    NonBlocking, ///< cudaStreamNonBlocking: no relation to the legacy stream
};

class Stream {
  public:
    Stream(Context& context, StreamKind kind, int priority, std::shared_ptr<UserQueue> queue,
           uint64_t id)
        : context_(context), kind_(kind), priority_(priority), id_(id), queue_(std::move(queue)) {}

    Context& context() const { return context_; }
    StreamKind kind() const { return kind_; }
    int priority() const { return priority_; } ///< CUDA's number: 0 lowest, negative higher
    uint64_t id() const { return id_; }
    UserQueue& queue() const { return *queue_; }
    const std::shared_ptr<UserQueue>& shared_queue() const { return queue_; }
    bool blocking() const { return kind_ != StreamKind::NonBlocking; }

    /// Sequence number, on the queue, of this stream's last work.
    uint64_t last() const { return last_.load(std::memory_order_acquire); }
    bool idle() const { return queue_->reached(last()); }
    Point point() const { return {queue_, last()}; }

    /// Submits the works in one go, after the waits that the default stream's rules ask for;
    /// returns the sequence number of the last. What only the host can do (copies between host
    /// memories, and of much pageable memory) it does here, when the stream is done with what comes
    /// before. While the stream records, the recorder gets the works instead. Throws the context's
    /// sticky error.
    uint64_t submit(std::span<const Work> works);
    uint64_t submit(const Work& work) { return submit(std::span(&work, 1)); }
    /// As above for what is recorded already, whatever the stream does with other work. `placed`
    /// is told each piece's number.
    uint64_t submit_burst(const Burst& burst, const UserQueue::Placed* placed = nullptr);

    /// From here on work goes to `recorder`, until stop_recording(). Meanwhile there is nothing in
    /// this stream that could be waited for, asked about or recorded by an event.
    void record_to(Recorder& recorder) { recorder_.store(&recorder, std::memory_order_release); }
    void stop_recording() { recorder_.store(nullptr, std::memory_order_release); }
    bool recording() const { return recorder() != nullptr; }
    Recorder* recorder() const { return recorder_.load(std::memory_order_acquire); }
    /// For what a recording stream cannot do: throws then.
    void check_not_recording(const char* what) const;

    /// Makes later work of this stream wait for the point, which may be of another context with the
    /// same device addresses.
    void wait_for(const Point& point);
    /// Makes later work wait for a word. `known` is told where the stream has passed it before the
    /// device hears of it: whoever waits for that already knows what else to look at.
    void wait_for(const work::Wait& word, const std::function<void(const Point& passed)>& known);
    /// Work up to the sequence number `passed`, which the device does not know of yet, waits for
    /// the point.
    void waits_for(const Point& point, uint64_t passed);

    /// A sequence number on the queue that stands for everything the stream's next operation would
    /// wait for: its own work, and what the default stream's rules add. Submits a no-op when these
    /// add something.
    uint64_t mark();

    /// Waits for all work of the stream (for the legacy stream: and of all blocking streams).
    /// Throws on a device fault.
    void synchronize();
    /// True when all that synchronize() would wait for is done. Throws on a device fault.
    bool done();

  private:
    /// What the next work waits for by the default stream's rules; throws the sticky error.
    std::vector<Point> waits();
    std::vector<Point> pending_blocking_streams() const;
    void check_implicit() const;
    /// What works want beside the queue.
    struct Needs {
        bool printer = false, host_thread = false;
    };
    uint64_t submit_to_queue(std::span<const Point> waits, std::span<const Work> works, Needs needs,
                             const UserQueue::Placed* placed = nullptr);
    void copy_on_host(const Work& work);

    Context& context_;
    const StreamKind kind_;
    const int priority_;
    const uint64_t id_;
    std::shared_ptr<UserQueue> queue_;
    std::atomic<uint64_t> last_{0}; // written by the queue
    std::atomic<Recorder*> recorder_{nullptr};
};

} // namespace acc::rt
