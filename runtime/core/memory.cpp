// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/memory.h"

#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

uint64_t round_up(uint64_t value, uint64_t to) {
    return (value + to - 1) & ~(to - 1);
}

bool on_device(MemoryKind kind) {
    return kind == MemoryKind::Device || kind == MemoryKind::Module;
}

bool host_sees_it(MemoryKind kind) {
    return kind == MemoryKind::Pinned || kind == MemoryKind::Managed;
}

} // namespace

const char* to_string(MemoryKind kind) {
    switch (kind) {
    case MemoryKind::Device: return "device memory";
    case MemoryKind::Pinned: return "pinned host memory";
    case MemoryKind::Managed: return "managed memory";
    case MemoryKind::Module: return "module image";
    case MemoryKind::Internal: return "runtime's own memory";
    }
    return "memory";
}

MemoryManager::MemoryManager(Backend& backend, AddressSpaceHandle& vm)
    : backend_(backend), vm_(vm), addresses_(vm.base(), vm.bytes()) {}

MemoryManager::~MemoryManager() {
    for (auto& [raw, backing] : backings_)
        vm_.unmap(backing->va, backing->bytes);
}

std::unique_ptr<MemoryManager::Backing> MemoryManager::make_backing(MemoryKind kind, uint64_t bytes,
                                                                    uint64_t align) {
    auto backing = std::make_unique<Backing>();
    backing->kind = kind;
    backing->bytes = round_up(bytes, ACC_PAGE_BYTES);
    backing->memory = backend_.allocate(on_device(kind) ? Domain::Vram : Domain::System,
                                        backing->bytes);
    // Large allocations start on a large-page boundary, so that the page table can use large pages.
    const uint64_t wanted = backing->bytes >= ACC_LARGE_PAGE_BYTES ? ACC_LARGE_PAGE_BYTES
                                                                   : ACC_PAGE_BYTES;
    const auto va = addresses_.allocate(backing->bytes, std::max<uint64_t>(wanted, align));
    if (!va)
        fail(Status::OutOfMemory, "no device address range of {} bytes is free", backing->bytes);
    backing->va = *va;
    try {
        vm_.map(*va, backing->memory, 0, backing->bytes,
                {.write = true, .execute = false, .host_visible = host_sees_it(kind)});
    } catch (...) {
        addresses_.release(*va, backing->bytes);
        throw;
    }
    return backing;
}

void MemoryManager::drop_backing(Backing& backing) {
    vm_.unmap(backing.va, backing.bytes);
    addresses_.release(backing.va, backing.bytes);
    if (backing.chunk) std::erase(chunks_[static_cast<int>(backing.kind)], &backing);
    backings_.erase(&backing);
}

MemoryManager::Entry MemoryManager::place_small(MemoryKind kind, uint64_t bytes, uint64_t align) {
    Entry entry;
    entry.span = round_up(bytes, align);
    auto& chunks = chunks_[static_cast<int>(kind)];
    for (Backing* chunk : chunks) {
        if (auto offset = chunk->free.allocate(entry.span, align)) {
            entry.backing = chunk;
            entry.allocation.va = chunk->va + *offset;
            return entry;
        }
    }
    auto made = make_backing(kind, kChunkBytes, align);
    made->chunk = true;
    made->free.add(0, kChunkBytes);
    entry.backing = made.get();
    entry.allocation.va = made->va + *made->free.allocate(entry.span, align);
    chunks.push_back(made.get());
    backings_.emplace(made.get(), std::move(made));
    return entry;
}

Allocation MemoryManager::allocate(MemoryKind kind, uint64_t bytes, uint64_t align,
                                   unsigned flags) {
    if (bytes == 0 || bytes > vm_.bytes())
        fail(Status::OutOfMemory, "cannot allocate {} bytes of {}", bytes, to_string(kind));
    std::unique_lock lock(mutex_);
    Entry entry;
    if (bytes <= kSmallLimit) {
        entry = place_small(kind, bytes, align);
    } else {
        auto backing = make_backing(kind, bytes, align);
        entry.backing = backing.get();
        entry.span = backing->bytes;
        entry.allocation.va = backing->va;
        backings_.emplace(backing.get(), std::move(backing));
    }
    Allocation& allocation = entry.allocation;
    allocation.bytes = bytes;
    allocation.kind = kind;
    allocation.flags = flags;
    allocation.serial = ++serial_;
    allocation.host = static_cast<uint8_t*>(entry.backing->memory->host()) +
                      (allocation.va - entry.backing->va);
    in_use_ += bytes;
    return entries_.emplace(allocation.va, std::move(entry)).first->second.allocation;
}

bool MemoryManager::release(uint64_t va, MemoryKind kind) {
    std::unique_lock lock(mutex_);
    auto it = entries_.find(va);
    if (it == entries_.end() || it->second.allocation.kind != kind || it->second.backing == nullptr)
        return false;
    Backing& backing = *it->second.backing;
    const uint64_t span = it->second.span;
    in_use_ -= it->second.allocation.bytes;
    entries_.erase(it);
    if (!backing.chunk) {
        drop_backing(backing);
        return true;
    }
    backing.free.release(va - backing.va, span);
    // An empty chunk is kept when it is the only one of its kind: programs that allocate and free
    // in a loop reuse it.
    if (backing.free.free_bytes() == kChunkBytes && chunks_[static_cast<int>(kind)].size() > 1)
        drop_backing(backing);
    return true;
}

std::optional<Allocation> MemoryManager::find(uint64_t va) const {
    std::shared_lock lock(mutex_);
    auto it = entries_.upper_bound(va);
    if (it == entries_.begin()) return std::nullopt;
    const Allocation& allocation = std::prev(it)->second.allocation;
    if (va - allocation.va >= allocation.bytes) return std::nullopt;
    return allocation;
}

std::optional<Allocation> MemoryManager::nearest(uint64_t va) const {
    std::shared_lock lock(mutex_);
    std::optional<Allocation> best;
    auto after = entries_.upper_bound(va);
    // The runtime's own memory is no help to a person who looks for an error in a program.
    for (auto it = after; it != entries_.begin();) {
        --it;
        if (it->second.allocation.kind != MemoryKind::Internal) {
            best = it->second.allocation;
            break;
        }
    }
    for (auto it = after; it != entries_.end(); ++it) {
        if (it->second.allocation.kind == MemoryKind::Internal) continue;
        const uint64_t below = best ? va - std::min(va, best->va + best->bytes) : UINT64_MAX;
        if (it->first - va < below) best = it->second.allocation;
        break;
    }
    return best;
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
    const auto va = addresses_.allocate(round_up(bytes, ACC_PAGE_BYTES),
                                        std::max<uint64_t>(align, ACC_PAGE_BYTES));
    if (!va) fail(Status::OutOfMemory, "no device address range of {} bytes is free", bytes);
    return *va;
}

void MemoryManager::map(uint64_t va, const std::shared_ptr<MemoryObject>& memory, uint64_t offset,
                        uint64_t bytes, MapFlags flags) {
    std::unique_lock lock(mutex_);
    vm_.map(va, memory, offset, bytes, flags);
}

void MemoryManager::unreserve(uint64_t va, uint64_t bytes) {
    std::unique_lock lock(mutex_);
    const uint64_t span = round_up(bytes, ACC_PAGE_BYTES);
    vm_.unmap(va, span);
    addresses_.release(va, span);
}

void MemoryManager::enter(const Allocation& allocation) {
    std::unique_lock lock(mutex_);
    Entry entry;
    entry.allocation = allocation;
    entry.allocation.serial = ++serial_;
    entries_.emplace(allocation.va, std::move(entry));
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
