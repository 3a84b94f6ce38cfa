// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All parts of one chip. chip.cpp puts the public interface in front of it.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "acc/model/chip.h"
#include "driver/model/src/address_space.h"
#include "driver/model/src/compute_unit.h"
#include "driver/model/src/executors.h"
#include "driver/model/src/faults.h"
#include "driver/model/src/queue.h"
#include "driver/model/src/queue_set.h"
#include "driver/model/src/scheduler.h"
#include "driver/model/src/vram.h"
#include "driver/model/src/worker.h"

namespace acc::model {

struct Counters {
    std::atomic<uint64_t> packets{0}, dispatches{0}, doorbells{0}, bytes_copied{0}, faults{0},
        ecc_corrected{0}, ecc_uncorrected{0};
};

class Machine {
  public:
    Machine(const ChipConfig& config, BusMemory& bus, InterruptSink* sink,
            std::vector<std::unique_ptr<Executor>> list);
    ~Machine();

    /// The queue object of a number that has been enabled once, else null.
    Queue* queue(uint32_t id) const {
        return id < kMaxQueues ? queues_[id].load(std::memory_order_acquire) : nullptr;
    }
    Queue* make_queue(uint32_t id);

    template <typename Visit>
    void for_each_queue(Visit&& visit) {
        for (uint32_t id = 0; id < kMaxQueues; id++)
            if (Queue* existing = queue(id)) visit(*existing);
    }

    /// Runs command processors that have something to do, `first` (may be null) before others.
    bool run_queues(ComputeUnit* cu, Queue* first);
    /// A command processor should run and nobody runs it.
    bool queue_waiting() const;
    /// One step of whatever there is to do. False when there is nothing.
    /// `first` (may be null): the queue to look at first; `prefer`: its blocks go first, too.
    bool work(ComputeUnit* cu, const Stopper& stop, Queue* first, bool prefer, bool& stalled);
    /// Gives a compute unit up. Whatever is left on it or in the queues gets another thread.
    void release(ComputeUnit& cu);
    /// Something is left that needs a thread: makes sure that there is one.
    void hand_over();

    /// Nothing gets on any more, until revive().
    void hang();
    bool hung() const { return hung_.load(std::memory_order_relaxed); }
    void revive();

    /// Re-reads page-table entries; on return nothing uses the old ones.
    void invalidate(Vm& vm, uint64_t va, uint64_t bytes);
    /// System memory at [bus, bus + bytes) has changed (0 bytes: all of it).
    void bus_changed(uint64_t bus, uint64_t bytes);
    /// A page of VRAM has been poisoned or scrubbed.
    void poison_changed(uint64_t page);

    /// A signal has been stored in device memory.
    void signal_stored();

    ChipConfig config;
    BusMemory& bus;
    InterruptSink* const sink; ///< may be null
    Executors executors;       ///< before everything that holds blocks or address spaces
    Vram vram;
    MapAccounts maps;
    FaultFifo faults;
    Counters counters;
    QueueSet pending; ///< queues whose command processor should run
    QueueSet blocked; ///< queues that wait for a value in memory
    Scheduler scheduler;
    WaiterList waiters;
    std::vector<std::unique_ptr<ComputeUnit>> cus;
    std::array<std::shared_ptr<Vm>, kMaxAddressSpaces> vms; ///< guarded by control_mutex
    std::atomic<uint64_t> changes{0}; ///< of what translations of all address spaces depend on
    bool resetting = false;           ///< a device reset has begun; guarded by control_mutex
    uint64_t resets = 0;              ///< that have begun; guarded by control_mutex
    std::mutex control_mutex;         ///< guards vms, creation of queues, enable and disable
    WorkerPool workers;               ///< last: its threads use everything above

  private:
    void fence_queues();
    std::array<std::shared_ptr<Vm>, kMaxAddressSpaces> all_vms();

    std::atomic<bool> hung_{false};
    std::array<std::atomic<Queue*>, kMaxQueues> queues_{};
    std::vector<std::unique_ptr<Queue>> queue_storage_; ///< guarded by control_mutex
};

/// A chip with executors of the caller's choice, in the order in which they are asked.
std::unique_ptr<Chip> make_chip(const ChipConfig& config, BusMemory& bus, InterruptSink* sink,
                                std::vector<std::unique_ptr<Executor>> executors);

} // namespace acc::model
