// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f64: exponentials, logarithms, trigonometric and hyperbolic functions. Documented bounds: exp 1,
// exp2 1, exp10 1, expm1 1, log 1, log2 1, log10 1, log1p 1, pow 2, cbrt 1, sin 2, cos 2, tan 2,
// sinpi 2, cospi 2, asin 2, acos 2, atan 2, atan2 2, sinh 2, cosh 1, tanh 1, asinh 3, acosh 3,
// atanh 2, rsqrt 1, hypot 2 ulp.
#include "clc.h"
#include "core.h"

extern "C" double __nv_remquo(double, double, int*);

namespace {

/// e^x = 2^exponent * (high + low): about 2^-62 relative, for sums in which e^x is only one part.
struct ExpParts {
    double high, low;
    int exponent;
};

/// |x| < 800. x = k ln 2 + r + rest, where k ln2_high is exact (32 bits); then 1 + r + r^2 q(r),
/// the largest terms last.
LOCAL ExpParts exp_parts(double x) {
    double k = rint(x * 0x1.71547652b82fep+0);
    double whole = fma(k, -0x1.62e42fee00000p-1, x);
    double tail = k * 0x1.a39ef35793c76p-33;
    double r = whole - tail, rest = (whole - r) - tail;
    double q = fma(r, 0x1.1f9df6bb96984p-29, 0x1.af6ccd10026d8p-26);
    q = fma(r, q, 0x1.27e4bf293d562p-22);
    q = fma(r, q, 0x1.71ddef93a5bd9p-19);
    q = fma(r, q, 0x1.a01a01b45ab88p-16);
    q = fma(r, q, 0x1.a01a01b3bb34ep-13);
    q = fma(r, q, 0x1.6c16c16c1356fp-10);
    q = fma(r, q, 0x1.111111110ebb2p-7);
    q = fma(r, q, 0x1.555555555555ep-5);
    q = fma(r, q, 0x1.555555555555cp-3);
    q = fma(r, q, 0.5);
    double high = 1.0 + r;
    double low = fma(r * r, q, (r - (high - 1.0)) + fma(r, rest, rest));
    return {high, low, int(k)};
}

/// 2^n for normal results.
LOCAL double power_of_two(int n) {
    return as_double(u64(n + 1023) << 52);
}

} // namespace

/// Beyond the limits the result is infinite or 0 anyhow; NaN passes. The two factors of the power
/// are normal where their product is not.
NV_CALL double __nv_exp(double x) {
    double limited = x > 710.0 ? 710.0 : x < -746.0 ? -746.0 : x;
    ExpParts e = exp_parts(limited);
    int half = e.exponent >> 1;
    return (e.high + e.low) * power_of_two(half) * power_of_two(e.exponent - half);
}

NV_CALL double __nv_expm1(double x) {
    // From 1023.5 ln 2 on the power of two is not representable by itself.
    if (!(fabs(x) < 709.4))
        return x < 0 ? -1.0 : x > 0 ? clc_exp(x) : x; // far away, where 1 does not count; NaN
    ExpParts e = exp_parts(x);
    if (e.exponent == 0) {
        // Here high - 1 is r up to its rounding, which low repairs.
        return fabs(x) < 0x1p-54 ? x : (e.high - 1.0) + e.low;
    }
    double scale = power_of_two(e.exponent), large = e.high * scale;
    double sum = large - 1.0;
    // What the subtraction lost; either part may be the larger one.
    double lost = fabs(large) > 1.0 ? (large - sum) - 1.0 : large - (sum + 1.0);
    return sum + (lost + e.low * scale);
}

/// (e^|x| - e^-|x|) / 2; Taylor's series (error below 2^-61) where the difference would cost
/// accuracy.
NV_CALL double __nv_sinh(double x) {
    double magnitude = fabs(x);
    // Overflow, at 710.48, or NaN. From 710.8 on the power below would be infinite, too.
    if (!(magnitude < 710.6)) return x * kInf;
    if (magnitude < 0.35) {
        double z = x * x;
        double r = fma(z, 0x1.6124613a86d09p-33, 0x1.ae64567f544e4p-26);
        r = fma(z, r, 0x1.71de3a556c734p-19);
        r = fma(z, r, 0x1.a01a01a01a01ap-13);
        r = fma(z, r, 0x1.1111111111111p-7);
        r = fma(z, r, 0x1.5555555555555p-3);
        return fma(z * r, x, x);
    }
    ExpParts e = exp_parts(magnitude);
    double scale = power_of_two(e.exponent - 2);
    double grow = e.high * scale, low = e.low * scale, shrink = 0.0625 / (grow + low);
    double difference = grow - shrink;
    return copysign(2.0 * (difference + ((grow - difference) - shrink + low)), x);
}

/// (e^|x| + e^-|x|) / 2; the second part needs only a rounded value, as it is never the larger one.
NV_CALL double __nv_cosh(double x) {
    double magnitude = fabs(x);
    if (!(magnitude < 710.6)) return magnitude * kInf; // as above
    // Halved once more until the end, so that nothing overflows before the result does.
    ExpParts e = exp_parts(magnitude);
    double scale = power_of_two(e.exponent - 2);
    double grow = e.high * scale, low = e.low * scale, shrink = 0.0625 / (grow + low);
    double sum = grow + shrink;
    return 2.0 * (sum + ((grow - sum) + shrink + low));
}
NV_CALL double __nv_exp2(double x) {
    return clc_exp2(x);
}
NV_CALL double __nv_exp10(double x) {
    return clc_exp10(x);
}
NV_CALL double __nv_log2(double x) {
    return clc_log2(x);
}
NV_CALL double __nv_log10(double x) {
    return clc_log10(x);
}
NV_CALL double __nv_log1p(double x) {
    return clc_log1p(x);
}
/// libclc's version takes exponents only up to 2^64 or so; from there on every y is even and every
/// result but 1 has over- or underflowed.
NV_CALL double __nv_pow(double x, double y) {
    return clc_pow(x, fabs(y) > 0x1p63 ? copysign(0x1p63, y) : y);
}
NV_CALL double __nv_cbrt(double x) {
    return clc_cbrt(x);
}

/// ln x = k ln 2 + f - (h - (s (h + R) + k ln2_low)) with h = f^2 / 2, s = f / (2 + f), R = z *
/// minimax(z), z = s^2: the large terms stay exact, so that the error stays below 1 ulp (W. Cody,
/// W. Waite, Software Manual for the Elementary Functions, 1980, chapter 5, in the form of P. Tang,
/// 1990). k ln2_high is exact: 11 zero bits at its end.
NV_CALL double __nv_log(double x) {
    if (__builtin_expect(!(x > 0 && x < kInf), 0))
        return x == 0  ? -kInf
               : x < 0 ? as_double(0xfff8000000000000ull)
                       : x; // infinity and NaN: themselves
    double offset = 0;
    if (x < 0x1p-1022) { // subnormal
        x *= 0x1p54;
        offset = -54;
    }
    u32 high = u32(bits(x) >> 32);
    int exponent = int(high - 0x3fe6a09eu) >> 20;
    double f = as_double((u64(high - (u32(exponent) << 20)) << 32) | u32(bits(x))) - 1.0;
    double k = double(exponent) + offset;
    double s = f / (f + 2.0), z = s * s, half = 0.5 * f * f;
    double r = fma(z, 0x1.2f07f7a4362cfp-3, 0x1.39a17c587f434p-3);
    r = fma(z, r, 0x1.74664132d1eb3p-3);
    r = fma(z, r, 0x1.c71c51fed8241p-3);
    r = fma(z, r, 0x1.24924941fd400p-2);
    r = fma(z, r, 0x1.999999997fcedp-2);
    r = fma(z, r, 0x1.5555555555592p-1) * z;
    double low = fma(s, half + r, k * 0x1.ef35793c76730p-45);
    return fma(k, 0x1.62e42fefa3800p-1, f - (half - low));
}

namespace {

/// A product or power in two parts: relative error about 2^-104.
struct Two {
    double high, low;
};
LOCAL Two times(Two a, Two b) {
    double high = a.high * b.high;
    double low = fma(a.high, b.high, -high) + fma(a.high, b.low, a.low * b.high);
    double sum = high + low;
    return {sum, low - (sum - high)};
}

} // namespace

/// By squaring, so that results that fit are exact; in two parts, because errors of the square
/// count n / 2 times. The loop is unrolled and short for a constant n.
NV_CALL double __nv_powi(double x, int n) {
    if (u32(n) <= 4) { // at most 1.5 ulp
        double square = x * x, low = n & 1 ? x : 1.0;
        return n & 4 ? square * square : n & 2 ? square * low : low;
    }
    Two result = {1, 0}, square = {x, 0};
    for (u32 left = n < 0 ? 0u - u32(n) : u32(n); left; left >>= 1) {
        if (left & 1) result = times(result, square);
        square = times(square, square);
    }
    double size = fabs(result.high);
    // Beyond, parts are lost, or a reciprocal is no longer what the power is. Also infinity and
    // NaN.
    if (!(size > 0x1p-900 && size < 0x1p900)) return __nv_pow(x, double(n));
    if (n > 0) return result.high;
    double inverse = 1.0 / result.high;
    return fma(inverse, fma(-inverse, result.high, 1.0) - inverse * result.low, inverse);
}

namespace {

/// An angle of at most pi/4, in two parts.
struct Angle {
    double high, low;
};
LOCAL Angle times_pi(double t) {
    double high = t * 0x1.921fb54442d18p+1;
    double low = fma(t, 0x1.1a62633145c07p-53, fma(t, 0x1.921fb54442d18p+1, -high));
    return {high, low};
}
LOCAL double sin_kernel(Angle a) {
    double z = a.high * a.high;
    double p = fma(z, -0x1.aaa57813c977ep-41, 0x1.612093182d959p-33);
    p = fma(z, p, -0x1.ae645298dfcd8p-26);
    p = fma(z, p, 0x1.71de3a5339e62p-19);
    p = fma(z, p, -0x1.a01a01a018ae9p-13);
    p = fma(z, p, 0x1.111111111110bp-7);
    p = fma(z, p, -0x1.5555555555555p-3);
    // sin(h + l) = sin h + l cos h
    return a.high + fma(p * z, a.high, a.low * fma(z, -0.5, 1.0));
}
LOCAL double cos_kernel(Angle a) {
    double z = a.high * a.high;
    double p = fma(z, -0x1.8f806f7873931p-37, 0x1.1ee984aeb1be8p-29);
    p = fma(z, p, -0x1.27e4f7537e563p-22);
    p = fma(z, p, 0x1.a01a019b6f917p-16);
    p = fma(z, p, -0x1.6c16c16c13f19p-10);
    p = fma(z, p, 0x1.555555555553cp-5);
    // 1 - z/2 in two parts: the rounding of the first is known exactly.
    double half = 0.5 * z, top = 1.0 - half;
    double rest = (1.0 - top) - half;
    return top + fma(p * z, z, fma(-a.high, a.low, rest));
}

/// What is left of x when the nearest multiple of pi/2 is taken away, for |x| < 2^30. pi/2 in three
/// parts; of the product with the first nothing is lost (its last bit is 2^-52, and what is left is
/// below 1), and the differences with the others are kept in two parts.
struct Reduced {
    Angle angle;
    u32 quadrant;
};
constexpr double kReducible = 0x1p30;
LOCAL Reduced reduce(double x) {
    double n = rint(x * 0x1.45f306dc9c883p-1);
    double left = fma(n, -0x1.921fb54442d18p+0, x);
    double second = n * 0x1.1a62633145c07p-54;
    double lost = fma(n, 0x1.1a62633145c07p-54, -second);
    double sum = left - second, part = sum - left;
    double error = (left - (sum - part)) - (second + part);
    double tail = fma(n, 0x1.f1976b7ed8fbcp-110, error - lost);
    double high = sum + tail;
    return {{high, (sum - high) + tail}, u32(int(n))};
}

/// Both are computed: threads have different quadrants.
LOCAL double sin_in_quadrant(Angle a, u32 quadrant) {
    double sine = sin_kernel(a), cosine = cos_kernel(a);
    double value = quadrant & 1 ? cosine : sine;
    return quadrant & 2 ? -value : value;
}

} // namespace

// Where the reduction does not reach (and for infinity and NaN): libclc's, with the digits of 2/pi.
// Both lose the sign of zero.
NV_CALL double __nv_sin(double x) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) return clc_sin(x);
    Reduced r = reduce(x);
    return x == 0 ? x : sin_in_quadrant(r.angle, r.quadrant);
}
NV_CALL double __nv_cos(double x) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) return clc_cos(x);
    Reduced r = reduce(x);
    return sin_in_quadrant(r.angle, r.quadrant + 1);
}
// libclc's tangent, too, loses the sign of zero.
NV_CALL double __nv_tan(double x) {
    return x == 0 ? x : clc_tan(x);
}
NV_OUT void __nv_sincos(double x, double* sine, double* cosine) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) {
        *sine = clc_sin(x);
        *cosine = clc_cos(x);
        return;
    }
    Reduced r = reduce(x);
    *sine = x == 0 ? x : sin_in_quadrant(r.angle, r.quadrant);
    *cosine = sin_in_quadrant(r.angle, r.quadrant + 1);
}

namespace {

LOCAL double sin_pi(double x, u32 quadrants) {
    x = fabs(x) < 0x1p53 ? x : 0.0; // from there on every f64 is even
    double n = rint(x * 2.0);
    double t = fma(n, -0.5, x);
    u32 quadrant = u32(i64(n)) + quadrants;
    return sin_in_quadrant(times_pi(t), quadrant);
}

} // namespace

NV_CALL double __nv_sinpi(double x) {
    if (!(fabs(x) < kInf)) return as_double(0xfff8000000000000ull);
    double value = sin_pi(x, 0);
    return value == 0 ? copysign(0.0, x) : value;
}
NV_CALL double __nv_cospi(double x) {
    if (!(fabs(x) < kInf)) return as_double(0xfff8000000000000ull);
    return sin_pi(x, 1) + 0.0;
}
NV_OUT void __nv_sincospi(double x, double* sine, double* cosine) {
    *sine = __nv_sinpi(x);
    *cosine = __nv_cospi(x);
}

// libclc's asin and atan lose the sign of zero, too.
NV_CALL double __nv_asin(double x) {
    return x == 0 ? x : clc_asin(x);
}
NV_CALL double __nv_acos(double x) {
    return clc_acos(x);
}
NV_CALL double __nv_atan(double x) {
    return x == 0 ? x : clc_atan(x);
}
NV_CALL double __nv_atan2(double y, double x) {
    return clc_atan2(y, x);
}
NV_CALL double __nv_tanh(double x) {
    return clc_tanh(x);
}
NV_CALL double __nv_asinh(double x) {
    return clc_asinh(x);
}
NV_CALL double __nv_acosh(double x) {
    return clc_acosh(x);
}
NV_CALL double __nv_atanh(double x) {
    return clc_atanh(x);
}

/// libclc's version overflows inside for dividends near the end of the range. There the division is
/// done 2^64 lower, where every step is exact; for that a tiny divisor is multiplied by a power of
/// two first, which leaves the remainder the same after a second division.
NV_CALL double __nv_fmod(double x, double y) {
    double a = fabs(x), b = fabs(y);
    if (!(a >= 0x1p960 && a < kInf && b > 0 && b < kInf)) return clc_fmod(x, y);
    bool tiny = b < 0x1p-900;
    double divisor = tiny ? b * 0x1p200 : b;
    double rest = clc_fmod(a * 0x1p-64, divisor * 0x1p-64) * 0x1p64;
    return copysign(tiny ? clc_fmod(rest, b) : rest, x);
}
NV_CALL double __nv_remainder(double x, double y) {
    int quotient;
    return __nv_remquo(x, y, &quotient);
}

// Reciprocal roots: y = 1 / root has up to 1.5 ulp; one step of Newton's method with the residual 1
// - x y^n in extended precision leaves about 0.5.
LOCAL double reciprocal_root(double x) {
    double y = 1.0 / sqrt(x);
    double root = x * y, rest = fma(x, y, -root);
    double residual = fma(-root, y, 1.0) - rest * y;
    double refined = fma(0.5 * y, residual, y);
    return x > 0 && x < kInf ? refined : y;
}
NV double __nv_rsqrt(double x) {
    return reciprocal_root(x);
}
/// PTX's rsqrt.approx.f64, in modules that may have a function __nv_rsqrt of their own, too.
NV double __acc_rsqrt(double x) {
    return reciprocal_root(x);
}
NV_CALL double __nv_rcbrt(double x) {
    if (x == 0 || !(fabs(x) < kInf)) return 1.0 / x; // infinity, zero, NaN
    // Keep y^3 away from the ends of the range.
    bool large = fabs(x) > 0x1p600, small = fabs(x) < 0x1p-600;
    x *= large ? 0x1p-600 : small ? 0x1p600 : 1.0;
    double y = 1.0 / clc_cbrt(x);
    double square = y * y, square_rest = fma(y, y, -square);
    double cube = square * y, cube_rest = fma(square, y, -cube) + square_rest * y;
    double residual = fma(-x, cube, 1.0) - x * cube_rest;
    return fma(y * 0x1.5555555555555p-2, residual, y) * (large ? 0x1p-200 : small ? 0x1p200 : 1.0);
}
