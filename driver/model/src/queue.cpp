// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Life of a queue: enable, doorbell, completion, errors, disable. Executing packets:
// command_processor.cpp.
#include "driver/model/src/queue.h"

#include <cstddef>
#include <thread>

#include "driver/model/src/machine.h"

namespace acc::model {

/// For callers other than run(): waits.
void Queue::lock() {
    while (lock_.exchange(true, std::memory_order_seq_cst))
        std::this_thread::yield();
}

void Queue::unlock() {
    lock_.store(false, std::memory_order_seq_cst);
    // Whoever wanted to run it meanwhile has left it to us.
    if (machine_.pending.has(id_)) machine_.workers.ensure_searcher();
}

void Queue::fence() {
    lock();
    unlock();
}

bool Queue::enable(const QueueSetup& setup) {
    if (enabled()) return false;
    lock();
    Access control = setup.vm->check(setup.control, sizeof(acc_queue_control),
                                     kPermRead | kPermWrite);
    if (!control.host) {
        unlock();
        return false;
    }
    machine_.scheduler.enlist(*this, setup.vm->client);
    vm_ = setup.vm;
    ring_ = setup.ring;
    control_ = setup.control;
    mask_ = setup.packets - 1;
    auto* block = reinterpret_cast<acc_queue_control*>(control.host);
    fetch_index_ = read_index_ = __atomic_load_n(&block->read_index, __ATOMIC_ACQUIRE);
    doorbell_.store(read_index_, std::memory_order_relaxed);
    completed_.store(read_index_, std::memory_order_relaxed);
    dispatches_ = 0;
    busy_ = started_ = halting_ = false;
    priority_.store(setup.priority, std::memory_order_relaxed);
    halted_.store(false, std::memory_order_relaxed);
    stopping_.store(false, std::memory_order_relaxed);
    stalled_since_.store(0, std::memory_order_relaxed);
    __atomic_store_n(&block->error_cause, ACC_FAULT_NONE, __ATOMIC_RELAXED);
    store_control_status(ACC_QUEUE_ACTIVE);
    enabled_.store(true, std::memory_order_release);
    unlock();
    return true;
}

void Queue::set_service(uint64_t printf_buffer, uint64_t heap) {
    printf_buffer_.store(printf_buffer, std::memory_order_relaxed);
    heap_.store(heap, std::memory_order_relaxed);
}

std::shared_ptr<Vm> Queue::vm() {
    lock();
    std::shared_ptr<Vm> vm = vm_;
    unlock();
    return vm;
}

void Queue::begin_disable() {
    if (!enabled()) return;
    stopping_.store(true, std::memory_order_seq_cst);
    begin_stall();
    machine_.pending.add(id_);
}

void Queue::recover() {
    hung_.store(false, std::memory_order_seq_cst);
    stalled_since_.store(0, std::memory_order_relaxed);
}

void Queue::hang() {
    hung_.store(true, std::memory_order_seq_cst);
    begin_stall();
}

void Queue::device_hangs(bool hangs) {
    if (hangs)
        begin_stall();
    else if (!hung_.load(std::memory_order_seq_cst))
        stalled_since_.store(0, std::memory_order_relaxed);
}

/// A queue that is stuck has the command processor all the time: from when on it has something to
/// do, all time counts. (What is not stuck does something with whatever time it gets.)
void Queue::begin_stall() {
    const bool busy = stopping_.load(std::memory_order_seq_cst) || state().active;
    uint64_t never = 0;
    if (stuck() && busy)
        stalled_since_.compare_exchange_strong(never, now_ns(), std::memory_order_relaxed);
}

bool Queue::disable(uint64_t deadline) {
    if (!enabled()) return true;
    if (stuck()) {
        begin_disable();
        return false;
    }
    begin_disable();
    // The caller helps; blocks that are running end at their next scheduling point.
    while (enabled() && stopping_.load(std::memory_order_relaxed)) {
        machine_.pending.add(id_);
        run(nullptr);
        if (!enabled()) break;
        if (now_ns() > deadline) {
            machine_.workers.ensure_searcher(); // it goes on without the caller
            return false;
        }
        std::this_thread::yield();
    }
    machine_.waiters.queue_died(*this);
    return true;
}

QueueState Queue::state() const {
    QueueState s;
    s.enabled = enabled();
    s.halted = halted_.load(std::memory_order_acquire);
    // The completed ones first: the doorbell can only be ahead of an older count.
    s.read_index = completed_.load(std::memory_order_acquire);
    s.active = s.enabled && !s.halted && doorbell_.load(std::memory_order_acquire) > s.read_index;
    s.progress = progress_.load(std::memory_order_relaxed);
    s.runtime_ns = runtime_ns_.load(std::memory_order_relaxed);
    if (uint64_t since = stalled_since_.load(std::memory_order_relaxed); s.enabled && since)
        s.stalled_ns = now_ns() - since;
    return s;
}

void Queue::doorbell(uint64_t write_index) {
    uint64_t old = doorbell_.load(std::memory_order_relaxed);
    while (old < write_index &&
           !doorbell_.compare_exchange_weak(old, write_index, std::memory_order_release)) {
    }
    if (stuck()) begin_stall();
    machine_.pending.add(id_);
}

void Queue::dispatch_done(Dispatch& dispatch) {
    dispatch.executor->dispatch_ended(dispatch);
    Dispatch* head = done_.load(std::memory_order_relaxed);
    do
        dispatch.done_next = head;
    while (!done_.compare_exchange_weak(head, &dispatch, std::memory_order_release));
    machine_.pending.add(id_);
}

bool Queue::run(ComputeUnit* cu) {
    bool did = false;
    // Whoever adds to `pending` while the lock is held relies on the holder to look again after
    // unlocking.
    while (machine_.pending.has(id_)) {
        if (lock_.exchange(true, std::memory_order_seq_cst)) return did;
        machine_.pending.remove(id_);
        Progress progress = process(cu);
        lock_.store(false, std::memory_order_seq_cst);
        did = did || progress != Progress::Blocked;
        if (progress == Progress::More) {
            machine_.pending.add(id_);
            return true;
        }
    }
    return did;
}

/// Runs the command processor, and leaves the queue in `blocked` exactly when it waits for a value.
Queue::Progress Queue::process(ComputeUnit* cu) {
    Progress progress = process_locked(cu);
    if (progress == Progress::Blocked) {
        progress_.fetch_add(1, std::memory_order_relaxed); // waiting is what it should do
        machine_.blocked.add(id_);
        // A signal may have been stored between the look at the value and the registration: look
        // once more.
        progress = process_locked(cu);
    }
    if (progress != Progress::Blocked && machine_.blocked.has(id_)) machine_.blocked.remove(id_);
    return progress;
}

void Queue::reap_one(Dispatch& d, ComputeUnit* cu) {
    dispatches_--;
    const bool faulted = d.faulted.load(std::memory_order_acquire);
    if (faulted) {
        acc_fault_record record = d.fault;
        record.packet_index = d.packet_index;
        record.kernel = d.kernel_address;
        begin_halt(record);
    }
    std::unique_ptr<Dispatch>* slot = nullptr;
    if (!d.launched) slot = &slots_[d.packet_index % kMaxInFlight].dispatch;
    if (d.launched || d.may_launch()) {
        if (faulted || d.aborted())
            launches_.dropped(d);
        else
            launches_.ended(d, cu);
    } else if (!faulted && !d.aborted()) {
        complete(d.packet_index, d.packet.signal, d.packet.value, d.packet.header.flags);
    }
    if (slot) machine_.scheduler.recycle(std::move(*slot));
}

/// Takes back finished dispatches: completes them, or begins to halt when one has faulted. And what
/// their threads have launched, before they count as complete.
bool Queue::reap(ComputeUnit* cu) {
    Dispatch* list = done_.exchange(nullptr, std::memory_order_acquire);
    if (!ends()) launches_.collect(cu);
    Dispatch* oldest_first = nullptr;
    while (list) {
        Dispatch* next = list->done_next;
        list->done_next = oldest_first;
        oldest_first = list;
        list = next;
    }
    bool any = oldest_first != nullptr;
    while (oldest_first) {
        Dispatch& d = *oldest_first;
        oldest_first = d.done_next;
        reap_one(d, cu);
    }
    return any;
}

bool Queue::store_read_index() {
    uint64_t at = control_ + offsetof(acc_queue_control, read_index);
    Access access = vm_->check(at, 8, kPermWrite);
    if (!access.host) {
        access_fault({access.cause, ACC_ACCESS_WRITE, access.address, 8});
        return false;
    }
    __atomic_store_n(reinterpret_cast<uint64_t*>(access.host), read_index_, __ATOMIC_RELEASE);
    return true;
}

/// Completion of packet `index`: read_index, signal, interrupt. False when a store faulted (the
/// queue is halting then).
bool Queue::complete(uint64_t index, uint64_t signal, uint64_t value, uint16_t flags) {
    machine_.counters.packets.fetch_add(1, std::memory_order_relaxed);
    Access target;
    if (signal) {
        target = vm_->check(signal, 8, kPermWrite);
        if (!target.host) {
            acc_fault_record record{};
            record.cause = target.cause;
            record.access = ACC_ACCESS_WRITE;
            record.address = target.address;
            record.access_bytes = 8;
            record.packet_index = index;
            begin_halt(record);
            return false;
        }
    }
    slots_[index % kMaxInFlight].done = true;
    uint64_t before = read_index_;
    while (read_index_ != fetch_index_ && slots_[read_index_ % kMaxInFlight].done)
        slots_[read_index_++ % kMaxInFlight].done = false;
    if (read_index_ != before && !store_read_index()) return false;
    completed_.store(read_index_, std::memory_order_release);
    progress_.fetch_add(1, std::memory_order_relaxed);
    if (signal) {
        __atomic_store_n(reinterpret_cast<uint64_t*>(target.host), value, __ATOMIC_RELEASE);
        machine_.signal_stored();
    }
    if ((flags & ACC_PKT_F_INTERRUPT) && machine_.sink) machine_.sink->completion(id_);
    return true;
}

Queue::Outcome Queue::access_fault(const AccessFault& fault) {
    return access_fault(fault, fetch_index_ - (busy_ ? 1 : 0));
}

Queue::Outcome Queue::access_fault(const AccessFault& fault, uint64_t index) {
    acc_fault_record record{};
    record.cause = fault.cause;
    record.access = fault.access;
    record.address = fault.address;
    record.access_bytes = fault.bytes;
    record.packet_index = index;
    begin_halt(record);
    return Outcome::Fault;
}

/// Records the fault and stops what runs. Only the first one counts; the others are its
/// consequences.
void Queue::begin_halt(const acc_fault_record& record) {
    if (halting_) return;
    halting_ = true;
    error_ = record;
    error_.vmid = vm_->vmid();
    error_.queue = id_;
    machine_.counters.faults.fetch_add(1, std::memory_order_relaxed);
    if (error_.cause == ACC_FAULT_ECC) {
        machine_.counters.ecc_uncorrected.fetch_add(1, std::memory_order_relaxed);
        if (machine_.sink) machine_.sink->ecc();
    }
    machine_.faults.push(error_);
    abort_in_flight();
}

void Queue::abort_in_flight() {
    for (Slot& slot : slots_)
        if (slot.dispatch && !slot.dispatch->aborted()) machine_.scheduler.abort(*slot.dispatch);
    launches_.abort();
}

void Queue::store_control_status(uint32_t status) {
    Access access = vm_->check(control_, sizeof(acc_queue_control), kPermWrite);
    if (!access.host) return; // the fault record tells; there is no other place to say it
    auto* control = reinterpret_cast<acc_queue_control*>(access.host);
    if (status == ACC_QUEUE_ERROR) {
        __atomic_store_n(&control->error_cause, error_.cause, __ATOMIC_RELAXED);
        __atomic_store_n(&control->error_index, error_.packet_index, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&control->status, status, __ATOMIC_RELEASE);
}

/// Everything has stopped: the error becomes visible.
void Queue::finish_halt() {
    if (halted_.load(std::memory_order_relaxed)) return;
    launches_.clear();
    store_control_status(ACC_QUEUE_ERROR);
    halted_.store(true, std::memory_order_seq_cst);
    machine_.waiters.queue_died(*this);
    if (machine_.sink) {
        machine_.sink->fault();
        machine_.sink->queue_halted(id_);
    }
}

void Queue::finish_disable() {
    store_control_status(ACC_QUEUE_IDLE);
    for (Slot& slot : slots_)
        slot.done = false;
    busy_ = false;
    launches_.clear();
    vm_.reset();
    enabled_.store(false, std::memory_order_seq_cst);
}

} // namespace acc::model
