// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions between integers and floats, between f32 and f64, and rounding to integral values.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/float.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

// Formats of Convert.td.
enum { F32, F64, F16, BF16 };
enum { S32, U32, S64, U64 };

/// Integral value of x; mode: a value of MRndI.
template <class V>
ACC_INLINE V integral(V x, uint32_t mode) {
    switch (mode) {
    case mods::MRndI_rzi: return __builtin_elementwise_trunc(x);
    case mods::MRndI_rni: return __builtin_elementwise_rint(x);
    case mods::MRndI_rmi: return __builtin_elementwise_floor(x);
    default: return __builtin_elementwise_ceil(x); // rpi
    }
}

ACC_INLINE u32v to_s32(f32v x) {
    const i32v inside = (x > -0x1p31f) & (x < 0x1p31f);
    const u32v r = (u32v) __builtin_convertvector(inside ? x : (f32v)0.0f, i32v);
    const u32v clamped = choose(x >= 0x1p31f, splat(0x7fffffffu),
                                choose(x <= -0x1p31f, splat(0x80000000u), splat(0)));
    return choose(inside, r, clamped);
}
ACC_INLINE u32v to_u32(f32v x) {
    const i32v inside = (x > 0.0f) & (x < 0x1p32f);
    const u32v r = __builtin_convertvector(inside ? x : (f32v)0.0f, u32v);
    return choose(inside, r, choose(x >= 0x1p32f, splat(~0u), splat(0)));
}
/// 32-bit results from f64 elements; each result is in the low word of its element. NaN: the top
/// bit alone, whatever the sign.
ACC_INLINE u64h to_32(f64h x, bool is_signed) {
    const f64h low = is_signed ? (f64h)-2147483648.0 : (f64h)0.0,
               high = is_signed ? (f64h)2147483647.0 : (f64h)4294967295.0;
    f64h y = x < low ? low : x > high ? high : x;
    y = x != x ? (f64h)2147483648.0 : y;
    return (u64h) __builtin_convertvector(y, i64h);
}
ACC_INLINE u64h to_s64(f64h x) {
    const i64h inside = (x >= -0x1p63) & (x < 0x1p63);
    const u64h r = (u64h) __builtin_convertvector(inside ? x : (f64h)0.0, i64h);
    const u64h clamped = x >= 0x1p63 ? (u64h)0x7fffffffffffffffull
                                     : (u64h)0x8000000000000000ull; // NaN too
    return inside ? r : clamped;
}
ACC_INLINE u64h to_u64(f64h x) {
    const i64h inside = (x > 0.0) & (x < 0x1p64);
    const u64h r = __builtin_convertvector(inside ? x : (f64h)0.0, u64h);
    u64h clamped = x >= 0x1p64 ? (u64h)~0ull : (u64h)0ull;
    clamped = x != x ? (u64h)0x8000000000000000ull : clamped;
    return inside ? r : clamped;
}

template <int Format>
ACC_INLINE u32v source_f32(const Op& op, u32v a) {
    if (Format == F16) return widen_f16(a);
    if (Format == BF16) return widen_bf16(a);
    return op.mods & kFtz ? flush(a) : a;
}

template <int To, int From>
struct FloatToInt {
    enum { D = To >= S64 ? 2 : 1, A = From == F64 ? 2 : 1, B = 0, C = 0 };
    template <class TA>
    ACC_MEMBER auto apply(const Op& op, TA a, None, None) {
        const uint32_t mode = mod<mods::MRndI>(op.mods);
        if constexpr (From == F64) {
            auto x = join_f64(a);
            x.a = integral(x.a, mode), x.b = integral(x.b, mode);
            if constexpr (To <= U32)
                return split_low({to_32(x.a, To == S32), to_32(x.b, To == S32)});
            else if constexpr (To == S64)
                return split({to_s64(x.a), to_s64(x.b)});
            else
                return split({to_u64(x.a), to_u64(x.b)});
        } else {
            const u32v x = (u32v)integral(as_f32(source_f32<From>(op, a)), mode);
            if constexpr (To == S32)
                return to_s32(as_f32(x));
            else if constexpr (To == U32)
                return to_u32(as_f32(x));
            else {
                const auto wide = widen_f32(x);
                if constexpr (To == S64)
                    return split({to_s64(wide.a), to_s64(wide.b)});
                else
                    return split({to_u64(wide.a), to_u64(wide.b)});
            }
        }
    }
};

/// The integer sign * magnitude rounded to `precision` significant bits, exact as f64 (precision <=
/// 53).
ACC_INLINE double round_integer(uint64_t magnitude, bool negative, int precision, uint32_t rnd) {
    if (magnitude == 0) return 0.0;
    const int top = 63 - __builtin_clzll(magnitude);
    double r;
    if (top < precision) {
        r = (double)(int64_t)magnitude;
    } else {
        const int drop = top - precision + 1;
        const uint64_t kept = magnitude >> drop, rest = magnitude & ((1ull << drop) - 1),
                       half = 1ull << (drop - 1);
        const bool up = rounds_up(rnd, negative, kept, rest, half);
        r = (double)(int64_t)(kept + up) * (double)(1ull << drop);
    }
    return negative ? -r : r;
}
/// Enough bits for a later rounding to a short format to be the only one: what is dropped leaves a
/// one behind.
ACC_INLINE double sticky_integer(uint64_t magnitude, bool negative) {
    const int top = magnitude ? 63 - __builtin_clzll(magnitude) : 0;
    const int drop = top > 52 ? top - 52 : 0;
    uint64_t kept = magnitude >> drop;
    if (magnitude & ((1ull << drop) - 1)) kept |= 1;
    const double r = (double)(int64_t)kept * (double)(1ull << drop);
    return negative ? -r : r;
}

template <int To, int From>
struct IntToFloat {
    enum { D = To == F64 ? 2 : 1, A = From >= S64 ? 2 : 1, B = 0, C = 0 };
    ACC_MEMBER uint64_t element(u32v a, int l, bool& negative) {
        negative = From == S32 && a[l] >> 31;
        return negative ? 0u - a[l] : a[l];
    }
    ACC_MEMBER uint64_t element(const Wide& a, int l, bool& negative) {
        const uint64_t x = wide_lane(a, l);
        negative = From == S64 && x >> 63;
        return negative ? 0 - x : x;
    }
    template <class TA>
    ACC_MEMBER auto slow(const Op& op, TA a) {
        const uint32_t rnd = mod<mods::MRnd>(op.mods);
        typename RowsOf<D>::type r;
        for (int l = 0; l < 32; ++l) {
            bool negative;
            const uint64_t magnitude = element(a, l, negative);
            if constexpr (To == F64)
                set_wide_lane(
                    r, l,
                    __builtin_bit_cast(uint64_t, round_integer(magnitude, negative, 53, rnd)));
            else if constexpr (To == F32)
                r[l] = __builtin_bit_cast(uint32_t,
                                          (float)round_integer(magnitude, negative, 24, rnd));
            else if constexpr (To == F16)
                r[l] = round_to_f16(sticky_integer(magnitude, negative), rnd);
            else
                r[l] = round_to_bf16(sticky_integer(magnitude, negative), rnd);
        }
        return r;
    }
    ACC_MEMBER Wide fast64(Wide a) {
        const auto x = join(a);
        if constexpr (From == S64)
            return split_f64(__builtin_convertvector((i64h)x.a, f64h),
                             __builtin_convertvector((i64h)x.b, f64h));
        else
            return split_f64(__builtin_convertvector(x.a, f64h),
                             __builtin_convertvector(x.b, f64h));
    }
    typedef int32_t i32half __attribute__((ext_vector_type(16)));
    ACC_MEMBER Wide fast64(u32v a) {
        const auto x = spread(a);
        if constexpr (From == S32)
            return split_f64(__builtin_convertvector((i32half)x.a, f64h),
                             __builtin_convertvector((i32half)x.b, f64h));
        else
            return split_f64(__builtin_convertvector(x.a, f64h),
                             __builtin_convertvector(x.b, f64h));
    }
    ACC_MEMBER u32v nearest_f32(Halves<u64h> x) {
        if constexpr (From == S64)
            return gather_halves((u32h) __builtin_convertvector((i64h)x.a, f32h),
                                 (u32h) __builtin_convertvector((i64h)x.b, f32h));
        else
            return gather_halves((u32h) __builtin_convertvector(x.a, f32h),
                                 (u32h) __builtin_convertvector(x.b, f32h));
    }
    /// To 16 bits: of 32 bits the upper 24 are kept, the last of which says whether something was
    /// below.
    ACC_MEMBER u32v nearest_half(u32v a) {
        const u32v negative = From == S32 ? (u32v)((i32v)a >> 31) : splat(0);
        const u32v magnitude = (a ^ negative) - negative;
        const u32v kept = (magnitude & ~0xffu) |
                          choose((magnitude & 0xffu) != 0u, splat(0x100u), splat(0));
        const u32v exact = choose(magnitude < 1u << 24, magnitude, kept);
        const u32v x = (u32v) __builtin_convertvector(exact, f32v) | (negative & kSign32);
        return To == F16 ? narrow_f16(x) : narrow_bf16(x);
    }
    template <class TA>
    ACC_MEMBER auto apply(const Op& op, TA a, None, None) {
        const bool nearest = mod<mods::MRnd>(op.mods) == mods::MRnd_default;
        if constexpr (To == F32 && From == S32) {
            if (nearest) return (u32v) __builtin_convertvector((i32v)a, f32v);
        } else if constexpr (To == F32 && From == U32) {
            if (nearest) return (u32v) __builtin_convertvector(a, f32v);
        } else if constexpr (To == F32) { // 64 bits
            if (nearest) return nearest_f32(join(a));
        } else if constexpr (To == F64) {
            if (nearest || From <= U32) return fast64(a);
        } else if constexpr (From <= U32) {
            if (nearest) return nearest_half(a);
        }
        return slow(op, a);
    }
};

// ---- f32 <-> f64
struct Widen {
    enum { D = 2, A = 1, B = 0, C = 0 };
    ACC_MEMBER Wide apply(const Op& op, u32v a, None, None) {
        const auto w = widen_f32(op.mods & kFtz ? flush(a) : a);
        return split_canonical(w.a, w.b);
    }
};
template <bool Mods>
struct Narrow {
    enum { D = 1, A = 2, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, Wide a, None, None) {
        const auto x = join_f64(a);
        u32v r;
        if (Mods && (op.mods & kRnd)) {
            const auto fn = [](f64h p, f64h, f64h) ACC_LAMBDA {
                return __builtin_convertvector(__builtin_convertvector(p, f32h), f64h);
            };
            r = narrow_f64(rounded(mod<mods::MRnd>(op.mods), fn, x.a, x.a, x.a),
                           rounded(mod<mods::MRnd>(op.mods), fn, x.b, x.b, x.b));
        } else {
            r = narrow_f64(x.a, x.b);
        }
        r = canonical(as_f32(r));
        if (Mods && (op.mods & kFtz)) r = flush(r);
        return Mods && (op.mods & kSat) ? saturate(as_f32(r)) : r;
    }
};
void bind_narrow(const Inst& in, Op& op) {
    return in.mods ? bind_rare<Narrow<true>>(in, op) : bind_alu<Narrow<false>>(in, op);
}

// ---- rounding to integral values
template <class V>
ACC_INLINE V round_integral(V x, uint32_t mode) {
    switch (mode) {
    case mods::MRndF_rni: return __builtin_elementwise_rint(x);
    case mods::MRndF_rzi: return __builtin_elementwise_trunc(x);
    case mods::MRndF_rmi: return __builtin_elementwise_floor(x);
    case mods::MRndF_rpi: return __builtin_elementwise_ceil(x);
    default: return __builtin_elementwise_round(x); // rna
    }
}
template <int Format>
struct Round {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        const uint32_t mode = mod<mods::MRndF>(op.mods);
        if (Format == F16) return narrow_f16((u32v)round_integral(as_f32(widen_f16(a)), mode));
        if (Format == BF16) return narrow_bf16((u32v)round_integral(as_f32(widen_bf16(a)), mode));
        return canonical(round_integral(as_f32(mod<mods::MRndFtz>(op.mods) ? flush(a) : a), mode));
    }
};
struct Round64 {
    enum { D = 2, A = 2, B = 0, C = 0 };
    ACC_MEMBER Wide apply(const Op& op, Wide a, None, None) {
        const auto x = join_f64(a);
        const uint32_t mode = mod<mods::MRndF>(op.mods);
        return split_canonical(round_integral(x.a, mode), round_integral(x.b, mode));
    }
};

} // namespace

// Both ways between one float and one integer format.
#define ACC_BIND_PAIR(f, Float, i, Integer)                                                        \
    t[ACC_OPCODE(CVT_##i##_##f)] = bind_rare<FloatToInt<Integer, Float>>;                          \
    t[ACC_OPCODE(CVT_##f##_##i)] = bind_rare<IntToFloat<Float, Integer>>
#define ACC_BIND_FORMAT(f, Float)                                                                  \
    ACC_BIND_PAIR(f, Float, s32, S32);                                                             \
    ACC_BIND_PAIR(f, Float, u32, U32);                                                             \
    ACC_BIND_PAIR(f, Float, s64, S64);                                                             \
    ACC_BIND_PAIR(f, Float, u64, U64)

void bind_convert(Bind* t) {
    ACC_BIND_FORMAT(f32, F32);
    ACC_BIND_FORMAT(f64, F64);
    ACC_BIND_FORMAT(f16, F16);
    ACC_BIND_FORMAT(bf16, BF16);
    t[ACC_OPCODE(CVT_f64_f32)] = bind_alu<Widen>;
    t[ACC_OPCODE(CVT_f32_f64)] = bind_narrow;
    t[ACC_OPCODE(FRND_f32)] = bind_rare<Round<F32>>;
    t[ACC_OPCODE(FRND_f64)] = bind_rare<Round64>;
    t[ACC_OPCODE(FRND_f16)] = bind_rare<Round<F16>>;
    t[ACC_OPCODE(FRND_bf16)] = bind_rare<Round<BF16>>;
}

} // namespace acc::model::interp::ACC_SIMD
