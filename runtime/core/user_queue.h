// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A user-mode queue: ring, control block, parameter ring and timeline. Every packet has a sequence
// number. The timeline word says how far the queue is: a packet that signals stores its number
// there when it, and everything before it, is done. So "is it done" is one load.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "runtime/core/backend.h"
#include "runtime/core/memory.h"
#include "runtime/core/status.h"
#include "runtime/core/word_mutex.h"
#include "runtime/core/work.h"

namespace acc::rt {

/// A 64-bit word in memory that both sides see, only growing.
struct Timeline {
    std::atomic<uint64_t>* word = nullptr; ///< host view
    uint64_t va = 0;                       ///< device address
    bool reached(uint64_t value) const { return word->load(std::memory_order_acquire) >= value; }
};

/// Thrown by whoever waits for room in a queue that will never have any: it has halted. The context
/// knows why.
class QueueHalted : public Error {
  public:
    QueueHalted() : Error(Status::LaunchFailure, "the queue has halted") {}
};

class QueueSet;
struct Point;

class UserQueue {
  public:
    /// `siblings`: the queues of the same context; `priority` is the hardware's (0 lowest .. 3).
    UserQueue(MemoryManager& memory, AddressSpaceHandle& vm, QueueSet& siblings, uint32_t priority);
    ~UserQueue();
    UserQueue(const UserQueue&) = delete;

    /// Told each piece's index and number while it is put into the ring, before the queue waits for
    /// room for the next. A host call's number is where its function may run (host_call_done()).
    using Placed = std::function<void(size_t index, uint64_t number)>;
    /// Submits work that the queue can() do, after waits for the points of other queues: one
    /// doorbell for all (more when the ring has no room for all), one signal at the end and where a
    /// piece asks for it. Returns the last number. Blocks while the ring is full. Throws
    /// QueueHalted, and Error(InvalidValue) when a kernel has more parameters than fit: nothing is
    /// submitted then. `last` gets the number before another thread can submit, so it never goes
    /// back when all who share it submit to this queue.
    uint64_t submit(std::span<const Point> waits, std::span<const Work> works,
                    std::atomic<uint64_t>* last = nullptr, const Placed* placed = nullptr);
    /// False for copies that only the host can do.
    static bool can(const Work& work) {
        return std::holds_alternative<work::Launch>(work.what) || can_other(work);
    }
    /// The most bytes of host memory that a copy may take along (staged in the parameter ring).
    static constexpr uint32_t kStagingLimit = 64 * 1024;

    const Timeline& timeline() const { return timeline_; }
    /// The last number that was submitted.
    uint64_t last() const { return tail_.load(std::memory_order_acquire); }
    bool reached(uint64_t sequence) const { return timeline_.reached(sequence); }
    /// The host has run the function of the host call of that number: the queue goes on.
    void host_call_done(uint64_t sequence);
    /// True when the sequence number completed; false when this queue or another one of the context
    /// has halted (it may never complete then), or the time is over.
    bool wait(uint64_t sequence, uint64_t timeout_ns = UINT64_MAX);
    bool halted() const;
    /// The queue has halted and its context has reported why: whoever waits for its timeline on
    /// another device goes on.
    void abandon();
    /// The queue does nothing more, and nobody is to wait for it.
    void stop();
    bool abandoned() const { return abandoned_.load(std::memory_order_acquire); }
    QueueSet& siblings() const { return siblings_; }
    HardwareQueue& hardware() { return *hardware_; }
    /// Doorbells rung for submissions, ever; packets that signal, ever. For tests and benchmarks.
    uint64_t doorbells() const { return doorbells_.load(std::memory_order_relaxed); }
    uint64_t signals() const { return signals_.load(std::memory_order_relaxed); }

  private:
    static bool can_other(const Work& work);
    static Timeline word_at(const Allocation& allocation, uint64_t offset);
    void release();
    bool room_for(uint64_t sequence);
    void check_arguments(std::span<const Work> works) const;
    template <typename Packet>
    uint64_t put(Packet& packet, bool ordered, bool signal);
    uint64_t put_signal();
    uint64_t put_launch(const work::Launch& launch, bool ordered, bool signal);
    uint64_t put_work(const Work& work, bool signal);
    uint64_t next_slot();
    void write_packet(uint64_t sequence, const void* packet);
    void publish();
    uint64_t reserve_arguments(uint32_t bytes);
    void reclaim_arguments();

    static constexpr uint32_t kPackets = 1024;
    /// A packet signals at least this often, so that a long submission's slots come free.
    static constexpr uint64_t kSignalEvery = kPackets / 4;
    static constexpr uint64_t kArgumentBytes = 256 * 1024;
    /// Entries of arguments_end_. Twice the ring: the timeline may lag behind the slots that are
    /// free by as much as kSignalEvery.
    static constexpr uint64_t kMarks = 2 * kPackets;

    MemoryManager& memory_;
    QueueSet& siblings_;
    Allocation state_;    // control block and timeline: the device writes them
    Allocation commands_; // ring, parameters, host word: the device, and kernels, only read them
    uint8_t* ring_host_ = nullptr;
    acc_queue_control* control_ = nullptr;
    uint8_t* arguments_host_ = nullptr;
    uint64_t arguments_va_ = 0;
    Timeline timeline_;
    Timeline host_word_; // how far host functions have run
    std::unique_ptr<HardwareQueue> hardware_;
    std::atomic<uint64_t> doorbells_{0}, signals_{0};
    std::atomic<bool> abandoned_{false};

    WordMutex mutex_;               // protects what follows: one producer at a time
    std::atomic<uint64_t> tail_{0}; // last sequence number the device knows of
    uint64_t written_ = 0;          // last one in the ring
    uint64_t room_until_ = 0;       // packets up to here have a slot
    uint64_t signalled_ = 0;        // last one that signals
    uint64_t arguments_head_ = 0;   // positions grow without wrapping; offset = position %
                                    // kArgumentBytes
    uint64_t arguments_freed_ = 0;
    uint64_t reclaimed_ = 0; // sequence numbers up to here have returned their parameter space
    // By sequence number: arguments_head_ after that packet.
    std::vector<uint64_t> arguments_end_;
};

/// A point in a queue: everything up to a sequence number.
struct Point {
    std::shared_ptr<UserQueue> queue;
    uint64_t sequence = 0;
    /// True also when it never will be, but nobody is to wait for it any more
    /// (UserQueue::abandoned).
    bool reached() const { return queue->reached(sequence); }
};

} // namespace acc::rt
