// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A range of device addresses, and who has which part of it. Devices that reach each other's memory
// share one: an address then means the same to all of them, or nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>

#include "runtime/core/range_allocator.h"

namespace acc::rt {

class MemoryManager;

class DeviceAddresses {
  public:
    DeviceAddresses(uint64_t base, uint64_t bytes)
        : base_(base), bytes_(bytes), free_(base, bytes) {}
    DeviceAddresses(const DeviceAddresses&) = delete;

    uint64_t base() const { return base_; }
    uint64_t bytes() const { return bytes_; }
    bool contains(uint64_t va) const { return va - base_ < bytes_; }

    /// Whoever takes addresses says so first: the range is divided among as many. Who leaves gives
    /// all of its addresses back.
    void join();
    void leave(const MemoryManager& owner);
    /// What each may keep without using it.
    uint64_t fair_share() const;

    /// `bytes` at a multiple of `align` for `owner`; nothing when there is no such range.
    std::optional<uint64_t> take(uint64_t bytes, uint64_t align, const MemoryManager* owner);
    /// Returns exactly what take() gave.
    void give_back(uint64_t va);
    /// Who has taken the address; null: nobody.
    const MemoryManager* owner_at(uint64_t va) const;

  private:
    struct Taken {
        uint64_t bytes = 0;
        const MemoryManager* owner = nullptr;
    };

    const uint64_t base_, bytes_;
    mutable std::shared_mutex mutex_; // protects what follows
    RangeAllocator free_;
    std::map<uint64_t, Taken> taken_; // by first address
    unsigned owners_ = 0;
};

} // namespace acc::rt
