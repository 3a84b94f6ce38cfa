// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The queues of a context: lent to streams, taken back when the streams end, and looked at
// together, because one that halts takes the whole context with it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "runtime/core/user_queue.h"

namespace acc::rt {

class Context;

class QueueSet {
  public:
    QueueSet(Context& context, MemoryManager& memory, AddressSpaceHandle& vm)
        : context_(context), memory_(memory), vm_(vm) {}
    QueueSet(const QueueSet&) = delete;

    /// A queue for a stream; `priority` is CUDA's (0 lowest, -3 highest). One that no other stream
    /// has, as long as the context and the device have any; then one that other streams use, too:
    /// each keeps its order, they only lose concurrency. Throws Error(OutOfMemory) when there is
    /// not even one to share.
    std::shared_ptr<UserQueue> take(int priority);
    /// The stream has ended. What is pending in the queue goes on; queues are kept to the end of
    /// the context, because others may wait for their timelines.
    void give_back(const UserQueue& queue);

    /// True once a queue has halted: nothing that waits for the context's work will ever be
    /// fulfilled. Looks at every queue that has work; cheap enough for callers that poll.
    bool halted();
    /// True once halted() has been: one load.
    bool known_halted() const { return halted_.load(std::memory_order_acquire); }
    /// The last work of every queue that is not done with it.
    std::vector<Point> pending() const;
    /// True when no queue has work that could still run.
    bool idle() const;
    /// Message buffer and device heap (HardwareQueue::set_service) of all queues, future ones too.
    void set_service(uint64_t printf_buffer, uint64_t heap);
    /// Stops all queues: nothing may be submitted any more, and nobody waits for them.
    void stop();
    /// After stop(), when nobody looks at their memory any more.
    void clear();

    Context& context() const { return context_; }
    /// A queue of this set waits, up to the point `passed`, for one of another context.
    void wait_for_other(const Point& awaited, const Point& passed);
    /// As above for a word that another process's device writes, as long as the process lives.
    struct Remote {
        std::atomic<uint64_t>* word = nullptr;
        uint64_t value = 0;
        uint32_t process = 0;
        uint64_t started = 0;       ///< process_start
        std::shared_ptr<void> keep; ///< where the word is
    };
    void wait_for_process(const Remote& awaited, const Point& passed);
    bool waits_for_others() const { return any_others_.load(std::memory_order_acquire); }
    /// For whoever waits or polls here: when a context that something waits for has failed, it is
    /// told to report that, and releases who waits. Cheap when nothing waits for another context.
    void look_at_others() {
        if (waits_for_others()) find_failed();
    }
    /// The points up to which queues of this set wait for queues of `other`.
    std::vector<Point> waits_for(const QueueSet& other) const;
    /// Queues of `other` go away: what has not passed them never will.
    void forget(const QueueSet& other);
    /// The context has reported why it failed: nobody waits for what has halted.
    void abandon_halted();

  private:
    struct Member {
        std::shared_ptr<UserQueue> queue;
        uint32_t priority = 0; ///< the hardware's
        unsigned streams = 0;
    };
    std::shared_ptr<UserQueue> lend(Member& member);
    std::shared_ptr<UserQueue> take_free(uint32_t priority);
    std::shared_ptr<UserQueue> share();
    void find_failed();
    void find_ended();
    void note_others();

    Context& context_;
    MemoryManager& memory_;
    AddressSpaceHandle& vm_;
    std::atomic<bool> halted_{false};
    mutable std::shared_mutex mutex_; // protects what follows; nothing waits while it holds it
    std::vector<Member> members_;
    size_t making_ = 0; // being created: counted, not there yet
    uint64_t printf_buffer_ = 0, heap_ = 0;

    struct Other {
        Point awaited, passed;
    };
    mutable std::mutex others_mutex_; // protects what follows
    std::vector<Other> others_;
    std::vector<std::pair<Remote, Point>> remotes_;
    std::atomic<bool> any_others_{false};
};

} // namespace acc::rt
