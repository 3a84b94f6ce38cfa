// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What other address spaces see of a context's memory.
#include <algorithm>
#include <utility>

#include "runtime/core/memory.h"

namespace acc::rt {

GroupAccess MemoryManager::Viewer::access(const Shown& what) const {
    if (vm == nullptr) return GroupAccess::None;
    const GroupAccess all = what.flags.write ? GroupAccess::ReadWrite : GroupAccess::Read;
    switch (what.audience) {
    case Audience::Nobody: break;
    case Audience::Peers: return peer ? all : GroupAccess::None;
    case Audience::Everybody: return all;
    case Audience::EverybodysEyes: return GroupAccess::Read;
    case Audience::Chosen:
        if (const auto known = groups.find(what.group); known != groups.end())
            return std::min(known->second, all);
        break;
    }
    return GroupAccess::None;
}

/// Maps memory here and for all who see it. The caller holds the lock.
void MemoryManager::map_locked(uint64_t va, const Shown& what) {
    vm_.map(va, what.memory, what.offset, what.bytes, what.flags);
    if (what.audience == Audience::Nobody) return;
    try {
        for (const Viewer& viewer : viewers_)
            show(viewer, va, what);
    } catch (...) {
        for (const Viewer& viewer : viewers_)
            viewer.vm->unmap_device(va, what.bytes);
        vm_.unmap(va, what.bytes);
        throw;
    }
    shown_.emplace(va, what);
}

/// The caller holds the lock.
void MemoryManager::unmap_locked(uint64_t va, uint64_t bytes) {
    for (auto it = shown_.lower_bound(va); it != shown_.end() && it->first < va + bytes;) {
        for (const Viewer& viewer : viewers_)
            if (viewer.access(it->second) != GroupAccess::None)
                viewer.vm->unmap_device(it->first, it->second.bytes);
        it = shown_.erase(it);
    }
    vm_.unmap(va, bytes);
}

void MemoryManager::show(const Viewer& viewer, uint64_t va, const Shown& what) {
    const GroupAccess access = viewer.access(what);
    if (access == GroupAccess::None) return;
    viewer.vm->map(va, what.memory, what.offset, what.bytes,
                   {.write = access == GroupAccess::ReadWrite});
}

/// The caller holds the lock. Null: it is none.
const MemoryManager::Viewer* MemoryManager::viewer(const AddressSpaceHandle& vm) const {
    const auto it = std::find_if(viewers_.begin(), viewers_.end(),
                                 [&](const Viewer& viewer) { return viewer.vm == &vm; });
    return it != viewers_.end() ? &*it : nullptr;
}

MemoryManager::Viewer* MemoryManager::viewer(const AddressSpaceHandle& vm) {
    return const_cast<Viewer*>(std::as_const(*this).viewer(vm));
}

/// Maps what a viewer sees now, and otherwise than before. All or nothing.
void MemoryManager::widen_view(const Viewer& before, const Viewer& after) {
    try {
        for (const auto& [va, what] : shown_)
            if (before.access(what) != after.access(what)) show(after, va, what);
    } catch (...) {
        narrow_view(after, before);
        throw;
    }
}

/// Unmaps what a viewer does not see any more.
void MemoryManager::narrow_view(const Viewer& before, const Viewer& after) {
    for (const auto& [va, what] : shown_)
        if (before.access(what) != GroupAccess::None && after.access(what) == GroupAccess::None)
            before.vm->unmap_device(va, what.bytes);
}

/// The viewer sees what `after` says. The caller holds the lock.
void MemoryManager::change_view(Viewer& viewer, Viewer after) {
    widen_view(viewer, after);
    narrow_view(viewer, after);
    viewer = std::move(after);
}

void MemoryManager::add_viewer(AddressSpaceHandle& vm) {
    std::unique_lock lock(mutex_);
    widen_view({}, {&vm, false, {}});
    viewers_.push_back({&vm, false, {}});
}

void MemoryManager::remove_viewer(AddressSpaceHandle& vm) {
    std::unique_lock lock(mutex_);
    Viewer* known = viewer(vm);
    if (known == nullptr) return;
    narrow_view(*known, {});
    viewers_.erase(viewers_.begin() + (known - viewers_.data()));
}

void MemoryManager::set_peer(AddressSpaceHandle& vm, bool peer) {
    std::unique_lock lock(mutex_);
    Viewer* known = viewer(vm);
    if (known == nullptr) return;
    Viewer after = *known;
    after.peer = peer;
    change_view(*known, std::move(after));
}

bool MemoryManager::is_peer(const AddressSpaceHandle& vm) const {
    std::shared_lock lock(mutex_);
    const Viewer* known = viewer(vm);
    return known != nullptr && known->peer;
}

void MemoryManager::set_access(AddressSpaceHandle& vm, unsigned group, GroupAccess access) {
    std::unique_lock lock(mutex_);
    Viewer* known = viewer(vm);
    if (known == nullptr) return;
    Viewer after = *known;
    if (access == GroupAccess::None)
        after.groups.erase(group);
    else
        after.groups[group] = access;
    change_view(*known, std::move(after));
}

GroupAccess MemoryManager::access(const AddressSpaceHandle& vm, unsigned group) const {
    if (&vm == &vm_) return GroupAccess::ReadWrite;
    std::shared_lock lock(mutex_);
    const Viewer* known = viewer(vm);
    if (known == nullptr) return GroupAccess::None;
    const auto it = known->groups.find(group);
    return it != known->groups.end() ? it->second : GroupAccess::None;
}

bool MemoryManager::is_seen_by(const AddressSpaceHandle& vm, uint64_t va) const {
    std::shared_lock lock(mutex_);
    const Viewer* known = viewer(vm);
    const auto after = shown_.upper_bound(va);
    if (known == nullptr || after == shown_.begin()) return false;
    const auto& [start, what] = *std::prev(after);
    return va - start < what.bytes && known->access(what) != GroupAccess::None;
}

} // namespace acc::rt
