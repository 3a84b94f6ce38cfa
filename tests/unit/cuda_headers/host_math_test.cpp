// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Host versions of CUDA's own math functions against published values and defining identities.
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "crt/host_defines.h"

#include "acc_impl/host_math.h"

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

// Distance in units in the last place of the wanted value.
double ulps(double got, double want) {
    if (got == want) return 0;
    return std::fabs(got - want) / (std::nextafter(std::fabs(want), inf) - std::fabs(want));
}
#define EXPECT_ULPS(got, want, bound) EXPECT_LE(ulps(got, want), bound) << got << " for " << want

TEST(HostMath, Roots) {
    EXPECT_EQ(rsqrt(4.0), 0.5);
    EXPECT_EQ(rsqrt(0.0), inf);
    EXPECT_EQ(rcbrt(27.0), 1.0 / 3);
    EXPECT_EQ(rsqrtf(16.0f), 0.25f);
    EXPECT_TRUE(std::isnan(rsqrt(-1.0)));
}

TEST(HostMath, Norms) {
    EXPECT_EQ(norm3d(2, 3, 6), 7.0);
    EXPECT_EQ(norm4d(2, 4, 5, 6), 9.0);
    EXPECT_EQ(norm3d(2e300, 3e300, 6e300), 7e300);
    EXPECT_EQ(norm3d(NAN, inf, 0), inf);
    EXPECT_EQ(rnorm3d(0, 0, 0.5), 2.0);
    const double v[] = {1, 1, 1, 1};
    EXPECT_EQ(norm(4, v), 2.0);
    EXPECT_EQ(rhypot(3, 4), 0.2);
}

TEST(HostMath, HalfTurns) {
    double s, c;
    for (int k = -8; k <= 8; ++k) {
        sincospi(k, &s, &c);
        EXPECT_EQ(s, 0.0) << k;
        EXPECT_EQ(c, k % 2 ? -1.0 : 1.0) << k;
        sincospi(k + 0.5, &s, &c);
        EXPECT_EQ(s, k % 2 ? -1.0 : 1.0) << k;
        EXPECT_EQ(c, 0.0) << k;
    }
    EXPECT_ULPS(sinpi(1.0 / 6), 0.5, 1);
    EXPECT_ULPS(cospi(0.25), 0.70710678118654752440, 1);
    EXPECT_EQ(cospi(1e300), 1.0);
    EXPECT_TRUE(std::isnan(sinpi(inf)));
}

// Abramowitz & Stegun tables 7.1, 9.8 and 26.1, and OEIS constants, to the digits given there.
TEST(HostMath, PublishedValues) {
    EXPECT_ULPS(normcdf(1.0), 0.84134474606854294859, 2);
    EXPECT_ULPS(normcdf(-10.0), 7.6198530241605260660e-24, 4);
    EXPECT_ULPS(normcdfinv(0.975), 1.9599639845400542355, 2);
    EXPECT_ULPS(erfinv(0.5), 0.47693627620446987338, 2);
    EXPECT_ULPS(erfcx(0.0), 1.0, 0);
    EXPECT_ULPS(erfcx(1.0), 0.42758357615580700442, 2);
    EXPECT_ULPS(erfcx(10.0), 0.056140992743822585862, 2);
    EXPECT_ULPS(cyl_bessel_i0(1.0), 1.2660658777520083356, 2);
    EXPECT_ULPS(cyl_bessel_i1(1.0), 0.56515910399248502721, 2);
    EXPECT_EQ(cyl_bessel_i1(-1.0), -cyl_bessel_i1(1.0));
    EXPECT_EQ(cyl_bessel_i0(0.0), 1.0);
}

// The power series and the asymptotic expansion must agree where one hands over to the other.
TEST(HostMath, BesselIsContinuous) {
    for (int order = 0; order < 2; ++order) {
        const double below = __acc_bessel_i(order, 40.0),
                     above = __acc_bessel_i(order, std::nextafter(40.0, 41.0));
        EXPECT_NEAR(above / below, 1.0, 1e-14) << order;
    }
    EXPECT_NEAR(erfcx(std::nextafter(50.0, 0)) / erfcx(50.0), 1.0, 1e-14);
}

TEST(HostMath, InversesInvert) {
    for (double x = 0.01; x < 26; x *= 1.17) {
        EXPECT_NEAR(erfcinv(std::erfc(x)) / x, 1.0, 1e-13) << x;
        if (x < 4) EXPECT_NEAR(erfinv(std::erf(x)) / x, 1.0, x < 2 ? 1e-13 : 1e-8) << x;
    }
    for (double p = 1e-300; p < 0.5; p *= 37)
        EXPECT_NEAR(normcdf(normcdfinv(p)) / p, 1.0, 1e-12) << p;
    EXPECT_EQ(normcdfinv(0.5), 0.0);
    EXPECT_EQ(erfcinv(0.0), inf);
    EXPECT_EQ(erfinv(-1.0), -inf);
    EXPECT_EQ(normcdfinv(1.0), inf);
    EXPECT_TRUE(std::isnan(erfcinv(-0.1)));
    EXPECT_TRUE(std::isnan(normcdfinv(1.5)));
}

} // namespace
