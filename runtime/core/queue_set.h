// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The queues of a context: lent to streams, taken back when the streams end, and looked at
// together, because one that halts takes the whole context with it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <vector>

#include "runtime/core/user_queue.h"

namespace acc::rt {

class QueueSet {
  public:
    QueueSet(MemoryManager& memory, AddressSpaceHandle& vm) : memory_(memory), vm_(vm) {}
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
    /// Stops all queues. Nothing may be submitted or waited for any more.
    void clear();

  private:
    struct Member {
        std::shared_ptr<UserQueue> queue;
        uint32_t priority = 0; ///< the hardware's
        unsigned streams = 0;
    };
    std::shared_ptr<UserQueue> lend(Member& member);
    std::shared_ptr<UserQueue> take_free(uint32_t priority);
    std::shared_ptr<UserQueue> share();

    MemoryManager& memory_;
    AddressSpaceHandle& vm_;
    std::atomic<bool> halted_{false};
    mutable std::shared_mutex mutex_; // protects what follows; nothing waits while it holds it
    std::vector<Member> members_;
    size_t making_ = 0; // being created: counted, not there yet
    uint64_t printf_buffer_ = 0, heap_ = 0;
};

} // namespace acc::rt
