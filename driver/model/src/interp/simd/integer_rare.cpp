// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Carries, saturation, division, absolute differences, dot products, SIMD in a word.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

// ---- carries: a register and a predicate as results
struct Carried {
    u32v value;
    uint32_t out;
};
template <bool Subtract>
ACC_INLINE Carried carried(u32v a, u32v b, uint32_t carry_in) {
    const u32v in = select(carry_in, splat(1), splat(0));
    const u32v first = Subtract ? a - b : a + b;
    const u32v value = Subtract ? first - in : first + in;
    return {value, mask_of(Subtract ? (a < b) | (first < in) : (first < a) | (value < first))};
}
#ifdef ACC_LIFT
template <bool Subtract>
void bind_carry(const Inst& in, Op& op) {
    LiftOp& lifted = lifted_op(op);
    const u32v b = in.form == 1 ? splat((uint32_t)op.imm) : *(const u32v*)lifted.source_b;
    const Carried r = carried<Subtract>(*(const u32v*)lifted.source_a, b, lifted.predicate);
    store_lifted(lifted, r.value);
    lifted.predicate_d = r.out;
}
#else
template <bool Subtract, int Form>
void ACC_HANDLER_CC carry(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        if (!m[w]) continue;
        const u32v a = load_row(r + op->a),
                   b = Form == 1 ? splat((uint32_t)op->imm) : load_row(r + op->b);
        const Carried sum = carried<Subtract>(a, b, source_pred(op, g, (unsigned)w));
        store_row_masked(r + op->d, sum.value, m[w]);
        set_pred(g, op->pd, (unsigned)w, sum.out, m[w]);
    }
    ACC_NEXT();
}
template <bool Subtract>
void bind_carry(const Inst& in, Op& op) {
    op.handler[0] = op.handler[1] = in.form == 1 ? carry<Subtract, 1> : carry<Subtract, 0>;
}
#endif

ACC_FUNC(AddSat, 1, 1, 1, 0, return (u32v)__builtin_elementwise_add_sat((i32v)a, (i32v)b););
ACC_FUNC(SubSat, 1, 1, 1, 0, return (u32v)__builtin_elementwise_sub_sat((i32v)a, (i32v)b););

// ---- division. 32 bits exactly through f64: the quotient of two 32-bit integers, rounded to 53
// bits and truncated, is right, because a quotient that is no integer is at least 2^-32 away from
// the next one.
typedef int32_t i32half __attribute__((ext_vector_type(16)));
ACC_INLINE u32h divide_half(u32h a, u32h b) {
    const f64h x = __builtin_convertvector(a, f64h),
               y = __builtin_convertvector(b == 0u ? (u32h)1u : b, f64h);
    return __builtin_convertvector(__builtin_convertvector(x / y, i64h), u32h);
}
ACC_INLINE u32v divide(u32v a, u32v b) { // b = 0 gives all ones
    const auto x = spread(a), y = spread(b);
    const u32v q = gather_halves(divide_half(x.a, y.a), divide_half(x.b, y.b));
    return choose(b == 0u, splat(~0u), q);
}
ACC_FUNC(DivU, 1, 1, 1, 0, return divide(a, b););
ACC_FUNC(RemU, 1, 1, 1, 0, return choose(b == 0u, a, a - divide(a, b) * b););
ACC_INLINE u32v divide_signed(u32v a, u32v b) {
    const u32v sa = (u32v)((i32v)a >> 31), sb = (u32v)((i32v)b >> 31), s = sa ^ sb;
    const u32v q = divide((a ^ sa) - sa, (b ^ sb) - sb);
    return choose(b == 0u, splat(~0u), (q ^ s) - s);
}
ACC_FUNC(DivS, 1, 1, 1, 0, return divide_signed(a, b););
ACC_FUNC(RemS, 1, 1, 1, 0, return choose(b == 0u, a, a - divide_signed(a, b) * b););

// 64 bits: a quotient in f64 is off by less than 2^-51 of itself, so what is left over after it is
// below 2^14 divisors; a second one of that, and one step, give the rest. Divisors from 2^62 on are
// at most three times in a dividend.
#ifdef __AVX512DQ__
ACC_INLINE u64h divide64(u64h a, u64h b) {
    const u64h large = (u64h)(1ull << 62);
    const f64h y = __builtin_convertvector(b, f64h);
    // At most the largest f64 below 2^64: what is cut off the second quotient makes up for.
    const f64h first = __builtin_elementwise_min(__builtin_convertvector(a, f64h) / y,
                                                 (f64h)0x1.fffffffffffffp63);
    u64h q = __builtin_convertvector(first, u64h);
    u64h rest = a - q * b;
    const i64h second = __builtin_convertvector(__builtin_convertvector((i64h)rest, f64h) / y,
                                                i64h);
    q += (u64h)second;
    rest -= (u64h)second * b;
    const i64h below = (i64h)rest < 0;
    q = below ? q - 1ull : q;
    rest = below ? rest + b : rest;
    q = rest >= b ? q + 1ull : q;
    u64h few = 0ull, left = a;
    for (int i = 0; i < 3; ++i) {
        const i64h fits = left >= b;
        few = fits ? few + 1ull : few;
        left = fits ? left - b : left;
    }
    return b >= large ? few : q;
}
#else
ACC_INLINE u64h divide64(u64h a, u64h b) {
    u64h q;
    for (int l = 0; l < 16; ++l)
        q[l] = a[l] / b[l];
    return q;
}
#endif
template <bool Signed, bool Remainder>
struct Div64 {
    enum { D = 2, A = 2, B = 2, C = 0 };
    ACC_MEMBER u64h of(u64h a, u64h b) { // b = 0 gives all ones, or the dividend
        const u64h sa = Signed ? (u64h)((i64h)a >> 63) : (u64h)0ull;
        const u64h sb = Signed ? (u64h)((i64h)b >> 63) : (u64h)0ull;
        const u64h one = b == 0ull ? (u64h)1ull : b;
        const u64h s = sa ^ sb;
        const u64h q = (divide64((a ^ sa) - sa, (one ^ sb) - sb) ^ s) - s;
        if (Remainder) return b == 0ull ? a : a - q * b;
        return b == 0ull ? (u64h)~0ull : q;
    }
    ACC_MEMBER Wide apply(const Op&, Wide a, Wide b, None) {
        const auto x = join(a), y = join(b);
        return split({of(x.a, y.a), of(x.b, y.b)});
    }
};
/// The high half of a 64-bit product, from four products of 32 bits.
ACC_INLINE u64h multiply_high(u64h a, u64h b) {
    const u64h low = 0xffffffffull;
    const u64h al = a & low, ah = a >> 32, bl = b & low, bh = b >> 32;
    const u64h cross = al * bh, other = ah * bl;
    const u64h middle = (al * bl >> 32) + (cross & low) + (other & low);
    return ah * bh + (cross >> 32) + (other >> 32) + (middle >> 32);
}
template <bool Signed>
struct MulHigh64 {
    enum { D = 2, A = 2, B = 2, C = 0 };
    ACC_MEMBER u64h of(u64h a, u64h b) {
        const u64h high = multiply_high(a, b);
        return Signed ? high - (b & (u64h)((i64h)a >> 63)) - (a & (u64h)((i64h)b >> 63)) : high;
    }
    ACC_MEMBER Wide apply(const Op&, Wide a, Wide b, None) {
        const auto x = join(a), y = join(b);
        return split({of(x.a, y.a), of(x.b, y.b)});
    }
};

// ---- differences and averages
ACC_INLINE u32v difference_s(u32v a, u32v b) {
    return choose((i32v)a < (i32v)b, b - a, a - b);
}
ACC_INLINE u32v difference_u(u32v a, u32v b) {
    return choose(a < b, b - a, a - b);
}
ACC_FUNC(SadS, 1, 1, 1, 1, return difference_s(a, b) + c;);
ACC_FUNC(SadU, 1, 1, 1, 1, return difference_u(a, b) + c;);
ACC_FUNC(HaddU, 1, 1, 1, 0,
         return mod<mods::MUp>(op.mods) ? (a | b) - ((a ^ b) >> 1) : (a & b) + ((a ^ b) >> 1););
ACC_FUNC(HaddS, 1, 1, 1, 0, {
    const u32v half = (u32v)((i32v)(a ^ b) >> 1);
    return mod<mods::MUp>(op.mods) ? (a | b) - half : (a & b) + half;
});

// ---- dot products
ACC_INLINE u32v byte_of(u32v v, unsigned i, bool is_unsigned) {
    return is_unsigned ? v >> (8 * i) & 255u : (u32v)((i32v)(v << (24 - 8 * i)) >> 24);
}
ACC_INLINE u32v half_of(u32v v, unsigned i, bool is_unsigned) {
    return is_unsigned ? v >> (16 * i) & 0xffffu : (u32v)((i32v)(v << (16 - 16 * i)) >> 16);
}
typedef int16_t i16x64 __attribute__((ext_vector_type(64)));
typedef uint16_t u16x64 __attribute__((ext_vector_type(64)));
typedef uint8_t u8x128 __attribute__((ext_vector_type(128)));
typedef int8_t i8x128 __attribute__((ext_vector_type(128)));
/// The bytes 0 and 2, or 1 and 3, of each word as 16-bit elements.
template <bool Odd>
ACC_INLINE i16x64 bytes_of(u32v v, bool is_unsigned) {
    const u16x64 h = (u16x64)v;
    if (is_unsigned) return (i16x64)(Odd ? h >> 8 : h & 0xff);
    return (i16x64)(Odd ? h : h << 8) >> 8;
}
/// a0 * b0 + a1 * b1 of the two elements of each word: an instruction of the host's.
ACC_INLINE u32v pair_products(i16x64 a, i16x64 b) {
#if defined(__AVX512BW__)
    typedef int16_t Part __attribute__((vector_size(64)));
#define ACC_PMADD __builtin_ia32_pmaddwd512
#elif defined(__AVX2__)
    typedef int16_t Part __attribute__((vector_size(32)));
#define ACC_PMADD __builtin_ia32_pmaddwd256
#else
    typedef int16_t Part __attribute__((vector_size(16)));
#define ACC_PMADD __builtin_ia32_pmaddwd128
#endif
    struct Parts {
        Part v[sizeof(i16x64) / sizeof(Part)];
    };
    Parts x = __builtin_bit_cast(Parts, a);
    const Parts y = __builtin_bit_cast(Parts, b);
#pragma clang loop unroll(full)
    for (unsigned i = 0; i < sizeof(Parts) / sizeof(Part); ++i)
        x.v[i] = (Part)ACC_PMADD(x.v[i], y.v[i]);
#undef ACC_PMADD
    return __builtin_bit_cast(u32v, x);
}
ACC_FUNC(Dp4a, 1, 1, 1, 1, {
    const bool ua = mod<mods::MDpA>(op.mods) == mods::MDpA_u8,
               ub = mod<mods::MDpB>(op.mods) == mods::MDpB_ub;
    return c + pair_products(bytes_of<false>(a, ua), bytes_of<false>(b, ub)) +
           pair_products(bytes_of<true>(a, ua), bytes_of<true>(b, ub));
});
ACC_FUNC(Dp2a, 1, 1, 1, 1, {
    const bool ua = mod<mods::MDpA>(op.mods) == mods::MDpA_u8,
               ub = mod<mods::MDpB>(op.mods) == mods::MDpB_ub;
    const unsigned first = mod<mods::DP2A::half>(op.mods) == mods::DP2A::half_hi ? 2 : 0;
    return c + half_of(a, 0, ua) * byte_of(b, first, ub) +
           half_of(a, 1, ua) * byte_of(b, first + 1, ub);
});

// ---- SIMD in a word: rows of bytes or halves.
enum VKind { VAdd, VSub, VMin, VMax, VAvg, VAbsDiff, VAbs, VNeg, VSet };
template <class V, class U>
ACC_INLINE U compare_elements(uint32_t mods, V a, V b) {
    switch (mod<mods::VSET::cmp>(mods)) {
    case mods::VSET::cmp_eq: return (U)(a == b);
    case mods::VSET::cmp_ne: return (U)(a != b);
    case mods::VSET::cmp_lt: return (U)(a < b);
    case mods::VSET::cmp_le: return (U)(a <= b);
    case mods::VSET::cmp_gt: return (U)(a > b);
    default: return (U)(a >= b); // ge
    }
}
/// V: elements of the instruction's signedness, U: unsigned ones.
template <VKind K, class V, class U>
ACC_INLINE U elements(uint32_t mods, U x, U y) {
    const V a = (V)x, b = (V)y, zero = 0;
    const bool sat = mod<mods::MVSat>(mods);
    switch (K) {
    case VAdd: return sat ? (U)__builtin_elementwise_add_sat(a, b) : x + y;
    case VSub: return sat ? (U)__builtin_elementwise_sub_sat(a, b) : x - y;
    case VMin: return (U)__builtin_elementwise_min(a, b);
    case VMax: return (U)__builtin_elementwise_max(a, b);
    case VAvg: {
        const U half = (U)((V)(x ^ y) >> 1);
        return mod<mods::VAVG::up>(mods) ? (x | y) - half : (x & y) + half;
    }
    case VAbsDiff: return a < b ? y - x : x - y;
    case VAbs: return a < 0 ? (sat ? (U)__builtin_elementwise_sub_sat(zero, a) : (U)0 - x) : x;
    case VNeg: return sat ? (U)__builtin_elementwise_sub_sat(zero, a) : (U)0 - x;
    default: break;
    }
    const U r = compare_elements<V, U>(mods, a, b);
    return mod<mods::VSET::vres>(mods) == mods::VSET::vres_mask ? r : r & 1;
}
template <VKind K>
ACC_INLINE u32v all_elements(uint32_t mods, u32v a, u32v b) {
    const bool is_signed = mod<mods::MVSign>(mods) == mods::MVSign_s;
    if (mod<mods::MVLanes>(mods) == mods::MVLanes_x2)
        return is_signed ? (u32v)elements<K, i16x64>(mods, (u16x64)a, (u16x64)b)
                         : (u32v)elements<K, u16x64>(mods, (u16x64)a, (u16x64)b);
    return is_signed ? (u32v)elements<K, i8x128>(mods, (u8x128)a, (u8x128)b)
                     : (u32v)elements<K, u8x128>(mods, (u8x128)a, (u8x128)b);
}
template <VKind K>
struct VOp {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        return all_elements<K>(op.mods, a, b);
    }
};
struct VSad {
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, u32v c) {
        const u32v d = all_elements<VAbsDiff>(op.mods, a, b);
        if (mod<mods::MVLanes>(op.mods) == mods::MVLanes_x2) return c + (d & 0xffffu) + (d >> 16);
        const u32v pairs = (d & 0x00ff00ffu) + (d >> 8 & 0x00ff00ffu);
        return c + (pairs & 0xffffu) + (pairs >> 16);
    }
};

} // namespace

void bind_integer_rare(Bind* t) {
    t[ACC_OPCODE(IADDX)] = bind_carry<false>;
    t[ACC_OPCODE(ISUBX)] = bind_carry<true>;
    t[ACC_OPCODE(IADDSAT)] = bind_rare<AddSat>;
    t[ACC_OPCODE(ISUBSAT)] = bind_rare<SubSat>;
    t[ACC_OPCODE(S32_DIV)] = bind_rare<DivS>;
    t[ACC_OPCODE(S32_REM)] = bind_rare<RemS>;
    t[ACC_OPCODE(U32_DIV)] = bind_rare<DivU>;
    t[ACC_OPCODE(U32_REM)] = bind_rare<RemU>;
    t[ACC_OPCODE(S64_DIV)] = bind_rare<Div64<true, false>>;
    t[ACC_OPCODE(S64_REM)] = bind_rare<Div64<true, true>>;
    t[ACC_OPCODE(U64_DIV)] = bind_rare<Div64<false, false>>;
    t[ACC_OPCODE(U64_REM)] = bind_rare<Div64<false, true>>;
    t[ACC_OPCODE(IMULHIS64)] = bind_rare<MulHigh64<true>>;
    t[ACC_OPCODE(IMULHIU64)] = bind_rare<MulHigh64<false>>;
    t[ACC_OPCODE(ISADS)] = bind_rare<SadS>;
    t[ACC_OPCODE(ISADU)] = bind_rare<SadU>;
    t[ACC_OPCODE(IHADDS)] = bind_rare<HaddS>;
    t[ACC_OPCODE(IHADDU)] = bind_rare<HaddU>;
    t[ACC_OPCODE(DP4A)] = bind_rare<Dp4a>;
    t[ACC_OPCODE(DP2A)] = bind_rare<Dp2a>;
    t[ACC_OPCODE(VADD)] = bind_rare<VOp<VAdd>>;
    t[ACC_OPCODE(VSUB)] = bind_rare<VOp<VSub>>;
    t[ACC_OPCODE(VMIN)] = bind_rare<VOp<VMin>>;
    t[ACC_OPCODE(VMAX)] = bind_rare<VOp<VMax>>;
    t[ACC_OPCODE(VAVG)] = bind_rare<VOp<VAvg>>;
    t[ACC_OPCODE(VABSD)] = bind_rare<VOp<VAbsDiff>>;
    t[ACC_OPCODE(VABS)] = bind_rare<VOp<VAbs>>;
    t[ACC_OPCODE(VNEG)] = bind_rare<VOp<VNeg>>;
    t[ACC_OPCODE(VSET)] = bind_rare<VOp<VSet>>;
    t[ACC_OPCODE(VSADS)] = bind_rare<VSad>;
}

} // namespace acc::model::interp::ACC_SIMD
