// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/memory.h"

#include <algorithm>
#include <cstring>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/environment.h"
#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

uint64_t round_up(uint64_t value, uint64_t to) {
    return (value + to - 1) & ~(to - 1);
}

bool host_sees_it(MemoryKind kind) {
    return kind == MemoryKind::Pinned || kind == MemoryKind::Managed;
}

/// Freed allocations that fault reports still know, without and with ACC_CHECK.
constexpr size_t kFreed = 64, kFreedGuarded = 4096;

/// With ACC_CHECK: what stands between the end of an allocation and the end of its page.
constexpr uint8_t kSlackPattern = 0xA5;

/// With ACC_CHECK the end of an allocation is as near to its page's end as this alignment of its
/// address allows. 16 bytes is what the widest access needs.
uint64_t guarded_alignment(uint64_t bytes) {
    constexpr uint64_t kMost = 256; // what CUDA promises
    const uint64_t natural = std::min(bytes & (~bytes + 1), kMost);
    return checks().exact ? natural : std::max<uint64_t>(natural, 16);
}

/// Says when somebody has written into the bytes behind a guarded allocation.
void check_slack(const Allocation& freed, uint64_t span) {
    for (uint64_t i = freed.bytes; i < span; ++i)
        if (freed.host[i] != kSlackPattern) {
            log().error(
                "ACC_CHECK: byte {} of {} {:#x} of {} bytes (allocation {}) was written: it "
                "is beyond the end (ACC_CHECK=exact faults at the instruction)",
                i, to_string(freed.kind), freed.va, freed.bytes, freed.serial);
            return;
        }
}

} // namespace

Audience audience_of(MemoryKind kind) {
    switch (kind) {
    case MemoryKind::Device:
    case MemoryKind::Module: return Audience::Peers;
    case MemoryKind::Pinned:
    case MemoryKind::Managed: return Audience::Everybody;
    case MemoryKind::Queues: return Audience::EverybodysEyes;
    case MemoryKind::Pool: return Audience::Chosen;
    case MemoryKind::Internal:
    case MemoryKind::Commands:
    case MemoryKind::Array: break;
    }
    return Audience::Nobody;
}

const char* to_string(MemoryKind kind) {
    switch (kind) {
    case MemoryKind::Device: return "device memory";
    case MemoryKind::Pinned: return "pinned host memory";
    case MemoryKind::Managed: return "managed memory";
    case MemoryKind::Module: return "module image";
    case MemoryKind::Internal:
    case MemoryKind::Commands:
    case MemoryKind::Queues: return "runtime's own memory";
    case MemoryKind::Array: return "memory of an array";
    case MemoryKind::Pool: return "memory of a pool";
    }
    return "memory";
}

MemoryManager::MemoryManager(Backend& backend, AddressSpaceHandle& vm)
    : backend_(backend), vm_(vm) {
    vm_.addresses().join();
}

MemoryManager::~MemoryManager() {
    for (auto& [raw, backing] : backings_)
        unmap_locked(backing->va, backing->bytes);
    vm_.addresses().leave(*this);
}

std::optional<uint64_t> MemoryManager::take_addresses(uint64_t bytes, uint64_t align) {
    auto va = vm_.addresses().take(bytes, align, this);
    for (; !va && !resting_.empty(); va = vm_.addresses().take(bytes, align, this)) {
        vm_.addresses().give_back(resting_.front().first);
        resting_bytes_ -= resting_.front().second;
        resting_.pop_front();
    }
    return va;
}

/// Keeps freed addresses from being given out again soon.
void MemoryManager::rest_addresses(uint64_t va, uint64_t bytes) {
    resting_.emplace_back(va, bytes);
    resting_bytes_ += bytes;
    while (resting_bytes_ > vm_.addresses().fair_share() / 4) {
        vm_.addresses().give_back(resting_.front().first);
        resting_bytes_ -= resting_.front().second;
        resting_.pop_front();
    }
}

std::unique_ptr<MemoryManager::Backing>
MemoryManager::make_backing(MemoryClass what, uint64_t bytes, uint64_t align, uint64_t guard) {
    const MemoryKind kind = what.kind;
    auto backing = std::make_unique<Backing>();
    backing->what = what;
    backing->bytes = round_up(bytes, ACC_PAGE_BYTES);
    backing->memory = backend_.allocate(on_device(kind) ? Domain::Vram : Domain::System,
                                        backing->bytes);
    // Large allocations start on a large-page boundary, so that the page table can use large pages.
    const uint64_t wanted = backing->bytes >= ACC_LARGE_PAGE_BYTES ? ACC_LARGE_PAGE_BYTES
                                                                   : ACC_PAGE_BYTES;
    backing->guard = guard;
    const auto addresses = take_addresses(backing->bytes + 2 * guard,
                                          std::max<uint64_t>(wanted, align));
    if (!addresses)
        fail(Status::OutOfMemory, "no device address range of {} bytes is free", backing->bytes);
    backing->va = *addresses + guard;
    try {
        map_locked(backing->va, {backing->memory,
                                 0,
                                 backing->bytes,
                                 {.write = kind != MemoryKind::Commands,
                                  .execute = false,
                                  .host_visible = host_sees_it(kind)},
                                 audience_of(kind),
                                 what.group});
    } catch (...) {
        vm_.addresses().give_back(*addresses);
        throw;
    }
    return backing;
}

void MemoryManager::drop_backing(Backing& backing) {
    unmap_locked(backing.va, backing.bytes);
    if (backing.guard != 0)
        rest_addresses(backing.va - backing.guard, backing.bytes + 2 * backing.guard);
    else
        vm_.addresses().give_back(backing.va);
    if (backing.chunk) std::erase(chunks_[backing.what], &backing);
    backings_.erase(&backing);
}

MemoryManager::Entry MemoryManager::place_small(MemoryClass what, uint64_t bytes, uint64_t align) {
    Entry entry;
    entry.span = round_up(bytes, align);
    auto& chunks = chunks_[what];
    for (Backing* chunk : chunks) {
        if (auto offset = chunk->free.allocate(entry.span, align)) {
            entry.backing = chunk;
            entry.allocation.va = chunk->va + *offset;
            return entry;
        }
    }
    auto made = make_backing(what, kChunkBytes, align);
    made->chunk = true;
    made->free.add(0, kChunkBytes);
    entry.backing = made.get();
    entry.allocation.va = made->va + *made->free.allocate(entry.span, align);
    chunks.push_back(made.get());
    backings_.emplace(made.get(), std::move(made));
    return entry;
}

MemoryManager::Entry MemoryManager::place_large(MemoryClass what, uint64_t bytes, uint64_t align) {
    auto backing = make_backing(what, bytes, align);
    Entry entry;
    entry.backing = backing.get();
    entry.span = backing->bytes;
    entry.allocation.va = backing->va;
    backings_.emplace(backing.get(), std::move(backing));
    return entry;
}

MemoryManager::Entry MemoryManager::place_guarded(MemoryClass what, uint64_t bytes) {
    auto backing = make_backing(what, bytes, ACC_PAGE_BYTES, ACC_PAGE_BYTES);
    const uint64_t end = round_up(bytes, guarded_alignment(bytes));
    Entry entry;
    entry.backing = backing.get();
    entry.span = end;
    entry.allocation.va = backing->va + backing->bytes - end;
    std::memset(static_cast<uint8_t*>(backing->memory->host()) + backing->bytes - (end - bytes),
                kSlackPattern, end - bytes);
    backings_.emplace(backing.get(), std::move(backing));
    return entry;
}

void MemoryManager::remember(const Allocation& freed) {
    freed_.push_back(freed);
    if (freed_.size() > (checks().bounds ? kFreedGuarded : kFreed)) freed_.pop_front();
}

Allocation MemoryManager::allocate(MemoryKind kind, uint64_t bytes, uint64_t align, unsigned flags,
                                   unsigned group) {
    if (bytes == 0 || bytes > vm_.bytes())
        fail(Status::OutOfMemory, "cannot allocate {} bytes of {}", bytes, to_string(kind));
    std::unique_lock lock(mutex_);
    Entry entry;
    if (checks().bounds && !is_internal(kind))
        entry = place_guarded({kind, group}, bytes);
    else if (bytes <= kSmallLimit)
        entry = place_small({kind, group}, bytes, align);
    else
        entry = place_large({kind, group}, bytes, align);
    Allocation& allocation = entry.allocation;
    allocation.bytes = bytes;
    allocation.kind = kind;
    allocation.flags = flags;
    allocation.serial = ++serial_;
    allocation.host = static_cast<uint8_t*>(entry.backing->memory->host()) +
                      (allocation.va - entry.backing->va);
    in_use_ += bytes;
    trace("allocate {} bytes of {} at {:#x} (allocation {})", bytes, to_string(kind), allocation.va,
          allocation.serial);
    return entries_.emplace(allocation.va, std::move(entry)).first->second.allocation;
}

bool MemoryManager::release(uint64_t va, MemoryKind kind) {
    std::unique_lock lock(mutex_);
    auto it = entries_.find(va);
    if (it == entries_.end() || it->second.allocation.kind != kind || it->second.backing == nullptr)
        return false;
    Backing& backing = *it->second.backing;
    const uint64_t span = it->second.span;
    const Allocation freed = it->second.allocation;
    trace("free {} bytes of {} at {:#x} (allocation {})", freed.bytes, to_string(kind), va,
          freed.serial);
    if (backing.guard != 0) check_slack(freed, span);
    if (!is_internal(kind)) remember(freed);
    in_use_ -= freed.bytes;
    entries_.erase(it);
    if (!backing.chunk) {
        drop_backing(backing);
        return true;
    }
    backing.free.release(va - backing.va, span);
    // An empty chunk is kept when it is the only one of its kind: programs that allocate and free
    // in a loop reuse it. Pools keep what they want to keep themselves.
    if (backing.free.free_bytes() == kChunkBytes &&
        (backing.what.group != 0 || chunks_[backing.what].size() > 1))
        drop_backing(backing);
    return true;
}

/// The entry whose allocation contains the address; null: none. The caller holds the lock.
const MemoryManager::Entry* MemoryManager::entry_at(uint64_t va) const {
    const auto after = entries_.upper_bound(va);
    if (after == entries_.begin()) return nullptr;
    const Entry& entry = std::prev(after)->second;
    return va - entry.allocation.va < entry.allocation.bytes ? &entry : nullptr;
}

std::optional<Allocation> MemoryManager::find(uint64_t va) const {
    std::shared_lock lock(mutex_);
    const Entry* entry = entry_at(va);
    return entry != nullptr ? std::optional(entry->allocation) : std::nullopt;
}

Surroundings MemoryManager::surroundings(uint64_t va) const {
    std::shared_lock lock(mutex_);
    Surroundings found;
    const auto contains = [va](const Allocation& a) { return va - a.va < a.bytes; };
    const auto after = entries_.upper_bound(va);
    if (after != entries_.begin() && contains(std::prev(after)->second.allocation))
        found.around = std::prev(after)->second.allocation;
    for (const Allocation& freed : freed_)
        if (contains(freed)) found.freed = freed; // the last one that was there
    // The runtime's own memory is no help to a person who looks for an error in a program; a module
    // little.
    for (const bool modules : {false, true}) {
        const auto counts = [modules](const Allocation& a) {
            return (a.kind == MemoryKind::Module) == modules && !is_internal(a.kind);
        };
        if (found.below || found.above) break;
        for (auto it = after; it != entries_.begin() && !found.below;)
            if (--it; counts(it->second.allocation)) found.below = it->second.allocation;
        for (auto it = after; it != entries_.end() && !found.above; ++it)
            if (counts(it->second.allocation)) found.above = it->second.allocation;
    }
    return found;
}

std::optional<MemoryManager::Behind> MemoryManager::behind(uint64_t va) const {
    std::shared_lock lock(mutex_);
    const Entry* entry = entry_at(va);
    if (entry == nullptr || entry->backing == nullptr) return std::nullopt;
    return Behind{entry->backing->memory, entry->allocation.va - entry->backing->va};
}

uint8_t* MemoryManager::host_view(uint64_t va, uint64_t bytes) const {
    const auto allocation = find(va);
    if (!allocation || allocation->host == nullptr ||
        bytes > allocation->bytes - (va - allocation->va))
        return nullptr;
    return allocation->host + (va - allocation->va);
}

uint64_t MemoryManager::reserve(uint64_t bytes, uint64_t align) {
    std::unique_lock lock(mutex_);
    const auto va = take_addresses(round_up(bytes, ACC_PAGE_BYTES),
                                   std::max<uint64_t>(align, ACC_PAGE_BYTES));
    if (!va) fail(Status::OutOfMemory, "no device address range of {} bytes is free", bytes);
    return *va;
}

void MemoryManager::map(uint64_t va, const std::shared_ptr<MemoryObject>& memory, uint64_t offset,
                        uint64_t bytes, MapFlags flags, Audience audience) {
    std::unique_lock lock(mutex_);
    map_locked(va, {memory, offset, bytes, flags, audience});
}

void MemoryManager::unmap(uint64_t va, uint64_t bytes) {
    std::unique_lock lock(mutex_);
    unmap_locked(va, round_up(bytes, ACC_PAGE_BYTES));
}

void MemoryManager::unreserve(uint64_t va, uint64_t bytes) {
    std::unique_lock lock(mutex_);
    unmap_locked(va, round_up(bytes, ACC_PAGE_BYTES));
    vm_.addresses().give_back(va);
}

void MemoryManager::enter(const Allocation& allocation) {
    std::unique_lock lock(mutex_);
    enter_locked(allocation);
}

void MemoryManager::enter_locked(const Allocation& allocation) {
    Entry entry;
    entry.allocation = allocation;
    entry.allocation.serial = ++serial_;
    entries_.emplace(allocation.va, std::move(entry));
}

void MemoryManager::replace(const std::vector<Allocation>& gone,
                            const std::vector<Allocation>& come) {
    std::unique_lock lock(mutex_);
    for (const Allocation& one : gone)
        entries_.erase(one.va);
    for (const Allocation& one : come)
        enter_locked(one);
}

void MemoryManager::forget(uint64_t va) {
    std::unique_lock lock(mutex_);
    entries_.erase(va);
}

uint64_t MemoryManager::bytes_in_use() const {
    std::shared_lock lock(mutex_);
    return in_use_;
}

} // namespace acc::rt
