// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/range_allocator.h"

#include <algorithm>
#include <cassert>

namespace acc::rt {

void RangeAllocator::add(uint64_t base, uint64_t bytes) {
    if (bytes != 0) release(base, bytes);
}

std::optional<uint64_t> RangeAllocator::allocate(uint64_t bytes, uint64_t align) {
    assert(bytes != 0 && align != 0 && (align & (align - 1)) == 0);
    for (auto it = free_.begin(); it != free_.end(); ++it) {
        const uint64_t start = (it->first + align - 1) & ~(align - 1);
        const uint64_t end = it->first + it->second;
        if (start < it->first || start >= end || end - start < bytes) continue;
        take(it, start, bytes);
        return start;
    }
    return std::nullopt;
}

bool RangeAllocator::allocate_at(uint64_t start, uint64_t bytes) {
    auto it = free_.upper_bound(start);
    if (it == free_.begin() || bytes == 0) return false;
    --it;
    const uint64_t skipped = start - it->first;
    if (skipped > it->second || it->second - skipped < bytes) return false;
    take(it, start, bytes);
    return true;
}

void RangeAllocator::take(Map::iterator range, uint64_t start, uint64_t bytes) {
    const uint64_t before = start - range->first;
    const uint64_t after = range->second - before - bytes;
    if (before != 0) {
        range->second = before;
    } else {
        free_.erase(range);
    }
    if (after != 0) free_.emplace(start + bytes, after);
    free_bytes_ -= bytes;
}

void RangeAllocator::release(uint64_t start, uint64_t bytes) {
    auto next = free_.lower_bound(start);
    free_bytes_ += bytes;
    if (next != free_.end() && start + bytes == next->first) {
        bytes += next->second;
        next = free_.erase(next);
    }
    if (next != free_.begin()) {
        auto previous = std::prev(next);
        if (previous->first + previous->second == start) {
            previous->second += bytes;
            return;
        }
    }
    free_.emplace_hint(next, start, bytes);
}

uint64_t RangeAllocator::largest_free() const {
    uint64_t largest = 0;
    for (const auto& [start, bytes] : free_)
        largest = std::max(largest, bytes);
    return largest;
}

} // namespace acc::rt
