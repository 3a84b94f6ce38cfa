// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/queues.h"

#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_queue.h"
#include "acc/spec/acc_regs.h"

namespace acc::accd {

namespace {

/// Stopping a queue that hangs is tried again after this long. One attempt may take
/// model::kMaxCallNs, in which other queues' commands wait, so attempts must be rare.
constexpr auto kRetry = std::chrono::milliseconds(300);
constexpr uint32_t kMaxPriority = 3;

} // namespace

uint64_t Queues::status(uint32_t id) const {
    const State& queue = queues_[id];
    const model::QueueState state = chip_.queue_state(id);
    return (queue.enabled ? ACC_QUEUE_STATUS_ENABLED_MASK : 0) |
           (queue.busy ? ACC_QUEUE_STATUS_BUSY_MASK : 0) |
           (queue.rejected ? ACC_QUEUE_STATUS_REJECTED_MASK : 0) |
           (queue.enabled && state.active ? ACC_QUEUE_STATUS_ACTIVE_MASK : 0) |
           (queue.enabled && state.halted ? ACC_QUEUE_STATUS_HALTED_MASK : 0);
}

/// The chip knows whether packets and what it was told to stop stall; what is not even begun it
/// does not know.
uint64_t Queues::stalled_ns(uint32_t id) const {
    const State& queue = queues_[id];
    uint64_t stalled = chip_.queue_state(id).stalled_ns;
    if (queue.busy && hung_) {
        const auto busy = std::chrono::steady_clock::now() - queue.busy_since;
        stalled = std::max<uint64_t>(stalled, std::chrono::nanoseconds(busy).count());
    }
    return stalled;
}

uint64_t Queues::read(Register id, uint32_t number) {
    std::lock_guard lock(mutex_);
    const State& queue = queues_[number];
    switch (id) {
    case Register::QUEUE_RING: return queue.ring;
    case Register::QUEUE_CONTROL: return queue.control;
    case Register::QUEUE_PACKETS: return queue.packets;
    case Register::QUEUE_VMID: return queue.vmid;
    case Register::QUEUE_PRIORITY: return queue.priority;
    case Register::QUEUE_STATUS: return status(number);
    case Register::QUEUE_WATCHDOG_MS: return queue.watchdog_ms;
    case Register::QUEUE_PRINTF: return queue.printf_buffer;
    case Register::QUEUE_HEAP: return queue.heap;
    case Register::QUEUE_READ_INDEX: return chip_.queue_state(number).read_index;
    case Register::QUEUE_PROGRESS: return chip_.queue_state(number).progress;
    case Register::QUEUE_RUNTIME_NS: return chip_.queue_state(number).runtime_ns;
    case Register::QUEUE_STALLED_NS: return stalled_ns(number);
    default: return 0;
    }
}

void Queues::write(Register id, uint32_t number, uint64_t value) {
    if (resetting_) return;
    if (id == Register::QUEUE_COMMAND) return command(number, static_cast<uint32_t>(value));
    if (id == Register::QUEUE_IRQ_ARM) return interrupts_.arm(number);
    set_parameter(id, number, value);
}

void Queues::set_parameter(Register id, uint32_t number, uint64_t value) {
    std::lock_guard lock(mutex_);
    State& queue = queues_[number];
    auto low = static_cast<uint32_t>(value);
    switch (id) {
    case Register::QUEUE_RING: queue.ring = value; break;
    case Register::QUEUE_CONTROL: queue.control = value; break;
    case Register::QUEUE_PACKETS: queue.packets = low; break;
    case Register::QUEUE_VMID: queue.vmid = low; break;
    case Register::QUEUE_PRIORITY:
        queue.priority = low;
        if (queue.enabled && low <= kMaxPriority) chip_.queue_set_priority(number, low);
        break;
    case Register::QUEUE_WATCHDOG_MS:
        queue.watchdog_ms = low;
        chip_.queue_set_watchdog(number, low);
        break;
    case Register::QUEUE_PRINTF:
    case Register::QUEUE_HEAP:
        (id == Register::QUEUE_PRINTF ? queue.printf_buffer : queue.heap) = value;
        chip_.queue_set_service(number, queue.printf_buffer, queue.heap);
        break;
    default: break;
    }
}

void Queues::doorbell(uint32_t number, uint64_t write_index) {
    if (!resetting_) chip_.doorbell(number, write_index); // a queue that is not enabled ignores it
}

void Queues::hang() {
    std::lock_guard lock(mutex_);
    hung_ = true;
}

bool Queues::any_enabled_in(uint32_t vmid) const {
    std::lock_guard lock(mutex_);
    for (const State& queue : queues_)
        if ((queue.enabled || queue.busy) && queue.bound_vmid == vmid) return true;
    return false;
}

void Queues::command(uint32_t number, uint32_t what) {
    std::lock_guard lock(mutex_);
    State& queue = queues_[number];
    const bool reset = what == ACC_QUEUE_COMMAND_RESET;
    if (reset ? queue.reset_waits : queue.busy) return;
    const bool enable = what == ACC_QUEUE_COMMAND_ENABLE;
    const bool disable = what == ACC_QUEUE_COMMAND_DISABLE;
    const bool acceptable = reset || (disable && queue.enabled) ||
                            (enable && !queue.enabled && queue.vmid < model::kMaxAddressSpaces &&
                             queue.priority <= kMaxPriority && queue.ring % ACC_PAGE_BYTES == 0);
    queue.rejected = !acceptable;
    if (!acceptable) return;
    queue.busy = true;
    queue.busy_since = std::chrono::steady_clock::now();
    queue.reset_waits = reset;
    if (enable) queue.bound_vmid = queue.vmid;
    queue.command_number = next_command_++;
    commands_.post([=, this, command = queue.command_number] { run(number, what, command); });
}

/// False: the chip refused or has not finished.
bool Queues::carry_out(uint32_t number, uint32_t what, const State& a) {
    switch (what) {
    case ACC_QUEUE_COMMAND_ENABLE:
        return chip_.queue_enable(number, a.vmid, a.ring, a.packets, a.control, a.priority);
    case ACC_QUEUE_COMMAND_DISABLE: return chip_.queue_disable(number);
    default: return chip_.queue_reset(number);
    }
}

void Queues::run(uint32_t number, uint32_t what, uint64_t command) {
    std::unique_lock lock(mutex_);
    State& queue = queues_[number];
    if (queue.command_number != command || hung_) return; // superseded, or busy until a reset
    queue.reset_waits = false;
    const State arguments = queue;
    lock.unlock();
    const bool done = carry_out(number, what, arguments);
    lock.lock();
    if (queue.command_number != command || hung_) return;
    const bool enable = what == ACC_QUEUE_COMMAND_ENABLE;
    if (!done && !enable) {
        commands_.post([=, this] { run(number, what, command); }, kRetry);
        return;
    }
    queue.enabled = enable && done;
    queue.rejected = !done;
    queue.busy = false;
    if (!enable) interrupts_.disarm(number);
}

void Queues::begin_reset() {
    resetting_ = true;
    std::lock_guard lock(mutex_);
    for (State& queue : queues_)
        queue.command_number = 0;
}

void Queues::end_reset() {
    {
        std::lock_guard lock(mutex_);
        queues_ = {};
        hung_ = false;
    }
    resetting_ = false;
}

} // namespace acc::accd
