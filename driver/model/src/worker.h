// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads of the chip, one per compute unit, and how they sleep; and the host threads that wait
// for a value.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace acc::model {

class ComputeUnit;
class Machine;
class Queue;

class WorkerPool {
  public:
    explicit WorkerPool(Machine& machine) : machine_(machine) {}
    /// One worker per compute unit; threads are started by start().
    void create(unsigned count);
    /// Starts the threads if they do not run yet (the first queue needs them).
    void start();
    /// Ends and joins the threads.
    void stop();

    /// Makes sure that an awake worker is going to look for work.
    void ensure_searcher();
    /// Asks up to `count` sleeping workers, whose compute unit is free, to look for work.
    void wake(uint64_t count);
    /// Makes the worker of a compute unit look for work.
    void wake_worker(uint32_t compute_unit);

  private:
    /// A worker's state is the word it sleeps on.
    enum State : uint32_t { Running, Searching, Napping, Parked };
    static constexpr uint64_t kNeverSeen = UINT64_MAX; ///< no version
    struct alignas(64) Worker {
        std::atomic<uint32_t> state{Parked};
        uint64_t seen_version = kNeverSeen; ///< scheduler version at its last fruitless look
        uint64_t spin_ns = 0; ///< how long it spins: as long as that finds work, up to the
                              ///< configured time
        std::thread thread;
    };

    void main(uint32_t index);
    void search(uint32_t index, uint64_t last_work);
    bool spin(uint32_t index, uint64_t since);
    bool spin_until(const Worker& worker, const ComputeUnit& cu, uint64_t limit) const;
    bool nap(uint32_t index);
    void park(uint32_t index);
    void trim(uint32_t index);
    bool has_blocks(const Worker& worker, const ComputeUnit& cu) const;
    bool rouse(Worker& worker);
    void set_running(Worker& worker);

    Machine& machine_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::once_flag started_;
    std::atomic<bool> running_{false}, stop_{false};
    alignas(64) std::atomic<int32_t> searching_{0}; ///< workers in state Searching or Napping
    std::atomic<bool> sentinel_{false};             ///< one of them naps
    std::atomic<bool> deep_nap_{false}; ///< and for so long that a doorbell should end it
    std::atomic<uint64_t> quiet_at_{0}; ///< count of doorbells when napping last ended for lack of
                                        ///< them
};

/// Host threads parked in Chip::wait.
class WaiterList {
  public:
    struct Waiter {
        const std::atomic<uint64_t>* word;
        uint64_t value;
        const Queue* queue;
        std::atomic<uint32_t> woken{0};
        bool reached() const { return word->load(std::memory_order_acquire) >= value; }
    };

    void add(Waiter& waiter);
    void remove(Waiter& waiter);
    /// A signal has been stored: wakes those whose word has reached its value.
    void signalled();
    /// A queue has died: wakes those who wait for it.
    void queue_died(const Queue& queue);

  private:
    static void wake(Waiter& waiter);

    std::atomic<uint32_t> count_{0};
    std::mutex mutex_; ///< guards waiters_
    std::vector<Waiter*> waiters_;
};

} // namespace acc::model
