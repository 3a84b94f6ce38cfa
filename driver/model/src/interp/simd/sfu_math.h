// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The special functions on 32 lanes. Built from correctly rounded host operations only, so every
// host computes the same bits; the error bounds are those of isa/Float.td.
#pragma once

#include "driver/model/src/interp/simd/float.h"

namespace acc::model::interp::ACC_SIMD {

ACC_INLINE f32v fma(f32v a, f32v b, f32v c) {
    return __builtin_elementwise_fma(a, b, c);
}
ACC_INLINE f32v pick(i32v cmp, f32v a, f32v b) {
    return cmp ? a : b;
}
ACC_INLINE f32v number_nan() {
    return (f32v)splat(kNan32);
}
ACC_INLINE f32v infinity() {
    return (f32v)splat(0x7f800000u);
}

ACC_INLINE f32v rsqrt_of(f32v x) {
    return 1.0f / __builtin_elementwise_sqrt(x);
}

#ifdef __AVX512F__
/// x * 2^n, rounded once, for integral n.
ACC_INLINE f32v times_power(f32v x, f32v n) {
    typedef float Part __attribute__((vector_size(64)));
    struct Parts {
        Part v[2];
    };
    Parts p = __builtin_bit_cast(Parts, x);
    const Parts e = __builtin_bit_cast(Parts, n);
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; ++i)
        p.v[i] = (Part)__builtin_ia32_scalefps512_mask(p.v[i], e.v[i], p.v[i], 0xffff, 4);
    return __builtin_bit_cast(f32v, p);
}
#else
/// x * 2^n, rounded once, for integral n: in two factors.
ACC_INLINE f32v times_power(f32v x, f32v n) {
    n = pick(is_nan(n), (f32v)0.0f, n); // x is NaN too
    const i32v whole = __builtin_convertvector(n, i32v), first = whole >> 1, second = whole - first;
    return x * (f32v)((first + 127) << 23) * (f32v)((second + 127) << 23);
}
#endif

/// 2^x = 2^n * 2^f with |f| <= 1/2; Taylor series of 2^f (remainder below 2^-27).
ACC_INLINE f32v exp2_of(f32v x) {
    const f32v below = pick(x > 129.0f, (f32v)129.0f, x); // NaN stays
    const f32v inside = pick(below < -151.0f, (f32v)-151.0f, below);
    const f32v n = __builtin_elementwise_rint(inside);
    const f32v f = inside - n;
    f32v p = fma(f, (f32v)1.5252734e-5f, (f32v)1.5403530e-4f);
    p = fma(p, f, (f32v)1.3333558e-3f);
    p = fma(p, f, (f32v)9.6181291e-3f);
    p = fma(p, f, (f32v)5.5504109e-2f);
    p = fma(p, f, (f32v)2.4022651e-1f);
    p = fma(p, f, (f32v)6.9314718e-1f);
    p = fma(p, f, (f32v)1.0f);
    return times_power(p, n);
}

/// log2 x = e + log2 m, m in [sqrt 1/2, sqrt 2); log m = 2 atanh((m - 1) / (m + 1)).
ACC_INLINE f32v log2_of(f32v x) {
    const i32v tiny = x < 0x1p-126f;
    const f32v scaled = pick(tiny, x * 0x1p24f, x);
    const u32v bits = (u32v)scaled;
    const u32v shifted = bits - 0x3f3504f3u; // sqrt 1/2: puts m into its range
    const i32v exponent = (i32v)shifted >> 23;
    const f32v m = (f32v)((shifted & 0x007fffffu) + 0x3f3504f3u);
    const f32v s = (m - 1.0f) / (m + 1.0f), s2 = s * s;
    f32v p = fma(s2, (f32v)0.32059889f, (f32v)0.41219858f);
    p = fma(p, s2, (f32v)0.57707802f);
    p = fma(p, s2, (f32v)0.96179669f);
    p = fma(p, s2, (f32v)2.8853901f);
    const f32v e = __builtin_convertvector(exponent, f32v) - pick(tiny, (f32v)24.0f, (f32v)0.0f);
    f32v r = fma(p, s, e);
    r = pick(x == infinity(), infinity(), r);
    r = pick(x == 0.0f, -infinity(), r);
    return pick((x < 0.0f) | is_nan(x), number_nan(), r);
}

/// sin(x) (Shift 0) or cos(x) (Shift 1): quarter turns are subtracted in three steps (Cody and
/// Waite), Taylor series on the rest.
template <int Shift>
ACC_INLINE f32v sincos_of(f32v x) {
    const f32v limited = pick(x < 0x1p30f, pick(x > -0x1p30f, x, (f32v)-0x1p30f), (f32v)0x1p30f);
    const f32v n = __builtin_elementwise_rint(limited * 0.63661977f);
    f32v r = fma(n, (f32v)-1.57079637e+00f, limited);
    r = fma(n, (f32v)4.37113883e-08f, r);
    r = fma(n, (f32v)1.71512451e-15f, r);
    r = pick(r < 0.8f, pick(r > -0.8f, r, (f32v)-0.8f), (f32v)0.8f); // far out only
    const f32v r2 = r * r;
    f32v s = fma(r2, (f32v)2.7557319e-6f, (f32v)-1.9841270e-4f);
    s = fma(s, r2, (f32v)8.3333333e-3f);
    s = fma(s, r2, (f32v)-1.6666667e-1f);
    s = fma(s * r2, r, r);
    f32v c = fma(r2, (f32v)2.4801587e-5f, (f32v)-1.3888889e-3f);
    c = fma(c, r2, (f32v)4.1666667e-2f);
    c = fma(c, r2, (f32v)-0.5f);
    c = fma(c, r2, (f32v)1.0f);
    const u32v quarter = (u32v) __builtin_convertvector(n, i32v) + (uint32_t)Shift;
    const f32v value = pick((quarter & 1u) != 0u, c, s);
    f32v result = (f32v)((u32v)value ^ (quarter & 2u) << 30);
    if (Shift == 0) result = pick(x == 0.0f, x, result); // keeps the sign of zero
    return pick((x - x) == 0.0f, result, number_nan());  // infinity and NaN
}

/// Taylor series near 0, 1 - 2 / (e^2x + 1) elsewhere.
ACC_INLINE f32v tanh_of(f32v x) {
    const f32v magnitude = (f32v)((u32v)x & 0x7fffffffu), x2 = x * x;
    f32v p = fma(x2, (f32v)-8.8632355e-3f, (f32v)2.1869489e-2f);
    p = fma(p, x2, (f32v)-5.3968254e-2f);
    p = fma(p, x2, (f32v)1.3333333e-1f);
    p = fma(p, x2, (f32v)-3.3333333e-1f);
    const f32v near = fma(p * x2, magnitude, magnitude);
    const f32v far = 1.0f - 2.0f / (exp2_of(magnitude * 2.8853901f) + 1.0f);
    const u32v positive = (u32v)pick(magnitude < 0.625f, near, far);
    return pick(is_nan(x), x, (f32v)(positive | ((u32v)x & kSign32))); // -0 stays -0
}

} // namespace acc::model::interp::ACC_SIMD
