// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Moves, extensions, selections, predicates, special registers.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/services.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

ACC_FUNC(Mov, 1, 0, 1, 0, return b;);
ACC_FUNC(Mov64, 2, 0, 2, 0, return b;);
ACC_FUNC(Sext8, 1, 1, 0, 0, return (u32v)((i32v)(a << 24) >> 24););
ACC_FUNC(Sext16, 1, 1, 0, 0, return (u32v)((i32v)(a << 16) >> 16););
ACC_FUNC(Sext32, 2, 1, 0, 0, return (Wide{a, (u32v)((i32v)a >> 31)}););
ACC_FUNC(Zext32, 2, 1, 0, 0, return (Wide{a, splat(0)}););

/// movi.b64 and lea.pc: a 64-bit constant.
struct Constant {
    enum { D = 2, A = 0, B = 0, C = 0 };
    ACC_MEMBER Wide apply(const Op& op, None, None, None) {
        return {splat((uint32_t)op.imm), splat((uint32_t)(op.imm >> 32))};
    }
};
void bind_leapc(const Inst& in, Op& op) {
    op.imm += op.pc + 16;
    bind_alu<Constant>(in, op);
}

template <class F, int Form, bool Masked>
void ACC_HANDLER_CC select_handler(ACC_HANDLER_ARGS) {
    const Op here = *op;
    char* r = regs;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        if (Masked && !m[w]) continue;
        const uint32_t ps = source_pred(&here, g, (unsigned)w);
        auto a = load_operand<F::A>(r + here.a);
        auto b = Form == 1 ? immediate_operand<F::B>(&here) : load_operand<F::B>(r + here.b);
        store_result<Masked>(r + here.d, F::pick(ps, a, b), Masked ? m[w] : ~0u);
    }
    ACC_NEXT();
}
struct Selp {
    enum { A = 1, B = 1 };
    ACC_MEMBER u32v pick(uint32_t ps, u32v a, u32v b) { return select(ps, a, b); }
};
struct Selp64 {
    enum { A = 2, B = 2 };
    ACC_MEMBER Wide pick(uint32_t ps, Wide a, Wide b) {
        return {select(ps, a.lo, b.lo), select(ps, a.hi, b.hi)};
    }
};
template <class F>
void bind_select(const Inst& in, Op& op) {
    op.handler[0] = in.form == 1 ? select_handler<F, 1, false> : select_handler<F, 0, false>;
    op.handler[1] = in.form == 1 ? select_handler<F, 1, true> : select_handler<F, 0, true>;
}

void ACC_HANDLER_CC plop(ACC_HANDLER_ARGS) {
    for (uint64_t w = 0; w < warps; ++w) {
        const uint32_t p = source_pred(op, g, (unsigned)w);
        const uint32_t q = g->pred[op->pq][w] ^ (op->flags & kOpPqNeg ? ~0u : 0u);
        const uint32_t how = mod<mods::PLOP::pop>(op->mods);
        const uint32_t r = how == mods::PLOP::pop_and  ? p & q
                           : how == mods::PLOP::pop_or ? p | q
                                                       : p ^ q;
        set_pred(g, op->pd, (unsigned)w, r, m[w]);
        set_pred(g, op->pe, (unsigned)w, ~r, m[w]);
    }
    ACC_NEXT();
}
void ACC_HANDLER_CC pmov(ACC_HANDLER_ARGS) {
    for (uint64_t w = 0; w < warps; ++w)
        set_pred(g, op->pd, (unsigned)w, source_pred(op, g, (unsigned)w), m[w]);
    ACC_NEXT();
}
void ACC_HANDLER_CC p2r(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        u32v v = 0;
        for (unsigned i = 0; i < 7; ++i)
            v |= select(g->pred[i][w], splat(1u << i), splat(0));
        store_row_masked(r + op->d, v, m[w]);
    }
    ACC_NEXT();
}
void ACC_HANDLER_CC r2p(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const u32v a = load_row(r + op->a);
        for (unsigned i = 0; i < 7; ++i)
            if (op->imm >> i & 1) set_pred(g, i, (unsigned)w, mask_of((a & (1u << i)) != 0u), m[w]);
    }
    ACC_NEXT();
}

/// tid: rows made when the launch was set up.
template <bool Is64>
void ACC_HANDLER_CC thread_index(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        store_row_masked(r + op->d,
                         load_row((const char*)g->block->tid[g->first_warp + w][op->imm]), m[w]);
        if (Is64) store_row_masked(r + op->d + kRowBytes, splat(0), m[w]);
    }
    ACC_NEXT();
}
/// The others that differ from lane to lane.
ACC_INLINE u32v lane_register(unsigned number) {
    switch (number) {
    case (unsigned)isa::SpecialReg::lanemask_eq: return lane_bits();
    case (unsigned)isa::SpecialReg::lanemask_lt: return lane_bits() - 1u;
    case (unsigned)isa::SpecialReg::lanemask_le: return lane_bits() * 2u - 1u;
    case (unsigned)isa::SpecialReg::lanemask_gt: return ~(lane_bits() * 2u - 1u);
    case (unsigned)isa::SpecialReg::lanemask_ge: return ~(lane_bits() - 1u);
    default: return lane_numbers(); // laneid
    }
}
template <bool Is64>
void ACC_HANDLER_CC lane_special(ACC_HANDLER_ARGS) {
    const u32v value = lane_register((unsigned)op->imm);
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        store_row_masked(r + op->d, value, m[w]);
        if (Is64) store_row_masked(r + op->d + kRowBytes, splat(0), m[w]);
    }
    ACC_NEXT();
}
/// One value a warp (the number of the warp), or one for all.
template <bool Is64, bool PerWarp>
void ACC_HANDLER_CC special(ACC_HANDLER_ARGS) {
    char* r = regs;
    uint64_t value = PerWarp ? 0 : special_register(g, (unsigned)op->imm, 0);
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        if (PerWarp) value = special_register(g, (unsigned)op->imm, (unsigned)w);
        store_row_masked(r + op->d, splat((uint32_t)value), m[w]);
        if (Is64) store_row_masked(r + op->d + kRowBytes, splat((uint32_t)(value >> 32)), m[w]);
    }
    ACC_NEXT();
}
template <bool Is64>
void bind_special(const Inst&, Op& op) {
    Handler h = special<Is64, false>;
    switch (op.imm) {
    case (unsigned)isa::SpecialReg::tid_x:
    case (unsigned)isa::SpecialReg::tid_y:
    case (unsigned)isa::SpecialReg::tid_z: h = thread_index<Is64>; break;
    case (unsigned)isa::SpecialReg::laneid:
    case (unsigned)isa::SpecialReg::lanemask_eq:
    case (unsigned)isa::SpecialReg::lanemask_lt:
    case (unsigned)isa::SpecialReg::lanemask_le:
    case (unsigned)isa::SpecialReg::lanemask_gt:
    case (unsigned)isa::SpecialReg::lanemask_ge: h = lane_special<Is64>; break;
    case (unsigned)isa::SpecialReg::warpid: h = special<Is64, true>; break;
    default: break;
    }
    op.handler[0] = op.handler[1] = h;
}

template <Handler H>
void bind_plain(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = H;
}

} // namespace

void bind_moves(Bind* t) {
    t[ACC_OPCODE(MOV)] = bind_alu<Mov>;
    t[ACC_OPCODE(MOV64)] = bind_alu<Mov64>;
    t[ACC_OPCODE(MOVI64)] = bind_alu<Constant>;
    t[ACC_OPCODE(LEAPC)] = bind_leapc;
    t[ACC_OPCODE(MOVSR)] = bind_special<false>;
    t[ACC_OPCODE(MOVSR64)] = bind_special<true>;
    t[ACC_OPCODE(SEXT8)] = bind_alu<Sext8>;
    t[ACC_OPCODE(SEXT16)] = bind_alu<Sext16>;
    t[ACC_OPCODE(SEXT32)] = bind_alu<Sext32>;
    t[ACC_OPCODE(ZEXT32)] = bind_alu<Zext32>;
    t[ACC_OPCODE(SELP)] = bind_select<Selp>;
    t[ACC_OPCODE(SELP64)] = bind_select<Selp64>;
    t[ACC_OPCODE(PLOP)] = bind_plain<plop>;
    t[ACC_OPCODE(PMOV)] = bind_plain<pmov>;
    t[ACC_OPCODE(P2R)] = bind_plain<p2r>;
    t[ACC_OPCODE(R2P)] = bind_plain<r2p>;
}

} // namespace acc::model::interp::ACC_SIMD
