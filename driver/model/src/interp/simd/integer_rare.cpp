// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Carries, saturation, division, absolute differences, dot products, SIMD in a word.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

// ---- carries: a register and a predicate as results
template <bool Subtract, int Form>
void ACC_HANDLER_CC carry(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        if (!m[w]) continue;
        const u32v a = load_row(r + op->a),
                   b = Form == 1 ? splat((uint32_t)op->imm) : load_row(r + op->b);
        const u32v in = select(source_pred(op, g, (unsigned)w), splat(1), splat(0));
        u32v d;
        i32v out;
        if (Subtract) {
            const u32v first = a - b;
            d = first - in;
            out = (a < b) | (first < in);
        } else {
            const u32v first = a + b;
            d = first + in;
            out = (first < a) | (d < first);
        }
        store_row_masked(r + op->d, d, m[w]);
        set_pred(g, op->pd, (unsigned)w, mask_of(out), m[w]);
    }
    ACC_NEXT();
}
template <bool Subtract>
void bind_carry(const Inst& in, Op& op) {
    op.handler[0] = op.handler[1] = in.form == 1 ? carry<Subtract, 1> : carry<Subtract, 0>;
}

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

template <bool Signed, bool Remainder>
ACC_INLINE uint64_t divide64(uint64_t a, uint64_t b) {
    if (b == 0) return Remainder ? a : ~0ull;
    if (!Signed) return Remainder ? a % b : a / b;
    if (b == ~0ull) // the host's division of the minimum by -1 traps
        return Remainder ? 0 : 0 - a;
    const int64_t x = (int64_t)a, y = (int64_t)b;
    return (uint64_t)(Remainder ? x % y : x / y);
}
template <bool Signed, bool Remainder>
struct Div64 {
    enum { D = 2, A = 2, B = 2, C = 0 };
    ACC_MEMBER Wide apply(const Op&, Wide a, Wide b, None) {
        return per_lane_wide([](uint64_t x, uint64_t y)
                                 ACC_LAMBDA { return divide64<Signed, Remainder>(x, y); },
                             a, b);
    }
};
template <bool Signed>
struct MulHigh64 {
    enum { D = 2, A = 2, B = 2, C = 0 };
    ACC_MEMBER Wide apply(const Op&, Wide a, Wide b, None) {
        return per_lane_wide(
            [](uint64_t x, uint64_t y) ACC_LAMBDA {
                if (Signed) return (uint64_t)(((__int128)(int64_t)x * (int64_t)y) >> 64);
                return (uint64_t)(((unsigned __int128)x * y) >> 64);
            },
            a, b);
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
ACC_FUNC(Dp4a, 1, 1, 1, 1, {
    const bool ua = mod<mods::MDpA>(op.mods) == mods::MDpA_u8,
               ub = mod<mods::MDpB>(op.mods) == mods::MDpB_ub;
    u32v r = c;
    for (unsigned i = 0; i < 4; ++i)
        r += byte_of(a, i, ua) * byte_of(b, i, ub);
    return r;
});
ACC_FUNC(Dp2a, 1, 1, 1, 1, {
    const bool ua = mod<mods::MDpA>(op.mods) == mods::MDpA_u8,
               ub = mod<mods::MDpB>(op.mods) == mods::MDpB_ub;
    const unsigned first = mod<mods::DP2A::half>(op.mods) == mods::DP2A::half_hi ? 2 : 0;
    return c + half_of(a, 0, ua) * byte_of(b, first, ub) +
           half_of(a, 1, ua) * byte_of(b, first + 1, ub);
});

// ---- SIMD in a word: element by element.
/// One element, extended to 32 bits.
struct Lanes {
    unsigned count, width;
    bool is_signed;
    uint32_t mask;
    ACC_MEMBER Lanes of(uint32_t mods) {
        const bool halves = mod<mods::MVLanes>(mods) == mods::MVLanes_x2;
        return {halves ? 2u : 4u, halves ? 16u : 8u, mod<mods::MVSign>(mods) == mods::MVSign_s,
                halves ? 0xffffu : 0xffu};
    }
    __attribute__((always_inline)) i32v get(u32v v, unsigned i) const {
        const u32v top = v << (32 - width * (i + 1));
        return is_signed ? (i32v)top >> (int)(32 - width) : (i32v)(top >> (32 - width));
    }
    __attribute__((always_inline)) u32v put(i32v x, unsigned i) const {
        return ((u32v)x & mask) << (width * i);
    }
    __attribute__((always_inline)) i32v clamp(i32v x) const {
        const int32_t low = is_signed ? -(int32_t)(mask / 2 + 1) : 0,
                      high = is_signed ? (int32_t)(mask / 2) : (int32_t)mask;
        return __builtin_elementwise_min(__builtin_elementwise_max(x, (i32v)low), (i32v)high);
    }
};
enum VKind { VAdd, VSub, VMin, VMax, VAvg, VAbsDiff, VAbs, VNeg, VSet };
template <VKind K>
ACC_INLINE i32v element(const Lanes& n, uint32_t mods, i32v a, i32v b) {
    const bool sat = mod<mods::MVSat>(mods);
    switch (K) {
    case VAdd: return sat ? n.clamp(a + b) : a + b;
    case VSub: return sat ? n.clamp(a - b) : a - b;
    case VMin: return __builtin_elementwise_min(a, b);
    case VMax: return __builtin_elementwise_max(a, b);
    case VAvg: return (a + b + (mod<mods::VAVG::up>(mods) ? 1 : 0)) >> 1;
    case VAbsDiff: return a < b ? b - a : a - b;
    case VAbs: {
        const i32v x = a < 0 ? -a : a;
        return sat ? n.clamp(x) : x;
    }
    case VNeg: return sat ? n.clamp(-a) : -a;
    default: break;
    }
    i32v r = 0;
    switch (mod<mods::VSET::cmp>(mods)) {
    case mods::VSET::cmp_eq: r = a == b; break;
    case mods::VSET::cmp_ne: r = a != b; break;
    case mods::VSET::cmp_lt: r = a < b; break;
    case mods::VSET::cmp_le: r = a <= b; break;
    case mods::VSET::cmp_gt: r = a > b; break;
    default: r = a >= b; break; // ge
    }
    return mod<mods::VSET::vres>(mods) == mods::VSET::vres_mask ? r : r & 1;
}
template <VKind K>
struct VOp {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        const Lanes n = Lanes::of(op.mods);
        u32v r = 0;
#pragma clang loop unroll(disable)
        for (unsigned i = 0; i < n.count; ++i)
            r |= n.put(element<K>(n, op.mods, n.get(a, i), n.get(b, i)), i);
        return r;
    }
};
struct VSad {
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, u32v c) {
        const Lanes n = Lanes::of(op.mods);
        u32v r = c;
#pragma clang loop unroll(disable)
        for (unsigned i = 0; i < n.count; ++i)
            r += (u32v)element<VAbsDiff>(n, 0, n.get(a, i), n.get(b, i));
        return r;
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
