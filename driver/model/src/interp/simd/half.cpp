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

template <bool Bf>
ACC_INLINE u32v widen(u32v h) {
    return Bf ? widen_bf16(h) : widen_f16(h);
}
template <bool Bf>
ACC_INLINE u32v narrow(u32v x) {
    return Bf ? narrow_bf16(x) : narrow_f16(x);
}

/// Signs and flush of one operand (16 bits in each lane).
template <bool Bf>
ACC_INLINE u32v prepare(u32v h, uint32_t mods, uint32_t abs_bit, uint32_t neg_bit, bool ftz) {
    h &= 0xffffu;
    if (mods & abs_bit) h &= 0x7fffu;
    if (mods & neg_bit) h ^= 0x8000u;
    if (ftz) h = choose((h & 0x7fffu) < (Bf ? 0x80u : 0x400u), h & 0x8000u, h);
    return h;
}
template <bool Bf>
ACC_INLINE u32v finish(u32v h, uint32_t mods, bool use_relu) {
    if (mods & kFtz) h = choose((h & 0x7fffu) < (Bf ? 0x80u : 0x400u), h & 0x8000u, h);
    const i32v positive = (h != 0u) & (h <= (Bf ? 0x7f80u : 0x7c00u));
    if (mods & kSat) {
        const uint32_t one = Bf ? 0x3f80 : 0x3c00;
        h = choose(positive, __builtin_elementwise_min(h, splat(one)), splat(0));
    }
    if (use_relu && (mods & kReluMod)) h = choose(positive, h, splat(0));
    return h;
}

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

struct Add {
    template <bool Bf>
    ACC_MEMBER u32v of(u32v a, u32v b, u32v) {
        return (u32v)(as_f32(a) + as_f32(b));
    }
};
/// bf16 has f32's exponents, so its products are formed in f64.
ACC_INLINE u32v bf16_fma(u32v a, u32v b, u32v c) {
    const auto x = widen_f32(a), y = widen_f32(b), z = widen_f32(c);
    const f64h first = add_to_odd<u64h, i64h, f64h>(x.a * y.a, z.a),
               second = add_to_odd<u64h, i64h, f64h>(x.b * y.b, z.b);
    return gather_halves((u32h)narrow_to_odd(first), (u32h)narrow_to_odd(second));
}
struct Mul {
    template <bool Bf>
    ACC_MEMBER u32v of(u32v a, u32v b, u32v) {
        return Bf ? bf16_fma(a, b, (a ^ b) & kSign32) : (u32v)(as_f32(a) * as_f32(b)); // adding a
                                                                                       // zero of
                                                                                       // its sign
                                                                                       // keeps the
                                                                                       // product
    }
};
struct Fma {
    template <bool Bf>
    ACC_MEMBER u32v of(u32v a, u32v b, u32v c) {
        if (Bf) return bf16_fma(a, b, c);
        return (u32v)add_to_odd<u32v, i32v, f32v>(as_f32(a) * as_f32(b), as_f32(c)); // the product
                                                                                     // is exact
    }
};

template <class Fn, bool Bf>
ACC_INLINE u32v arith_half(const Op& op, u32v a, u32v b, u32v c, bool is_fma) {
    const bool ftz = op.mods & kFtz;
    const u32v x = widen<Bf>(prepare<Bf>(a, op.mods, is_fma ? 0 : kAbsA, kNegA, ftz));
    const u32v y = widen<Bf>(prepare<Bf>(b, op.mods, is_fma ? 0 : kAbsB, kNegB, ftz));
    const u32v z = is_fma ? widen<Bf>(prepare<Bf>(c, op.mods, 0, kNegC, ftz)) : splat(0);
    return finish<Bf>(narrow<Bf>(Fn::template of<Bf>(x, y, z)), op.mods, is_fma);
}
ACC_INLINE u32v row_or_zero(u32v v) {
    return v;
}
ACC_INLINE u32v row_or_zero(None) {
    return splat(0);
}

template <class Fn, int NC, bool Bf, bool Packed>
struct Arith {
    enum { D = 1, A = 1, B = 1, C = NC };
    template <class TC>
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, TC c) {
        const u32v z = row_or_zero(c);
        const u32v low = arith_half<Fn, Bf>(op, a, b, z, NC != 0);
        if (!Packed) return low;
        return low | arith_half<Fn, Bf>(op, a >> 16, b >> 16, z >> 16, NC != 0) << 16;
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

template <bool Max, bool Bf, bool Packed>
struct MinMax {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v half(const Op& op, u32v a, u32v b) {
        const bool ftz = op.mods & kFtz;
        const u32v x = widen<Bf>(prepare<Bf>(a, op.mods, kAbsA, kNegA, ftz)),
                   y = widen<Bf>(prepare<Bf>(b, op.mods, kAbsB, kNegB, ftz));
        return narrow<Bf>(extreme_general<Max>(op.mods, x, y));
    }
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        const u32v low = half(op, a, b);
        return Packed ? low | half(op, a >> 16, b >> 16) << 16 : low;
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
