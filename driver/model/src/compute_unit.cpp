// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/compute_unit.h"

#include <algorithm>
#include <cstddef>
#include <new>

#include "driver/model/src/machine.h"
#include "driver/model/src/patience.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

Share* ComputeUnit::find(const Dispatch& dispatch) {
    for (auto& share : shares_)
        if (share->dispatch == &dispatch) return share.get();
    return nullptr;
}

Share& ComputeUnit::attach(Dispatch& dispatch) {
    std::unique_ptr<Share> share;
    if (spare_shares_.empty()) {
        share = std::make_unique<Share>();
    } else {
        share = std::move(spare_shares_.back());
        spare_shares_.pop_back();
    }
    share->dispatch = &dispatch;
    share->range = {0, 0};
    share->chunk = 1;
    share->retry_ns = share->backoff = 0;
    shares_.push_back(std::move(share));
    share_count_.store(static_cast<uint32_t>(shares_.size()), std::memory_order_seq_cst);
    return *shares_.back();
}

void ComputeUnit::drop(Share& share) {
    auto it = std::find_if(shares_.begin(), shares_.end(),
                           [&](auto& s) { return s.get() == &share; });
    (*it)->dispatch = nullptr;
    spare_shares_.push_back(std::move(*it));
    shares_.erase(it);
    share_count_.store(static_cast<uint32_t>(shares_.size()), std::memory_order_seq_cst);
}

/// Aims at chunks that last kChunkTime: short blocks are taken by the dozen, long ones singly so
/// that all units end together.
void ComputeUnit::adapt_chunk(Share& share, uint64_t now) {
    uint64_t took = now - share.chunk_ns;
    if (share.range.end == 0) return; // the first one
    if (took < kChunkTime)
        share.chunk = std::min(share.chunk * 2, share.dispatch->max_chunk);
    else if (took > 4 * kChunkTime)
        share.chunk = std::max(share.chunk / 2, 1u);
}

bool ComputeUnit::next_fresh(Share& share, uint64_t now, uint64_t& index) {
    if (share.range.begin >= share.range.end) {
        adapt_chunk(share, now);
        share.range = machine_.scheduler.take(*share.dispatch, share.chunk);
        share.chunk_ns = now;
        if (share.range.begin >= share.range.end) return false;
    }
    index = share.range.begin++;
    return true;
}

/// Starts block `index` of the dispatch, in a new object if there is none yet. False when the host
/// has no memory for it; the dispatch has then faulted.
bool ComputeUnit::start(Dispatch& d, uint64_t index, std::unique_ptr<Block>& block) {
    uint32_t at[3];
    d.position(index, at);
    try {
        if (!block) block = d.executor->take_block(id_);
        block->start(d, at[0], at[1], at[2], id_);
        return true;
    } catch (const std::bad_alloc&) {
        acc_fault_record record{};
        record.cause = ACC_FAULT_INVALID_LAUNCH;
        record.info = offsetof(acc_packet_dispatch, stack_bytes); // local memory is what can be
                                                                  // that large
        std::copy(at, at + 3, record.block);
        fault(d, record);
        if (block) d.executor->give_block(id_, std::move(block));
        return false;
    }
}

/// Only the first fault of a dispatch is reported: it stops the others.
void ComputeUnit::fault(Dispatch& d, const acc_fault_record& record) {
    if (d.faulted.exchange(true, std::memory_order_acq_rel)) return;
    d.fault = record;
    d.fault.compute_unit = id_;
    machine_.scheduler.abort(d);
}

void ComputeUnit::clear(Share& share) {
    for (Resident& r : share.resident)
        share.dispatch->executor->give_block(id_, std::move(r.block));
    share.resident.clear();
    share.range = {0, 0};
}

void ComputeUnit::stall(Share& share, uint64_t now) {
    share.backoff = std::clamp(share.backoff * 2, kStallMin, kStallMax);
    share.retry_ns = now + share.backoff;
}

/// State of one turn.
struct ComputeUnit::Turn {
    const uint64_t began;
    const bool foreign; ///< a waiting host thread works for a queue that is not its own
    uint64_t now = began;
    uint64_t resident_due = began + kResidentDue; ///< yielded blocks get a slice although fresh
                                                  ///< ones are to be had
    size_t waiting = 0;                           ///< blocks in a row that wait
    uint64_t steps = 0;                           ///< slices run
    bool progress = false;                        ///< some block did something
};

/// The watchdog: counts the time of a block that has not ended, and stops the dispatch when it is
/// too much. The block's own time counts, not the clock's: with many blocks, queues or host threads
/// at work each gets only a part of the processor.
void ComputeUnit::watch(Dispatch& d, Resident& r, RunResult result, uint64_t now,
                        uint64_t slice_ns) {
    uint64_t limit = d.queue->watchdog_ns();
    if (limit == 0) {
        r.ran_ns = r.since_ns = 0;
        return;
    }
    if (r.since_ns == 0 || d.block_ended_ns.load(std::memory_order_relaxed) > r.since_ns ||
        d.children.load(std::memory_order_relaxed) != 0) {
        // Another block has ended meanwhile, or what the grid has launched is watched instead: it
        // gets on.
        r.since_ns = now;
        r.ran_ns = 0;
    } else {
        r.ran_ns += slice_ns;
        // A block that waits for others uses no time, yet does not get on: the time between its
        // slices counts, as far as the scheduler left it alone because it waits.
        if (r.waits_ns != 0) r.ran_ns += std::min(now - r.waits_ns, 2 * kStallMax);
    }
    r.waits_ns = result == RunResult::Waiting ? now : 0;
    if (r.ran_ns <= limit) return;
    acc_fault_record record{};
    record.cause = ACC_FAULT_HANG;
    d.position(r.index, record.block);
    r.block->locate(record);
    fault(d, record);
}

void ComputeUnit::settle(Share& share, Resident r, RunResult result, const acc_fault_record& record,
                         const Turn& turn, uint64_t slice_ns) {
    Dispatch& d = *share.dispatch;
    bool stays = result == RunResult::Yield || result == RunResult::Waiting ||
                 (result == RunResult::Stopped && !d.aborted());
    if (stays) {
        watch(d, r, result, turn.now, slice_ns);
        share.resident.push_back(std::move(r));
        return;
    }
    if (r.block) d.executor->give_block(id_, std::move(r.block));
    blocks_done_.fetch_add(1, std::memory_order_relaxed);
    if (turn.now > d.block_ended_ns.load(std::memory_order_relaxed) + kEndedGrain)
        d.block_ended_ns.store(turn.now, std::memory_order_relaxed);
    if (result == RunResult::Fault) fault(d, record);
}

/// Which resident block runs next: they take turns. When none has ended for a while, a watchdog
/// wants to know whether one can: half of the slices then go to the one that has executed most. So
/// it ends, or is found out, long before all of them together would.
size_t ComputeUnit::whose_slice(Share& share) const {
    const uint64_t limit = share.dispatch->queue->watchdog_ns();
    share.favour = limit != 0 && !share.favour;
    if (!share.favour) return 0;
    auto eldest = std::max_element(share.resident.begin(), share.resident.end(),
                                   [](auto& a, auto& b) { return a.ran_ns < b.ran_ns; });
    return eldest->ran_ns > limit / 16 ? static_cast<size_t>(eldest - share.resident.begin()) : 0;
}

/// The next block of the share, started or resumed; without a block when there is none. Fresh
/// blocks go first, as long as there is room and the yielded ones are not starved by many short
/// ones.
Resident ComputeUnit::next_block(Share& share, Turn& turn, bool& fresh) {
    uint64_t index = 0;
    bool room = share.resident.size() < share.dispatch->blocks_per_cu;
    fresh = room && (share.resident.empty() || turn.now < turn.resident_due) &&
            next_fresh(share, turn.now, index);
    if (fresh) {
        Resident next{nullptr, index};
        start(*share.dispatch, index, next.block);
        return next;
    }
    if (share.resident.empty()) return {};
    auto chosen = share.resident.begin() + static_cast<ptrdiff_t>(whose_slice(share));
    Resident next = std::move(*chosen);
    share.resident.erase(chosen);
    turn.resident_due = turn.now + kResidentDue;
    return next;
}

/// Runs a slice. A block of a dispatch that this unit still has to itself and that turns out to be
/// long makes it everybody's.
RunResult ComputeUnit::run_slice(Dispatch& d, Block& block, const Turn& turn,
                                 acc_fault_record& record) {
    bool alone = !d.shared.load(std::memory_order_relaxed);
    uint64_t budget = turn.foreign ? kForeignBudget : alone ? kFirstBudget : kSliceBudget;
    RunResult result = block.run(budget, record);
    bool unfinished = result == RunResult::Yield || result == RunResult::Waiting;
    if (!alone || !unfinished) return result;
    machine_.scheduler.share(d);
    return result == RunResult::Yield ? block.run(kSliceBudget, record) : result;
}

/// While blocks end at once, one after the other in the same object, without a look at the clock.
/// On return r is the last of them, and how it ended the result.
RunResult ComputeUnit::run_ahead(Share& share, Resident& r, const Turn& turn,
                                 acc_fault_record& record) {
    Dispatch& d = *share.dispatch;
    RunResult result = RunResult::Done;
    uint64_t ended = 0;
    for (; ended < kMostAhead && result == RunResult::Done; ++ended) {
        if (share.range.begin >= share.range.end || d.aborted()) break;
        r.index = share.range.begin++;
        result = start(d, r.index, r.block) ? run_slice(d, *r.block, turn, record)
                                            : RunResult::Stopped;
    }
    blocks_done_.fetch_add(ended, std::memory_order_relaxed);
    return result;
}

/// One block, one slice. False when the share has nothing to run now: drained, or all of its blocks
/// wait.
bool ComputeUnit::advance(Share& share, Turn& turn, bool& drained) {
    Dispatch& d = *share.dispatch;
    bool fresh = false;
    acc_fault_record record;
    Resident next = next_block(share, turn, fresh);
    if (!next.block) {
        drained = true;
        return false;
    }
    // What the host takes from the thread meanwhile is not the block's. (A first slice does not
    // count: it must not cost a system call.)
    const bool watched = !fresh && d.queue->watchdog_ns() != 0;
    const uint64_t began = watched ? thread_ns() : 0;
    RunResult result = run_slice(d, *next.block, turn, record);
    if (fresh && result == RunResult::Done) result = run_ahead(share, next, turn, record);
    const uint64_t slice_ns = watched ? thread_ns() - began : 0;
    turn.now = now_ns();
    turn.steps++;
    const bool unfinished = result == RunResult::Yield || result == RunResult::Waiting;
    if (unfinished) {
        if (fresh) turn.resident_due = turn.now + kResidentDue; // fill up first
        // Long blocks: what was taken in one go is better spread over the compute units.
        if (share.range.begin < share.range.end) machine_.scheduler.give_back(d, share.range);
        share.range = {0, 0};
        share.chunk = 1;
    }
    settle(share, std::move(next), result, record, turn, slice_ns);
    if (result != RunResult::Waiting) {
        turn.waiting = 0;
        turn.progress = true;
        share.retry_ns = share.backoff = 0;
        return true;
    }
    if (++turn.waiting < share.resident.size() || fresh) return true;
    stall(share, turn.now);
    return false;
}

namespace {
/// Of a thread that runs blocks of a dispatch: it has time while that is all there is to do.
class NothingElseToDo final : public Patience {
  public:
    NothingElseToDo(const Machine& machine, const Dispatch& dispatch, bool foreign)
        : machine_(machine), dispatch_(dispatch), foreign_(foreign) {}

  private:
    bool has_time() const override {
        return !foreign_ && machine_.scheduler.single() && !machine_.queue_waiting() &&
               !machine_.hung() && !dispatch_.aborted();
    }
    const Machine& machine_;
    const Dispatch& dispatch_;
    const bool foreign_;
};
} // namespace

bool ComputeUnit::turn(Share& share, const Stopper& stop, uint64_t version) {
    Dispatch& d = *share.dispatch;
    const Scheduler& scheduler = machine_.scheduler;
    Turn turn{now_ns(), stop.favoured && stop.favoured != d.queue};
    const NothingElseToDo patience(machine_, d, turn.foreign);
    bool drained = false;
    while (!d.aborted() && advance(share, turn, drained)) {
        uint64_t elapsed = turn.now - turn.began;
        if (elapsed > kPrivateTime && !d.shared.load(std::memory_order_relaxed) && d.has_fresh())
            machine_.scheduler.share(d);
        if (stop.reached() || elapsed > kTurn || scheduler.version() != version) break;
        if (d.may_launch() && Launches::submitted(d, d.queue->id())) break;
    }
    if (d.may_launch() && Launches::submitted(d, d.queue->id()))
        machine_.pending.add(d.queue->id());
    if (d.aborted()) {
        clear(share);
        drained = true;
    }
    charged = d.queue;
    charged_ns = turn.now - turn.began;
    d.queue->charge(turn.steps, charged_ns);
    if (drained) machine_.scheduler.detach(*this, share);
    return turn.progress || drained;
}

} // namespace acc::model
