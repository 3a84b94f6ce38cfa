// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f64 arithmetic, comparison and classification.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/float.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

struct AddOf {
    ACC_MEMBER f64h of(f64h a, f64h b, f64h) { return a + b; }
};
struct MulOf {
    ACC_MEMBER f64h of(f64h a, f64h b, f64h) { return a * b; }
};
struct FmaOf {
    ACC_MEMBER f64h of(f64h a, f64h b, f64h c) { return __builtin_elementwise_fma(a, b, c); }
};
struct DivOf {
    ACC_MEMBER f64h of(f64h a, f64h b, f64h) { return a / b; }
};
struct RcpOf {
    ACC_MEMBER f64h of(f64h a, f64h, f64h) { return 1.0 / a; }
};
struct SqrtOf {
    ACC_MEMBER f64h of(f64h a, f64h, f64h) { return __builtin_elementwise_sqrt(a); }
};

ACC_INLINE Wide row_or_zero(Wide v) {
    return v;
}
ACC_INLINE Wide row_or_zero(None) {
    return {splat(0), splat(0)};
}
/// Sign modifiers are in the row, so the plain handlers pay nothing for them.
template <bool Mods>
ACC_INLINE Wide signed_operand(Wide x, uint32_t mods, uint32_t abs_bit, uint32_t neg_bit) {
    return Mods ? with_sign(x, mods, abs_bit, neg_bit) : x;
}

template <class Fn, int NB, int NC, bool Mods>
struct Arith {
    enum { D = 2, A = 2, B = NB * 2, C = NC * 2 };
    template <class TB, class TC>
    ACC_MEMBER Wide apply(const Op& op, Wide a, TB b, TC c) {
        const auto x = join_f64(signed_operand<Mods>(a, op.mods, kAbsA, kNegA));
        const auto y = join_f64(signed_operand<Mods>(row_or_zero(b), op.mods, kAbsB, kNegB));
        const auto z = join_f64(signed_operand<Mods>(row_or_zero(c), op.mods, 0, kNegC));
        if (!Mods || !(op.mods & kRnd))
            return split_canonical(Fn::of(x.a, y.a, z.a), Fn::of(x.b, y.b, z.b));
        const auto fn = [](f64h p, f64h q, f64h r) ACC_LAMBDA { return Fn::of(p, q, r); };
        return split_canonical(rounded(mod<mods::MRnd>(op.mods), fn, x.a, y.a, z.a),
                               rounded(mod<mods::MRnd>(op.mods), fn, x.b, y.b, z.b));
    }
};
template <class Fn, int NB, int NC>
void bind_arith(const Inst& in, Op& op) {
    return in.mods ? bind_rare<Arith<Fn, NB, NC, true>>(in, op)
                   : bind_alu<Arith<Fn, NB, NC, false>>(in, op);
}

ACC_INLINE i64h order_key64(f64h x) {
    const u64h bits = (u64h)x;
    return (i64h)(bits ^ ((u64h)((i64h)bits >> 63) & 0x7fffffffffffffffull));
}
template <bool Max>
struct MinMax {
    enum { D = 2, A = 2, B = 2, C = 0 };
    ACC_MEMBER f64h of(f64h a, f64h b, bool propagate) {
        const i64h a_first = Max ? order_key64(a) > order_key64(b)
                                 : order_key64(a) < order_key64(b);
        f64h r = a_first ? a : b;
        r = a != a ? b : r;
        r = b != b ? a : r;
        if (propagate) r = ((a != a) | (b != b)) ? a + b : r;
        return r;
    }
    ACC_MEMBER Wide apply(const Op& op, Wide a, Wide b, None) {
        const auto x = join_f64(with_sign(a, op.mods, kAbsA, kNegA)),
                   y = join_f64(with_sign(b, op.mods, kAbsB, kNegB));
        const bool propagate = op.mods & kNanMod;
        return split_canonical(of(x.a, y.a, propagate), of(x.b, y.b, propagate));
    }
};

struct Setp {
    enum { D = 0, A = 2, B = 2, C = 0 };
    ACC_MEMBER uint32_t apply(const Op& op, Wide a, Wide b, None) {
        const auto x = join_f64(with_sign(a, op.mods, kCmpAbsA, kCmpNegA)),
                   y = join_f64(with_sign(b, op.mods, kCmpAbsB, kCmpNegB));
        const unsigned cmp = mod<mods::MFCmp>(op.mods);
        return mask_of(
            split_cmp(float_compare<i64h>(cmp, x.a, y.a), float_compare<i64h>(cmp, x.b, y.b)));
    }
};
struct Testp {
    enum { D = 0, A = 2, B = 0, C = 0 };
    ACC_MEMBER uint32_t apply(const Op& op, Wide a, None, None) {
        const u32v high = a.hi & 0x7fffffffu;
        const i32v infinite = (high == 0x7ff00000u) & (a.lo == 0u),
                   zero = (high == 0u) & (a.lo == 0u), finite = high < 0x7ff00000u;
        switch (mod<mods::MClass>(op.mods)) {
        case mods::MClass_finite: return mask_of(finite);
        case mods::MClass_infinite: return mask_of(infinite);
        case mods::MClass_number: return mask_of(finite | infinite);
        case mods::MClass_notanumber: return ~mask_of(finite | infinite);
        case mods::MClass_normal: return mask_of(finite & (high >= 0x00100000u));
        default: return mask_of(~zero & (high < 0x00100000u)); // subnormal
        }
    }
};
ACC_FUNC(Copysign, 2, 2, 2, 0, return (Wide{a.lo, (a.hi & 0x7fffffffu) | (b.hi & kSign32)}););

} // namespace

void bind_float64(Bind* t) {
    t[ACC_OPCODE(DADD)] = bind_arith<AddOf, 1, 0>;
    t[ACC_OPCODE(DMUL)] = bind_arith<MulOf, 1, 0>;
    t[ACC_OPCODE(DFMA)] = bind_arith<FmaOf, 1, 1>;
    t[ACC_OPCODE(DMIN)] = bind_alu<MinMax<false>>;
    t[ACC_OPCODE(DMAX)] = bind_alu<MinMax<true>>;
    t[ACC_OPCODE(DDIV)] = bind_arith<DivOf, 1, 0>;
    t[ACC_OPCODE(DRCP)] = bind_arith<RcpOf, 0, 0>;
    t[ACC_OPCODE(DSQRT)] = bind_arith<SqrtOf, 0, 0>;
    t[ACC_OPCODE(DSETP)] = bind_compare<Setp>;
    t[ACC_OPCODE(DTESTP)] = bind_test<Testp>;
    t[ACC_OPCODE(DCOPYSIGN)] = bind_alu<Copysign>;
}

} // namespace acc::model::interp::ACC_SIMD
