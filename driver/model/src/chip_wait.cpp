// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A host thread that waits lends itself to the device. It takes a free compute unit and does what
// the unit's worker would do, its own queue first, so that a small launch involves no other thread
// at all. With nothing to do it spins, then parks.
#include "driver/model/src/chip_wait.h"

#include <algorithm>

#include "driver/model/src/futex.h"
#include "driver/model/src/machine.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

namespace {

class Lender {
  public:
    Lender(Machine& machine, Queue& queue, const std::atomic<uint64_t>& word, uint64_t value,
           const std::atomic<bool>* given_up)
        : machine_(machine), queue_(queue), stop_{&word, value, &queue}, given_up_(given_up) {}

    ~Lender() {
        release();
        machine_.hand_over();
    }

    bool reached() const { return stop_.reached(); }
    bool over() const {
        return reached() || queue_.dead() ||
               (given_up_ != nullptr && given_up_->load(std::memory_order_acquire));
    }

    /// Does something useful; false when there is nothing.
    bool work() {
        if (!cu_) cu_ = borrow();
        bool stalled = false;
        // Every other time its own queue comes first: what it waits for may itself wait for another
        // queue.
        own_first_ = !own_first_;
        return machine_.work(cu_, stop_, &queue_, own_first_, stalled);
    }

    /// Sleeps until the word or the queue changes, at most `limit` nanoseconds.
    void park(uint64_t limit) {
        release();
        machine_.hand_over();
        WaiterList::Waiter waiter{stop_.word, stop_.value, &queue_};
        machine_.waiters.add(waiter);
        if (!over()) {
            futex_wait(waiter.woken, 0, std::min(limit, poll_));
            poll_ = std::min(poll_ * 2, kWaitPollMax);
        }
        machine_.waiters.remove(waiter);
    }

  private:
    ComputeUnit* borrow() {
        static thread_local size_t last = 0; // its caches are warm
        const auto& cus = machine_.cus;
        for (size_t i = 0; i < cus.size(); i++) {
            size_t at = (last + i) % cus.size();
            if (!cus[at]->try_own()) continue;
            last = at;
            return cus[at].get();
        }
        return nullptr;
    }

    void release() {
        if (cu_) machine_.release(*cu_);
        cu_ = nullptr;
    }

    Machine& machine_;
    Queue& queue_;
    const Stopper stop_;
    const std::atomic<bool>* const given_up_; ///< may be null: the caller wants no more of it
    ComputeUnit* cu_ = nullptr;
    bool own_first_ = false;
    uint64_t poll_ = kWaitPollMin;
};

} // namespace

bool wait_lending(Machine& machine, Queue& queue, const std::atomic<uint64_t>& word, uint64_t value,
                  uint64_t timeout_ns, const std::atomic<bool>* stop) {
    if (timeout_ns == 0) return false;
    const uint64_t began = timeout_ns == UINT64_MAX ? 0 : now_ns();
    const uint64_t deadline = timeout_ns < UINT64_MAX - began ? began + timeout_ns : UINT64_MAX;
    const uint64_t spin = machine.config.spin_microseconds * 1000ull;
    uint64_t idle_since = 0;
    Lender lender(machine, queue, word, value, stop);
    while (!lender.over()) {
        if (lender.work()) {
            idle_since = 0;
            if (deadline != UINT64_MAX && now_ns() >= deadline) break;
            continue;
        }
        uint64_t now = now_ns();
        if (now >= deadline) break;
        if (idle_since == 0) idle_since = now;
        if (now - idle_since < spin)
            for (int i = 0; i < 8; i++)
                cpu_relax();
        else
            lender.park(deadline - now);
    }
    return lender.reached();
}

} // namespace acc::model
