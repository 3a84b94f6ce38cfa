// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/device_addresses.h"

#include <algorithm>
#include <mutex>

namespace acc::rt {

void DeviceAddresses::join() {
    std::unique_lock lock(mutex_);
    ++owners_;
}

void DeviceAddresses::leave(const MemoryManager& owner) {
    std::unique_lock lock(mutex_);
    --owners_;
    std::erase_if(taken_, [&](const auto& range) {
        if (range.second.owner != &owner) return false;
        free_.release(range.first, range.second.bytes);
        return true;
    });
}

uint64_t DeviceAddresses::fair_share() const {
    std::shared_lock lock(mutex_);
    return bytes_ / std::max(owners_, 1u);
}

std::optional<uint64_t> DeviceAddresses::take(uint64_t bytes, uint64_t align,
                                              const MemoryManager* owner) {
    std::unique_lock lock(mutex_);
    const auto va = free_.allocate(bytes, align);
    if (va) taken_.emplace(*va, Taken{bytes, owner});
    return va;
}

void DeviceAddresses::give_back(uint64_t va) {
    std::unique_lock lock(mutex_);
    const auto it = taken_.find(va);
    free_.release(va, it->second.bytes);
    taken_.erase(it);
}

const MemoryManager* DeviceAddresses::owner_at(uint64_t va) const {
    std::shared_lock lock(mutex_);
    const auto after = taken_.upper_bound(va);
    if (after == taken_.begin()) return nullptr;
    const auto& [start, taken] = *std::prev(after);
    return va - start < taken.bytes ? taken.owner : nullptr;
}

} // namespace acc::rt
