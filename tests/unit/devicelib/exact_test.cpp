// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions with exactly defined results, against the C library or a definition written out bit by
// bit.
#include "tests/unit/devicelib/host_library.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace {

template <typename T>
T any(std::mt19937_64& random) {
    if constexpr (sizeof(T) == 4)
        return std::bit_cast<float>(static_cast<uint32_t>(random()));
    else
        return std::bit_cast<double>(random());
}

template <typename T>
bool same(T a, T b) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return a == b && std::signbit(a) == std::signbit(b);
}

template <typename T>
void check_ldexp(const char* name, int range) {
    auto* function = test::device<T(T, int)>(name);
    std::mt19937_64 random(1);
    for (int i = 0; i < 100000; ++i) {
        const T x = any<T>(random);
        const int n = static_cast<int>(random() % static_cast<unsigned>(2 * range)) - range;
        ASSERT_TRUE(same(function(x, n), static_cast<T>(std::ldexp(x, n))))
            << name << "(" << std::hexfloat << x << ", " << n << ")";
    }
}

TEST(DevicelibExact, LdexpRoundsOnce) {
    check_ldexp<float>("__nv_ldexpf", 350);
    check_ldexp<double>("__nv_ldexp", 2600);
}

template <typename T>
void check_rounding(const char* name, T (*reference)(T)) {
    auto* function = test::device<T(T)>(name);
    std::mt19937_64 random(2);
    for (int i = 0; i < 100000; ++i) {
        const T x = i % 2 ? any<T>(random)
                          : static_cast<T>(static_cast<int>(random() % 4096) - 2048) / 8;
        ASSERT_TRUE(same(function(x), reference(x)))
            << name << "(" << std::hexfloat << x << ") = " << function(x);
    }
}

TEST(DevicelibExact, RoundingToIntegers) {
    check_rounding<float>("__nv_roundf", std::round);
    check_rounding<double>("__nv_round", std::round);
    check_rounding<float>("__nv_rintf", std::rint);
    check_rounding<double>("__nv_trunc", std::trunc);
    check_rounding<float>("__nv_floorf", std::floor);
    check_rounding<double>("__nv_ceil", std::ceil);
    check_rounding<float>("__nv_logbf", std::logb);
    check_rounding<double>("__nv_logb", std::logb);
}

TEST(DevicelibExact, FrexpModfNextafterRemquo) {
    auto* frexp = test::device<double(double, int*)>("__nv_frexp");
    auto* frexpf = test::device<float(float, int*)>("__nv_frexpf");
    auto* modf = test::device<double(double, double*)>("__nv_modf");
    auto* nextafterf = test::device<float(float, float)>("__nv_nextafterf");
    auto* remquo = test::device<double(double, double, int*)>("__nv_remquo");
    std::mt19937_64 random(3);
    for (int i = 0; i < 50000; ++i) {
        const double x = any<double>(random),
                     y = i % 2 ? any<double>(random) : x / static_cast<double>(random() % 100 + 1);
        const float s = any<float>(random), t = any<float>(random);
        int got = 0, want = 0;
        ASSERT_TRUE(same(frexp(x, &got), std::frexp(x, &want)));
        ASSERT_TRUE(!std::isfinite(x) || got == want);
        ASSERT_TRUE(same(frexpf(s, &got), std::frexp(s, &want)));
        ASSERT_TRUE(!std::isfinite(s) || got == want);
        double whole = 0, expected = 0;
        ASSERT_TRUE(same(modf(x, &whole), std::modf(x, &expected)) && same(whole, expected))
            << std::hexfloat << x;
        ASSERT_TRUE(same(nextafterf(s, t), std::nextafter(s, t)))
            << std::hexfloat << s << ", " << t;
        ASSERT_TRUE(same(remquo(x, y, &got), std::remquo(x, y, &want)))
            << std::hexfloat << x << ", " << y;
        ASSERT_TRUE(!std::isfinite(x) || !std::isfinite(y) || y == 0 || (got & 7) == (want & 7))
            << std::hexfloat << x << ", " << y;
    }
}

/// C99 Annex F: every combination of special arguments.
TEST(DevicelibExact, PowfOfSpecialArguments) {
    auto* powf = test::device<float(float, float)>("__nv_powf");
    const float inf = std::numeric_limits<float>::infinity(),
                nan = std::numeric_limits<float>::quiet_NaN();
    const float values[] = {0.0f,    -0.0f,       1,           -1,    2,      -2,   3,
                            -3,      0.5f,        -0.5f,       inf,   -inf,   nan,  1e-40f,
                            -1e-40f, 16777216.0f, 33554434.0f, 1e38f, -1e38f, -2.5f};
    for (float x : values)
        for (float y : values) {
            const float got = powf(x, y), want = std::pow(x, y);
            EXPECT_TRUE(same(got, want) || std::fabs(got - want) <= 4e-7f * std::fabs(want))
                << x << ", " << y << ": " << got << " instead of " << want;
        }
}

/// One element of a SIMD operation in plain integers.
int element(uint32_t word, int width, int i, bool is_signed) {
    const uint32_t raw = word >> (width * i) & ((1u << width) - 1);
    return is_signed && raw >> (width - 1) ? static_cast<int>(raw) - (1 << width)
                                           : static_cast<int>(raw);
}

template <typename Operation>
void check_simd(const char* name, int width, bool is_signed, Operation operation) {
    auto* function = test::device<uint32_t(uint32_t, uint32_t)>(name);
    std::mt19937_64 random(4);
    for (int round = 0; round < 5000; ++round) {
        // Extreme values often: they are where saturation and overflow happen.
        const uint32_t a = round % 3 ? static_cast<uint32_t>(random()) : 0x80ff7f01u,
                       b = round % 5 ? static_cast<uint32_t>(random()) : 0x7f80ff80u;
        uint32_t want = 0;
        for (int i = 0; i < 32 / width; ++i)
            want |= (static_cast<uint32_t>(operation(element(a, width, i, is_signed),
                                                     element(b, width, i, is_signed))) &
                     ((1u << width) - 1))
                    << (width * i);
        ASSERT_EQ(function(a, b), want) << name << std::hex << " " << a << " " << b;
    }
}

TEST(DevicelibExact, SimdOperations) {
    auto clamp = [](int value, int low, int high) {
        return value < low ? low : value > high ? high : value;
    };
    check_simd("__nv_vadd4", 8, false, [](int x, int y) { return x + y; });
    check_simd("__nv_vaddss2", 16, true, [&](int x, int y) { return clamp(x + y, -32768, 32767); });
    check_simd("__nv_vaddus4", 8, false, [&](int x, int y) { return clamp(x + y, 0, 255); });
    check_simd("__nv_vsubss4", 8, true, [&](int x, int y) { return clamp(x - y, -128, 127); });
    check_simd("__nv_vsubus2", 16, false, [&](int x, int y) { return clamp(x - y, 0, 65535); });
    check_simd("__nv_vavgu4", 8, false, [](int x, int y) { return (x + y + 1) / 2; });
    check_simd("__nv_vabsdiffu4", 8, false, [](int x, int y) { return std::abs(x - y); });
    check_simd("__nv_vmaxs2", 16, true, [](int x, int y) { return std::max(x, y); });
    check_simd("__nv_vminu4", 8, false, [](int x, int y) { return std::min(x, y); });
    check_simd("__nv_vcmpgts4", 8, true, [](int x, int y) { return x > y ? -1 : 0; });
    check_simd("__nv_vsetleu2", 16, false, [](int x, int y) { return x <= y ? 1 : 0; });
}

} // namespace
