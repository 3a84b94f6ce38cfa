// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floating-point helpers: NaN rules, flush to zero, saturation, and host rounding modes. The host's
// arithmetic is IEEE 754 with the same results, but for which NaN comes out.
#pragma once

#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {

inline constexpr uint32_t kNan32 = 0x7fffffff, kSign32 = 0x80000000u;

// Modifier bits common to the arithmetic rows.
enum : uint32_t {
    kRnd = mods::MRnd.mask(),
    kFtz = mods::MFtz.mask(),
    kSat = mods::MSat.mask(),
    kNegA = mods::MNegA.mask(),
    kAbsA = mods::MAbsA.mask(),
    kNegB = mods::MNegB.mask(),
    kAbsB = mods::MAbsB.mask(),
    kNegC = mods::MNegC.mask(),
    kNanMod = mods::MNan.mask(),
    kXorSign = mods::MXorSign.mask(),
    // of comparisons
    kCmpNegA = mods::MCmpNegA.mask(),
    kCmpAbsA = mods::MCmpAbsA.mask(),
    kCmpNegB = mods::MCmpNegB.mask(),
    kCmpAbsB = mods::MCmpAbsB.mask()
};

ACC_INLINE f32v as_f32(u32v v) {
    return (f32v)v;
}
ACC_INLINE i32v is_nan(f32v x) {
    return x != x;
}
/// The canonical NaN for every NaN.
ACC_INLINE u32v canonical(f32v x) {
    return choose(is_nan(x), splat(kNan32), (u32v)x);
}
inline constexpr uint64_t kNan64 = 0x7fffffffffffffffull;
/// As integers, and they have to stay integers: to the compiler all NaNs of a floating-point value
/// are equal, and it would drop the choice.
ACC_INLINE u64h canonical64(f64h x) {
    return (x != x) ? (u64h)kNan64 : (u64h)x;
}
ACC_INLINE Wide split_canonical(f64h a, f64h b) {
    return split({canonical64(a), canonical64(b)});
}
ACC_INLINE u32v flush(u32v x) {
    const u32v magnitude = x & 0x7fffffffu;
    return choose(magnitude < 0x00800000u, x & kSign32, x);
}
ACC_INLINE u32v saturate(f32v x) { // NaN and negative give +0
    const u32v low = choose(x > 0.0f, (u32v)x, splat(0));
    return choose((f32v)low > 1.0f, splat(0x3f800000), low);
}
/// Integers in the order of minimumNumber, -0 below +0.
ACC_INLINE i32v order_key(u32v x) {
    return (i32v)(x ^ ((u32v)((i32v)x >> 31) & 0x7fffffffu));
}
/// minimumNumber or maximumNumber; NaN only when both are, not yet canonical.
template <bool Max>
ACC_INLINE u32v extreme(u32v a, u32v b) {
    const i32v a_first = Max ? order_key(a) > order_key(b) : order_key(a) < order_key(b);
    u32v r = choose(a_first, a, b);
    r = choose(is_nan(as_f32(a)), b, r);
    return choose(is_nan(as_f32(b)), a, r);
}
/// With the modifiers nan and xorsign; the result is canonical.
template <bool Max>
ACC_INLINE u32v extreme_general(uint32_t mods, u32v x, u32v y) {
    const i32v nan = is_nan(as_f32(x)) | is_nan(as_f32(y));
    const u32v sign = (x ^ y) & kSign32;
    if (mods & kXorSign) x &= 0x7fffffffu, y &= 0x7fffffffu;
    u32v r = extreme<Max>(x, y);
    if (mods & kXorSign) r |= sign;
    r = canonical(as_f32(r));
    return mods & kNanMod ? choose(nan, splat(kNan32), r) : r;
}

/// MFCmp on rows (or halves) of floats.
template <class I, class F>
ACC_INLINE I float_compare(unsigned cmp, F a, F b) {
    switch (cmp) {
    case mods::MFCmp_eq: return a == b;
    case mods::MFCmp_ne: return (a < b) | (a > b);
    case mods::MFCmp_lt: return a < b;
    case mods::MFCmp_le: return a <= b;
    case mods::MFCmp_gt: return a > b;
    case mods::MFCmp_ge: return a >= b;
    case mods::MFCmp_num: return ~((a != a) | (b != b));
    case mods::MFCmp_nan: return (a != a) | (b != b);
    case mods::MFCmp_equ: return ~((a < b) | (a > b));
    case mods::MFCmp_neu: return a != b;
    case mods::MFCmp_ltu: return ~(a >= b);
    case mods::MFCmp_leu: return ~(a > b);
    case mods::MFCmp_gtu: return ~(a <= b);
    default: return ~(a < b); // geu
    }
}

/// Absolute value, then negation, of operand a or b by the modifier bits.
ACC_INLINE u32v with_sign(u32v x, uint32_t mods, uint32_t abs_bit, uint32_t neg_bit) {
    if (mods & abs_bit) x &= 0x7fffffffu;
    if (mods & neg_bit) x ^= kSign32;
    return x;
}
/// The same on the high rows of f64 operands.
ACC_INLINE Wide with_sign(Wide x, uint32_t mods, uint32_t abs_bit, uint32_t neg_bit) {
    return {x.lo, with_sign(x.hi, mods, abs_bit, neg_bit)};
}

/// Host rounding mode for the life of the object. Operands must be read from memory after begin()
/// and the result written to memory before end(), see `rounded`.
ACC_INLINE void set_rounding(uint32_t rnd) { // a value of MRnd
    // exceptions masked; rounding control in bits 14:13
    static const uint32_t control[4] = {0x1f80, 0x7f80, 0x3f80, 0x5f80};
    static_assert(mods::MRnd_default == 0 && mods::MRnd_rz == 1 && mods::MRnd_rm == 2 &&
                  mods::MRnd_rp == 3);
    asm volatile("ldmxcsr %0" : : "m"(control[rnd & 3]) : "memory");
}
/// f(a, b, c) evaluated with host rounding mode `rnd`. The memory clobbers keep the arithmetic
/// between the two settings.
template <class V, class Fn>
ACC_INLINE V rounded(uint32_t rnd, Fn f, V a, V b, V c) {
#ifdef ACC_LIFT // not asked for: other code would get between the two settings
    (void)rnd;
    return f(a, b, c);
#else
    V in[3] = {a, b, c};
    V out;
    V* pin = in;
    V* pout = &out;
    asm volatile("" : "+r"(pin), "+r"(pout) : : "memory");
    set_rounding(rnd);
    *pout = f(pin[0], pin[1], pin[2]);
    asm volatile("" : : "r"(pout) : "memory");
    set_rounding(mods::MRnd_default);
    return *pout;
#endif
}

/// Whether a magnitude `kept` grows by one when `rest` below it is dropped, of which `half` is one
/// half of its last place; rnd is a value of MRnd.
ACC_INLINE bool rounds_up(uint32_t rnd, bool negative, uint64_t kept, uint64_t rest,
                          uint64_t half) {
    if (rnd == mods::MRnd_default) return rest > half || (rest == half && (kept & 1));
    if (rnd == mods::MRnd_rm) return negative && rest;
    return rnd == mods::MRnd_rp && !negative && rest;
}

// ---- f16 and bf16 as 16 bits in a 32-bit lane
/// Magnitude bits (exponent field and fraction) of a finite f64 in a format with `Fraction`
/// fraction bits and exponent bias `Bias`, as if exponents had no upper end: the caller handles
/// overflow. `rnd` as in MRnd; `value` may be an f64 of any size.
template <int Fraction, int Bias>
ACC_INLINE uint32_t round_magnitude(double value, uint32_t rnd) {
    uint64_t bits = __builtin_bit_cast(uint64_t, value);
    const bool negative = bits >> 63;
    bits &= 0x7fffffffffffffffull;
    if (bits == 0) return 0;
    int exponent = (int)(bits >> 52) - 1023;
    uint64_t significand = bits & 0xfffffffffffffull;
    if (exponent == -1023)
        exponent = -1022; // subnormal f64: far below half of the smallest result
    else
        significand |= 1ull << 52;
    // Bits to drop: a normal result keeps 1 + Fraction bits, a subnormal one fewer.
    int drop = 52 - Fraction, field = exponent + Bias;
    if (field < 1) {
        drop += 1 - field;
        field = 1;
    }
    uint64_t kept = 0, rest = 1, half = 2;
    if (drop < 64) {
        kept = significand >> drop;
        rest = significand & ((1ull << drop) - 1);
        half = 1ull << (drop - 1);
    }
    const bool up = rounds_up(rnd, negative, kept, rest, half);
    // A carry out of the fraction raises the exponent by itself.
    return ((uint32_t)(field - 1) << Fraction) + (uint32_t)kept + up;
}
/// f16 or bf16 bits; NaN gives 0x7fff.
template <int Fraction, int Bias>
ACC_INLINE uint32_t round_to_half(double value, uint32_t rnd) {
    constexpr uint32_t infinity = 0x7fffu >> Fraction << Fraction;
    if (value != value) return 0x7fff;
    const bool negative = __builtin_bit_cast(uint64_t, value) >> 63;
    const uint32_t sign = negative ? 0x8000u : 0;
    if (value - value != 0) return sign | infinity;
    const uint32_t magnitude = round_magnitude<Fraction, Bias>(value, rnd);
    if (magnitude < infinity) return sign | magnitude;
    const bool away = rnd == mods::MRnd_default || (rnd == mods::MRnd_rm && negative) ||
                      (rnd == mods::MRnd_rp && !negative);
    return sign | (away ? infinity : infinity - 1);
}
ACC_INLINE uint32_t round_to_f16(double v, uint32_t rnd) {
    return round_to_half<10, 15>(v, rnd);
}
ACC_INLINE uint32_t round_to_bf16(double v, uint32_t rnd) {
    return round_to_half<7, 127>(v, rnd);
}

typedef float f32h __attribute__((ext_vector_type(16)));
/// f32 row to f64 elements and back.
ACC_INLINE Halves<f64h> widen_f32(u32v v) {
    const auto h = spread(v);
    return {__builtin_convertvector((f32h)h.a, f64h), __builtin_convertvector((f32h)h.b, f64h)};
}
ACC_INLINE u32v narrow_f64(f64h a, f64h b) {
    return gather_halves((u32h) __builtin_convertvector(a, f32h),
                         (u32h) __builtin_convertvector(b, f32h));
}

/// Exact; NaN payloads are kept.
ACC_INLINE u32v widen_bf16(u32v h) {
    return h << 16;
}
#ifdef __F16C__
typedef _Float16 f16v __attribute__((ext_vector_type(32)));
/// Exact; F is floats, H as many 16-bit elements.
template <class F, class H>
ACC_INLINE F widen_halves(H h) {
#ifdef __AVX512F__
    // Not a conversion of the language's: what is done with the floats would be done with the
    // halves, which is slow.
    typedef float Float16 __attribute__((vector_size(64)));
    typedef short Half16 __attribute__((vector_size(32)));
    struct Halves {
        Half16 v[sizeof(H) / 32];
    };
    struct Floats {
        Float16 v[sizeof(H) / 32];
    };
    const Halves in = __builtin_bit_cast(Halves, h);
    Floats out;
#pragma clang loop unroll(full)
    for (unsigned i = 0; i < sizeof(H) / 32; ++i)
        out.v[i] = __builtin_ia32_vcvtph2ps512_mask(in.v[i], Float16{}, 0xffff, 8);
    return __builtin_bit_cast(F, out);
#else
    typedef _Float16 Halves __attribute__((ext_vector_type(sizeof(H) / 2)));
    return __builtin_convertvector((Halves)h, F);
#endif
}
/// The low half of each lane as f32, exact.
ACC_INLINE u32v widen_f16(u32v h) {
    return (u32v)widen_halves<f32v>(__builtin_convertvector(h, u16v));
}
/// f32 to f16, nearest even, in the low half of each lane.
ACC_INLINE u32v narrow_f16(u32v x) {
    const u16v h = (u16v) __builtin_convertvector((f32v)x, f16v);
    return __builtin_convertvector((h & 0x7fff) > 0x7c00 ? (u16v)0x7fff : h, u32v);
}
#else
/// The low half of each lane as f32, exact.
ACC_INLINE u32v widen_f16(u32v h) {
    // Shift exponent and fraction into place, then scale by 2^112: the multiplication normalises
    // subnormals.
    const u32v magnitude = h & 0x7fffu;
    const u32v scaled = (u32v)((f32v)(magnitude << 13) * 0x1p112f);
    const u32v special = choose(magnitude >= 0x7c00u, splat(0x7f800000u) | magnitude << 13, scaled);
    return special | (h & 0x8000u) << 16;
}
/// f32 to f16, nearest even, in the low half of each lane.
ACC_INLINE u32v narrow_f16(u32v x) {
    const u32v sign = x >> 16 & 0x8000u, magnitude = x & 0x7fffffffu;
    // Normal results: rebias, then round by adding half an ulp less the lowest kept bit's
    // complement.
    const u32v normal = (magnitude - 0x38000000u + 0xfffu + (magnitude >> 13 & 1u)) >> 13;
    // Subnormal results: adding 0.5 brings the fraction to the bottom, rounded by the host.
    const u32v small = (u32v)((f32v)magnitude + 0.5f) - 0x3f000000u;
    u32v r = choose(magnitude < 0x38800000u, small, normal);
    r = choose(magnitude >= 0x477ff000u, splat(0x7c00u), r);
    r = choose(magnitude > 0x7f800000u, splat(0x7fffu), r | sign);
    return r;
}
#endif
ACC_INLINE u32v narrow_bf16(u32v x) {
    const u32v r = (x + 0x7fffu + (x >> 16 & 1u)) >> 16;
    return choose((x & 0x7fffffffu) > 0x7f800000u, splat(0x7fffu), r);
}

} // namespace acc::model::interp::ACC_SIMD
