// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/range_allocator.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace acc::rt {
namespace {

TEST(RangeAllocator, GivesAlignedRangesAndRefusesWhatDoesNotFit) {
    RangeAllocator ranges(100, 1000);
    EXPECT_EQ(ranges.allocate(10, 64), 128u);
    EXPECT_FALSE(ranges.allocate(1000, 1));
    EXPECT_EQ(ranges.free_bytes(), 990u);
}

TEST(RangeAllocator, MergesReleasedNeighbours) {
    RangeAllocator ranges(0, 300);
    const auto a = ranges.allocate(100, 1), b = ranges.allocate(100, 1),
               c = ranges.allocate(100, 1);
    EXPECT_FALSE(ranges.allocate(1, 1));
    ranges.release(*a, 100);
    ranges.release(*c, 100);
    EXPECT_EQ(ranges.largest_free(), 100u);
    ranges.release(*b, 100);
    EXPECT_EQ(ranges.largest_free(), 300u);
    EXPECT_EQ(ranges.allocate(300, 1), 0u);
}

TEST(RangeAllocator, TakesAnExactRangeOnlyWhenFree) {
    RangeAllocator ranges(0, 100);
    EXPECT_TRUE(ranges.allocate_at(40, 20));
    EXPECT_FALSE(ranges.allocate_at(50, 5));
    EXPECT_FALSE(ranges.allocate_at(90, 20));
    ranges.release(40, 20);
    EXPECT_TRUE(ranges.allocate_at(0, 100));
}

// Against a map of bytes, over a random history: no byte is given out twice, and all come back.
TEST(RangeAllocator, RandomHistoryNeverOverlaps) {
    constexpr uint64_t kBytes = 4096;
    RangeAllocator ranges(0, kBytes);
    std::vector<bool> taken(kBytes, false);
    std::map<uint64_t, uint64_t> live;
    std::mt19937 random(7);
    for (int step = 0; step < 20000; ++step) {
        if (random() % 2 == 0) {
            const uint64_t bytes = random() % 200 + 1, align = 1u << random() % 7;
            const auto start = ranges.allocate(bytes, align);
            if (!start) continue;
            ASSERT_EQ(*start % align, 0u);
            ASSERT_LE(*start + bytes, kBytes);
            for (uint64_t i = *start; i < *start + bytes; ++i) {
                ASSERT_FALSE(taken[i]);
                taken[i] = true;
            }
            live[*start] = bytes;
        } else if (!live.empty()) {
            auto it = std::next(live.begin(), static_cast<long>(random() % live.size()));
            for (uint64_t i = it->first; i < it->first + it->second; ++i)
                taken[i] = false;
            ranges.release(it->first, it->second);
            live.erase(it);
        }
    }
    for (const auto& [start, bytes] : live)
        ranges.release(start, bytes);
    EXPECT_EQ(ranges.free_bytes(), kBytes);
    EXPECT_EQ(ranges.largest_free(), kBytes);
}

} // namespace
} // namespace acc::rt
