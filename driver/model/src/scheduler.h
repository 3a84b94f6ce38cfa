// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which dispatch a compute unit works on next. The list of active dispatches is guarded by one lock
// that is taken a few times per dispatch and once per turn; blocks themselves are handed out by an
// atomic counter.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "driver/model/src/client.h"
#include "driver/model/src/dispatch.h"

namespace acc::model {

class Machine;
struct Share;

class Scheduler {
  public:
    explicit Scheduler(Machine& machine) : machine_(machine) {}

    /// A recycled or new dispatch, reset.
    std::unique_ptr<Dispatch> allocate();
    void recycle(std::unique_ptr<Dispatch> dispatch);

    /// Makes the dispatch runnable. `owner` (may be null) is the compute unit of the calling
    /// thread, which then runs it alone at first if it is small.
    void activate(Dispatch& dispatch, ComputeUnit* owner);

    /// The queue is about to be enabled in the client's address space.
    void enlist(Queue& queue, std::shared_ptr<Client> client);

    /// The dispatch `cu` should work on, attached to it: dispatches of `favoured` first, then of
    /// the client that has received least time, then of its queue that has, weighted by priority.
    /// Null when there is none; `stalled` then tells that blocks on the unit wait for others.
    Share* pick(ComputeUnit& cu, const Queue* favoured, bool& stalled);

    /// Takes up to `wanted` blocks from a dispatch; empty when there are none.
    BlockRange take(Dispatch& dispatch, uint32_t wanted);
    /// Gives blocks back that have been taken but not started.
    void give_back(Dispatch& dispatch, BlockRange range);

    /// Lets all compute units take part in a dispatch, waking as many as it has blocks for.
    void share(Dispatch& dispatch);
    /// `cu` loses its thread: what it owned is shared. Returns true when there was something.
    bool disown(ComputeUnit& cu);

    /// `cu` has no blocks of the dispatch left. False when there is more to take after all. When
    /// this was the end of the dispatch it is handed to its queue (Queue::dispatch_done).
    bool detach(ComputeUnit& cu, Share& share);

    /// No block of it will be started any more; running ones stop. The queue hears of it by
    /// dispatch_done.
    void abort(Dispatch& dispatch);

    /// Grows when something has changed that may be of interest to a compute unit that found
    /// nothing before.
    uint64_t version() const { return version_.load(std::memory_order_acquire); }
    /// Some dispatch is in flight.
    bool active() const { return active_count_.load(std::memory_order_seq_cst) != 0; }
    /// No other one is.
    bool single() const { return active_count_.load(std::memory_order_relaxed) == 1; }
    void bump() { version_.fetch_add(1, std::memory_order_seq_cst); }

  private:
    void advance_joining_time(Client& client);
    void charge(Queue& queue, uint64_t ns);
    static bool before(const Queue& a, const Queue& b);
    bool before_in_queue(const Dispatch& a, const Dispatch& b) const;
    bool retire_if_finished(Dispatch& dispatch);
    void share_locked(Dispatch& dispatch);

    Machine& machine_;
    alignas(64) std::atomic<uint64_t> version_{1};
    std::atomic<uint32_t> active_count_{0}; ///< size of active_, readable without the lock
    std::atomic<uint64_t> grid_ids_{0};
    alignas(64) std::mutex mutex_;
    std::vector<Dispatch*> active_; // guarded by mutex_
    /// Time from which an idle client starts again: no credit for idleness. Guarded by mutex_.
    uint64_t joining_time_ = 0;
    uint64_t picks_ = 0;                              ///< guarded by mutex_
    std::vector<std::unique_ptr<Dispatch>> recycled_; // guarded by mutex_
};

} // namespace acc::model
