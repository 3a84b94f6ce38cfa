// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32: exponentials, logarithms, powers. Documented bounds (CUDA C++ Programming Guide,
// mathematical functions appendix): expf 2, exp2f 2, exp10f 2, expm1f 1, logf 1, log2f 1, log10f 2,
// log1pf 1, powf 4, cbrtf 1, rcbrtf 1 ulp.
#include "clc.h"
#include "core.h"

extern "C" __attribute__((const)) double __nv_pow(double, double);

namespace {

/// 2^(x * (high + low)) where high is an f32 and low its rest. The product is truncated, so that
/// the main part never overflows before the result does; what it lacks enters as a factor 1 + rest
/// * ln 2.
LOCAL float exp_base(float x, float high, float low) {
    float main = __nvvm_mul_rz_f(x, high);
    float rest = fma(x, low, fma(x, high, -main));
    float power = __nvvm_ex2_approx_f(main);
    float corrected = fma(power, rest * 0x1.62e43p-1f, power);
    // Beyond, the power is 0, infinite or NaN and the rest means nothing.
    return fabs(main) < 160.0f ? corrected : power;
}

/// True for positive, finite, not NaN.
LOCAL bool is_ordinary(float x) {
    return bits(x) - 1u < 0x7f7fffffu;
}

} // namespace

NV float __nv_expf(float x) {
    return exp_base(x, 0x1.715476p+0f, 0x1.4ae0cp-26f);
}
NV float __nv_exp10f(float x) {
    return exp_base(x, 0x1.a934fp+1f, 0x1.2f346ep-24f);
}
NV float __nv_exp2f(float x) {
    return __nvvm_ex2_approx_f(x);
}
NV float __nv_expm1f(float x) {
    double a = x > 100.0f ? 100.0f : x < -100.0f ? -100.0f : x; // NaN passes
    float large = float(core::exp2(a * 0x1.71547652b82fep+0) - 1.0);
    // Taylor, where the subtraction would cost accuracy: below 1/16 the next term is smaller than
    // 2^-36.
    double r = fma(a, 0x1.6c16c16c16c17p-10, 0x1.1111111111111p-7);
    r = fma(a, r, 0x1.5555555555555p-5);
    r = fma(a, r, 0x1.5555555555555p-3);
    r = fma(a, r, 0.5);
    float small = float(fma(a * a, r, a));
    return x == 0 ? x : fabs(x) < 0.0625f ? small : large;
}

// Zero, negative numbers, infinity and NaN: lg2 gives what all logarithms give there.
NV float __nv_logf(float x) {
    return is_ordinary(x) ? float(core::log(x)) : __nvvm_lg2_approx_f(x);
}
NV float __nv_log2f(float x) {
    return is_ordinary(x) ? float(core::log2(x)) : __nvvm_lg2_approx_f(x);
}
NV float __nv_log10f(float x) {
    return is_ordinary(x) ? float(core::log2(x) * 0x1.34413509f79ffp-2) : __nvvm_lg2_approx_f(x);
}
NV_CALL float __nv_log1pf(float x) {
    return clc_log1pf(x);
}

NV_CALL float __nv_powf(float x, float y) {
    float magnitude = fabs(x);
    double power = core::log2(magnitude) * double(y);
    // Outside this range the result has over- or underflowed; NaN passes.
    power = power > 512.0 ? 512.0 : power < -512.0 ? -512.0 : power;
    float result = float(core::exp2(power));

    // The logarithm of 0 and infinity; 1 stays 1 also for infinite y.
    if (!is_ordinary(magnitude)) result = (magnitude == 0) == (y < 0) ? kInfF : 0.0f;
    if (magnitude == 1) result = 1;
    if (x < 0 || bits(x) == 0x80000000u) {
        float half = y * 0.5f;
        bool integer = rint(y) == y;
        bool odd = integer && rint(half) != half; // every f32 from 2^24 on is even
        if (odd)
            result = -result;
        else if (!integer && magnitude > 0 && magnitude < kInfF)
            result = as_float(0x7fffffffu);
    }
    if (x != x || y != y) result = as_float(0x7fffffffu);
    return x == 1 || y == 0 ? 1.0f : result;
}

/// By squaring in f64, whose rounding counts n / 2 times.
NV_CALL float __nv_powif(float x, int n) {
    u32 size = n < 0 ? 0u - u32(n) : u32(n);
    if (size >= 1u << 20) return float(__nv_pow(double(x), double(n)));
    double result = 1, square = x;
    for (u32 left = size; left; left >>= 1) {
        if (left & 1) result *= square;
        square *= square;
    }
    return float(n < 0 ? 1.0 / result : result);
}

NV_CALL float __nv_cbrtf(float x) {
    return clc_cbrtf(x);
}
NV_CALL float __nv_rcbrtf(float x) {
    return float(1.0 / clc_cbrt(x));
}

/// x - trunc(x / y) y. In f64 one step is exact while the quotient fits, apart from a quotient
/// rounded up to the next integer, which the sign of the rest shows.
NV_CALL float __nv_fmodf(float x, float y) {
    double a = fabs(x), b = fabs(y), quotient = a / b;
    // Also zero, infinite and NaN operands; an infinite divisor makes the quotient 0.
    if (__builtin_expect(!(quotient < 0x1p52) || b == kInf, 0)) return float(clc_fmod(x, y));
    double rest = fma(-__builtin_trunc(quotient), b, a);
    rest = rest < 0 ? rest + b : rest;
    return copysign(float(rest), x);
}
NV_CALL float __nv_remainderf(float x, float y) {
    return float(clc_remainder(x, y));
}

// ---- the fast versions (__expf & co.): documented as built on the special functions
// -------------------------------------

NV float __nv_fast_exp10f(float x) {
    return __nvvm_ex2_approx_f(x * 0x1.a934fp+1f);
}
NV float __nv_fast_expf(float x) {
    return __nvvm_ex2_approx_f(x * 0x1.715476p+0f);
}
NV float __nv_fast_log2f(float x) {
    return __nvvm_lg2_approx_f(x);
}
NV float __nv_fast_logf(float x) {
    return __nvvm_lg2_approx_f(x) * 0x1.62e43p-1f;
}
NV float __nv_fast_log10f(float x) {
    return __nvvm_lg2_approx_f(x) * 0x1.344136p-2f;
}
NV float __nv_fast_powf(float x, float y) {
    return __nvvm_ex2_approx_f(y * __nvvm_lg2_approx_f(x));
}
NV float __nv_fast_fdividef(float x, float y) {
    return __nvvm_div_approx_f(x, y);
}
