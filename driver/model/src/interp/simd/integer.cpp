// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer add, subtract, multiply, minimum, maximum, compare.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

ACC_INLINE Wide add(Wide a, Wide b) {
    const u32v lo = a.lo + b.lo;
    return {lo, a.hi + b.hi - (u32v)(lo < a.lo)};
}
ACC_INLINE Wide subtract(Wide a, Wide b) {
    return {a.lo - b.lo, a.hi - b.hi + (u32v)(a.lo < b.lo)};
}
ACC_INLINE Wide shift_left(Wide a, unsigned n) { // n < 32
    return n ? Wide{a.lo << n, a.hi << n | a.lo >> (32 - n)} : a;
}
ACC_INLINE Wide sign_extend(u32v a) {
    return {a, (u32v)((i32v)a >> 31)};
}

ACC_INLINE u64h even_product(u32h a, u32h b) {
    return __builtin_convertvector(a, u64h) * __builtin_convertvector(b, u64h);
}
typedef int32_t i32h __attribute__((ext_vector_type(16)));
ACC_INLINE u64h even_product_signed(u32h a, u32h b) {
    return (u64h)(__builtin_convertvector((i32h)a, i64h) * __builtin_convertvector((i32h)b, i64h));
}
ACC_INLINE Wide multiply_wide(u32v a, u32v b) {
    const auto x = spread(a), y = spread(b);
    return split({even_product(x.a, y.a), even_product(x.b, y.b)});
}
ACC_INLINE Wide multiply_wide_signed(u32v a, u32v b) {
    const auto x = spread(a), y = spread(b);
    return split({even_product_signed(x.a, y.a), even_product_signed(x.b, y.b)});
}
ACC_INLINE Wide multiply(Wide a, Wide b) {
    const auto x = join(a), y = join(b);
    return split({x.a * y.a, x.b * y.b});
}

ACC_FUNC(Iadd, 1, 1, 1, 0, return a + b;);
ACC_FUNC(Isub, 1, 1, 1, 0, return a - b;);
ACC_FUNC(Iadd64, 2, 2, 2, 0, return add(a, b););
ACC_FUNC(Isub64, 2, 2, 2, 0, return subtract(a, b););
ACC_FUNC(Ilea, 1, 1, 1, 0, return (a << mod<mods::MShift>(op.mods)) + b;);
ACC_FUNC(Ilea64, 2, 1, 2, 0, {
    const Wide wide = mod<mods::ILEA64::idx>(op.mods) == mods::ILEA64::idx_u ? Wide{a, splat(0)}
                                                                             : sign_extend(a);
    return add(shift_left(wide, mod<mods::MShift>(op.mods)), b);
});
ACC_FUNC(Imul, 1, 1, 1, 0, return a * b;);
ACC_FUNC(ImulhiS, 1, 1, 1, 0, return multiply_wide_signed(a, b).hi;);
ACC_FUNC(ImulhiU, 1, 1, 1, 0, return multiply_wide(a, b).hi;);
ACC_FUNC(ImulwS, 2, 1, 1, 0, return multiply_wide_signed(a, b););
ACC_FUNC(ImulwU, 2, 1, 1, 0, return multiply_wide(a, b););
ACC_FUNC(Imul64, 2, 2, 2, 0, return multiply(a, b););
ACC_FUNC(Imad, 1, 1, 1, 1, return a * b + c;);
ACC_FUNC(ImadhiS, 1, 1, 1, 1, return multiply_wide_signed(a, b).hi + c;);
ACC_FUNC(ImadhiU, 1, 1, 1, 1, return multiply_wide(a, b).hi + c;);
ACC_FUNC(ImadwS, 2, 1, 1, 2, return add(multiply_wide_signed(a, b), c););
ACC_FUNC(ImadwU, 2, 1, 1, 2, return add(multiply_wide(a, b), c););
ACC_FUNC(Imad64, 2, 2, 2, 2, return add(multiply(a, b), c););
ACC_FUNC(Imul24S, 1, 1, 1, 0, return (u32v)(((i32v)(a << 8) >> 8) * ((i32v)(b << 8) >> 8)););
ACC_FUNC(Imul24U, 1, 1, 1, 0, return (a & 0xffffffu) * (b & 0xffffffu););

ACC_FUNC(MinS, 1, 1, 1, 0, return (u32v)__builtin_elementwise_min((i32v)a, (i32v)b););
ACC_FUNC(MaxS, 1, 1, 1, 0, return (u32v)__builtin_elementwise_max((i32v)a, (i32v)b););
ACC_FUNC(MinU, 1, 1, 1, 0, return __builtin_elementwise_min(a, b););
ACC_FUNC(MaxU, 1, 1, 1, 0, return __builtin_elementwise_max(a, b););
template <class V, bool Max>
struct Extreme64 {
    enum { D = 2, A = 2, B = 2, C = 0 };
    ACC_MEMBER V of(V a, V b) {
        return Max ? __builtin_elementwise_max(a, b) : __builtin_elementwise_min(a, b);
    }
    ACC_MEMBER Wide apply(const Op&, Wide a, Wide b, None) {
        const auto x = join(a), y = join(b);
        return split({(u64h)of((V)x.a, (V)y.a), (u64h)of((V)x.b, (V)y.b)});
    }
};
ACC_FUNC(Iabs, 1, 1, 0, 0, return (u32v)__builtin_elementwise_max((i32v)a, (i32v)(0u - a)););
ACC_FUNC(Iabs64, 2, 2, 0, 0, {
    const u32v s = (u32v)((i32v)a.hi >> 31);
    return subtract(Wide{a.lo ^ s, a.hi ^ s}, Wide{s, s});
});

enum {
    Eq = mods::MICmp_eq,
    Ne = mods::MICmp_ne,
    Lt = mods::MICmp_lt,
    Le = mods::MICmp_le,
    Gt = mods::MICmp_gt,
    Ge = mods::MICmp_ge
};
template <class V>
ACC_INLINE i32v compare32(unsigned cmp, V a, V b) {
    switch (cmp) {
    case Eq: return a == b;
    case Ne: return a != b;
    case Lt: return a < b;
    case Le: return a <= b;
    case Gt: return a > b;
    default: return a >= b;
    }
}
template <class V, int Cmp>
struct Setp {
    enum { D = 0, A = 1, B = 1, C = 0 };
    ACC_MEMBER uint32_t apply(const Op&, u32v a, u32v b, None) {
        return mask_of(compare32<V>(Cmp, (V)a, (V)b));
    }
};
/// 64 bits by words: high words decide, equal high words leave it to the low words (unsigned).
template <class V, int Cmp>
struct Setp64 {
    enum { D = 0, A = 2, B = 2, C = 0 };
    ACC_MEMBER uint32_t apply(const Op&, Wide a, Wide b, None) {
        const i32v equal = a.hi == b.hi;
        if (Cmp == Eq) return mask_of(equal & (a.lo == b.lo));
        if (Cmp == Ne) return ~mask_of(equal & (a.lo == b.lo));
        const int strict = Cmp == Lt || Cmp == Le ? Lt : Gt;
        return mask_of(compare32<V>(strict, (V)a.hi, (V)b.hi) |
                       (equal & compare32<u32v>(Cmp, a.lo, b.lo)));
    }
};
template <template <class, int> class S, class V>
void bind_setp(const Inst& in, Op& op) {
    switch (mod<mods::MICmp>(in.mods)) {
    case Eq: return bind_compare<S<V, Eq>>(in, op);
    case Ne: return bind_compare<S<V, Ne>>(in, op);
    case Lt: return bind_compare<S<V, Lt>>(in, op);
    case Le: return bind_compare<S<V, Le>>(in, op);
    case Gt: return bind_compare<S<V, Gt>>(in, op);
    default: return bind_compare<S<V, Ge>>(in, op);
    }
}

} // namespace

void bind_integer(Bind* t) {
    t[ACC_OPCODE(IADD)] = bind_alu<Iadd>;
    t[ACC_OPCODE(ISUB)] = bind_alu<Isub>;
    t[ACC_OPCODE(IADD64)] = bind_alu<Iadd64>;
    t[ACC_OPCODE(ISUB64)] = bind_alu<Isub64>;
    t[ACC_OPCODE(ILEA)] = bind_alu<Ilea>;
    t[ACC_OPCODE(ILEA64)] = bind_alu<Ilea64>;
    t[ACC_OPCODE(IMUL)] = bind_alu<Imul>;
    t[ACC_OPCODE(IMULHIS)] = bind_alu<ImulhiS>;
    t[ACC_OPCODE(IMULHIU)] = bind_alu<ImulhiU>;
    t[ACC_OPCODE(IMULWS)] = bind_alu<ImulwS>;
    t[ACC_OPCODE(IMULWU)] = bind_alu<ImulwU>;
    t[ACC_OPCODE(IMUL64)] = bind_alu<Imul64>;
    t[ACC_OPCODE(IMAD)] = bind_alu<Imad>;
    t[ACC_OPCODE(IMADHIS)] = bind_alu<ImadhiS>;
    t[ACC_OPCODE(IMADHIU)] = bind_alu<ImadhiU>;
    t[ACC_OPCODE(IMADWS)] = bind_alu<ImadwS>;
    t[ACC_OPCODE(IMADWU)] = bind_alu<ImadwU>;
    t[ACC_OPCODE(IMAD64)] = bind_alu<Imad64>;
    t[ACC_OPCODE(IMUL24S)] = bind_alu<Imul24S>;
    t[ACC_OPCODE(IMUL24U)] = bind_alu<Imul24U>;
    t[ACC_OPCODE(IS32_MIN)] = bind_alu<MinS>;
    t[ACC_OPCODE(IS32_MAX)] = bind_alu<MaxS>;
    t[ACC_OPCODE(IU32_MIN)] = bind_alu<MinU>;
    t[ACC_OPCODE(IU32_MAX)] = bind_alu<MaxU>;
    t[ACC_OPCODE(IS64_MIN)] = bind_alu<Extreme64<i64h, false>>;
    t[ACC_OPCODE(IS64_MAX)] = bind_alu<Extreme64<i64h, true>>;
    t[ACC_OPCODE(IU64_MIN)] = bind_alu<Extreme64<u64h, false>>;
    t[ACC_OPCODE(IU64_MAX)] = bind_alu<Extreme64<u64h, true>>;
    t[ACC_OPCODE(IABS)] = bind_alu<Iabs>;
    t[ACC_OPCODE(IABS64)] = bind_alu<Iabs64>;
    t[ACC_OPCODE(ISETPS32)] = bind_setp<Setp, i32v>;
    t[ACC_OPCODE(ISETPU32)] = bind_setp<Setp, u32v>;
    t[ACC_OPCODE(ISETPS64)] = bind_setp<Setp64, i32v>;
    t[ACC_OPCODE(ISETPU64)] = bind_setp<Setp64, u32v>;
}

} // namespace acc::model::interp::ACC_SIMD
