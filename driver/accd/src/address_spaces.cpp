// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/address_spaces.h"

#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_regs.h"
#include "driver/accd/src/queues.h"

namespace acc::accd {

namespace {

/// Changes of the bus that are followed one by one; more become one change of everything.
constexpr size_t kMaxBusChanges = 32;
constexpr auto kRetry = std::chrono::milliseconds(20);
/// Invalidations up to this size (some tens of microseconds at worst) are done within the register
/// access: cheaper than a thread and, for the driver, a second look at BUSY.
constexpr uint64_t kInlineBytes = 32 * ACC_PAGE_BYTES;

} // namespace

uint64_t* AddressSpaces::field(Space& space, Register id) {
    switch (id) {
    case Register::VM_ROOT: return &space.root;
    case Register::VM_VA_BASE: return &space.va_base;
    case Register::VM_VA_BYTES: return &space.va_bytes;
    case Register::VM_INVALIDATE_VA: return &space.invalidate_va;
    case Register::VM_INVALIDATE_BYTES: return &space.invalidate_bytes;
    default: return nullptr;
    }
}

uint64_t AddressSpaces::read(Register id, uint32_t vmid) {
    std::lock_guard lock(mutex_);
    Space& space = spaces_[vmid];
    if (id == Register::VM_STATUS)
        return (space.enabled ? ACC_VM_STATUS_ENABLED_MASK : 0) |
               (space.busy ? ACC_VM_STATUS_BUSY_MASK : 0) |
               (space.rejected ? ACC_VM_STATUS_REJECTED_MASK : 0);
    const uint64_t* value = field(space, id);
    return value ? *value : 0;
}

void AddressSpaces::write(Register id, uint32_t vmid, uint64_t value) {
    if (id == Register::VM_COMMAND) return command(vmid, static_cast<uint32_t>(value));
    std::lock_guard lock(mutex_);
    if (uint64_t* place = field(spaces_[vmid], id)) *place = value;
}

bool AddressSpaces::acceptable(uint32_t vmid, const Space& space, uint32_t what) const {
    switch (what) {
    case ACC_VM_COMMAND_ENABLE: return !space.enabled;
    case ACC_VM_COMMAND_DISABLE: return space.enabled && !queues_.any_enabled_in(vmid);
    case ACC_VM_COMMAND_INVALIDATE:
        return space.enabled && space.invalidate_va % ACC_PAGE_BYTES == 0 &&
               space.invalidate_bytes % ACC_PAGE_BYTES == 0 && space.invalidate_bytes != 0;
    case ACC_VM_COMMAND_INVALIDATE_ALL: return space.enabled;
    default: return false;
    }
}

void AddressSpaces::command(uint32_t vmid, uint32_t what) {
    std::unique_lock lock(mutex_);
    Space& space = spaces_[vmid];
    if (space.busy) return;
    space.rejected = !acceptable(vmid, space, what);
    if (space.rejected) return;
    space.busy = true;
    const Space arguments = space;
    const uint64_t generation = generation_;
    lock.unlock();
    if (what == ACC_VM_COMMAND_INVALIDATE && arguments.invalidate_bytes <= kInlineBytes)
        run(vmid, what, arguments, generation);
    else
        commands_.post([=, this] { run(vmid, what, arguments, generation); });
}

/// False: the chip refused or has not finished.
bool AddressSpaces::carry_out(uint32_t vmid, uint32_t what, const Space& a) {
    switch (what) {
    case ACC_VM_COMMAND_ENABLE: return chip_.vm_enable(vmid, a.root, a.va_base, a.va_bytes);
    case ACC_VM_COMMAND_DISABLE: return chip_.vm_disable(vmid);
    case ACC_VM_COMMAND_INVALIDATE:
        chip_.tlb_invalidate(vmid, a.invalidate_va, a.invalidate_bytes);
        return true;
    default: chip_.tlb_invalidate(vmid, 0, 0); return true;
    }
}

void AddressSpaces::run(uint32_t vmid, uint32_t what, Space arguments, uint64_t generation) {
    {
        std::lock_guard lock(mutex_);
        if (generation != generation_) return;
    }
    const bool done = carry_out(vmid, what, arguments);
    std::unique_lock lock(mutex_);
    if (generation != generation_) {
        // A reset came in between, and may even be over: what was enabled after it must go.
        lock.unlock();
        if (what == ACC_VM_COMMAND_ENABLE && done) chip_.vm_disable(vmid);
        return;
    }
    Space& space = spaces_[vmid];
    if (!done && what == ACC_VM_COMMAND_DISABLE) { // something has not stopped yet
        commands_.post([=, this] { run(vmid, what, arguments, generation); }, kRetry);
        return;
    }
    if (what == ACC_VM_COMMAND_ENABLE) space.enabled = done;
    if (what == ACC_VM_COMMAND_DISABLE) space.enabled = false;
    space.rejected = !done;
    space.busy = false;
}

void AddressSpaces::bus_changed(uint64_t bus, uint64_t bytes) {
    std::lock_guard lock(mutex_);
    // A guest can make changes faster than they are followed: the list stays short.
    const bool many = bus_changes_.size() >= kMaxBusChanges;
    if (many) bus_changes_.clear();
    if (bus_changes_.empty() && !many) commands_.post([this] { follow_bus(); });
    bus_changes_.emplace_back(many ? 0 : bus, many ? 0 : bytes);
}

void AddressSpaces::follow_bus() {
    std::vector<std::pair<uint64_t, uint64_t>> changes;
    {
        std::lock_guard lock(mutex_);
        changes.swap(bus_changes_);
    }
    for (auto [bus, bytes] : changes)
        chip_.bus_changed(bus, bytes);
}

void AddressSpaces::begin_reset() {
    std::lock_guard lock(mutex_);
    generation_++;
}

void AddressSpaces::end_reset() {
    std::lock_guard lock(mutex_);
    generation_++;
    spaces_ = {};
}

} // namespace acc::accd
