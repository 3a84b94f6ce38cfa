// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Control flow, and the handlers that are no opcode: guard, decoding, page ends, faults.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/code.h"
#include "driver/model/src/interp/services.h"
#include "driver/model/src/interp/simd/alu.h"
#include "driver/model/src/interp/variant.h"

namespace acc::model::interp::ACC_SIMD {

void ACC_HANDLER_CC arrive(ACC_HANDLER_ARGS) {
    ACC_RESUME(reschedule(g, op));
}

namespace {

/// Accounts for a jump back; true when the slice is over.
ACC_INLINE bool slice_over(Gang* g, const Op* from, const Op* target) {
    if (target->pc > from->pc) return false;
    g->slice -= (int64_t)((from->pc - target->pc) / 16 + 1) * (int64_t)g->warps;
    if (g->strong) {
        g->strong = false;
        ++g->spins;
    }
    return (g->slice < 0) | (g->spins > kSpinsPerSlice);
}
/// No parked group is at `pc` or between here and there.
ACC_INLINE bool free_to_go(const Gang* g, uint64_t pc) {
    return (pc > g->low_pc) & (pc < g->high_pc);
}

ACC_INLINE const Op* target_op(Gang* g, const Op* op) {
    return op->target ? op->target : fetch(g->block, op->imm);
}

/// The whole running group goes to `to`.
#define ACC_JUMP(to)                                                                               \
    do {                                                                                           \
        const Op* jump = (to);                                                                     \
        if (__builtin_expect(slice_over(g, op, jump), 0)) {                                        \
            end_slice(g, jump);                                                                    \
            return;                                                                                \
        }                                                                                          \
        if (__builtin_expect(free_to_go(g, jump->pc), 1)) [[clang::musttail]]                      \
            return jump->handler[mode](jump, g, stop, regs, stride, warps, mode, g->mask);         \
        ACC_RESUME(reschedule(g, jump));                                                           \
    } while (0)

void ACC_HANDLER_CC bra(ACC_HANDLER_ARGS) {
    ACC_JUMP(target_op(g, op));
}

void ACC_HANDLER_CC bra_near(ACC_HANDLER_ARGS) {
    ACC_JUMP(op->target);
}

void ACC_HANDLER_CC bra_guarded(ACC_HANDLER_ARGS) {
    // Word by word: the predicate has often just been written so, and a wide load would wait for
    // those stores.
    const uint32_t negate = op->flags & kOpGuardNeg ? ~0u : 0u;
    const uint32_t* guard = g->pred[op->guard];
    uint32_t any_taken = 0, any_other = 0;
#pragma clang loop vectorize(disable) unroll_count(2)
    for (uint64_t w = 0; w < warps; ++w) {
        const uint32_t here = g->mask[w], taken = here & (guard[w] ^ negate);
        any_taken |= taken;
        any_other |= here ^ taken;
    }
    if (!any_taken) ACC_NEXT();
    if (!any_other) ACC_JUMP(target_op(g, op));
    store_masks(g->eff, load_masks(g->mask) & guard_mask(op, g));
    const Op* target = target_op(g, op);
    if (slice_over(g, op, target)) g->slice = -1; // the next jump of the whole group ends it
    ACC_RESUME(diverge(g, target, op + 1, g->eff));
}

/// The lanes for which the guard holds.
ACC_INLINE bool guarded_lanes(const Op* op, Gang* g) {
    const masks lanes = load_masks(g->mask) & guard_mask(op, g);
    store_masks(g->eff, lanes);
    return any(lanes);
}

/// rd = address of the next instruction, for lanes m.
ACC_INLINE void store_link(const Op* op, char* regs, uint64_t stride, uint64_t warps,
                           const uint32_t* m) {
    const uint64_t link = op->pc + 16;
    for (uint64_t w = 0; w < warps; ++w) {
        char* row = regs + w * stride + op->d;
        store_row_masked(row, splat((uint32_t)link), m[w]);
        store_row_masked(row + kRowBytes, splat((uint32_t)(link >> 32)), m[w]);
    }
}

void ACC_HANDLER_CC call(ACC_HANDLER_ARGS) {
    if (!guarded_lanes(op, g)) ACC_NEXT();
    const Op* target = target_op(g, op);
    store_link(op, regs, stride, warps, g->eff);
    g->slice -= 8;
    const masks rest = load_masks(g->mask) & ~load_masks(g->eff);
    const uint32_t depth = g->depth;
    if (any(rest)) {
        alignas(32) uint32_t others[kMaxWarps];
        store_masks(others, rest);
        park_ready(g, op + 1, others, depth, g->penalty);
    }
    park_ready(g, target, g->eff, depth + 1, g->penalty);
    const Op* next = pick(g);
    if (next && g->slice < 0) next = end_slice(g, next);
    ACC_RESUME(next);
}
/// The common case: no guard, nobody parked.
void ACC_HANDLER_CC call_together(ACC_HANDLER_ARGS) {
    if (g->num_groups != 0) [[clang::musttail]]
        return call(op, g, stop, regs, stride, warps, mode, m);
    store_link(op, regs, stride, warps, g->mask);
    ++g->depth;
    g->slice -= 8;
    const Op* target = target_op(g, op);
    if (g->slice < 0) {
        end_slice(g, target);
        return;
    }
    ACC_GO(target);
}

/// The one target of all lanes of the running group, or 0.
ACC_INLINE bool one_target(const Op* op, const Gang* g, const char* regs, uint64_t stride,
                           uint64_t warps, const uint32_t* m, uint64_t* out) {
    bool found = false;
    uint64_t pc = 0;
    for (uint64_t w = 0; w < warps; ++w) {
        if (!m[w]) continue;
        const char* row = regs + w * stride + op->a;
        const unsigned first = (unsigned)__builtin_ctz(m[w]);
        const uint32_t lo = lane(row, first), hi = lane(row + kRowBytes, first);
        const uint64_t here = (uint64_t)hi << 32 | lo;
        const uint32_t same = mask_of((load_row(row) == splat(lo)) &
                                      (load_row(row + kRowBytes) == splat(hi)));
        if ((same & m[w]) != m[w] || (found && here != pc)) return false;
        pc = here;
        found = true;
    }
    *out = pc;
    return found;
}

template <int DepthChange, bool Link>
void ACC_HANDLER_CC indirect(ACC_HANDLER_ARGS) {
    if (!guarded_lanes(op, g)) ACC_NEXT();
    g->slice -= 8;
    if (g->strong) {
        g->strong = false;
        ++g->spins;
    }
    const bool whole = !any(load_masks(g->mask) & ~load_masks(g->eff));
    uint64_t pc;
    const Op* next;
    if (whole && g->num_groups == 0 && one_target(op, g, regs, stride, warps, g->eff, &pc)) {
        if (Link) store_link(op, regs, stride, warps, g->eff);
        if (DepthChange > 0 || g->depth > 0) g->depth += (uint32_t)DepthChange;
        if (DepthChange >= 0) note_target(g, op, pc + op->imm);
        next = fetch(g->block, pc + op->imm);
    } else if (!Link) {
        next = branch_indirect(g, op, g->eff, op->imm, op + 1, DepthChange);
    } else {
        // The link register may be the target register: it is written for the lanes after they have
        // been sorted.
        alignas(32) uint32_t lanes[kMaxWarps];
        store_masks(lanes, load_masks(g->eff));
        next = branch_indirect(g, op, lanes, op->imm, op + 1, DepthChange);
        store_link(op, regs, stride, warps, lanes);
    }
    if (next && ((g->slice < 0) | (g->spins > kSpinsPerSlice))) next = end_slice(g, next);
    ACC_RESUME(next);
}

void ACC_HANDLER_CC exit_threads(ACC_HANDLER_ARGS) {
    if (op->guard == kPredTrue && !(op->flags & kOpGuardNeg) && g->num_groups == 0) { // the last
                                                                                      // threads of
                                                                                      // the gang
        uint32_t count = 0;
        for (uint64_t w = 0; w < warps; ++w)
            count += (uint32_t)__builtin_popcount(g->mask[w]);
        store_masks(g->mask, (masks)0u);
        store_masks(g->live, (masks)0u);
        g->block->live_threads -= count;
        g->block->wake_scan = true;
        g->running = false;
        g->exit = Exit::Blocked;
        return;
    }
    if (!guarded_lanes(op, g)) ACC_NEXT();
    ACC_RESUME(exit_lanes(g, op + 1, g->eff));
}

void ACC_HANDLER_CC nop(ACC_HANDLER_ARGS) {
    ACC_NEXT();
}

ACC_INLINE unsigned first_warp(const uint32_t* m) {
    unsigned w = 0;
    while (!m[w])
        ++w;
    return w;
}

template <uint32_t Cause>
void ACC_HANDLER_CC trap(ACC_HANDLER_ARGS) {
    const unsigned w = first_warp(m);
    raise(g, op, Cause, w, m[w]);
    g->block->fault.info = op->imm;
}

void ACC_HANDLER_CC illegal(ACC_HANDLER_ARGS) {
    const unsigned w = first_warp(m);
    raise(g, op, ACC_FAULT_ILLEGAL_INSTRUCTION, w, m[w]);
}

void ACC_HANDLER_CC bad_fetch(ACC_HANDLER_ARGS) {
    const unsigned w = first_warp(m);
    raise_access(g, op, (uint32_t)op->imm, w, m[w], ACC_ACCESS_EXECUTE, op->pc, 16);
}

void ACC_HANDLER_CC undecoded(ACC_HANDLER_ARGS) {
    decode(g->block, op);
    [[clang::musttail]] return op->handler[mode](op, g, stop, regs, stride, warps, mode, m);
}

void ACC_HANDLER_CC stop_here(ACC_HANDLER_ARGS) {
    g->running = true;
}

void ACC_HANDLER_CC next_page(ACC_HANDLER_ARGS) {
    ACC_GO(fetch(g->block, op->pc));
}

void ACC_HANDLER_CC guard(ACC_HANDLER_ARGS) {
    if (!guarded_lanes(op, g)) ACC_NEXT();
    [[clang::musttail]] return op->guarded(op, g, stop, regs, stride, warps, mode, g->eff);
}

void ACC_HANDLER_CC hostcall(ACC_HANDLER_ARGS) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    ACC_NEXT();
}

/// yield and nanosleep: other groups, gangs and blocks get their turn.
template <bool Sleep>
void ACC_HANDLER_CC give_way(ACC_HANDLER_ARGS) {
    ACC_RESUME(suspend_lanes(g, op, m, Sleep));
}

template <Handler H>
void bind_plain(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = H;
}
bool is_guarded(const Op& op) {
    return op.guard != kPredTrue || (op.flags & kOpGuardNeg);
}
void bind_bra(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = is_guarded(op) ? bra_guarded : op.target ? bra_near : bra;
}
void bind_call(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = is_guarded(op) ? call : call_together;
}

} // namespace

void bind_control(Bind* t) {
    t[ACC_OPCODE(NOP)] = bind_plain<nop>;
    t[ACC_OPCODE(BRA)] = bind_bra;
    t[ACC_OPCODE(BRX)] = bind_plain<indirect<0, false>>;
    t[ACC_OPCODE(CALL)] = bind_call;
    t[ACC_OPCODE(CALLX)] = bind_plain<indirect<1, true>>;
    t[ACC_OPCODE(RET)] = bind_plain<indirect<-1, false>>;
    t[ACC_OPCODE(EXIT)] = bind_plain<exit_threads>;
    t[ACC_OPCODE(TRAP)] = bind_plain<trap<ACC_FAULT_TRAP>>;
    t[ACC_OPCODE(BRK)] = bind_plain<trap<ACC_FAULT_BREAKPOINT>>;
    t[ACC_OPCODE(NANOSLEEP)] = bind_plain<give_way<true>>;
    t[ACC_OPCODE(YIELD)] = bind_plain<give_way<false>>;
    t[ACC_OPCODE(HOSTCALL)] = bind_plain<hostcall>;
}

void bind_pseudo_ops(Variant& v) {
    v.undecoded = undecoded;
    v.next_page = next_page;
    v.bad_fetch = bad_fetch;
    v.illegal = illegal;
    v.stop = stop_here;
    v.guard = guard;
}

void run_one(Gang* g, const Op* op) {
    op->handler[g->mode](op, g, nullptr, g->regs, g->stride, g->warps, g->mode, g->mask);
#if defined(__AVX__) || defined(__AVX2__) || defined(__AVX512F__)
    __builtin_ia32_vzeroupper();
#endif
}

void run_gang(Gang* g) {
    const Op* op = g->current;
    op->handler[g->mode](op, g, g->stop, g->regs, g->stride, g->warps, g->mode, g->mask);
#if defined(__AVX__) || defined(__AVX2__) || defined(__AVX512F__)
    __builtin_ia32_vzeroupper();
#endif
}

} // namespace acc::model::interp::ACC_SIMD
