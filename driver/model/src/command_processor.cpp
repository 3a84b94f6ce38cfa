// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command processor: fetches packets of a queue in order and executes them
// (include/acc/spec/acc_queue.h).
#include <cstddef>
#include <cstring>

#include "driver/model/src/machine.h"
#include "driver/model/src/queue.h"

namespace acc::model {

Queue::Progress Queue::process_locked(ComputeUnit* cu) {
    if (!enabled() || stuck()) return Progress::Idle;
    reap(cu);
    for (unsigned packets = 0;; packets++) {
        if (stuck()) return Progress::Idle;
        // Whoever rings all the time must not keep this thread from other queues.
        if (packets == kPacketsPerRun) return Progress::More;
        if (stopping_.load(std::memory_order_acquire)) {
            abort_in_flight();
            reap(cu);
            if (!dispatches_in_flight()) finish_disable();
            return Progress::Idle;
        }
        if (halting_) {
            reap(cu);
            if (!dispatches_in_flight()) finish_halt();
            return Progress::Idle;
        }
        const bool copies = launches_.copy(cu);
        if (!busy_ && !fetch()) {
            if (halting_) continue;
            return copies ? Progress::More : Progress::Idle;
        }
        switch (execute(cu)) {
        case Outcome::Done:
            busy_ = false;
            // Every packet has its signal and value at the same place.
            complete(fetch_index_ - 1, packet_.copy.signal, packet_.copy.value,
                     packet_.header.flags);
            break;
        case Outcome::Async: busy_ = false; break;
        case Outcome::More: return Progress::More;
        case Outcome::Blocked: return copies ? Progress::More : Progress::Blocked;
        case Outcome::Fault: break;
        }
    }
}

/// A hang has been injected: nothing happens any more.
bool Queue::stuck() const {
    return hung_.load(std::memory_order_relaxed) || machine_.hung();
}

/// Reads the next packet if it may start now. False when there is none, or it must wait, or reading
/// it faulted.
bool Queue::fetch() {
    uint64_t ready = doorbell_.load(std::memory_order_acquire);
    if (fetch_index_ == ready || fetch_index_ - read_index_ >= kMaxInFlight) return false;
    if (ready - read_index_ > mask_ + 1) { // the producer has overwritten packets that have not
                                           // been executed
        acc_fault_record record{};
        record.cause = ACC_FAULT_INVALID_PACKET;
        record.packet_index = fetch_index_;
        begin_halt(record);
        return false;
    }
    uint64_t at = ring_ + (fetch_index_ & mask_) * ACC_PACKET_BYTES;
    Access access = vm_->check(at, ACC_PACKET_BYTES, kPermRead);
    if (!access.host) {
        access_fault({access.cause, ACC_ACCESS_READ, access.address, ACC_PACKET_BYTES});
        return false;
    }
    std::memcpy(&packet_, access.host, sizeof packet_);
    if ((packet_.header.flags & ACC_PKT_F_BARRIER) && in_flight())
        return false; // completions look again
    slots_[fetch_index_ % kMaxInFlight].done = false;
    fetch_index_++;
    busy_ = true;
    started_ = false;
    if (auto error = validate_packet(packet_)) {
        reject(*error, 0);
        return false;
    }
    return true;
}

Queue::Outcome Queue::reject(const PacketError& error, uint64_t kernel, uint64_t index) {
    acc_fault_record record{};
    record.cause = error.cause;
    record.info = error.info;
    record.kernel = kernel;
    record.packet_index = index;
    begin_halt(record);
    return Outcome::Fault;
}

Queue::Outcome Queue::reject(const PacketError& error, uint64_t kernel) {
    return reject(error, kernel, fetch_index_ - 1);
}

Queue::Outcome Queue::execute(ComputeUnit* cu) {
    switch (packet_.header.type) {
    case ACC_PKT_DISPATCH: return execute_dispatch(cu);
    case ACC_PKT_COPY:
    case ACC_PKT_COPY_RECT:
    case ACC_PKT_FILL: return execute_copy();
    case ACC_PKT_BARRIER_AND:
    case ACC_PKT_BARRIER_OR:
    case ACC_PKT_WAIT_VALUE: return execute_wait();
    case ACC_PKT_WRITE_VALUE: {
        const acc_packet_write_value& p = packet_.write_value;
        return execute_store(p.address, p.data, p.size);
    }
    case ACC_PKT_TIMESTAMP: return execute_store(packet_.timestamp.address, now_ns(), 8);
    case ACC_PKT_CACHE: return execute_cache();
    default: return reject({ACC_FAULT_INVALID_PACKET, 0}, 0); // a row that nothing executes yet
    }
}

/// A dispatch of the packet, ready to run. Null when there can be none: the queue halts.
std::unique_ptr<Dispatch> Queue::prepare_dispatch(const acc_packet_dispatch& p, uint64_t index) {
    acc_kernel_descriptor kernel;
    std::optional<PacketError> error;
    if (!vm_->read(&kernel, p.kernel, sizeof kernel))
        error = PacketError{ACC_FAULT_INVALID_KERNEL, 0};
    else
        error = validate_kernel(kernel, p.kernel);
    if (error) return reject(*error, p.kernel, index), nullptr;

    std::unique_ptr<Dispatch> d = machine_.scheduler.allocate();
    error = resolve_launch(p, kernel, static_cast<unsigned>(machine_.cus.size()), *d,
                           d->blocks_per_cu);
    d->vm = vm_.get(); // outlives the dispatch: disabling the queue waits for it
    d->kernel = kernel;
    d->kernel_address = p.kernel;
    d->entry = p.kernel + static_cast<uint64_t>(kernel.entry);
    d->kernarg = p.kernarg;
    d->printf_buffer = printf_buffer_.load(std::memory_order_relaxed);
    d->heap = heap_.load(std::memory_order_relaxed);
    d->queue = this;
    d->packet_index = index;
    d->packet = p;
    if (!error) {
        d->executor = machine_.executors.choose(*d);
        if (!d->executor) error = PacketError{ACC_FAULT_INVALID_KERNEL, 0};
    }
    if (!error) return d;
    machine_.scheduler.recycle(std::move(d));
    reject(*error, p.kernel, index);
    return nullptr;
}

void Queue::activate(Dispatch& dispatch, ComputeUnit* cu) {
    dispatch.executor->dispatch_begins(dispatch);
    dispatches_++;
    machine_.counters.dispatches.fetch_add(1, std::memory_order_relaxed);
    machine_.scheduler.activate(dispatch, cu);
}

Queue::Outcome Queue::execute_dispatch(ComputeUnit* cu) {
    const uint64_t index = fetch_index_ - 1;
    std::unique_ptr<Dispatch> d = prepare_dispatch(packet_.dispatch, index);
    if (!d) return Outcome::Fault;
    Dispatch& started = *d;
    slots_[index % kMaxInFlight].dispatch = std::move(d);
    activate(started, cu);
    if (started.may_launch()) launches_.begin(started);
    return Outcome::Async;
}

/// Moves some bytes of a copy.
StepResult Queue::step_copy(CopyJob& job, AccessFault& fault) {
    const uint64_t before = job.moved(), began = now_ns();
    const StepResult result = job.step(*vm_, kCopyStep, fault);
    machine_.counters.bytes_copied.fetch_add(job.moved() - before, std::memory_order_relaxed);
    charge(1, now_ns() - began);
    return result;
}

Queue::Outcome Queue::execute_copy() {
    if (!started_) {
        copy_.start(packet_);
        started_ = true;
    }
    AccessFault fault;
    switch (step_copy(copy_, fault)) {
    case StepResult::Done: return Outcome::Done;
    case StepResult::More: return Outcome::More;
    default: return access_fault(fault);
    }
}

/// Reads a value for a wait packet, acquiring. False when it faulted.
bool Queue::load(uint64_t address, uint32_t size, uint64_t& value) {
    Access access = vm_->check(address, size, kPermRead);
    if (!access.host) {
        access_fault({access.cause, ACC_ACCESS_READ, access.address, size});
        return false;
    }
    value = size == 4 ? __atomic_load_n(reinterpret_cast<uint32_t*>(access.host), __ATOMIC_ACQUIRE)
                      : __atomic_load_n(reinterpret_cast<uint64_t*>(access.host), __ATOMIC_ACQUIRE);
    return true;
}

namespace {

bool condition_holds(const acc_packet_wait_value& p, uint64_t memory) {
    const uint64_t all = p.size == 4 ? 0xffffffffull : ~0ull;
    const uint64_t value = memory & p.mask & all, reference = p.reference & all;
    switch (p.condition) {
    case ACC_WAIT_GEQ:
        return p.size == 4 ? static_cast<int32_t>(value - reference) >= 0
                           : static_cast<int64_t>(value - reference) >= 0;
    case ACC_WAIT_EQ: return value == reference;
    case ACC_WAIT_AND: return (value & reference) != 0;
    case ACC_WAIT_NOR: return (~(value | reference) & all) != 0;
    default: return value >= reference; // ACC_WAIT_GEU
    }
}

} // namespace

/// Whether what the packet waits for has happened. False when a read faulted.
bool Queue::evaluate(bool& satisfied) {
    uint64_t value = 0;
    if (packet_.header.type == ACC_PKT_WAIT_VALUE) {
        const acc_packet_wait_value& p = packet_.wait_value;
        if (!load(p.address, p.size, value)) return false;
        satisfied = condition_holds(p, value);
        return true;
    }
    const acc_packet_barrier& p = packet_.barrier;
    unsigned used = 0, reached = 0;
    for (unsigned i = 0; i < 2; i++) {
        if (!p.wait_address[i]) continue;
        if (!load(p.wait_address[i], 8, value)) return false;
        used++;
        reached += value >= p.wait_value[i];
    }
    bool all = packet_.header.type == ACC_PKT_BARRIER_AND;
    satisfied = used == 0 || (all ? reached == used : reached != 0);
    return true;
}

Queue::Outcome Queue::execute_wait() {
    bool satisfied = false;
    if (!evaluate(satisfied)) return Outcome::Fault;
    return satisfied ? Outcome::Done : Outcome::Blocked;
}

Queue::Outcome Queue::execute_store(uint64_t address, uint64_t data, uint32_t size) {
    Access access = vm_->check(address, size, kPermWrite);
    if (!access.host) return access_fault({access.cause, ACC_ACCESS_WRITE, access.address, size});
    if (size == 4)
        __atomic_store_n(reinterpret_cast<uint32_t*>(access.host), static_cast<uint32_t>(data),
                         __ATOMIC_RELEASE);
    else
        __atomic_store_n(reinterpret_cast<uint64_t*>(access.host), data, __ATOMIC_RELEASE);
    machine_.signal_stored();
    return Outcome::Done;
}

/// Host caches are coherent, so only decoded instructions have to go.
Queue::Outcome Queue::execute_cache() {
    if (packet_.cache.actions & ACC_CACHE_INVALIDATE_ICACHE)
        vm_->code_epoch.fetch_add(1, std::memory_order_release);
    return Outcome::Done;
}

} // namespace acc::model
