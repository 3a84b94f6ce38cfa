// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A hardware queue and its command processor. The command processor is a state machine that any
// thread may advance (run); the queue's own lock makes sure that one does at a time. What it cannot
// finish at once it leaves behind: dispatches come back through dispatch_done, waits are looked at
// again when a signal has been written, copies go on in the next step.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "driver/model/src/client.h"
#include "driver/model/src/copy_engine.h"
#include "driver/model/src/dispatch.h"
#include "driver/model/src/launches.h"
#include "driver/model/src/packet.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

class Machine;

struct QueueSetup {
    std::shared_ptr<Vm> vm;
    uint64_t ring, control;
    uint32_t packets, priority;
};

class Queue {
  public:
    Queue(Machine& machine, uint32_t id) : machine_(machine), id_(id) {}

    uint32_t id() const { return id_; }
    uint32_t priority() const { return priority_.load(std::memory_order_relaxed); }

    /// False when the queue is enabled already or its control block is not accessible.
    bool enable(const QueueSetup& setup);
    /// Begins to stop everything; finish with disable().
    void begin_disable();
    /// Stops everything. True when nothing of the queue runs any more; false when that is not so by
    /// `deadline` (now_ns).
    bool disable(uint64_t deadline);
    /// Ends an injected hang.
    void recover();
    /// From now on the command processor does nothing.
    void hang();
    /// The device as a whole hangs, or does so no longer.
    void device_hangs(bool hangs);
    void set_priority(uint32_t priority) { priority_.store(priority, std::memory_order_relaxed); }
    void set_watchdog(uint64_t limit_ns) {
        watchdog_ns_.store(limit_ns, std::memory_order_relaxed);
    }
    uint64_t watchdog_ns() const { return watchdog_ns_.load(std::memory_order_relaxed); }
    QueueState state() const;
    /// A compute unit has worked for the queue: `steps` slices of blocks in `ns` nanoseconds.
    void charge(uint64_t steps, uint64_t ns) {
        progress_.fetch_add(steps, std::memory_order_relaxed);
        runtime_ns_.fetch_add(ns, std::memory_order_relaxed);
    }
    void set_service(uint64_t printf_buffer, uint64_t heap);

    bool enabled() const { return enabled_.load(std::memory_order_acquire); }
    /// Halted with an error, or not enabled: nothing will happen any more.
    bool dead() const { return halted_.load(std::memory_order_acquire) || !enabled(); }
    /// The address space, null when the queue is not enabled.
    std::shared_ptr<Vm> vm();

    /// Notes that packets up to `write_index` are ready. Does not run anything.
    void doorbell(uint64_t write_index);
    /// Advances the queue as far as it goes now. `cu`: the compute unit that the calling thread
    /// holds, or null. Returns false when there was nothing to do (or another thread is at it).
    bool run(ComputeUnit* cu);

    /// Some thread is advancing it right now, and will look again when it is done.
    bool running() const { return lock_.load(std::memory_order_seq_cst); }

    /// Returns when no command processor is at work that was before the call.
    void fence();

    /// The scheduler is done with a dispatch of this queue; it belongs to the queue again.
    void dispatch_done(Dispatch& dispatch);

    // Guarded by the scheduler's lock.
    std::shared_ptr<Client> client; ///< of the address space it was enabled in last
    uint64_t virtual_time = 0;      ///< compute time received, weighted by priority

  private:
    friend class Launches;
    /// How far process() came.
    enum class Progress { Idle, More, Blocked };
    /// Outcome of executing one packet.
    enum class Outcome { Done, Async, More, Blocked, Fault };
    struct Slot {
        std::unique_ptr<Dispatch> dispatch;
        bool done = false;
    };

    bool stuck() const;
    void begin_stall();
    void lock();
    void unlock();
    Progress process(ComputeUnit* cu);
    Progress process_locked(ComputeUnit* cu);
    bool reap(ComputeUnit* cu);
    void reap_one(Dispatch& dispatch, ComputeUnit* cu);
    bool fetch();
    bool ends() const { return halting_ || stopping_.load(std::memory_order_acquire); }
    std::unique_ptr<Dispatch> prepare_dispatch(const acc_packet_dispatch& packet, uint64_t index);
    void activate(Dispatch& dispatch, ComputeUnit* cu);
    StepResult step_copy(CopyJob& job, AccessFault& fault);
    Outcome execute(ComputeUnit* cu);
    Outcome execute_dispatch(ComputeUnit* cu);
    Outcome execute_copy();
    Outcome execute_wait();
    Outcome execute_store(uint64_t address, uint64_t data, uint32_t size);
    Outcome execute_cache();
    Outcome reject(const PacketError& error, uint64_t kernel, uint64_t index);
    Outcome reject(const PacketError& error, uint64_t kernel);
    bool evaluate(bool& satisfied);
    bool load(uint64_t address, uint32_t size, uint64_t& value);
    bool complete(uint64_t index, uint64_t signal, uint64_t value, uint16_t flags);
    bool store_read_index();

    Outcome access_fault(const AccessFault& fault);
    Outcome access_fault(const AccessFault& fault, uint64_t index);
    void report(acc_fault_record record);
    void begin_halt(const acc_fault_record& record);
    void abort_in_flight();
    void finish_halt();
    void finish_disable();
    void store_control_status(uint32_t status);
    bool in_flight() const { return read_index_ != fetch_index_; }
    bool dispatches_in_flight() const { return dispatches_ != 0; }

    Machine& machine_;
    const uint32_t id_;
    std::atomic<bool> enabled_{false}, halted_{false}, stopping_{false}, hung_{false};
    std::atomic<uint32_t> priority_{0};
    std::atomic<uint64_t> printf_buffer_{0}, heap_{0}, watchdog_ns_{0};
    alignas(64) std::atomic<uint64_t> doorbell_{0};
    std::atomic<Dispatch*> done_{nullptr}; ///< finished dispatches, newest first
    // What state() shows; written by the command processor and at the end of compute units' turns.
    alignas(64) std::atomic<uint64_t> progress_{0};
    std::atomic<uint64_t> runtime_ns_{0}, completed_{0};
    /// When it had something to do and hung; 0 when it does not, or has nothing to do.
    std::atomic<uint64_t> stalled_since_{0};
    alignas(64) std::atomic<bool> lock_{false};

    // Guarded by lock_.
    std::shared_ptr<Vm> vm_;
    uint64_t ring_ = 0, control_ = 0, mask_ = 0;
    uint64_t fetch_index_ = 0, read_index_ = 0; ///< [read, fetch) is in flight
    std::array<Slot, kMaxInFlight> slots_;
    uint32_t dispatches_ = 0; ///< in flight in the scheduler
    bool busy_ = false;       ///< packet_ (index fetch_index_ - 1) is being executed here
    bool started_ = false;    ///< its execution has begun (copies)
    bool halting_ = false;    ///< an error has happened, waiting for running blocks to stop
    Packet packet_{};
    CopyJob copy_;
    Launches launches_{*this};
    acc_fault_record error_{};
};

} // namespace acc::model
