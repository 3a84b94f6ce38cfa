// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hands out sub-ranges of an integer range: device addresses, VRAM offsets, pieces of a pool chunk.
// First fit by address in an ordered map of free ranges, neighbours merged on release. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace acc::rt {

class RangeAllocator {
  public:
    RangeAllocator() = default;
    RangeAllocator(uint64_t base, uint64_t bytes) { add(base, bytes); }

    /// Gives [base, base + bytes) to the allocator.
    void add(uint64_t base, uint64_t bytes);
    /// A range of `bytes` (> 0) starting at a multiple of `align` (power of two), or nothing.
    std::optional<uint64_t> allocate(uint64_t bytes, uint64_t align);
    /// Takes exactly [start, start + bytes) when all of it is free.
    bool allocate_at(uint64_t start, uint64_t bytes);
    /// Returns a range that was allocated.
    void release(uint64_t start, uint64_t bytes);
    uint64_t free_bytes() const { return free_bytes_; }
    uint64_t largest_free() const;

  private:
    using Map = std::map<uint64_t, uint64_t>; // start -> bytes
    void take(Map::iterator range, uint64_t start, uint64_t bytes);

    Map free_;
    uint64_t free_bytes_ = 0;
};

} // namespace acc::rt
