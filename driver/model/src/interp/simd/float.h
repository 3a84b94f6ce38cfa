// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floating-point helpers: NaN rules, flush to zero, saturation, and host rounding modes. The host's arithmetic is IEEE 754 with
// the same results, but for which NaN comes out.
#pragma once

#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {

inline constexpr uint32_t kNan32 = 0x7fffffff, kSign32 = 0x80000000u;

// Modifier bits common to the arithmetic rows (Schema.td: MRnd, MFtz, MSat, MNegA ..).
enum : uint32_t { kRnd = 3, kFtz = 4, kSat = 8, kNegA = 16, kAbsA = 32, kNegB = 64, kAbsB = 128, kNegC = 256, kNanMod = 512, kXorSign = 1024 };

ACC_INLINE f32v as_f32(u32v v) { return (f32v)v; }
ACC_INLINE i32v is_nan(f32v x) { return x != x; }
/// The canonical NaN for every NaN.
ACC_INLINE u32v canonical(f32v x) { return choose(is_nan(x), splat(kNan32), (u32v)x); }
inline constexpr uint64_t kNan64 = 0x7fffffffffffffffull;
ACC_INLINE f64h canonical64(f64h x) { return (f64h)((x != x) ? (u64h)kNan64 : (u64h)x); }
ACC_INLINE u32v flush(u32v x) {
    const u32v magnitude = x & 0x7fffffffu;
    return choose(magnitude < 0x00800000u, x & kSign32, x);
}
ACC_INLINE u32v saturate(f32v x) { // NaN and negative give +0
    const u32v low = choose(x > 0.0f, (u32v)x, splat(0));
    return choose((f32v)low > 1.0f, splat(0x3f800000), low);
}
/// Absolute value, then negation, of operand a or b by the modifier bits.
ACC_INLINE u32v with_sign(u32v x, uint32_t mods, uint32_t abs_bit, uint32_t neg_bit) {
    if (mods & abs_bit)
        x &= 0x7fffffffu;
    if (mods & neg_bit)
        x ^= kSign32;
    return x;
}
/// The same on the high rows of f64 operands.
ACC_INLINE Wide with_sign(Wide x, uint32_t mods, uint32_t abs_bit, uint32_t neg_bit) {
    return {x.lo, with_sign(x.hi, mods, abs_bit, neg_bit)};
}

/// Host rounding mode for the life of the object. Operands must be read from memory after begin() and the result
/// written to memory before end(), see `rounded`.
ACC_INLINE void set_rounding(uint32_t rnd) { // 0 nearest, 1 toward zero, 2 down, 3 up
    static const uint32_t control[4] = {0x1f80, 0x7f80, 0x3f80, 0x5f80};
    asm volatile("ldmxcsr %0" : : "m"(control[rnd & 3]) : "memory");
}
/// f(a, b, c) evaluated with host rounding mode `rnd`. The memory clobbers keep the arithmetic between the two settings.
template <class V, class Fn> ACC_INLINE V rounded(uint32_t rnd, Fn f, V a, V b, V c) {
    V in[3] = {a, b, c};
    V out;
    V* pin = in;
    V* pout = &out;
    asm volatile("" : "+r"(pin), "+r"(pout) : : "memory");
    set_rounding(rnd);
    *pout = f(pin[0], pin[1], pin[2]);
    asm volatile("" : : "r"(pout) : "memory");
    set_rounding(0);
    return *pout;
}

// ---- f16 and bf16 as 16 bits in a 32-bit lane
/// Rounds a magnitude-and-sign value held as f64 to a 16-bit format with `Fraction` fraction bits and exponent bias `Bias`,
/// `rnd` as in MRnd. The value is a sum or product of such numbers, or an f64; every finite f64 is handled. NaN gives 0x7fff.
template <int Fraction, int Bias> ACC_INLINE uint32_t round_to_half(double value, uint32_t rnd) {
    uint64_t bits = __builtin_bit_cast(uint64_t, value);
    const uint32_t sign = (uint32_t)(bits >> 48) & 0x8000u;
    bits &= 0x7fffffffffffffffull;
    constexpr uint32_t max_exponent = Fraction == 10 ? 31 : 255, infinity = max_exponent << Fraction;
    if (bits > 0x7ff0000000000000ull)
        return 0x7fff;
    if (bits == 0x7ff0000000000000ull)
        return sign | infinity;
    if (bits == 0)
        return sign;
    int exponent = (int)(bits >> 52) - 1023;
    uint64_t significand = bits & 0xfffffffffffffull;
    if (exponent == -1023)
        exponent = -1022; // subnormal f64: below half of the smallest result in any case
    else
        significand |= 1ull << 52;
    // Bits to drop: a normal result keeps 1 + Fraction bits, a subnormal one fewer.
    int drop = 52 - Fraction;
    int field = exponent + Bias;
    if (field < 1) {
        drop += 1 - field;
        field = 1;
    }
    uint64_t kept, rest, half;
    if (drop >= 64) {
        kept = 0, rest = 1, half = 2;
    } else {
        kept = significand >> drop;
        rest = significand & ((1ull << drop) - 1);
        half = 1ull << (drop - 1);
    }
    bool up = false;
    switch (rnd) {
    case 0: up = rest > half || (rest == half && (kept & 1)); break;
    case 1: break;
    case 2: up = sign && rest; break;
    default: up = !sign && rest; break;
    }
    kept += up;
    // A carry out of the fraction raises the exponent by itself.
    const uint32_t result = ((uint32_t)(field - 1) << Fraction) + (uint32_t)kept;
    if (result >= infinity) {
        const bool to_infinity = rnd == 0 || (rnd == 2 && sign) || (rnd == 3 && !sign);
        return sign | (to_infinity || exponent + Bias > (int)max_exponent + 64 ? (to_infinity ? infinity : infinity - 1) : infinity - 1);
    }
    return sign | result;
}
ACC_INLINE uint32_t round_to_f16(double v, uint32_t rnd) { return round_to_half<10, 15>(v, rnd); }
ACC_INLINE uint32_t round_to_bf16(double v, uint32_t rnd) { return round_to_half<7, 127>(v, rnd); }

/// Exact; NaN payloads are kept.
ACC_INLINE u32v widen_bf16(u32v h) { return h << 16; }
/// The low half of each lane as f32, exact.
ACC_INLINE u32v widen_f16(u32v h) {
    // Shift exponent and fraction into place, then scale by 2^112: the multiplication normalises subnormals.
    const u32v magnitude = h & 0x7fffu;
    const u32v scaled = (u32v)((f32v)(magnitude << 13) * 0x1p112f);
    const u32v special = choose(magnitude >= 0x7c00u, splat(0x7f800000u) | magnitude << 13, scaled);
    return special | (h & 0x8000u) << 16;
}
/// f32 to f16, nearest even, in the low half of each lane.
ACC_INLINE u32v narrow_f16(u32v x) {
    const u32v sign = x >> 16 & 0x8000u, magnitude = x & 0x7fffffffu;
    // Normal results: rebias, then round by adding half an ulp less the lowest kept bit's complement.
    const u32v normal = (magnitude - 0x38000000u + 0xfffu + (magnitude >> 13 & 1u)) >> 13;
    // Subnormal results: adding 0.5 brings the fraction to the bottom, rounded by the host.
    const u32v small = (u32v)((f32v)magnitude + 0.5f) - 0x3f000000u;
    u32v r = choose(magnitude < 0x38800000u, small, normal);
    r = choose(magnitude >= 0x477ff000u, splat(0x7c00u), r);
    r = choose(magnitude > 0x7f800000u, splat(0x7fffu), r | sign);
    return r;
}
ACC_INLINE u32v narrow_bf16(u32v x) {
    const u32v r = (x + 0x7fffu + (x >> 16 & 1u)) >> 16;
    return choose((x & 0x7fffffffu) > 0x7f800000u, splat(0x7fffu), r);
}

} // namespace acc::model::interp::ACC_SIMD
