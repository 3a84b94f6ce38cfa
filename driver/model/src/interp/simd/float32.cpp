// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 arithmetic, comparison and classification.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/float.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

struct AddOf {
    ACC_MEMBER f32v of(f32v a, f32v b, f32v) { return a + b; }
};
struct MulOf {
    ACC_MEMBER f32v of(f32v a, f32v b, f32v) { return a * b; }
};
struct FmaOf {
    ACC_MEMBER f32v of(f32v a, f32v b, f32v c) { return __builtin_elementwise_fma(a, b, c); }
};
struct DivOf {
    ACC_MEMBER f32v of(f32v a, f32v b, f32v) { return a / b; }
};
struct RcpOf {
    ACC_MEMBER f32v of(f32v a, f32v, f32v) { return 1.0f / a; }
};
struct SqrtOf {
    ACC_MEMBER f32v of(f32v a, f32v, f32v) { return __builtin_elementwise_sqrt(a); }
};

ACC_INLINE u32v row_or_zero(u32v v) {
    return v;
}
ACC_INLINE u32v row_or_zero(None) {
    return splat(0);
}

/// No modifiers.
template <class Fn, int NB, int NC>
struct Plain {
    enum { D = 1, A = 1, B = NB, C = NC };
    template <class TB, class TC>
    ACC_MEMBER u32v apply(const Op&, u32v a, TB b, TC c) {
        return canonical(Fn::of(as_f32(a), as_f32(row_or_zero(b)), as_f32(row_or_zero(c))));
    }
};
/// Signs of the operands, round to nearest.
template <class Fn, int NB, int NC>
struct Signed {
    enum { D = 1, A = 1, B = NB, C = NC };
    template <class TB, class TC>
    ACC_MEMBER u32v apply(const Op& op, u32v a, TB b, TC c) {
        const u32v x = with_sign(a, op.mods, kAbsA, kNegA),
                   y = with_sign(row_or_zero(b), op.mods, kAbsB, kNegB),
                   z = with_sign(row_or_zero(c), op.mods, 0, kNegC);
        return canonical(Fn::of(as_f32(x), as_f32(y), as_f32(z)));
    }
};
/// Every modifier.
template <class Fn, int NB, int NC>
struct General {
    enum { D = 1, A = 1, B = NB, C = NC };
    template <class TB, class TC>
    ACC_MEMBER u32v apply(const Op& op, u32v a, TB b, TC c) {
        u32v x = with_sign(a, op.mods, kAbsA, kNegA),
             y = with_sign(row_or_zero(b), op.mods, kAbsB, kNegB),
             z = with_sign(row_or_zero(c), op.mods, 0, kNegC);
        if (op.mods & kFtz) x = flush(x), y = flush(y), z = flush(z);
        const auto fn = [](f32v p, f32v q, f32v r) ACC_LAMBDA { return Fn::of(p, q, r); };
        u32v result = canonical(
            op.mods & kRnd ? rounded(mod<mods::MRnd>(op.mods), fn, as_f32(x), as_f32(y), as_f32(z))
                           : Fn::of(as_f32(x), as_f32(y), as_f32(z)));
        if (op.mods & kFtz) result = flush(result);
        return op.mods & kSat ? saturate(as_f32(result)) : result;
    }
};
/// ftz and signs, nearest: what -use_fast_math code consists of.
template <class Fn, int NB, int NC>
struct Flushed {
    enum { D = 1, A = 1, B = NB, C = NC };
    template <class TB, class TC>
    ACC_MEMBER u32v apply(const Op& op, u32v a, TB b, TC c) {
        u32v x = with_sign(a, op.mods, kAbsA, kNegA),
             y = with_sign(row_or_zero(b), op.mods, kAbsB, kNegB),
             z = with_sign(row_or_zero(c), op.mods, 0, kNegC);
        return flush(canonical(Fn::of(as_f32(flush(x)), as_f32(flush(y)), as_f32(flush(z)))));
    }
};
template <class Fn, int NB, int NC>
void bind_arith(const Inst& in, Op& op) {
    if (in.mods == 0) return bind_alu<Plain<Fn, NB, NC>>(in, op);
    if (in.mods & (kRnd | kSat)) return bind_rare<General<Fn, NB, NC>>(in, op);
    if (in.mods & kFtz) return bind_alu<Flushed<Fn, NB, NC>>(in, op);
    return bind_alu<Signed<Fn, NB, NC>>(in, op);
}

template <bool Max>
struct MinMax {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op&, u32v a, u32v b, None) {
        return canonical(as_f32(extreme<Max>(a, b)));
    }
};
template <bool Max>
struct MinMaxGeneral {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        u32v x = with_sign(a, op.mods, kAbsA, kNegA), y = with_sign(b, op.mods, kAbsB, kNegB);
        if (op.mods & kFtz) x = flush(x), y = flush(y);
        return extreme_general<Max>(op.mods, x, y);
    }
};
template <bool Max>
void bind_minmax(const Inst& in, Op& op) {
    return in.mods ? bind_rare<MinMaxGeneral<Max>>(in, op) : bind_alu<MinMax<Max>>(in, op);
}

template <uint32_t Cmp, bool Mods>
struct Setp {
    enum { D = 0, A = 1, B = 1, C = 0 };
    ACC_MEMBER uint32_t apply(const Op& op, u32v a, u32v b, None) {
        if constexpr (Mods) {
            a = with_sign(a, op.mods, kCmpAbsA, kCmpNegA);
            b = with_sign(b, op.mods, kCmpAbsB, kCmpNegB);
            if (mod<mods::MCmpFtz>(op.mods)) a = flush(a), b = flush(b);
        }
        return mask_of(float_compare<i32v>(Cmp, as_f32(a), as_f32(b)));
    }
};
template <uint32_t Cmp>
bool bind_setp_if(const Inst& in, Op& op) {
    if (mod<mods::MFCmp>(in.mods) != Cmp) return false;
    constexpr uint32_t changing = kCmpAbsA | kCmpNegA | kCmpAbsB | kCmpNegB | mods::MCmpFtz.mask();
    const bool plain = (in.mods & changing) == 0;
    plain ? bind_compare<Setp<Cmp, false>>(in, op) : bind_compare<Setp<Cmp, true>>(in, op);
    return true;
}
void bind_setp(const Inst& in, Op& op) {
    [&]<int... Cmp>(Seq<Cmp...>) {
        (void)(bind_setp_if<Cmp>(in, op) || ...);
    }(Seq<mods::MFCmp_eq, mods::MFCmp_ne, mods::MFCmp_lt, mods::MFCmp_le, mods::MFCmp_gt,
          mods::MFCmp_ge, mods::MFCmp_num, mods::MFCmp_nan, mods::MFCmp_equ, mods::MFCmp_neu,
          mods::MFCmp_ltu, mods::MFCmp_leu, mods::MFCmp_gtu, mods::MFCmp_geu>());
}

struct Testp {
    enum { D = 0, A = 1, B = 0, C = 0 };
    ACC_MEMBER uint32_t apply(const Op& op, u32v a, None, None) {
        const u32v x = a & 0x7fffffffu;
        switch (mod<mods::MClass>(op.mods)) {
        case mods::MClass_finite: return mask_of(x < 0x7f800000u);
        case mods::MClass_infinite: return mask_of(x == 0x7f800000u);
        case mods::MClass_number: return mask_of(x <= 0x7f800000u);
        case mods::MClass_notanumber: return mask_of(x > 0x7f800000u);
        case mods::MClass_normal: return mask_of((x >= 0x00800000u) & (x < 0x7f800000u));
        default: return mask_of((x != 0u) & (x < 0x00800000u)); // subnormal
        }
    }
};
ACC_FUNC(Copysign, 1, 1, 1, 0, return (a & 0x7fffffffu) | (b & kSign32););

} // namespace

void bind_float32(Bind* t) {
    t[ACC_OPCODE(FADD)] = bind_arith<AddOf, 1, 0>;
    t[ACC_OPCODE(FMUL)] = bind_arith<MulOf, 1, 0>;
    t[ACC_OPCODE(FFMA)] = bind_arith<FmaOf, 1, 1>;
    t[ACC_OPCODE(FMIN)] = bind_minmax<false>;
    t[ACC_OPCODE(FMAX)] = bind_minmax<true>;
    t[ACC_OPCODE(FDIV)] = bind_arith<DivOf, 1, 0>;
    t[ACC_OPCODE(FRCP)] = bind_arith<RcpOf, 0, 0>;
    t[ACC_OPCODE(FSQRT)] = bind_arith<SqrtOf, 0, 0>;
    t[ACC_OPCODE(FSETP)] = bind_setp;
    t[ACC_OPCODE(FTESTP)] = bind_test<Testp>;
    t[ACC_OPCODE(FCOPYSIGN)] = bind_alu<Copysign>;
}

} // namespace acc::model::interp::ACC_SIMD
