// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compute unit: the blocks resident on it, and how they take turns. It is driven by one thread at
// a time, its worker or a host thread that waits; whoever holds it (try_own) may use everything
// here.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "driver/model/src/dispatch.h"

namespace acc::model {

class Machine;

/// A block that has been started and has not ended.
struct Resident {
    std::unique_ptr<Block> block;
    uint64_t index = 0;    ///< in the grid
    uint64_t since_ns = 0; ///< start of the time that ran_ns covers
    uint64_t ran_ns = 0;   ///< how long it has executed since then, as the watchdog counts
    uint64_t waits_ns = 0; ///< it waits for other blocks; when its last slice ended, else 0
};

/// A compute unit's part of a dispatch.
struct Share {
    Dispatch* dispatch = nullptr;
    BlockRange range{0, 0};         ///< taken, not yet started
    uint32_t chunk = 1;             ///< how many to take next time
    uint64_t chunk_ns = 0;          ///< when `range` was taken
    std::vector<Resident> resident; ///< yielded; the first runs next
    uint64_t retry_ns = 0;          ///< all blocks wait: not before this time
    uint64_t backoff = 0;
    bool favour = false; ///< the eldest resident block had the last slice (watchdog)
};

/// Why a thread that drives a compute unit may have to stop: a waiting host thread has what it
/// waits for.
struct Stopper {
    const std::atomic<uint64_t>* word = nullptr;
    uint64_t value = 0;
    const Queue* favoured = nullptr; ///< the queue the host thread waits for

    bool reached() const { return word && word->load(std::memory_order_acquire) >= value; }
};

class ComputeUnit {
  public:
    ComputeUnit(Machine& machine, uint32_t id) : machine_(machine), id_(id) {}

    uint32_t id() const { return id_; }
    bool try_own() {
        return !owned_.load(std::memory_order_relaxed) &&
               !owned_.exchange(true, std::memory_order_seq_cst);
    }
    void disown() { owned_.store(false, std::memory_order_seq_cst); }
    bool owned() const { return owned_.load(std::memory_order_seq_cst); }
    /// Blocks or unstarted work of some dispatch are here.
    bool occupied() const { return share_count_.load(std::memory_order_seq_cst) != 0; }

    /// Runs blocks of `share` until it is drained, all of its blocks wait, its turn is over, `stop`
    /// says so or the scheduler's version is no longer `version`. False when all it found were
    /// blocks that wait.
    bool turn(Share& share, const Stopper& stop, uint64_t version);

    // For the scheduler, on behalf of the thread that holds the unit.
    Share* find(const Dispatch& dispatch);
    Share& attach(Dispatch& dispatch);
    void drop(Share& share);

    uint64_t blocks_done() const { return blocks_done_.load(std::memory_order_relaxed); }

    Queue* charged = nullptr; ///< whose work the last turn was, not yet accounted
    uint64_t charged_ns = 0;

  private:
    struct Turn;
    bool next_fresh(Share& share, uint64_t now, uint64_t& index);
    void adapt_chunk(Share& share, uint64_t now);
    bool start(Dispatch& dispatch, uint64_t index, std::unique_ptr<Block>& block);
    size_t whose_slice(Share& share) const;
    Resident next_block(Share& share, Turn& turn, bool& fresh);
    RunResult run_slice(Dispatch& dispatch, Block& block, const Turn& turn,
                        acc_fault_record& record);
    RunResult run_ahead(Share& share, Resident& block, const Turn& turn, acc_fault_record& record);
    bool advance(Share& share, Turn& turn, bool& drained);
    void settle(Share& share, Resident block, RunResult result, const acc_fault_record& record,
                const Turn& turn, uint64_t slice_ns);
    void watch(Dispatch& dispatch, Resident& block, RunResult result, uint64_t now,
               uint64_t slice_ns);
    void stall(Share& share, uint64_t now);
    void clear(Share& share);
    void fault(Dispatch& dispatch, const acc_fault_record& record);

    Machine& machine_;
    const uint32_t id_;
    alignas(64) std::atomic<bool> owned_{false};
    std::atomic<uint32_t> share_count_{0};
    std::atomic<uint64_t> blocks_done_{0};
    std::vector<std::unique_ptr<Share>> shares_, spare_shares_;
};

} // namespace acc::model
