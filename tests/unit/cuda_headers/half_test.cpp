// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The software conversions and arithmetic of cuda_fp16.h and cuda_bf16.h on the host. Reference:
// the compiler's own _Float16 (scalar type, converted by compiler-rt/libgcc) for round-to-nearest;
// nextafter bracketing for the directed modes.
#include <bit>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <random>

#include "cuda_bf16.h"
#include "cuda_fp16.h"

namespace {

std::uint16_t bits(__half h) {
    return __half_as_ushort(h);
}
std::uint16_t bits(__nv_bfloat16 b) {
    return __bfloat16_as_ushort(b);
}
std::uint16_t reference(float v) {
    return std::bit_cast<std::uint16_t>(static_cast<_Float16>(v));
}
float reference_value(std::uint16_t h) {
    return static_cast<float>(std::bit_cast<_Float16>(h));
}

TEST(Half, EveryValueToFloat) {
    for (unsigned i = 0; i < 0x10000; ++i) {
        const float v = __half2float(__ushort_as_half(static_cast<unsigned short>(i)));
        const float want = reference_value(static_cast<std::uint16_t>(i));
        if (std::isnan(want))
            EXPECT_TRUE(std::isnan(v)) << std::hex << i;
        else
            EXPECT_EQ(std::bit_cast<std::uint32_t>(v), std::bit_cast<std::uint32_t>(want))
                << std::hex << i;
    }
}

// Every half, every midpoint between two halves, and the floats next to both: all the cases of
// rounding.
TEST(Half, FloatToNearest) {
    for (unsigned i = 0; i < 0x7c00; ++i) {
        const float low = reference_value(static_cast<std::uint16_t>(i));
        const float high = i + 1 == 0x7c00 ? 65536.0f
                                           : reference_value(static_cast<std::uint16_t>(i + 1));
        const float middle = low + (high - low) / 2;
        for (float v : {low, middle, std::nextafter(middle, 0.0f), std::nextafter(middle, 1e9f)}) {
            ASSERT_EQ(bits(__float2half(v)), reference(v)) << std::hexfloat << v;
            ASSERT_EQ(bits(__float2half(-v)), reference(-v)) << std::hexfloat << -v;
        }
    }
}

TEST(Half, SpecialValues) {
    const float inf = std::numeric_limits<float>::infinity();
    EXPECT_EQ(bits(__float2half(inf)), 0x7c00);
    EXPECT_EQ(bits(__float2half(-1e30f)), 0xfc00);
    EXPECT_EQ(bits(__float2half(std::nanf(""))), 0x7fff);
    EXPECT_EQ(bits(__float2half(-0.0f)), 0x8000);
    EXPECT_EQ(bits(__float2half_rz(1e30f)), 0x7bff);
    EXPECT_EQ(bits(__float2half_rd(1e30f)), 0x7bff);
    EXPECT_EQ(bits(__float2half_ru(1e30f)), 0x7c00);
    EXPECT_EQ(bits(__float2half_ru(1e-30f)), 0x0001);
    EXPECT_EQ(bits(__float2half_rd(-1e-30f)), 0x8001);
    EXPECT_TRUE(__hisnan(__float2half(std::nanf(""))));
    EXPECT_EQ(__hisinf(__float2half(-inf)), -1);
}

// A value between two neighbouring halves goes to the lower one, the upper one, or the one nearer
// to zero.
TEST(Half, DirectedRoundings) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> values(-70.0f, 70.0f);
    for (int i = 0; i < 100000; ++i) {
        const float v = std::ldexp(values(random), static_cast<int>(random() % 24) - 20);
        const float down = __half2float(__float2half_rd(v)), up = __half2float(__float2half_ru(v));
        ASSERT_LE(down, v);
        ASSERT_GE(up, v);
        const float exact = reference_value(reference(v));
        ASSERT_TRUE(exact == down || exact == up) << std::hexfloat << v;
        ASSERT_EQ(__half2float(__float2half_rz(v)), v < 0 ? up : down) << std::hexfloat << v;
    }
}

// The reference rounds the exact double operands once.
TEST(Half, DoubleIsRoundedOnce) {
    // Halfway in half plus a trifle that float cannot hold: rounding through float would give 1.0.
    EXPECT_EQ(bits(__double2half(1.0 + std::ldexp(1.0, -11) + std::ldexp(1.0, -40))), 0x3c01);
    EXPECT_EQ(bits(__double2half(1.0 + std::ldexp(1.0, -11))), 0x3c00);
    EXPECT_EQ(bits(__double2half(1e300)), 0x7c00);
}

TEST(Half, Integers) {
    EXPECT_EQ(bits(__int2half_rn(2049)), reference(2048.0f)); // a tie, to even
    EXPECT_EQ(bits(__int2half_ru(2049)), reference(2050.0f));
    EXPECT_EQ(bits(__int2half_rz(-2049)), reference(-2048.0f));
    EXPECT_EQ(bits(__ull2half_rn(~0ull)), 0x7c00);
    EXPECT_EQ(bits(__ll2half_rz(std::numeric_limits<long long>::min())), 0xfbff);
    EXPECT_EQ(__half2int_rn(__float2half(2.5f)), 2);
    EXPECT_EQ(__half2int_ru(__float2half(2.25f)), 3);
    EXPECT_EQ(__half2int_rd(__float2half(-2.25f)), -3);
    EXPECT_EQ(__half2ushort_rz(__float2half(-5.0f)), 0);
    EXPECT_EQ(__half2short_rz(__float2half(60000.0f)), 32767);
}

TEST(Half, Arithmetic) {
    std::mt19937 random(2);
    for (int i = 0; i < 200000; ++i) {
        const auto a = static_cast<std::uint16_t>(random()),
                   b = static_cast<std::uint16_t>(random()),
                   c = static_cast<std::uint16_t>(random());
        const _Float16 x = std::bit_cast<_Float16>(a), y = std::bit_cast<_Float16>(b),
                       z = std::bit_cast<_Float16>(c);
        const __half hx = __ushort_as_half(a), hy = __ushort_as_half(b), hz = __ushort_as_half(c);
        const auto same = [](__half got, _Float16 want) {
            return std::isnan(static_cast<float>(want))
                       ? __hisnan(got)
                       : bits(got) == std::bit_cast<std::uint16_t>(want);
        };
        ASSERT_TRUE(same(hx + hy, static_cast<_Float16>(x + y))) << a << ' ' << b;
        ASSERT_TRUE(same(hx - hy, static_cast<_Float16>(x - y))) << a << ' ' << b;
        ASSERT_TRUE(same(hx * hy, static_cast<_Float16>(x * y))) << a << ' ' << b;
        ASSERT_TRUE(same(hx / hy, static_cast<_Float16>(x / y))) << a << ' ' << b;
        // 113 bits hold the exact sum of a 22-bit product and a half for all but the widest
        // spreads, which cannot matter.
        const auto exact = static_cast<__float128>(x) * static_cast<__float128>(y) +
                           static_cast<__float128>(z);
        ASSERT_TRUE(same(__hfma(hx, hy, hz), static_cast<_Float16>(exact)))
            << a << ' ' << b << ' ' << c;
        ASSERT_EQ(hx < hy, x < y);
        ASSERT_EQ(hx == hy, x == y);
        ASSERT_EQ(hx != hy, x != y);
    }
}

TEST(Half, MinMaxSaturate) {
    const __half nan = __ushort_as_half(0x7e00), one = __float2half(1.0f), two = __float2half(2.0f);
    EXPECT_EQ(bits(__hmax(nan, one)), bits(one));
    EXPECT_EQ(bits(__hmin(one, two)), bits(one));
    EXPECT_TRUE(__hisnan(__hmax_nan(nan, one)));
    EXPECT_EQ(bits(__hmax(__ushort_as_half(0x8000), __ushort_as_half(0))), 0x0000);
    EXPECT_EQ(bits(__hmin(__ushort_as_half(0x8000), __ushort_as_half(0))), 0x8000);
    EXPECT_EQ(bits(__hadd_sat(one, two)), bits(one));
    EXPECT_EQ(bits(__hsub_sat(one, two)), 0);
}

TEST(Half, Pairs) {
    const __half2 p = __floats2half2_rn(1.0f, -2.0f);
    EXPECT_EQ(__low2float(p), 1.0f);
    EXPECT_EQ(__high2float(p), -2.0f);
    EXPECT_EQ(__low2float(__lowhigh2highlow(p)), -2.0f);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(p), 0xc0003c00u); // x in the low half of the word
    const __half2 sum = p + __half2half2(__float2half(0.5f));
    EXPECT_EQ(__half22float2(sum).y, -1.5f);
    EXPECT_TRUE(__hbeq2(p, p));
    EXPECT_EQ(__hgt2_mask(p, __float2half2_rn(0.0f)), 0x0000ffffu);
}

// bfloat16 is the upper half of a float: nearest even by comparing the distances to the two
// neighbours.
TEST(Bfloat16, FloatToNearest) {
    std::mt19937 random(3);
    for (int i = 0; i < 300000; ++i) {
        std::uint32_t word = static_cast<std::uint32_t>(random());
        if (i % 3 == 0) word = (word & 0xffff0000u) | 0x8000u; // a tie
        if ((word & 0x7f800000u) == 0x7f800000u) continue;
        const std::uint32_t below = word >> 16;
        const std::uint32_t rest = word & 0xffff;
        const bool up = rest > 0x8000 || (rest == 0x8000 && (below & 1));
        ASSERT_EQ(bits(__float2bfloat16(std::bit_cast<float>(word))), below + up)
            << std::hex << word;
    }
    EXPECT_EQ(bits(__float2bfloat16(std::nanf(""))), 0x7fff);
    EXPECT_EQ(bits(__float2bfloat16_rz(3.9999f)), 0x407f);
    EXPECT_EQ(bits(__float2bfloat16_ru(1.0001f)), 0x3f81);
    EXPECT_EQ(__bfloat162float(__ushort_as_bfloat16(0x4049)), 3.140625f);
}

TEST(Bfloat16, FusedMultiplyAdd) {
    // 1 + 2^-7 squared is 1 + 2^-6 + 2^-14: the last term survives only if the product is not
    // rounded first.
    const __nv_bfloat16 a = __ushort_as_bfloat16(0x3f81),
                        b = __float2bfloat16(-(1.0f + std::ldexp(1.0f, -6)));
    EXPECT_EQ(__bfloat162float(__hfma(a, a, b)), std::ldexp(1.0f, -14));
    EXPECT_EQ(__bfloat162float(a * a + b), 0.0f);
}

} // namespace
