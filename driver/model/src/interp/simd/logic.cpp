// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Logic, shifts, bit fields, bit counts.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

ACC_FUNC(And, 1, 1, 1, 0, return a & b;);
ACC_FUNC(Or, 1, 1, 1, 0, return a | b;);
ACC_FUNC(Xor, 1, 1, 1, 0, return a ^ b;);
ACC_FUNC(Not, 1, 1, 0, 0, return ~a;);
ACC_FUNC(And64, 2, 2, 2, 0, return (Wide{a.lo & b.lo, a.hi & b.hi}););
ACC_FUNC(Or64, 2, 2, 2, 0, return (Wide{a.lo | b.lo, a.hi | b.hi}););
ACC_FUNC(Xor64, 2, 2, 2, 0, return (Wide{a.lo ^ b.lo, a.hi ^ b.hi}););
ACC_FUNC(Not64, 2, 2, 0, 0, return (Wide{~a.lo, ~a.hi}););

/// Any function of three bits as the union of its minterms; the table is the same for all lanes.
struct Lop3 {
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, u32v c) {
        u32v r = 0;
#pragma clang loop unroll(full)
        for (unsigned i = 0; i < 8; ++i) {
            const uint32_t use = mod<mods::MLut>(op.mods) >> i & 1 ? ~0u : 0u;
            r |= (i & 4 ? a : ~a) & (i & 2 ? b : ~b) & (i & 1 ? c : ~c) & use;
        }
        return r;
    }
};
template <int Kind>
struct Lop3Common { // (a & b) | c, (a & b) ^ c, a ^ b ^ c, a & b & c, a | b | c
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op&, u32v a, u32v b, u32v c) {
        switch (Kind) {
        case 0: return (a & b) | c;
        case 1: return (a & b) ^ c;
        case 2: return a ^ b ^ c;
        case 3: return a & b & c;
        default: return a | b | c;
        }
    }
};
void bind_lop3(const Inst& in, Op& op) {
    constexpr uint32_t a = mods::MLut_a, b = mods::MLut_b, c = mods::MLut_c;
    switch (mod<mods::MLut>(in.mods)) {
    case (a & b) | c: return bind_alu<Lop3Common<0>>(in, op);
    case (a & b) ^ c: return bind_alu<Lop3Common<1>>(in, op);
    case a ^ b ^ c: return bind_alu<Lop3Common<2>>(in, op);
    case a & b & c: return bind_alu<Lop3Common<3>>(in, op);
    case a | b | c: return bind_alu<Lop3Common<4>>(in, op);
    default: return bind_rare<Lop3>(in, op);
    }
}

// ---- shifts. Host shifts by the width or more are undefined, so the amount is masked and the
// result chosen.
ACC_FUNC(Shl, 1, 1, 1, 0, return choose(b < 32u, a << (b & 31u), splat(0)););
ACC_FUNC(ShrU, 1, 1, 1, 0, return choose(b < 32u, a >> (b & 31u), splat(0)););
ACC_FUNC(ShrS, 1, 1, 1, 0,
         return (u32v)((i32v)a >> (i32v)__builtin_elementwise_min(b, splat(31))););

template <class V, bool Left>
struct Shift64 {
    enum { D = 2, A = 2, B = 1, C = 0 };
    ACC_MEMBER u64h of(u64h a, u32h amount) {
        constexpr bool is_signed = ((typename Element<V>::type) - 1) < 0;
        const u64h n = __builtin_convertvector(amount, u64h);
        const u64h capped = n & 63ull;
        if (is_signed) return (u64h)((V)a >> (V)__builtin_elementwise_min(n, (u64h)63ull));
        const u64h r = Left ? a << capped : a >> capped;
        return n < 64ull ? r : (u64h)0ull;
    }
    ACC_MEMBER Wide apply(const Op&, Wide a, u32v b, None) {
        const auto x = join(a);
        const auto n = spread(b);
        return split({of(x.a, n.a), of(x.b, n.b)});
    }
};
struct ShfL {
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, u32v c) {
        const u32v n = mod<mods::MShfMode>(op.mods) == mods::MShfMode_clamp
                           ? __builtin_elementwise_min(b, splat(32))
                           : b & 31u;
        const u32v s = n & 31u;
        const u32v r = choose(s == 0u, c, c << s | a >> ((32u - s) & 31u));
        return choose(n == 32u, a, r);
    }
};
struct ShfR {
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, u32v c) {
        const u32v n = mod<mods::MShfMode>(op.mods) == mods::MShfMode_clamp
                           ? __builtin_elementwise_min(b, splat(32))
                           : b & 31u;
        const u32v s = n & 31u;
        const u32v r = choose(s == 0u, a, a >> s | c << ((32u - s) & 31u));
        return choose(n == 32u, c, r);
    }
};

// ---- bit fields: vectors V of unsigned elements; b has start and length in its low two bytes.
// Amounts are kept below the width, and the results of those that were not are chosen.
template <class V>
struct Field {
    static constexpr uint32_t width = sizeof(typename Element<V>::type) * 8;
    V start, length;
    ACC_MEMBER Field of(V b) { return {b & (V)255, b >> 8 & (V)255}; }
    __attribute__((always_inline)) V ones() const {
        return length < (V)width ? ((V)1 << (length & (V)(width - 1))) - (V)1 : ~(V)0;
    }
};
struct ExtractU {
    template <class V>
    ACC_MEMBER V of(V a, V b) {
        constexpr uint32_t width = Field<V>::width;
        const Field<V> f = Field<V>::of(b);
        const V r = a >> (f.start & (V)(width - 1)) & f.ones();
        return f.start < (V)width ? r : (V)0;
    }
};
struct ExtractS {
    template <class V>
    ACC_MEMBER V of(V a, V b) {
        typedef typename Element<V>::signed_vector S;
        constexpr uint32_t last = Field<V>::width - 1;
        const Field<V> f = Field<V>::of(b);
        // The field's last bit goes to the top; what lies beyond the value is its sign.
        const V top = __builtin_elementwise_min(f.start + f.length - (V)1, (V)last);
        const V down = __builtin_elementwise_min((V)last - top + f.start, (V)last);
        const V r = (V)((S)(a << ((V)last - top & (V)last)) >> (S)down);
        return f.length == (V)0 ? (V)0 : r;
    }
};
struct Insert {
    template <class V>
    ACC_MEMBER V of(V a, V b, V c) {
        constexpr uint32_t width = Field<V>::width;
        const Field<V> f = Field<V>::of(b);
        const V ones = f.ones(), start = f.start & (V)(width - 1);
        const V r = (c & ~(ones << start)) | (a & ones) << start;
        return f.start < (V)width ? r : c;
    }
};
template <class F>
struct Extract32 {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op&, u32v a, u32v b, None) { return F::of(a, b); }
};
template <class F>
struct Extract64 {
    enum { D = 2, A = 2, B = 1, C = 0 };
    ACC_MEMBER Wide apply(const Op&, Wide a, u32v b, None) {
        const auto x = join(a), n = join(b, splat(0));
        return split({F::of(x.a, n.a), F::of(x.b, n.b)});
    }
};
ACC_FUNC(Bfi, 1, 1, 1, 1, return Insert::of(a, b, c););
struct Bfi64 {
    enum { D = 2, A = 2, B = 1, C = 2 };
    ACC_MEMBER Wide apply(const Op&, Wide a, u32v b, Wide c) {
        const auto x = join(a), n = join(b, splat(0)), y = join(c);
        return split({Insert::of(x.a, n.a, y.a), Insert::of(x.b, n.b, y.b)});
    }
};

// ---- counts and positions
ACC_FUNC(Popc, 1, 1, 0, 0, return __builtin_elementwise_popcount(a););
ACC_FUNC(Popc64, 1, 2, 0, 0,
         return __builtin_elementwise_popcount(a.lo) + __builtin_elementwise_popcount(a.hi););
ACC_INLINE u32v leading(u32v a) {
    return __builtin_elementwise_clzg(a, splat(32));
}
ACC_INLINE u32v trailing(u32v a) {
    return __builtin_elementwise_ctzg(a, splat(32));
}
ACC_INLINE u32v leading(Wide a) {
    return choose(a.hi == 0u, leading(a.lo) + 32u, leading(a.hi));
}
ACC_FUNC(Clz, 1, 1, 0, 0, return leading(a););
ACC_FUNC(Clz64, 1, 2, 0, 0, return leading(a););
ACC_FUNC(Ctz, 1, 1, 0, 0, return trailing(a););
ACC_FUNC(Ctz64, 1, 2, 0, 0, return choose(a.lo == 0u, trailing(a.hi) + 32u, trailing(a.lo)););
ACC_FUNC(Brev, 1, 1, 0, 0, return __builtin_elementwise_bitreverse(a););
ACC_FUNC(Brev64, 2, 2, 0, 0,
         return (Wide{__builtin_elementwise_bitreverse(a.hi),
                      __builtin_elementwise_bitreverse(a.lo)}););

/// n = leading zeros of a Width-bit value, Width when it is zero.
ACC_INLINE u32v found(const Op& op, u32v n, uint32_t width) {
    return choose(n == width, splat(~0u), mod<mods::MShiftAmt>(op.mods) ? n : (width - 1) - n);
}
ACC_FUNC(BfindU, 1, 1, 0, 0, return found(op, leading(a), 32););
ACC_FUNC(BfindS, 1, 1, 0, 0, return found(op, leading(a ^ (u32v)((i32v)a >> 31)), 32););
ACC_FUNC(BfindU64, 1, 2, 0, 0, return found(op, leading(a), 64););
ACC_FUNC(BfindS64, 1, 2, 0, 0, {
    const u32v s = (u32v)((i32v)a.hi >> 31);
    return found(op, leading(Wide{a.lo ^ s, a.hi ^ s}), 64);
});

/// PTX fns: the |offset|-th one bit, counted up from `base` (offset > 0) or down from it (offset <
/// 0); 0: the bit at base itself. Counting down is counting up in the mirror image; the position is
/// searched by halves.
struct Fns {
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op&, u32v a, u32v b, u32v c) {
        const i32v down = (i32v)c < 0;
        const u32v start = choose(down, 31u - b, b) & 31u;
        const u32v bits = choose(down, __builtin_elementwise_bitreverse(a), a) & splat(~0u)
                                                                                     << start;
        u32v n = choose(down, 0u - c, c);
        const i32v absent = __builtin_elementwise_popcount(bits) < n;
        u32v at = 0;
#pragma clang loop unroll(full)
        for (unsigned half = 16; half != 0; half /= 2) {
            const u32v ones = __builtin_elementwise_popcount(bits >> at & ((1u << half) - 1));
            const i32v beyond = ones < n;
            n -= choose(beyond, ones, splat(0));
            at += choose(beyond, splat(half), splat(0));
        }
        const u32v found = choose(absent, splat(~0u), choose(down, 31u - at, at));
        const u32v here = choose((a >> (b & 31u) & 1u) != 0u, b, splat(~0u));
        return choose(b > 31u, splat(~0u), choose(c == 0u, here, found));
    }
};
struct Bmsk {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        const bool clamp = mod<mods::MShfMode>(op.mods) == mods::MShfMode_clamp;
        const u32v start = clamp ? a : a & 31u, length = clamp ? b : b & 31u;
        const u32v ones = choose(length < 32u, (splat(1) << (length & 31u)) - 1u, splat(~0u));
        return choose(start < 32u, ones << (start & 31u), splat(0));
    }
};

/// PTX prmt: which byte of the eight becomes byte i of the result. Bit 3, in the default mode only:
/// its sign instead.
ACC_INLINE u32v picked(u32v sel, uint32_t i, uint32_t mode) {
    const u32v s = sel & 3u;
    switch (mode) {
    case mods::PRMT::pmode_default: return sel >> (4 * i) & 15u;
    case mods::PRMT::pmode_f4e: return s + i;
    case mods::PRMT::pmode_b4e: return (s - i) & 7u;
    case mods::PRMT::pmode_rc8: return s;
    case mods::PRMT::pmode_ecl: return __builtin_elementwise_max(s, splat(i));
    case mods::PRMT::pmode_ecr: return __builtin_elementwise_min(s, splat(i));
    default: return (s & 1u) * 2u + (i & 1u); // rc16
    }
}
struct Prmt { // bytes 0..3 are a's, 4..7 are c's (PTX b)
    enum { D = 1, A = 1, B = 1, C = 1 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v sel, u32v c) {
        const uint32_t mode = mod<mods::PRMT::pmode>(op.mods);
        u32v r = 0;
#pragma clang loop unroll(full)
        for (uint32_t i = 0; i < 4; ++i) {
            const u32v pick = picked(sel, i, mode);
            const u32v byte = choose((pick & 4u) != 0u, c, a) >> ((pick & 3u) * 8u) & 255u;
            const u32v sign = choose((byte & 128u) != 0u, splat(255), splat(0));
            r |= choose((pick & 8u) != 0u, sign, byte) << (8 * i);
        }
        return r;
    }
};

} // namespace

void bind_logic(Bind* t) {
    t[ACC_OPCODE(AND)] = bind_alu<And>;
    t[ACC_OPCODE(OR)] = bind_alu<Or>;
    t[ACC_OPCODE(XOR)] = bind_alu<Xor>;
    t[ACC_OPCODE(NOT)] = bind_alu<Not>;
    t[ACC_OPCODE(AND_64)] = bind_alu<And64>;
    t[ACC_OPCODE(OR_64)] = bind_alu<Or64>;
    t[ACC_OPCODE(XOR_64)] = bind_alu<Xor64>;
    t[ACC_OPCODE(NOT64)] = bind_alu<Not64>;
    t[ACC_OPCODE(LOP3)] = bind_lop3;
    t[ACC_OPCODE(SHL)] = bind_alu<Shl>;
    t[ACC_OPCODE(SHRU)] = bind_alu<ShrU>;
    t[ACC_OPCODE(SHRS)] = bind_alu<ShrS>;
    t[ACC_OPCODE(SHL64)] = bind_alu<Shift64<u64h, true>>;
    t[ACC_OPCODE(SHRU64)] = bind_alu<Shift64<u64h, false>>;
    t[ACC_OPCODE(SHRS64)] = bind_alu<Shift64<i64h, false>>;
    t[ACC_OPCODE(SHFL_L)] = bind_alu<ShfL>;
    t[ACC_OPCODE(SHFL_R)] = bind_alu<ShfR>;
    t[ACC_OPCODE(BF32EU)] = bind_rare<Extract32<ExtractU>>;
    t[ACC_OPCODE(BF32ES)] = bind_rare<Extract32<ExtractS>>;
    t[ACC_OPCODE(BF32I)] = bind_rare<Bfi>;
    t[ACC_OPCODE(BF64EU)] = bind_rare<Extract64<ExtractU>>;
    t[ACC_OPCODE(BF64ES)] = bind_rare<Extract64<ExtractS>>;
    t[ACC_OPCODE(BF64I)] = bind_rare<Bfi64>;
    t[ACC_OPCODE(POPC)] = bind_rare<Popc>;
    t[ACC_OPCODE(POPC_64)] = bind_rare<Popc64>;
    t[ACC_OPCODE(CLZ)] = bind_rare<Clz>;
    t[ACC_OPCODE(CLZ_64)] = bind_rare<Clz64>;
    t[ACC_OPCODE(CTZ)] = bind_rare<Ctz>;
    t[ACC_OPCODE(CTZ_64)] = bind_rare<Ctz64>;
    t[ACC_OPCODE(BREV)] = bind_rare<Brev>;
    t[ACC_OPCODE(BREV64)] = bind_rare<Brev64>;
    t[ACC_OPCODE(BFINDU32)] = bind_rare<BfindU>;
    t[ACC_OPCODE(BFINDS32)] = bind_rare<BfindS>;
    t[ACC_OPCODE(BFINDU64)] = bind_rare<BfindU64>;
    t[ACC_OPCODE(BFINDS64)] = bind_rare<BfindS64>;
    t[ACC_OPCODE(FNS)] = bind_rare<Fns>;
    t[ACC_OPCODE(BMSK)] = bind_rare<Bmsk>;
    t[ACC_OPCODE(PRMT)] = bind_rare<Prmt>;
}

} // namespace acc::model::interp::ACC_SIMD
