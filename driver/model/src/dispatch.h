// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dispatch in flight: the launch, and how far its blocks have been handed out.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "driver/model/src/exec.h"

namespace acc::model {

class ComputeUnit;
class Queue;

struct BlockRange {
    uint64_t begin, end; ///< linear numbers of clusters (blocks mostly), x fastest
};

struct Dispatch final : Launch {
    Queue* queue = nullptr;
    Executor* executor = nullptr; ///< of the chip's, the one that runs it
    uint64_t packet_index = 0;
    acc_packet_dispatch packet{};
    uint32_t blocks_per_cu = 1; ///< residency limit on one compute unit, in clusters
    uint32_t max_chunk = 1;     ///< clusters handed out at a time, at most
    uint64_t started_ns = 0;
    unsigned depth = 0;    ///< how many launches from device code led to it
    bool launched = false; ///< from device code: it belongs to the queue's Launches
    /// Pieces of work that its threads have launched and that are not done.
    std::atomic<uint64_t> children{0};

    alignas(64) std::atomic<uint64_t> next{0}; ///< first cluster nobody has taken; may run beyond
                                               ///< the last
    std::atomic<uint32_t> returned_count{0};   ///< size of `returned`, readable without the lock
    std::atomic<bool> shared{false};  ///< all compute units may take blocks, not only `owner`
    std::atomic<bool> faulted{false}; ///< the first faulting block has set it and writes `fault`
    acc_fault_record fault{};         ///< valid once the dispatch is done
    /// When a block ended last, to within kEndedGrain. Kept for the watchdog.
    std::atomic<uint64_t> block_ended_ns{0};

    // Guarded by the scheduler's lock.
    uint32_t attached = 0;            ///< compute units that hold blocks or may take some
    bool active = false;              ///< in the scheduler's list
    uint64_t picked = 0;              ///< when a compute unit began a turn on it last
    ComputeUnit* owner = nullptr;     ///< who started it, until it is shared
    std::vector<BlockRange> returned; ///< blocks taken and given back unstarted

    Dispatch* done_next = nullptr; ///< link of the queue's list of finished dispatches

    /// Back to the state of a new object (the memory is reused).
    void reset();
    /// Blocks are left that no compute unit has taken.
    bool has_fresh() const {
        return next.load(std::memory_order_relaxed) < clusters() ||
               returned_count.load(std::memory_order_relaxed) != 0;
    }
    /// Its threads may launch kernels, or belong to one that was launched so.
    bool may_launch() const { return (kernel.flags & ACC_KD_LAUNCHES) != 0; }
    bool aborted() const { return abort.load(std::memory_order_acquire); }
};

} // namespace acc::model
