// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// f16 and bf16 arithmetic, scalar and packed. Each half of the word is widened, computed and
// rounded once: f32 has more than twice the precision of f16, so the result of one f32 operation
// rounds again without harm; where a product or sum is not exact enough, it is rounded to odd
// first, which keeps every later rounding right.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/sfu_math.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

constexpr uint32_t kReluMod = mods::HFMA::relu.mask();
ACC_INLINE bool is_bf16(uint32_t bits) {
    const uint32_t format = mod<mods::MHFmt>(bits);
    return format == mods::MHFmt_bf16 || format == mods::MHFmt_bf16x2;
}
ACC_INLINE bool is_packed(uint32_t bits) {
    const uint32_t format = mod<mods::MHFmt>(bits);
    return format == mods::MHFmt_f16x2 || format == mods::MHFmt_bf16x2;
}

// The elements of a row: 64 of packed halves, else 32, the low halves. Their order is the cheapest
// for the format.
template <int N>
struct Elements;
#define ACC_ELEMENTS(n)                                                                            \
    template <>                                                                                    \
    struct Elements<n> {                                                                           \
        typedef float F __attribute__((ext_vector_type(n)));                                       \
        typedef uint32_t U __attribute__((ext_vector_type(n)));                                    \
        typedef int32_t I __attribute__((ext_vector_type(n)));                                     \
        typedef uint16_t H __attribute__((ext_vector_type(n)));                                    \
        typedef int16_t S __attribute__((ext_vector_type(n)));                                     \
    }
ACC_ELEMENTS(32);
ACC_ELEMENTS(64);
template <bool Packed>
constexpr int kElements = Packed ? 64 : 32;
template <bool Packed>
using FloatsOf = typename Elements<kElements<Packed>>::F;

typedef Elements<64>::U u32x64;
typedef Elements<64>::H u16x64;
typedef Elements<64>::S i16x64;
#ifdef __F16C__
typedef _Float16 f16x64 __attribute__((ext_vector_type(64)));
#endif

struct Rows {
    u32v low, high;
};
ACC_INLINE u32x64 both_rows(u32v low, u32v high) {
    return __builtin_bit_cast(u32x64, Rows{low, high});
}

template <bool Bf, bool Packed>
ACC_INLINE FloatsOf<Packed> widen(u32v h) {
    if constexpr (!Packed) return (f32v)(Bf ? widen_bf16(h) : widen_f16(h));
    if constexpr (Packed && Bf) return (FloatsOf<true>)both_rows(h << 16, h & 0xffff0000u);
#ifdef __F16C__
    if constexpr (Packed && !Bf) return widen_halves<FloatsOf<true>>((u16x64)h);
#else
    if constexpr (Packed && !Bf) return (FloatsOf<true>)both_rows(widen_f16(h), widen_f16(h >> 16));
#endif
}
template <bool Bf, bool Packed>
ACC_INLINE u32v narrow(FloatsOf<Packed> x) {
    if constexpr (!Packed) {
        return Bf ? narrow_bf16((u32v)x) : narrow_f16((u32v)x);
    } else {
#ifdef __F16C__
        if constexpr (!Bf) {
            const u16x64 h = (u16x64) __builtin_convertvector(x, f16x64);
            return (u32v)((h & 0x7fff) > 0x7c00 ? (u16x64)0x7fff : h);
        }
#endif
        const Rows r = __builtin_bit_cast(Rows, x);
        return Bf ? narrow_bf16(r.low) | narrow_bf16(r.high) << 16
                  : narrow_f16(r.low) | narrow_f16(r.high) << 16;
    }
}
template <bool Bf>
ACC_INLINE u32v widen(u32v h) {
    return (u32v)widen<Bf, false>(h);
}
template <bool Bf>
ACC_INLINE u32v narrow(u32v x) {
    return narrow<Bf, false>((f32v)x);
}

/// Signs and flush of one operand, whose unused halves stay what they are.
template <bool Bf>
ACC_INLINE u32v prepare(u32v h, uint32_t mods, uint32_t abs_bit, uint32_t neg_bit, bool ftz) {
    if (mods & abs_bit) h &= 0x7fff7fffu;
    if (mods & neg_bit) h ^= 0x80008000u;
    if (ftz) {
        const u16x64 e = (u16x64)h;
        h = (u32v)((e & 0x7fff) < (Bf ? 0x80 : 0x400) ? e & 0x8000 : e);
    }
    return h;
}
template <bool Bf>
ACC_INLINE u32v finish(u32v r, uint32_t mods, bool use_relu) {
    const bool relu = use_relu && (mods & kReluMod);
    u16x64 h = (u16x64)r;
    if (mods & kFtz) h = (h & 0x7fff) < (Bf ? 0x80 : 0x400) ? h & 0x8000 : h;
    if ((mods & kSat) || relu) {
        // Negative numbers and NaN become 0.
        const i16x64 away = ((i16x64)h < 0) | ((i16x64)h > (Bf ? 0x7f80 : 0x7c00));
        h = away ? (u16x64)0 : h;
        if (mods & kSat) h = __builtin_elementwise_min(h, (u16x64)(Bf ? 0x3f80 : 0x3c00));
    }
    return (u32v)h;
}

#ifdef __AVX512F__
// With the sum rounded down and rounded up: they are the same when it is exact, else one of them is
// odd.
typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x16 __attribute__((ext_vector_type(16)));
enum { kRoundDown = 1 | 8, kRoundUp = 2 | 8 };
ACC_INLINE f32x16 odd_one(f32x16 down, f32x16 up) {
    return ((u32x16)down & 1u) != 0u ? down : up;
}
template <class F>
ACC_INLINE F fma_to_odd(F a, F b, F c) {
    struct Parts {
        f32x16 v[sizeof(F) / 64];
    };
    Parts x = __builtin_bit_cast(Parts, a);
    const Parts y = __builtin_bit_cast(Parts, b), z = __builtin_bit_cast(Parts, c);
#pragma clang loop unroll(full)
    for (unsigned i = 0; i < sizeof(F) / 64; ++i)
        x.v[i] = odd_one(
            __builtin_ia32_vfmaddps512_mask(x.v[i], y.v[i], z.v[i], 0xffff, kRoundDown),
            __builtin_ia32_vfmaddps512_mask(x.v[i], y.v[i], z.v[i], 0xffff, kRoundUp));
    return __builtin_bit_cast(F, x);
}
template <bool Bf, bool Packed>
ACC_INLINE FloatsOf<Packed> half_fma(FloatsOf<Packed> a, FloatsOf<Packed> b, FloatsOf<Packed> c) {
    return fma_to_odd(a, b, c);
}
#else
/// s is the rounded sum of p and c, `error` what is missing: moves s to its neighbour with an odd
/// last bit when it is not exact.
template <class U, class I, class F>
ACC_INLINE F to_odd(F s, F error) {
    const U bits = (U)s;
    const I away = ((I)bits < 0) == ((I)(U)error < 0); // the exact sum is larger in magnitude
    const I inexact = (error != 0) & ((bits & 1) == 0) & ((s - s) == 0);
    return (F)(inexact ? (away ? bits + 1 : bits - 1) : bits);
}
/// p + c rounded to odd.
template <class U, class I, class F>
ACC_INLINE F add_to_odd(F p, F c) {
    const F s = p + c, part = s - p;
    const F error = (p - (s - part)) + (c - part);
    return to_odd<U, I, F>(s, error);
}
ACC_INLINE f32h narrow_to_odd(f64h x) {
    const f32h r = __builtin_convertvector(x, f32h);
    const f64h error = x - __builtin_convertvector(r, f64h);
    typedef int32_t i32half __attribute__((ext_vector_type(16)));
    // An overflow to infinity steps back to the largest finite number, which is odd.
    const u32h bits = (u32h)r;
    const i32half negative_error = __builtin_convertvector((i64h)error < 0, i32half),
                  negative = (i32half)bits < 0;
    const i32half exact = __builtin_convertvector((error == 0.0) | (x != x) | (x - x != 0.0),
                                                  i32half);
    const i32half away = negative == negative_error;
    return (f32h)((exact | ((bits & 1u) != 0u)) ? bits : (away ? bits + 1u : bits - 1u));
}
/// bf16 has f32's exponents, so its products are formed in f64.
ACC_INLINE u32v bf16_fma(u32v a, u32v b, u32v c) {
    const auto x = widen_f32(a), y = widen_f32(b), z = widen_f32(c);
    const f64h first = add_to_odd<u64h, i64h, f64h>(x.a * y.a, z.a),
               second = add_to_odd<u64h, i64h, f64h>(x.b * y.b, z.b);
    return gather_halves((u32h)narrow_to_odd(first), (u32h)narrow_to_odd(second));
}
template <bool Bf, bool Packed>
ACC_INLINE FloatsOf<Packed> half_fma(FloatsOf<Packed> a, FloatsOf<Packed> b, FloatsOf<Packed> c) {
    typedef Elements<kElements<Packed>> E;
    if constexpr (!Bf) { // the product is exact
        return add_to_odd<typename E::U, typename E::I, typename E::F>(a * b, c);
    } else if constexpr (Packed) {
        const Rows x = __builtin_bit_cast(Rows, a), y = __builtin_bit_cast(Rows, b),
                   z = __builtin_bit_cast(Rows, c);
        return (FloatsOf<true>)both_rows(bf16_fma(x.low, y.low, z.low),
                                         bf16_fma(x.high, y.high, z.high));
    } else {
        return (f32v)bf16_fma((u32v)a, (u32v)b, (u32v)c);
    }
}
#endif

struct Add {
    template <bool Bf, bool Packed>
    ACC_MEMBER FloatsOf<Packed> of(FloatsOf<Packed> a, FloatsOf<Packed> b, FloatsOf<Packed>) {
        return a + b;
    }
};
struct Mul {
    template <bool Bf, bool Packed>
    ACC_MEMBER FloatsOf<Packed> of(FloatsOf<Packed> a, FloatsOf<Packed> b, FloatsOf<Packed>) {
        if constexpr (!Bf) return a * b;
        typedef typename Elements<kElements<Packed>>::U U;
        // Adding a zero of its sign keeps the product.
        return half_fma<Bf, Packed>(a, b, (FloatsOf<Packed>)(((U)a ^ (U)b) & kSign32));
    }
};
struct Fma {
    template <bool Bf, bool Packed>
    ACC_MEMBER FloatsOf<Packed> of(FloatsOf<Packed> a, FloatsOf<Packed> b, FloatsOf<Packed> c) {
        return half_fma<Bf, Packed>(a, b, c);
    }
};

template <class Fn, int NC, bool Bf, bool Packed>
struct Arith {
    enum { D = 1, A = 1, B = 1, C = NC };
    template <class TC>
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, TC c) {
        constexpr bool is_fma = NC != 0;
        const bool ftz = op.mods & kFtz;
        const auto x = widen<Bf, Packed>(prepare<Bf>(a, op.mods, is_fma ? 0 : kAbsA, kNegA, ftz));
        const auto y = widen<Bf, Packed>(prepare<Bf>(b, op.mods, is_fma ? 0 : kAbsB, kNegB, ftz));
        FloatsOf<Packed> z = 0.0f;
        if constexpr (is_fma) z = widen<Bf, Packed>(prepare<Bf>(c, op.mods, 0, kNegC, ftz));
        return finish<Bf>(narrow<Bf, Packed>(Fn::template of<Bf, Packed>(x, y, z)), op.mods,
                          is_fma);
    }
};
/// Chooses by element format.
template <template <bool, bool> class F>
void bind_format(const Inst& in, Op& op) {
    const bool bf = is_bf16(in.mods), packed = is_packed(in.mods);
    if (bf) return packed ? bind_rare<F<true, true>>(in, op) : bind_rare<F<true, false>>(in, op);
    return packed ? bind_rare<F<false, true>>(in, op) : bind_rare<F<false, false>>(in, op);
}
template <bool Bf, bool Packed>
struct AddF : Arith<Add, 0, Bf, Packed> {};
template <bool Bf, bool Packed>
struct MulF : Arith<Mul, 0, Bf, Packed> {};
template <bool Bf, bool Packed>
struct FmaF : Arith<Fma, 1, Bf, Packed> {};

/// minimumNumber and maximumNumber on the bits, -0 below +0.
template <bool Max, bool Bf, bool Packed>
struct MinMax {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER i16x64 order_key(u16x64 h) {
        return (i16x64)(h ^ ((u16x64)((i16x64)h >> 15) & 0x7fff));
    }
    ACC_MEMBER i16x64 is_nan(u16x64 h) { return (i16x64)(h & 0x7fff) > (Bf ? 0x7f80 : 0x7c00); }
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        const bool ftz = op.mods & kFtz;
        u16x64 x = (u16x64)prepare<Bf>(a, op.mods, kAbsA, kNegA, ftz),
               y = (u16x64)prepare<Bf>(b, op.mods, kAbsB, kNegB, ftz);
        const u16x64 sign = (x ^ y) & 0x8000;
        if (op.mods & kXorSign) x &= 0x7fff, y &= 0x7fff;
        const i16x64 x_nan = is_nan(x), y_nan = is_nan(y);
        const i16x64 kx = order_key(x), ky = order_key(y);
        u16x64 r = (Max ? kx > ky : kx < ky) ? x : y;
        r = x_nan ? y : r;
        r = y_nan ? x : r;
        if (op.mods & kXorSign) r |= sign;
        r = (op.mods & kNanMod ? x_nan | y_nan : x_nan & y_nan) ? (u16x64)0x7fff : r;
        return Packed ? (u32v)r : (u32v)r & 0xffffu;
    }
};
template <bool Bf, bool Packed>
struct MinF : MinMax<false, Bf, Packed> {};
template <bool Bf, bool Packed>
struct MaxF : MinMax<true, Bf, Packed> {};

/// Comparison of the low halves.
template <bool Bf>
ACC_INLINE i32v compare_half(const Op& op, u32v a, u32v b) {
    const bool ftz = mod<mods::MCmpHFtz>(op.mods);
    const u32v x = widen<Bf>(prepare<Bf>(a, 0, 0, 0, ftz)),
               y = widen<Bf>(prepare<Bf>(b, 0, 0, 0, ftz));
    return float_compare<i32v>(mod<mods::MFCmp>(op.mods), as_f32(x), as_f32(y));
}
template <bool Bf, bool Packed>
struct SetF {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        const uint32_t yes = mod<mods::HSET::hres>(op.mods) == mods::HSET::hres_mask ? 0xffffu
                             : Bf                                                    ? 0x3f80u
                                                                                     : 0x3c00u;
        const u32v low = choose(compare_half<Bf>(op, a, b), splat(yes), splat(0));
        return Packed ? low | choose(compare_half<Bf>(op, a >> 16, b >> 16), splat(yes << 16),
                                     splat(0))
                      : low;
    }
};
/// Lane masks of the two halves (unpacked: of the comparison and its inverse), before ps.
struct Both {
    uint32_t low, second;
};
ACC_INLINE Both compare_both(const Op& op, u32v a, u32v b) {
    const bool bf = is_bf16(op.mods);
    const uint32_t low = mask_of(bf ? compare_half<true>(op, a, b) : compare_half<false>(op, a, b));
    if (!is_packed(op.mods)) return {low, ~low};
    return {low, mask_of(bf ? compare_half<true>(op, a >> 16, b >> 16)
                            : compare_half<false>(op, a >> 16, b >> 16))};
}
#ifdef ACC_LIFT
void bind_setp(const Inst& in, Op& op) {
    LiftOp& lifted = lifted_op(op);
    const u32v b = in.form == 1 ? splat((uint32_t)op.imm) : *(const u32v*)lifted.source_b;
    const Both r = compare_both(op, *(const u32v*)lifted.source_a, b);
    const unsigned bop = mod<mods::MBool>(op.mods);
    lifted.predicate_d = combine(bop, r.low, lifted.predicate);
    lifted.predicate_e = combine(bop, r.second, lifted.predicate);
}
#else
template <int Form>
void ACC_HANDLER_CC setp(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const Both both = compare_both(*op, load_row(r + op->a),
                                       Form == 1 ? splat((uint32_t)op->imm) : load_row(r + op->b));
        const uint32_t ps = source_pred(op, g, (unsigned)w), bop = mod<mods::MBool>(op->mods);
        set_pred(g, op->pd, (unsigned)w, combine(bop, both.low, ps), m[w]);
        set_pred(g, op->pe, (unsigned)w, combine(bop, both.second, ps), m[w]);
    }
    ACC_NEXT();
}
void bind_setp(const Inst& in, Op& op) {
    op.handler[0] = op.handler[1] = in.form == 1 ? setp<1> : setp<0>;
}
#endif

template <bool Tanh, bool Bf, bool Packed>
struct Function {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v half(const Op& op, u32v a) {
        const u32v x = widen<Bf>(prepare<Bf>(a, 0, 0, 0, op.mods & kFtz));
        const u32v y = (u32v)(Tanh ? tanh_of(as_f32(x)) : exp2_of(as_f32(x)));
        return finish<Bf>(narrow<Bf>(y), op.mods & kFtz, false);
    }
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        const u32v low = half(op, a);
        return Packed ? low | half(op, a >> 16) << 16 : low;
    }
};
template <bool Bf, bool Packed>
struct Ex2F : Function<false, Bf, Packed> {};
template <bool Bf, bool Packed>
struct TanhF : Function<true, Bf, Packed> {};

} // namespace

void bind_half(Bind* t) {
    t[ACC_OPCODE(HADD)] = bind_format<AddF>;
    t[ACC_OPCODE(HMUL)] = bind_format<MulF>;
    t[ACC_OPCODE(HFMA)] = bind_format<FmaF>;
    t[ACC_OPCODE(HMIN)] = bind_format<MinF>;
    t[ACC_OPCODE(HMAX)] = bind_format<MaxF>;
    t[ACC_OPCODE(HSETP)] = bind_setp;
    t[ACC_OPCODE(HSET)] = bind_format<SetF>;
    t[ACC_OPCODE(HEX2)] = bind_format<Ex2F>;
    t[ACC_OPCODE(HTANH)] = bind_format<TanhF>;
}

} // namespace acc::model::interp::ACC_SIMD
