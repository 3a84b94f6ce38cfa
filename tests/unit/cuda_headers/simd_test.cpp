// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SIMD-in-a-word functions: worked examples, and all pairs of bytes against arithmetic on one lane.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>

#include "vector_types.h"

#include "acc_impl/simd_intrinsics.h"

namespace {

std::uint32_t four(int a, int b, int c, int d) {
    return (a & 255) | (b & 255) << 8 | (c & 255) << 16 | static_cast<std::uint32_t>(d & 255) << 24;
}

TEST(Simd, EveryPairOfBytes) {
    for (int i = 0; i < 256; ++i)
        for (int j = 0; j < 256; ++j) {
            const int a = static_cast<std::int8_t>(i), b = static_cast<std::int8_t>(j);
            // The pair under test in lane 2, other lanes filled so that a carry or borrow would
            // show.
            const std::uint32_t x = four(255, 0, i, 255), y = four(255, 255, j, 1);
            const auto lane = [](std::uint32_t word) { return static_cast<int>(word >> 16) & 255; };
            ASSERT_EQ(lane(__vadd4(x, y)), (i + j) & 255);
            ASSERT_EQ(lane(__vsub4(x, y)), (i - j) & 255);
            ASSERT_EQ(lane(__vaddus4(x, y)), std::min(i + j, 255));
            ASSERT_EQ(lane(__vaddss4(x, y)), std::clamp(a + b, -128, 127) & 255);
            ASSERT_EQ(lane(__vsubus4(x, y)), std::max(i - j, 0));
            ASSERT_EQ(lane(__vsubss4(x, y)), std::clamp(a - b, -128, 127) & 255);
            ASSERT_EQ(lane(__vavgu4(x, y)), (i + j + 1) / 2);
            ASSERT_EQ(lane(__vhaddu4(x, y)), (i + j) / 2);
            ASSERT_EQ(lane(__vabsdiffu4(x, y)), std::abs(i - j));
            ASSERT_EQ(lane(__vabsdiffs4(x, y)), std::abs(a - b) & 255);
            ASSERT_EQ(lane(__vmaxs4(x, y)), std::max(a, b) & 255);
            ASSERT_EQ(lane(__vminu4(x, y)), std::min(i, j));
            ASSERT_EQ(lane(__vcmpgts4(x, y)), a > b ? 255 : 0);
            ASSERT_EQ(lane(__vcmpleu4(x, y)), i <= j ? 255 : 0);
            ASSERT_EQ(lane(__vseteq4(x, y)), i == j ? 1 : 0);
            ASSERT_EQ(lane(__vabsss4(x)), std::min(std::abs(a), 127));
            ASSERT_EQ(lane(__vneg4(x)), -a & 255);
            ASSERT_EQ(lane(__vnegss4(x)), std::min(-a, 127) & 255);
        }
}

TEST(Simd, Halfwords) {
    EXPECT_EQ(__vadd2(0xffff0001u, 0x00010002u), 0x00000003u);
    EXPECT_EQ(__vaddss2(0x7fff8000u, 0x0001ffffu), 0x7fff8000u);
    EXPECT_EQ(__vsubus2(0x00010005u, 0x00020003u), 0x00000002u);
    EXPECT_EQ(__vcmpltu2(0x00018000u, 0x00020001u), 0xffff0000u);
    EXPECT_EQ(__vabs2(0x8000fffbu), 0x80000005u);
    // Halves round away from zero (PTX vavrg2): 3.5 is 4, -2.5 is -3.
    EXPECT_EQ(__vavgs2(0xfffe0003u, 0xfffd0004u), 0xfffd0004u);
}

TEST(Simd, Sums) {
    EXPECT_EQ(__vsadu4(four(1, 200, 3, 4), four(4, 100, 3, 0)), 3u + 100 + 0 + 4);
    EXPECT_EQ(__vsads4(four(-128, 0, 0, 1), four(127, 0, 0, -1)), 255u + 2);
    EXPECT_EQ(
        __dp4a(static_cast<int>(four(-1, 2, -3, 4)), static_cast<int>(four(5, -6, 7, 8)), 100),
        100 - 5 - 12 - 21 + 32);
    EXPECT_EQ(__dp4a(four(255, 1, 0, 0), four(255, 2, 0, 9), 1u), 255u * 255 + 2 + 1);
    EXPECT_EQ(__dp2a_lo(static_cast<int>(0xfffe0003u), static_cast<int>(four(4, -5, 6, 7)), 1),
              1 + 12 + 10);
    EXPECT_EQ(__dp2a_hi(0x00020003u, four(4, 5, 6, 7), 1u), 1u + 18 + 14);
}

TEST(Simd, MinMaxChains) {
    bool first, low;
    EXPECT_EQ(__vimax3_s32(-5, -7, -6), -5);
    EXPECT_EQ(__vimin3_u32(5u, 7u, 6u), 5u);
    EXPECT_EQ(__viaddmax_s32(2, 3, 6), 6);
    EXPECT_EQ(__viaddmin_s32_relu(-2, 1, 6), 0);
    EXPECT_EQ(__vibmax_s32(3, 3, &first), 3);
    EXPECT_TRUE(first); // a tie is the first operand's
    EXPECT_EQ(__vibmin_s32(4, 3, &first), 3);
    EXPECT_FALSE(first);
    EXPECT_EQ(__vimax_s16x2_relu(0xfffe0001u, 0xfffd0002u), 0x00000002u);
    EXPECT_EQ(__vibmax_u16x2(0x00020001u, 0x00010005u, &first, &low), 0x00020005u);
    EXPECT_TRUE(first);
    EXPECT_FALSE(low);
}

} // namespace
