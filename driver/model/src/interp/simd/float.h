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

} // namespace acc::model::interp::ACC_SIMD
