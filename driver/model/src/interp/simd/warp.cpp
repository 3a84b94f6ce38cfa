// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warp operations. Where all members of a warp have come together they are executed at once;
// otherwise the lanes wait (warp_wait.h).
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/shuffle.h"
#include "driver/model/src/interp/simd/alu.h"
#include "driver/model/src/interp/warp_wait.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

/// The member mask that all lanes name, or 0 when they name different ones.
ACC_INLINE uint32_t common_members(const Op* op, const char* r, uint32_t lanes) {
    if (op->flags & kOpImmC) return (uint32_t)op->imm;
    const uint32_t members = lane(r + op->c, (unsigned)__builtin_ctz(lanes));
    return (mask_of(load_row(r + op->c) == members) & lanes) == lanes ? members : 0;
}
ACC_INLINE uint32_t members_of(const Op* op, const char* r, unsigned l) {
    return op->flags & kOpImmC ? (uint32_t)op->imm : lane(r + op->c, l);
}
ACC_INLINE bool is_ready(const Gang* g, unsigned w, uint32_t lanes, uint32_t members) {
    return (lanes & ~members) == 0 && (members & g->live[w]) == lanes;
}

ACC_INLINE void set_result(char* row, u32v v, uint32_t lanes) {
    store_row_masked(row, v, lanes);
}

// How one warp executes an operation when all is ready.
ACC_INLINE void read_operands(const Gang* g, const Op* op, const char* r, unsigned w,
                              WarpData& data) {
    data.mods = op->mods;
    data.pd = 0;
    data.ps = source_pred(op, g, w);
    store_row((char*)data.a[0], load_row(r + op->a));
    if (op->opcode == ACC_OPCODE(MATCH_ALL64) || op->opcode == ACC_OPCODE(MATCH_ANY64))
        store_row((char*)data.a[1], load_row(r + op->a + kRowBytes));
    __builtin_memcpy(data.b, r + op->b, sizeof data.b);
    if (op->opcode == ACC_OPCODE(SHFL))
        for (uint32_t& b : data.b)
            b = packed_shuffle_operands(op->mods, b);
}
struct Generic {
    ACC_MEMBER void run(Gang* g, const Op* op, char* r, unsigned w, uint32_t lanes,
                        uint32_t members) {
        WarpData data;
        data.lanes = lanes;
        data.members = members;
        read_operands(g, op, r, w, data);
        warp_operation(op->opcode, data);
        if (!(op->flags & kOpDiscard)) set_result(r + op->d, load_row((const char*)data.d), lanes);
        set_pred(g, op->pd, w, data.pd, lanes);
    }
};
/// match.any: the lanes of one value after the other.
template <bool Is64>
struct MatchAny {
    ACC_MEMBER void run(Gang*, const Op* op, char* r, unsigned w, uint32_t lanes, uint32_t) {
        const u32v a = load_row(r + op->a),
                   high = Is64 ? load_row(r + op->a + kRowBytes) : splat(0);
        u32v d = 0;
        for (uint32_t left = lanes; left;) {
            const unsigned l = (unsigned)__builtin_ctz(left);
            i32v same = a == lane(r + op->a, l);
            if (Is64) same &= high == lane(r + op->a + kRowBytes, l);
            const uint32_t with = mask_of(same) & lanes;
            d = select(with, splat(with), d);
            left &= ~with;
        }
        if (!(op->flags & kOpDiscard)) set_result(r + op->d, d, lanes);
    }
};
/// Lane i is lane index[i] % 32 of x.
ACC_INLINE u32v permute(u32v x, u32v index) {
#ifdef __AVX512F__
    typedef int Part __attribute__((vector_size(64)));
    struct Parts {
        Part low, high;
    };
    const Parts from = __builtin_bit_cast(Parts, x);
    Parts to = __builtin_bit_cast(Parts, index);
    to.low = (Part)__builtin_ia32_vpermi2vard512(from.low, to.low, from.high);
    to.high = (Part)__builtin_ia32_vpermi2vard512(from.low, to.high, from.high);
    return __builtin_bit_cast(u32v, to);
#else
    alignas(64) uint32_t a[kLanes], at[kLanes], d[kLanes];
    store_row((char*)a, x);
    store_row((char*)at, index);
    for (unsigned l = 0; l < kLanes; ++l)
        d[l] = a[at[l] & 31];
    return load_row((const char*)d);
#endif
}
/// shfl with the source lane as a row of indices.
struct Shuffle {
    ACC_MEMBER void run(Gang* g, const Op* op, char* r, unsigned w, uint32_t lanes, uint32_t) {
        const u32v lane = lane_numbers();
        i32v in_range;
        u32v from = shuffle_source(mod<mods::SHFL::shmode>(op->mods), lane,
                                   shuffle_operands(op->mods, load_row(r + op->b)), in_range);
        from = choose(in_range, from, lane);
        set_result(r + op->d, permute(load_row(r + op->a), from), lanes);
        set_pred(g, op->pd, w, mask_of(in_range), lanes);
    }
};
template <int Kind>
struct Vote { // 0 all, 1 any, 2 uni, 3 ballot
    ACC_MEMBER void run(Gang* g, const Op* op, char* r, unsigned w, uint32_t lanes, uint32_t) {
        const uint32_t yes = source_pred(op, g, w) & lanes;
        if (Kind == 3) return set_result(r + op->d, splat(yes), lanes);
        const bool result = Kind == 0   ? yes == lanes
                            : Kind == 1 ? yes != 0
                                        : yes == 0 || yes == lanes;
        set_pred(g, op->pd, w, result ? ~0u : 0, lanes);
    }
};
struct Redux {
    ACC_MEMBER uint32_t of(uint32_t how, u32v a, uint32_t lanes) {
        const u32v zeros = select(lanes, a, splat(0)), ones = select(lanes, a, splat(~0u));
        switch (how) {
        case mods::REDUX::rop_add: return __builtin_reduce_add(zeros);
        case mods::REDUX::rop_min_s32:
            return (uint32_t)__builtin_reduce_min((i32v)select(lanes, a, splat(0x7fffffff)));
        case mods::REDUX::rop_max_s32:
            return (uint32_t)__builtin_reduce_max((i32v)select(lanes, a, splat(0x80000000)));
        case mods::REDUX::rop_min_u32: return __builtin_reduce_min(ones);
        case mods::REDUX::rop_max_u32: return __builtin_reduce_max(zeros);
        case mods::REDUX::rop_and: return __builtin_reduce_and(ones);
        case mods::REDUX::rop_or: return __builtin_reduce_or(zeros);
        default: return __builtin_reduce_xor(zeros);
        }
    }
    ACC_MEMBER void run(Gang* g, const Op* op, char* r, unsigned w, uint32_t lanes,
                        uint32_t members) {
        const uint32_t how = mod<mods::REDUX::rop>(op->mods);
        if (how > mods::REDUX::rop_xor) return Generic::run(g, op, r, w, lanes, members); // floats
        if (op->flags & kOpDiscard) return;
        set_result(r + op->d, splat(of(how, load_row(r + op->a), lanes)), lanes);
    }
};
struct Meet {
    ACC_MEMBER void run(Gang*, const Op*, char*, unsigned, uint32_t, uint32_t) {}
};

/// Lanes whose members are not all here: those with the same mask wait together.
__attribute__((noinline)) void wait_lanes(Gang* g, const Op* op, const char* r, unsigned w,
                                          uint32_t lanes) {
    while (lanes) {
        const uint32_t members = members_of(op, r, (unsigned)__builtin_ctz(lanes));
        uint32_t same = 0;
        for (uint32_t left = lanes; left; left &= left - 1) {
            const unsigned l = (unsigned)__builtin_ctz(left);
            if (members_of(op, r, l) == members) same |= 1u << l;
        }
        wait_for_members(g, op, w, same, members);
        lanes &= ~same;
    }
}

/// Lanes `now`, of those that are here, one after the other: each with the members of its mask that
/// are here and, unless it votes, itself.
__attribute__((noinline)) void run_alone(Gang* g, const Op* op, char* r, unsigned w, uint32_t here,
                                         uint32_t now) {
    const bool votes = op->opcode >= ACC_OPCODE(VOTE_ALL) && op->opcode <= ACC_OPCODE(BALLOT);
    WarpData data;
    read_operands(g, op, r, w, data);
    alignas(64) uint32_t results[kLanes] = {};
    uint32_t predicates = 0;
    for (uint32_t left = now; left; left &= left - 1) {
        const unsigned l = (unsigned)__builtin_ctz(left);
        data.members = members_of(op, r, l);
        data.lanes = (data.members & here) | (votes ? 0 : 1u << l);
        data.pd = 0;
        warp_operation(op->opcode, data);
        results[l] = data.d[l];
        predicates |= data.pd & 1u << l;
    }
    if (!(op->flags & kOpDiscard)) set_result(r + op->d, load_row((const char*)results), now);
    set_pred(g, op->pd, w, predicates, now);
}
/// Lanes of a warp that have not come together as their masks say. PTX leaves undefined what
/// happens to a thread that its own mask does not name; here it does not wait.
__attribute__((noinline)) void meet_or_wait(Gang* g, const Op* op, char* r, unsigned w,
                                            uint32_t lanes) {
    uint32_t outside = 0, complete = 0;
    for (uint32_t left = lanes; left; left &= left - 1) {
        const unsigned l = (unsigned)__builtin_ctz(left);
        const uint32_t members = members_of(op, r, l);
        if (!(members >> l & 1)) outside |= 1u << l;
        if (!(members & g->live[w] & ~lanes)) complete |= 1u << l;
    }
    if (outside) {
        run_alone(g, op, r, w, lanes, outside | complete);
        lanes &= ~(outside | complete);
    }
    wait_lanes(g, op, r, w, lanes);
}

template <class K>
void ACC_HANDLER_CC warp_op(ACC_HANDLER_ARGS) {
    char* r = regs;
    bool ready = true;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        if (!m[w]) continue;
        if (is_ready(g, (unsigned)w, m[w], common_members(op, r, m[w]))) continue;
        ready = false;
    }
    r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t lanes = m[w];
        if (!lanes) continue;
        const uint32_t members = common_members(op, r, lanes);
        if (ready || is_ready(g, (unsigned)w, lanes, members))
            K::run(g, op, r, (unsigned)w, lanes, members);
        else
            meet_or_wait(g, op, r, (unsigned)w, lanes);
    }
    if (ready) ACC_NEXT();
    complete_warp_waits(g);
    ACC_RESUME(go_on(g, op + 1));
}

void ACC_HANDLER_CC activemask(ACC_HANDLER_ARGS) {
    for (uint64_t w = 0; w < warps; ++w)
        store_row_masked(regs + w * stride + op->d, splat(m[w]), m[w]);
    ACC_NEXT();
}

template <Handler H>
void bind_plain(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = H;
}

} // namespace

void bind_warp(Bind* t) {
    t[ACC_OPCODE(SHFL)] = bind_plain<warp_op<Shuffle>>;
    t[ACC_OPCODE(VOTE_ALL)] = bind_plain<warp_op<Vote<0>>>;
    t[ACC_OPCODE(VOTE_ANY)] = bind_plain<warp_op<Vote<1>>>;
    t[ACC_OPCODE(VOTE_UNI)] = bind_plain<warp_op<Vote<2>>>;
    t[ACC_OPCODE(BALLOT)] = bind_plain<warp_op<Vote<3>>>;
    t[ACC_OPCODE(MATCH_ANY)] = bind_plain<warp_op<MatchAny<false>>>;
    t[ACC_OPCODE(MATCH_ANY64)] = bind_plain<warp_op<MatchAny<true>>>;
    t[ACC_OPCODE(MATCH_ALL)] = bind_plain<warp_op<Generic>>;
    t[ACC_OPCODE(MATCH_ALL64)] = bind_plain<warp_op<Generic>>;
    t[ACC_OPCODE(REDUX)] = bind_plain<warp_op<Redux>>;
    t[ACC_OPCODE(ELECT)] = bind_plain<warp_op<Generic>>;
    t[ACC_OPCODE(WARPSYNC)] = bind_plain<warp_op<Meet>>;
    t[ACC_OPCODE(ACTIVEMASK)] = bind_plain<activemask>;
}

} // namespace acc::model::interp::ACC_SIMD
