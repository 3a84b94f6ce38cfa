// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a worker sleeps: it spins for a while after work, then one of the idle workers naps (a sleep
// with a short timeout, so that a doorbell needs no system call) while doorbells keep ringing or a
// queue waits for a value in memory; all others park.
#include "driver/model/src/worker.h"

#include <algorithm>
#include <cstdio>
#include <pthread.h>
#include <sys/prctl.h>

#include "driver/model/src/futex.h"
#include "driver/model/src/machine.h"
#include "driver/model/src/signals_blocked.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

void WorkerPool::create(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        workers_.push_back(std::make_unique<Worker>());
        workers_.back()->spin_ns = machine_.config.spin_microseconds * 1000ull;
    }
}

void WorkerPool::start() {
    if (running_.load(std::memory_order_acquire)) return;
    std::call_once(started_, [this] {
        const SignalsBlocked guard;
        for (uint32_t i = 0; i < workers_.size(); i++) {
            workers_[i]->state.store(Running, std::memory_order_relaxed);
            workers_[i]->thread = std::thread([this, i] { main(i); });
        }
        running_.store(true, std::memory_order_release);
    });
}

void WorkerPool::stop() {
    stop_.store(true, std::memory_order_seq_cst);
    for (auto& worker : workers_)
        rouse(*worker);
    for (auto& worker : workers_)
        if (worker->thread.joinable()) worker->thread.join();
}

void WorkerPool::main(uint32_t index) {
    if (machine_.config.thread_begins != nullptr) machine_.config.thread_begins();
    char name[16];
    std::snprintf(name, sizeof name, "acc-cu%u", index);
    pthread_setname_np(pthread_self(), name);
    prctl(PR_SET_TIMERSLACK, 1000); // naps end on time
    Worker& worker = *workers_[index];
    ComputeUnit& cu = *machine_.cus[index];
    uint64_t last_work = 0;
    while (!stop_.load(std::memory_order_relaxed)) {
        bool stalled = false, did = false;
        const uint64_t version = machine_.scheduler.version();
        bool mine = cu.try_own();
        // While a host thread has borrowed the unit, this is no look at the blocks: they are still
        // to be looked for when it comes back.
        worker.seen_version = mine ? version : kNeverSeen;
        do {
            did = machine_.work(mine ? &cu : nullptr, {}, nullptr, false, stalled);
            if (did) last_work = now_ns();
        } while (did && mine && !stop_.load(std::memory_order_relaxed));
        if (mine && stalled) { // its blocks wait for other blocks: keep them, but not the host's
                               // time
            machine_.release(cu);
            if (now_ns() - last_work < machine_.config.spin_microseconds * 1000ull)
                for (int i = 0; i < 16; i++)
                    cpu_relax();
            else
                std::this_thread::sleep_for(std::chrono::nanoseconds(kStallMax));
            continue;
        }
        if (mine) machine_.release(cu);
        if (!did) search(index, last_work);
    }
}

void WorkerPool::set_running(Worker& worker) {
    worker.state.store(Running, std::memory_order_seq_cst);
    searching_.fetch_sub(1, std::memory_order_seq_cst);
}

/// Blocks for its compute unit, or possibly so.
bool WorkerPool::has_blocks(const Worker& worker, const ComputeUnit& cu) const {
    if (cu.owned() || machine_.hung()) return false;
    return cu.occupied() ||
           (machine_.scheduler.active() && machine_.scheduler.version() != worker.seen_version);
}

/// Returns when there may be something to do.
void WorkerPool::search(uint32_t index, uint64_t last_work) {
    Worker& worker = *workers_[index];
    worker.state.store(Searching, std::memory_order_seq_cst);
    searching_.fetch_add(1, std::memory_order_seq_cst);
    if (!spin(index, last_work) && !nap(index)) park(index);
    set_running(worker);
}

/// True when there is something to do; false when the time for spinning is over. Spinning takes the
/// processor from the host program where processors are few, so a worker does it for long only
/// while it pays.
bool WorkerPool::spin(uint32_t index, uint64_t since) {
    Worker& worker = *workers_[index];
    const uint64_t most = machine_.config.spin_microseconds * 1000ull;
    if (now_ns() >= since + worker.spin_ns) return false;
    bool found = spin_until(worker, *machine_.cus[index], since + worker.spin_ns);
    worker.spin_ns = std::min(found ? worker.spin_ns * 2 : std::max(worker.spin_ns / 2, kSpinMin),
                              most);
    return found;
}

bool WorkerPool::spin_until(const Worker& worker, const ComputeUnit& cu, uint64_t limit) const {
    uint64_t rung = 0; // when a queue was first seen to have something to do
    for (uint64_t now = now_ns(); now < limit; now = now_ns()) {
        if (stop_.load(std::memory_order_relaxed) || has_blocks(worker, cu)) return true;
        if (machine_.hung() || (!machine_.queue_waiting() && !machine_.blocked.any()))
            rung = 0;
        else if (rung == 0)
            rung = now;
        else if (now - rung > kDoorbellGrace)
            return true;
        for (int i = 0; i < 8; i++)
            cpu_relax();
    }
    return false;
}

/// Naps if nobody else does and there is reason to. True when there is something to do.
bool WorkerPool::nap(uint32_t index) {
    Worker& worker = *workers_[index];
    const ComputeUnit& cu = *machine_.cus[index];
    const auto& doorbells = machine_.counters.doorbells;
    uint64_t rung = doorbells.load(std::memory_order_relaxed);
    if (rung == quiet_at_.load(std::memory_order_relaxed) && !machine_.blocked.any()) return false;
    if (sentinel_.exchange(true, std::memory_order_seq_cst)) return false;
    bool found = false;
    uint64_t interval = kNapMin, watch_end = now_ns() + kNapWatch;
    for (;;) {
        worker.state.store(Napping, std::memory_order_seq_cst);
        found = stop_.load(std::memory_order_seq_cst) || has_blocks(worker, cu) ||
                machine_.queue_waiting();
        if (!found) {
            deep_nap_.store(interval > kNapMin || machine_.config.doorbells_wake,
                            std::memory_order_seq_cst);
            futex_wait(worker.state, Napping, interval);
        }
        uint32_t state = Napping;
        if (!worker.state.compare_exchange_strong(state, Searching, std::memory_order_seq_cst))
            found = true;
        if (found || machine_.run_queues(nullptr, nullptr)) {
            found = true;
            break;
        }
        uint64_t now = now_ns(), rung_now = doorbells.load(std::memory_order_relaxed);
        if (rung_now != rung) {
            rung = rung_now;
            interval = kNapMin;
            watch_end = now + kNapWatch;
            continue;
        }
        interval = std::min(interval * 2, kNapMax);
        if (now > watch_end && !machine_.blocked.any()) {
            quiet_at_.store(rung, std::memory_order_relaxed);
            break;
        }
    }
    deep_nap_.store(false, std::memory_order_seq_cst);
    sentinel_.store(false, std::memory_order_seq_cst);
    return found;
}

/// Sleeps until somebody rouses it.
void WorkerPool::park(uint32_t index) {
    Worker& worker = *workers_[index];
    const ComputeUnit& cu = *machine_.cus[index];
    worker.state.store(Parked, std::memory_order_seq_cst);
    searching_.fetch_sub(1, std::memory_order_seq_cst);
    // Whoever brings work first publishes it and then looks at our state: look at the work after
    // setting the state.
    bool unwatched = machine_.blocked.any() && !sentinel_.load(std::memory_order_seq_cst);
    if (stop_.load(std::memory_order_seq_cst) || machine_.queue_waiting() || unwatched ||
        has_blocks(worker, cu))
        rouse(worker);
    const auto sleeps = [&] { return worker.state.load(std::memory_order_seq_cst) == Parked; };
    if (sleeps()) futex_wait(worker.state, Parked, kKeepBlocks);
    if (sleeps()) {
        trim(index);
        // Whoever came meanwhile has found the unit taken.
        if (machine_.queue_waiting() || has_blocks(worker, cu)) rouse(worker);
    }
    while (sleeps())
        futex_wait(worker.state, Parked, UINT64_MAX);
}

/// Gives back the memory of blocks that have not been wanted for a while.
void WorkerPool::trim(uint32_t index) {
    ComputeUnit& cu = *machine_.cus[index];
    if (!cu.try_own()) return;
    machine_.executors.trim(index, 1);
    cu.disown();
}

/// Makes a sleeping worker search. False when it does not sleep.
bool WorkerPool::rouse(Worker& worker) {
    uint32_t state = worker.state.load(std::memory_order_seq_cst);
    if (state != Parked && state != Napping) return false;
    if (!worker.state.compare_exchange_strong(state, Searching, std::memory_order_seq_cst))
        return false;
    if (state == Parked)
        searching_.fetch_add(1, std::memory_order_seq_cst); // napping ones are counted
    futex_wake(worker.state);
    return true;
}

void WorkerPool::ensure_searcher() {
    // One that naps deeply is no help; a second one that searches is.
    const int32_t asleep = deep_nap_.load(std::memory_order_seq_cst) ? 1 : 0;
    if (searching_.load(std::memory_order_seq_cst) > asleep) return;
    for (uint32_t i = 0; i < workers_.size(); i++) // best one whose compute unit is free
        if (!machine_.cus[i]->owned() && rouse(*workers_[i])) return;
    for (auto& worker : workers_)
        if (rouse(*worker)) return;
}

void WorkerPool::wake(uint64_t count) {
    for (uint32_t i = 0; i < workers_.size() && count > 0; i++) {
        if (machine_.cus[i]->owned()) continue;
        if (rouse(*workers_[i]) || workers_[i]->state.load(std::memory_order_relaxed) == Searching)
            count--;
    }
}

void WorkerPool::wake_worker(uint32_t compute_unit) {
    rouse(*workers_[compute_unit]);
}

void WaiterList::add(Waiter& waiter) {
    std::lock_guard lock(mutex_);
    waiters_.push_back(&waiter);
    count_.store(static_cast<uint32_t>(waiters_.size()), std::memory_order_seq_cst);
}

void WaiterList::remove(Waiter& waiter) {
    std::lock_guard lock(mutex_);
    waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &waiter));
    count_.store(static_cast<uint32_t>(waiters_.size()), std::memory_order_seq_cst);
}

void WaiterList::wake(Waiter& waiter) {
    if (waiter.woken.exchange(1, std::memory_order_seq_cst) == 0) futex_wake(waiter.woken);
}

void WaiterList::signalled() {
    std::atomic_thread_fence(std::memory_order_seq_cst); // the signal's store before the look at
                                                         // the list
    if (count_.load(std::memory_order_seq_cst) == 0) return;
    std::lock_guard lock(mutex_);
    for (Waiter* waiter : waiters_)
        if (waiter->reached()) wake(*waiter);
}

void WaiterList::queue_died(const Queue& queue) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (count_.load(std::memory_order_seq_cst) == 0) return;
    std::lock_guard lock(mutex_);
    for (Waiter* waiter : waiters_)
        if (waiter->queue == &queue) wake(*waiter);
}

} // namespace acc::model
