// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that are one instruction or a few: absolute values, minima, rounding to integers,
// classification, scaling.
#include "device.h"

LOCAL i64 nearest(float a) {
    return __nvvm_f2ll_rn(a);
}
LOCAL i64 nearest(double a) {
    return __nvvm_d2ll_rn(a);
}
LOCAL i64 toward_zero(float a) {
    return __nvvm_f2ll_rz(a);
}
LOCAL i64 toward_zero(double a) {
    return __nvvm_d2ll_rz(a);
}

// For both types: suffix of the name ("f" or nothing), type, and the names of compiler builtins.
#define BOTH(X) X(f, float) X(, double)

#define SIMPLE(s, T)                                                                               \
    NV T __nv_fabs##s(T a) {                                                                       \
        return __builtin_fabs##s(a);                                                               \
    }                                                                                              \
    NV T __nv_fmin##s(T a, T b) {                                                                  \
        return __builtin_fmin##s(a, b);                                                            \
    }                                                                                              \
    NV T __nv_fmax##s(T a, T b) {                                                                  \
        return __builtin_fmax##s(a, b);                                                            \
    }                                                                                              \
    NV T __nv_fma##s(T a, T b, T c) {                                                              \
        return __builtin_fma##s(a, b, c);                                                          \
    }                                                                                              \
    NV T __nv_copysign##s(T a, T b) {                                                              \
        return __builtin_copysign##s(a, b);                                                        \
    }                                                                                              \
    NV T __nv_floor##s(T a) {                                                                      \
        return __builtin_floor##s(a);                                                              \
    }                                                                                              \
    NV T __nv_ceil##s(T a) {                                                                       \
        return __builtin_ceil##s(a);                                                               \
    }                                                                                              \
    NV T __nv_trunc##s(T a) {                                                                      \
        return __builtin_trunc##s(a);                                                              \
    }                                                                                              \
    NV T __nv_rint##s(T a) {                                                                       \
        return __builtin_rint##s(a);                                                               \
    }                                                                                              \
    NV T __nv_nearbyint##s(T a) {                                                                  \
        return __builtin_rint##s(a);                                                               \
    }                                                                                              \
    NV T __nv_sqrt##s(T a) {                                                                       \
        return sqrt(a);                                                                            \
    }                                                                                              \
    NV i64 __nv_llrint##s(T a) {                                                                   \
        return nearest(a);                                                                         \
    }                                                                                              \
    /* Half away from zero: truncate, then add the sign when the rest (exact) is at least one      \
     * half. */                                                                                    \
    NV T __nv_round##s(T a) {                                                                      \
        T whole = __builtin_trunc##s(a);                                                           \
        return fabs(a - whole) >= T(0.5) ? whole + copysign(T(1), a) : copysign(whole, a);         \
    }                                                                                              \
    NV i64 __nv_llround##s(T a) {                                                                  \
        return toward_zero(__nv_round##s(a));                                                      \
    }                                                                                              \
    NV T __nv_fdim##s(T a, T b) {                                                                  \
        return a <= b ? T(0) : a - b;                                                              \
    }                                                                                              \
    NV_OUT T __nv_modf##s(T a, T* whole) {                                                         \
        T integral = __builtin_trunc##s(a);                                                        \
        *whole = integral;                                                                         \
        T rest = fabs(a) == T(__builtin_inf()) ? T(0) : a - integral;                              \
        return copysign(rest, a);                                                                  \
    }

BOTH(SIMPLE)

NV float __nv_saturatef(float a) {
    return __nvvm_saturate_f(a);
}
NV float __nv_rsqrtf(float a) {
    return __nvvm_rsqrt_approx_f(a);
}
NV float __nv_frsqrt_rn(float a) {
    return float(1.0 / sqrt(double(a)));
} // wrong only within 2^-29 ulp of a tie
NV double __nv_rcp64h(double a) {
    return as_double(bits(__nvvm_rcp_approx_ftz_d(a)) & 0xffffffff00000000ull);
}

NV int __nv_isinff(float a) {
    return fabs(a) == kInfF;
}
NV int __nv_isinfd(double a) {
    return fabs(a) == kInf;
}
NV int __nv_isnanf(float a) {
    return a != a;
}
NV int __nv_isnand(double a) {
    return a != a;
}
NV int __nv_finitef(float a) {
    return fabs(a) < kInfF;
}
NV int __nv_isfinited(double a) {
    return fabs(a) < kInf;
}
NV int __nv_signbitf(float a) {
    return int(bits(a) >> 31);
}
NV int __nv_signbitd(double a) {
    return int(bits(a) >> 63);
}

/// The payload text of nan("...") is not looked at; CUDA documents no use of it either.
NV float __nv_nanf(const signed char*) {
    return as_float(0x7fffffffu);
}
NV double __nv_nan(const signed char*) {
    return as_double(0xfff8000000000000ull);
}

// ---- exponents. kBias etc. of IEEE binary32 and binary64
// ------------------------------------------------------------

/// a * 2^n, rounded once also when the result is subnormal: steps that are exact until |n| fits one
/// factor. Going down, a step leaves room for the fraction (2^-126 * 2^24), so that only the last
/// multiplication can round.
NV float __nv_ldexpf(float a, int n) {
    n = n < -400 ? -400 : n > 400 ? 400 : n;
#pragma unroll
    for (int step = 0; step < 3; ++step) {
        float factor = n > 127 ? 0x1p127f : n < -126 ? 0x1p-102f : 1.0f;
        a *= factor;
        n -= n > 127 ? 127 : n < -126 ? -102 : 0;
    }
    return a * as_float(u32(n + 127) << 23);
}
NV double __nv_ldexp(double a, int n) {
    n = n < -2900 ? -2900 : n > 2900 ? 2900 : n;
#pragma unroll
    for (int step = 0; step < 2; ++step) {
        double factor = n > 1023 ? 0x1p1023 : n < -1022 ? 0x1p-969 : 1.0;
        a *= factor;
        n -= n > 1023 ? 1023 : n < -1022 ? -969 : 0;
    }
    return a * as_double(u64(n + 1023) << 52);
}
NV float __nv_scalbnf(float a, int n) {
    return __nv_ldexpf(a, n);
}
NV double __nv_scalbn(double a, int n) {
    return __nv_ldexp(a, n);
}

NV int __nv_ilogbf(float a) {
    u32 magnitude = bits(a) & 0x7fffffffu;
    if (magnitude == 0) return -2147483647 - 1;
    if (magnitude >= 0x7f800000u) return magnitude == 0x7f800000u ? 2147483647 : -2147483647 - 1;
    return magnitude >= 0x00800000u ? int(magnitude >> 23) - 127 : -118 - __builtin_clz(magnitude);
}
NV int __nv_ilogb(double a) {
    u64 magnitude = bits(a) & 0x7fffffffffffffffull;
    if (magnitude == 0) return -2147483647 - 1;
    if (magnitude >= 0x7ff0000000000000ull)
        return magnitude == 0x7ff0000000000000ull ? 2147483647 : -2147483647 - 1;
    return magnitude >= 0x0010000000000000ull ? int(magnitude >> 52) - 1023
                                              : -1011 - __builtin_clzll(magnitude);
}
NV float __nv_logbf(float a) {
    if (a == 0) return -kInfF;
    return fabs(a) < kInfF ? float(__nv_ilogbf(a)) : a * a;
}
NV double __nv_logb(double a) {
    if (a == 0) return -kInf;
    return fabs(a) < kInf ? double(__nv_ilogb(a)) : a * a;
}

NV_OUT float __nv_frexpf(float a, int* exponent) {
    if (a == 0 || !(fabs(a) < kInfF)) {
        *exponent = 0;
        return a + a; // quiet NaN
    }
    float scaled = fabs(a) < as_float(0x00800000u) ? a * 0x1p24f : a;
    *exponent = __nv_ilogbf(a) + 1;
    return as_float((bits(scaled) & 0x807fffffu) | 0x3f000000u);
}
NV_OUT double __nv_frexp(double a, int* exponent) {
    if (a == 0 || !(fabs(a) < kInf)) {
        *exponent = 0;
        return a + a;
    }
    double scaled = fabs(a) < as_double(0x0010000000000000ull) ? a * 0x1p54 : a;
    *exponent = __nv_ilogb(a) + 1;
    return as_double((bits(scaled) & 0x800fffffffffffffull) | 0x3fe0000000000000ull);
}

NV float __nv_nextafterf(float a, float b) {
    if (a != a || b != b) return a + b;
    if (a == b) return b;
    if (a == 0) return copysign(as_float(1), b);
    return as_float((a < b) == (a > 0) ? bits(a) + 1 : bits(a) - 1);
}
NV double __nv_nextafter(double a, double b) {
    if (a != a || b != b) return a + b;
    if (a == b) return b;
    if (a == 0) return copysign(as_double(1), b);
    return as_double((a < b) == (a > 0) ? bits(a) + 1 : bits(a) - 1);
}

// ---- quotients: remainder and the low bits of the rounded quotient
// -------------------------------------------------------

extern "C" __attribute__((const)) double __nv_fmod(double, double);

/// The quotient modulo 8 comes from the rest of a division by 8 y, in which nothing is lost.
NV_OUT double __nv_remquo(double x, double y, int* quotient) {
    double b = fabs(y);
    *quotient = 0;
    if (!(fabs(x) < kInf) || b == 0 || b != b) return as_double(0xfff8000000000000ull);
    if (b == kInf) return x;
    double a = b < 0x1p1021 ? __nv_fmod(fabs(x), 8 * b) : fabs(x);
    int n = 0;
#pragma unroll
    for (int bit = 4; bit >= 1; bit >>= 1) {
        double part = b * bit; // infinite only when a is smaller
        bool fits = a >= part;
        a -= fits ? part : 0.0;
        n += fits ? bit : 0;
    }
    // a < b: to nearest, ties to even.
    double other = b - a;
    if (a > other || (a == other && (n & 1))) {
        a -= b;
        ++n;
    }
    bool negative = (bits(x) ^ bits(y)) >> 63;
    *quotient = negative ? -(n & 7) : n & 7;
    return a == 0 ? copysign(0.0, x) : bits(x) >> 63 ? -a : a;
}
NV_OUT float __nv_remquof(float x, float y, int* quotient) {
    return float(__nv_remquo(x, y, quotient));
}
