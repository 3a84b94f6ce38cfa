// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Errors of the math functions against the C library's 80-bit functions, beside the bounds that the
// CUDA C++ Programming Guide documents (mathematical functions appendix).
#include "tests/unit/devicelib/host_library.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace {

using Wide = long double;

/// |got - want| in units of the last place of `want` in the type T.
template <typename T>
double error_in_ulp(T got, Wide want) {
    const T rounded = static_cast<T>(want);
    if (std::isnan(rounded)) return std::isnan(got) ? 0 : std::numeric_limits<double>::infinity();
    if (std::isinf(rounded) || !std::isfinite(got))
        return got == rounded ? 0 : std::numeric_limits<double>::infinity();
    int exponent;
    std::frexp(want, &exponent);
    constexpr int digits = std::numeric_limits<T>::digits;
    const int unit = std::max(exponent - digits, std::numeric_limits<T>::min_exponent - digits);
    return static_cast<double>(std::fabs(static_cast<Wide>(got) - want) /
                               std::ldexp(Wide(1), unit));
}

template <typename T>
struct Row {
    const char* name;
    Wide (*reference)(Wide);
    double bound;
    T low = -std::numeric_limits<T>::max(), high = std::numeric_limits<T>::max(); ///< arguments
                                                                                  ///< tested
};

/// Half of the arguments are random bit patterns, half lie evenly in [-32, 32] or in the row's
/// range.
template <typename T>
T argument(std::mt19937_64& random, int i, const Row<T>& row) {
    if (i % 2) {
        if constexpr (sizeof(T) == 4)
            return std::bit_cast<float>(static_cast<uint32_t>(random()));
        else
            return std::bit_cast<double>(random());
    }
    const T low = std::max<T>(row.low, -32), high = std::min<T>(row.high, 32);
    return low + (high - low) * static_cast<T>((random() >> 11) * 0x1p-53);
}

template <typename T>
void check(const Row<T>& row) {
    auto* function = test::device<T(T)>(row.name);
    std::mt19937_64 random(20260101);
    double worst = 0;
    T at = 0;
    for (int i = 0; i < 200000; ++i) {
        const T x = argument(random, i, row);
        if (!(x >= row.low && x <= row.high)) continue;
        const double error = error_in_ulp(function(x), row.reference(x));
        if (error > worst) {
            worst = error;
            at = x;
        }
    }
    EXPECT_LE(worst, row.bound) << row.name << " at " << std::hexfloat << at;
}

Wide exp10_reference(Wide x) {
    return std::pow(Wide(10), x);
}
constexpr Wide kPi = 3.141592653589793238462643383279502884L;
/// Reduced exactly to [-1/2, 1/2] first.
Wide sinpi_reference(Wide x) {
    Wide rest = std::remainder(x, Wide(2));
    if (std::fabs(rest) > 0.5L) rest = std::copysign(Wide(1), rest) - rest;
    return std::sin(kPi * rest);
}
Wide cospi_reference(Wide x) {
    return std::sin(kPi * (0.5L - std::fabs(std::remainder(x, Wide(2)))));
}
Wide rcbrt_reference(Wide x) {
    return 1 / std::cbrt(x);
}
Wide rsqrt_reference(Wide x) {
    return 1 / std::sqrt(x);
}
Wide normcdf_reference(Wide x) {
    return std::erfc(-x / std::sqrt(Wide(2))) / 2;
}

const Row<float> kFloatRows[] = {
    {"__nv_sinf", std::sin, 2},
    {"__nv_cosf", std::cos, 2},
    {"__nv_tanf", std::tan, 4},
    {"__nv_sinpif", sinpi_reference, 1},
    {"__nv_cospif", cospi_reference, 1},
    {"__nv_asinf", std::asin, 2},
    {"__nv_acosf", std::acos, 2},
    {"__nv_atanf", std::atan, 2},
    {"__nv_sinhf", std::sinh, 3},
    {"__nv_coshf", std::cosh, 2},
    {"__nv_tanhf", std::tanh, 2},
    {"__nv_asinhf", std::asinh, 3},
    {"__nv_acoshf", std::acosh, 4},
    {"__nv_atanhf", std::atanh, 3},
    {"__nv_expf", std::exp, 2},
    {"__nv_exp2f", std::exp2, 2},
    {"__nv_exp10f", exp10_reference, 2},
    {"__nv_expm1f", std::expm1, 1},
    {"__nv_logf", std::log, 1},
    {"__nv_log2f", std::log2, 1},
    {"__nv_log10f", std::log10, 2},
    {"__nv_log1pf", std::log1p, 1},
    {"__nv_cbrtf", std::cbrt, 1},
    {"__nv_rcbrtf", rcbrt_reference, 1},
    {"__nv_erff", std::erf, 2},
    {"__nv_erfcf", std::erfc, 4},
    {"__nv_normcdff", normcdf_reference, 5},
    {"__nv_tgammaf", std::tgamma, 5},
    {"__nv_lgammaf", std::lgamma, 6, -2},
    {"__nv_frsqrt_rn", rsqrt_reference, 0.5001},
};
const Row<double> kDoubleRows[] = {
    // The reference reduces its argument with 66 bits of pi: good up to about 10^4 here.
    {"__nv_sin", std::sin, 2, -1e4, 1e4},
    {"__nv_cos", std::cos, 2, -1e4, 1e4},
    {"__nv_tan", std::tan, 2, -1e4, 1e4},
    {"__nv_sinpi", sinpi_reference, 2},
    {"__nv_cospi", cospi_reference, 2},
    {"__nv_asin", std::asin, 2},
    {"__nv_acos", std::acos, 2},
    {"__nv_atan", std::atan, 2},
    {"__nv_sinh", std::sinh, 2},
    {"__nv_cosh", std::cosh, 1},
    {"__nv_tanh", std::tanh, 1},
    {"__nv_asinh", std::asinh, 3},
    {"__nv_acosh", std::acosh, 3},
    {"__nv_atanh", std::atanh, 2},
    {"__nv_exp", std::exp, 1},
    {"__nv_exp2", std::exp2, 1},
    {"__nv_exp10", exp10_reference, 1},
    {"__nv_expm1", std::expm1, 1},
    {"__nv_log", std::log, 1},
    {"__nv_log2", std::log2, 1},
    {"__nv_log10", std::log10, 1},
    {"__nv_log1p", std::log1p, 1},
    {"__nv_cbrt", std::cbrt, 1},
    {"__nv_rcbrt", rcbrt_reference, 1},
    {"__nv_rsqrt", rsqrt_reference, 1},
    {"__nv_erf", std::erf, 2},
    {"__nv_erfc", std::erfc, 5},
    {"__nv_normcdf", normcdf_reference, 5, -30},
    {"__nv_tgamma", std::tgamma, 10, -150},
    {"__nv_lgamma", std::lgamma, 4, -2},
};

TEST(DevicelibAccuracy, FloatFunctionsKeepCudasBounds) {
    for (const Row<float>& row : kFloatRows)
        check(row);
}

TEST(DevicelibAccuracy, DoubleFunctionsKeepCudasBounds) {
    for (const Row<double>& row : kDoubleRows)
        check(row);
}

template <typename T>
void check_binary(const char* name, Wide (*reference)(Wide, Wide), double bound) {
    auto* function = test::device<T(T, T)>(name);
    std::mt19937_64 random(20260102);
    const Row<T> any{name, nullptr, bound};
    double worst = 0;
    T at_x = 0, at_y = 0;
    for (int i = 0; i < 200000; ++i) {
        const T x = argument(random, i >> 1, any), y = argument(random, i, any);
        const double error = error_in_ulp(function(x, y), reference(x, y));
        if (error > worst) {
            worst = error;
            at_x = x;
            at_y = y;
        }
    }
    EXPECT_LE(worst, bound) << name << " at " << std::hexfloat << at_x << ", " << at_y;
}

TEST(DevicelibAccuracy, FunctionsOfTwoArgumentsKeepCudasBounds) {
    check_binary<float>("__nv_powf", std::pow, 4);
    check_binary<double>("__nv_pow", std::pow, 2);
    check_binary<float>("__nv_atan2f", std::atan2, 3);
    check_binary<double>("__nv_atan2", std::atan2, 2);
    check_binary<float>("__nv_hypotf", std::hypot, 3);
    check_binary<double>("__nv_hypot", std::hypot, 2);
    check_binary<float>("__nv_fmodf", std::fmod, 0);
    check_binary<double>("__nv_fmod", std::fmod, 0);
    check_binary<float>("__nv_remainderf", std::remainder, 0);
    check_binary<double>("__nv_remainder", std::remainder, 0);
}

/// Inverses are checked by going back: f(g(y)) must be y up to what the two documented errors
/// allow.
TEST(DevicelibAccuracy, InverseErrorFunctionsInvert) {
    auto* erfinv = test::device<double(double)>("__nv_erfinv");
    auto* erfcinv = test::device<double(double)>("__nv_erfcinv");
    std::mt19937_64 random(20260103);
    for (int i = 0; i < 20000; ++i) {
        const double y = static_cast<double>(static_cast<int64_t>(random()) >> 11) * 0x1p-52 *
                         0.999;
        const Wide x = erfinv(y);
        // Relative error of erf(x) is that of x times x erf'(x) / erf(x), which is at most 1.
        EXPECT_LE(error_in_ulp<double>(y, std::erf(x)), 6) << std::hexfloat << y;
        const double c = std::ldexp(1 + (random() >> 12) * 0x1p-52,
                                    -static_cast<int>(random() % 1000) - 1);
        const Wide z = erfcinv(c), amplification = 2 * z * z + 1;
        EXPECT_LE(error_in_ulp<double>(c, std::erfc(z)), static_cast<double>(6 * amplification))
            << std::hexfloat << c;
    }
}

} // namespace
