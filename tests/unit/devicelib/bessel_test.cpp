// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bessel functions against their power series in 113-bit arithmetic, with the bounds of the CUDA
// C++ Programming Guide.
#include "tests/unit/devicelib/host_library.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

using Quad = __float128;
constexpr Quad kPi = 3.14159265358979323846264338327950288419717Q;
constexpr Quad kEuler = 0.577215664901532860606512090082402431042159Q;

/// k ln 2 + 2 atanh((m - 1) / (m + 1)) for x = 2^k m.
Quad log_of(Quad x) {
    const int k = std::ilogb(static_cast<long double>(x));
    const Quad m = x / std::ldexp(1.0L, k), z = (m - 1) / (m + 1);
    Quad sum = 0, power = z;
    for (int i = 1; i < 80; i += 2) {
        sum += power / i;
        power *= z * z;
    }
    return k * 0.693147180559945309417232121458176568Q + 2 * sum;
}

/// J_n (sign -1) or I_n (sign 1): sum of sign^k (x/2)^(n+2k) / (k! (n+k)!).
Quad series(int n, double x, int sign) {
    const Quad half = Quad(x) / 2;
    Quad term = 1, sum = 0;
    for (int k = 1; k <= n; ++k)
        term *= half / k;
    for (int k = 0; k < 2000; ++k) {
        sum += term;
        term *= sign * half * half / (Quad(k + 1) * (n + k + 1));
        if (k > x && static_cast<long double>(term) == 0) break;
        if (k > std::abs(x) && std::abs(static_cast<long double>(term / sum)) < 1e-40L) break;
    }
    return sum;
}

/// Abramowitz and Stegun 9.1.11 for the orders 0 and 1.
Quad y_series(int n, double x) {
    const Quad half = Quad(x) / 2, t = half * half;
    Quad term = n == 0 ? Quad(1) : half, sum = 0, harmonic = 0;
    for (int k = 0; k < 200; ++k) {
        // psi(k + 1) + psi(k + n + 1)
        sum += term * (2 * (harmonic - kEuler) + (n ? Quad(1) / (k + 1) : Quad(0)));
        term *= -t / (Quad(k + 1) * (n + k + 1));
        harmonic += Quad(1) / (k + 1);
    }
    return (2 * log_of(half) * series(n, x, -1) - sum - (n ? 1 / half : Quad(0))) / kPi;
}

Quad reference(const char* name, int n, double x) {
    switch (name[0]) {
    case 'j': return series(n, x, -1);
    case 'c': return series(n, x, 1);
    }
    if (n < 2) return y_series(n, x);
    Quad zero = y_series(0, x), one = y_series(1, x);
    for (int k = 1; k < n; ++k) {
        const Quad next = 2 * k / Quad(x) * one - zero;
        zero = one;
        one = next;
    }
    return one;
}

struct Row {
    const char* name;
    int order;
    double ulps, ulps_f; ///< below 8
    double low;          ///< the least argument tested
    double high;
};
const Row kRows[] = {
    {"j0", 0, 7, 9, -30, 30},
    {"j1", 1, 7, 9, -30, 30},
    {"y0", 0, 7, 9, 1e-30, 30},
    {"y1", 1, 7, 9, 1e-30, 30},
    {"cyl_bessel_i0", 0, 6, 6, -700, 700},
    {"cyl_bessel_i1", 1, 6, 6, -700, 700},
};
constexpr double kAbsolute = 5e-12, kAbsoluteF = 2.2e-6;

template <typename T>
double ulps(T got, Quad want) {
    const T rounded = static_cast<T>(want);
    if (std::isinf(rounded)) return got == rounded ? 0 : 1e9;
    int exponent;
    std::frexp(rounded, &exponent);
    const int unit = std::max(exponent, std::numeric_limits<T>::min_exponent) -
                     std::numeric_limits<T>::digits;
    const long double difference = static_cast<long double>(Quad(got) - want);
    return static_cast<double>(std::ldexp(std::abs(difference), -unit));
}

/// Within the row's range, close to 0, and as close to the zeros below 8 as numbers get.
std::vector<double> arguments(const Row& row) {
    std::mt19937_64 random(20260104);
    auto unit = [&] { return (random() >> 11) * 0x1p-53; };
    std::vector<double> found = {8.0, std::nextafter(8.0, 9.0), 1.0, 2.0, 0.5, 1.5};
    for (int i = 0; i < 200; ++i) {
        found.push_back(row.low + (row.high - row.low) * unit());
        found.push_back(std::max(row.low, -8.0) + (8 - std::max(row.low, -8.0)) * unit());
        found.push_back(std::exp2(-60 * unit()));
    }
    if (row.name[0] == 'c') return found;
    for (double x = 0.25; x < 8; x += 0.25) {
        double low = x, high = x + 0.25;
        const bool sign = reference(row.name, row.order, low) < 0;
        if (sign == (reference(row.name, row.order, high) < 0)) continue;
        while (std::nextafter(low, high) < high) {
            const double middle = low + (high - low) / 2;
            ((reference(row.name, row.order, middle) < 0) == sign ? low : high) = middle;
        }
        for (double distance = 0; distance < 0.2; distance = distance * 2 + 0x1p-53) {
            found.push_back(low - distance);
            found.push_back(high + distance);
        }
    }
    return found;
}

TEST(DevicelibBessel, OrdersZeroAndOneKeepCudasBounds) {
    for (const Row& row : kRows) {
        const std::string name = std::string("__nv_") + row.name;
        auto* function = test::device<double(double)>(name.c_str());
        auto* single = test::device<float(float)>((name + "f").c_str());
        for (double x : arguments(row)) {
            const Quad want = reference(row.name, row.order, x);
            const bool far = row.name[0] != 'c' && std::abs(x) > 8;
            const double got = function(x);
            if (far)
                EXPECT_LE(std::abs(got - static_cast<double>(want)), kAbsolute) << name << " " << x;
            else
                EXPECT_LE(ulps(got, want), row.ulps) << name << " " << std::hexfloat << x;
            const float xf = static_cast<float>(x);
            if (row.low > 0 && xf < 1e-30f) continue;
            const Quad want_f = reference(row.name, row.order, xf);
            if (far)
                EXPECT_LE(std::abs(single(xf) - static_cast<double>(want_f)), kAbsoluteF) << name;
            else
                EXPECT_LE(ulps(single(xf), want_f), row.ulps_f) << name << " " << xf;
        }
    }
}

/// Far away the C library's functions are the reference.
TEST(DevicelibBessel, LargeArgumentsKeepTheAbsoluteBound) {
    std::mt19937_64 random(20260105);
    for (int i = 0; i < 2000; ++i) {
        const double x = std::exp2(3 + 60 * ((random() >> 11) * 0x1p-53));
        EXPECT_NEAR(test::device<double(double)>("__nv_j0")(x), j0(x), kAbsolute);
        EXPECT_NEAR(test::device<double(double)>("__nv_j1")(-x), j1(-x), kAbsolute);
        EXPECT_NEAR(test::device<double(double)>("__nv_y0")(x), y0(x), kAbsolute);
        EXPECT_NEAR(test::device<double(double)>("__nv_y1")(x), y1(x), kAbsolute);
        EXPECT_NEAR(test::device<double(int, double)>("__nv_jn")(128, x), jn(128, x), kAbsolute);
    }
}

TEST(DevicelibBessel, HigherOrders) {
    auto* jn = test::device<double(int, double)>("__nv_jn");
    auto* jnf = test::device<float(int, float)>("__nv_jnf");
    auto* yn = test::device<double(int, double)>("__nv_yn");
    auto* ynf = test::device<float(int, float)>("__nv_ynf");
    std::mt19937_64 random(20260106);
    for (int i = 0; i < 600; ++i) {
        const int n = i % 3 == 0 ? 128 : i % 12 + 2;
        const double x = 30 * ((random() >> 11) * 0x1p-53) + 1e-3;
        const Quad j = series(n, x, -1), y = reference("yn", n, x);
        EXPECT_LE(std::abs(static_cast<double>(jn(n, x) - j)), kAbsolute) << n << " " << x;
        EXPECT_LE(std::abs(static_cast<double>(jn(n, -x) - (n & 1 ? -j : j))), kAbsolute);
        EXPECT_LE(std::abs(static_cast<double>(jnf(n, float(x)) - series(n, float(x), -1))),
                  kAbsoluteF);
        if (x < 0.5 * n) EXPECT_LE(ulps(jn(n, x), j), 64) << n << " " << x; // not documented
        if (x > 1.5 * n)
            EXPECT_LE(std::abs(static_cast<double>(yn(n, x) - y)), kAbsolute) << n << " " << x;
        const float xf = static_cast<float>(x);
        const Quad yf = reference("yn", n, xf);
        if (x < n)
            EXPECT_LE(ulps(ynf(n, xf), yf), std::ceil(2 + 2.5 * n)) << n << " " << x;
        else
            EXPECT_LE(std::abs(static_cast<double>(ynf(n, xf) - yf)), kAbsoluteF) << n << " " << x;
    }
    // Where the recurrence has to be scaled, and where one term of the series is left.
    EXPECT_LE(ulps(jn(128, 0.42), series(128, 0.42, -1)), 64);
    EXPECT_LE(ulps(jn(3, 1e-20), series(3, 1e-20, -1)), 2);
    EXPECT_EQ(jn(300, 1e-3), 0.0);
}

TEST(DevicelibBessel, SpecialValues) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    auto* i0 = test::device<double(double)>("__nv_cyl_bessel_i0");
    auto* i1 = test::device<double(double)>("__nv_cyl_bessel_i1");
    auto* j0 = test::device<double(double)>("__nv_j0");
    auto* j1 = test::device<double(double)>("__nv_j1");
    auto* y0 = test::device<double(double)>("__nv_y0");
    auto* y1 = test::device<double(double)>("__nv_y1");
    auto* jn = test::device<double(int, double)>("__nv_jn");
    auto* yn = test::device<double(int, double)>("__nv_yn");
    EXPECT_EQ(j0(0.0), 1.0);
    EXPECT_TRUE(std::signbit(j1(-0.0)) && j1(-0.0) == 0);
    EXPECT_EQ(i0(-0.0), 1.0);
    EXPECT_TRUE(std::signbit(i1(-0.0)) && i1(-0.0) == 0);
    EXPECT_EQ(i0(-inf), inf);
    EXPECT_EQ(i1(-inf), -inf);
    EXPECT_LE(ulps(i0(713.9), series(0, 713.9, 1)), 6);
    for (auto* f : {j0, j1, y0, y1}) {
        EXPECT_EQ(f(inf), 0.0);
        EXPECT_TRUE(std::isnan(f(nan)));
    }
    EXPECT_EQ(j0(-inf), 0.0);
    for (auto* f : {y0, y1}) {
        EXPECT_EQ(f(0.0), -inf);
        EXPECT_EQ(f(-0.0), -inf);
        EXPECT_TRUE(std::isnan(f(-1.0)));
    }
    EXPECT_TRUE(std::isnan(i0(nan)) && std::isnan(i1(nan)));
    EXPECT_EQ(jn(5, inf), 0.0);
    EXPECT_EQ(jn(5, 0.0), 0.0);
    EXPECT_EQ(jn(0, 0.0), 1.0);
    EXPECT_TRUE(std::isnan(jn(-1, 1.0)) && std::isnan(jn(2, nan)));
    EXPECT_EQ(yn(5, inf), 0.0);
    EXPECT_EQ(yn(5, 0.0), -inf);
    EXPECT_EQ(yn(100, 1e-10), -inf);
    EXPECT_TRUE(std::isnan(yn(-1, 1.0)) && std::isnan(yn(2, nan)) && std::isnan(yn(2, -1.0)));
}

} // namespace
