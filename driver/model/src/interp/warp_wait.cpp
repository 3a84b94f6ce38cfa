// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/warp_wait.h"

#include <bit>
#include <cstring>
#include <string_view>

#include "acc/spec/acc_isa_opcodes.h"
#include "acc/spec/isa_table.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/shuffle.h"

namespace acc::model::interp {
namespace {

using isa::Opcode;
namespace mods = isa::mods;

/// Calls f(lane) for each lane of a mask.
template <class F>
void each(uint32_t mask, F f) {
    for (; mask; mask &= mask - 1)
        f(static_cast<unsigned>(std::countr_zero(mask)));
}

/// PTX shfl.sync.
void shuffle(WarpData& w) {
    const uint32_t mode = mods::SHFL::shmode.get(w.mods);
    each(w.lanes, [&](unsigned lane) {
        const uint32_t b = w.b[lane];
        const ShuffleOperands<uint32_t> x{isa::kShflLane.get(b), isa::kShflClamp.get(b),
                                          isa::kShflSegment.get(b)};
        int32_t in_range;
        const uint32_t from = shuffle_source(mode, uint32_t{lane}, x, in_range);
        w.d[lane] = w.a[0][in_range ? from : lane];
        w.pd |= uint32_t{in_range != 0} << lane;
    });
}

void match(WarpData& w, bool wide, bool all) {
    each(w.lanes, [&](unsigned lane) {
        uint32_t same = 0;
        each(w.lanes, [&](unsigned other) {
            if (w.a[0][lane] == w.a[0][other] && (!wide || w.a[1][lane] == w.a[1][other]))
                same |= 1u << other;
        });
        if (!all) {
            w.d[lane] = same;
        } else if (same == w.lanes) {
            w.d[lane] = w.members;
            w.pd |= 1u << lane;
        } else {
            w.d[lane] = 0;
        }
    });
}

constexpr uint32_t kCanonicalNan = 0x7fffffff;
bool is_nan(uint32_t x) {
    return (x & 0x7fffffffu) > 0x7f800000u;
}
/// The order of minimumNumber: -0 below +0.
int32_t order(uint32_t x) {
    return static_cast<int32_t>(
        x ^ (static_cast<uint32_t>(static_cast<int32_t>(x) >> 31) & 0x7fffffffu));
}

uint32_t reduce_float(const WarpData& w, bool max) {
    const bool propagate = mods::REDUX::rnan.get(w.mods), absolute = mods::REDUX::rabs.get(w.mods);
    bool any = false, nan = false;
    uint32_t r = kCanonicalNan;
    each(w.lanes, [&](unsigned lane) {
        const uint32_t x = absolute ? w.a[0][lane] & 0x7fffffffu : w.a[0][lane];
        if (is_nan(x)) {
            nan = true;
            return;
        }
        if (!any || (max ? order(x) > order(r) : order(x) < order(r))) r = x;
        any = true;
    });
    return nan && propagate ? kCanonicalNan : r;
}

uint32_t reduce(const WarpData& w) {
    const uint32_t operation = mods::MRed.get(w.mods);
    if (operation == mods::MRed_fmin || operation == mods::MRed_fmax)
        return reduce_float(w, operation == mods::MRed_fmax);
    bool first = true;
    uint32_t r = 0;
    each(w.lanes, [&](unsigned lane) {
        const uint32_t x = w.a[0][lane];
        const auto sx = static_cast<int32_t>(x), sr = static_cast<int32_t>(r);
        if (first)
            r = x;
        else
            switch (operation) {
            case mods::MRed_add: r += x; break;
            case mods::MRed_min_s32: r = sx < sr ? x : r; break;
            case mods::MRed_max_s32: r = sx > sr ? x : r; break;
            case mods::MRed_min_u32: r = x < r ? x : r; break;
            case mods::MRed_max_u32: r = x > r ? x : r; break;
            case mods::MRed_and: r &= x; break;
            case mods::MRed_or: r |= x; break;
            default: r ^= x; break; // xor
            }
        first = false;
    });
    return r;
}

bool is_shuffle(const Op* op) {
    return op->opcode == static_cast<unsigned>(Opcode::SHFL);
}
bool is_wide(unsigned opcode) {
    return opcode == static_cast<unsigned>(Opcode::MATCH_ANY64) ||
           opcode == static_cast<unsigned>(Opcode::MATCH_ALL64);
}

void fill_all(WarpData& w, uint32_t value) {
    for (uint32_t& d : w.d)
        d = value;
}

/// Adds the lanes of one waiting group to the operands.
void collect(const Gang* g, const Group& x, WarpData& w) {
    const Op* op = x.op;
    const char* r = g->regs + x.warp * g->stride;
    const auto* a = reinterpret_cast<const uint32_t*>(r + op->a);
    const auto* b = reinterpret_cast<const uint32_t*>(r + op->b);
    const uint32_t ps = g->pred[op->ps][x.warp] ^ (op->flags & kOpPsNeg ? ~0u : 0u);
    const uint32_t lanes = x.mask[x.warp];
    each(lanes, [&](unsigned l) {
        w.a[0][l] = a[l];
        if (is_wide(op->opcode)) w.a[1][l] = a[kLanes + l];
        w.b[l] = is_shuffle(op) ? packed_shuffle_operands(op->mods, b[l]) : b[l];
    });
    w.ps |= ps & lanes;
}

void deliver(Gang* g, const Group& x, const WarpData& w) {
    const Op* op = x.op;
    const uint32_t lanes = x.mask[x.warp];
    if (!(op->flags & kOpDiscard)) {
        auto* d = reinterpret_cast<uint32_t*>(g->regs + x.warp * g->stride + op->d);
        each(lanes, [&](unsigned l) { d[l] = w.d[l]; });
    }
    uint32_t& p = g->pred[op->pd][x.warp];
    p = (p & ~lanes) | (w.pd & lanes);
}

/// Matrix operations are executed by their handler, which wants the whole warp at one instruction.
bool is_matrix(const Op* op) {
    return op->opcode >= static_cast<unsigned>(Opcode::LDMATRIX1);
}
static_assert(
    [] {
        for (const isa::RowInfo& row : isa::kRows) {
            const std::string_view name = row.mnemonic;
            const bool matrix = name.starts_with("mma.") || name.find("matrix") != name.npos;
            if (row.has(isa::kIsWarpOp) && matrix != (row.opcode >= Opcode::LDMATRIX1))
                return false;
        }
        return true;
    }(),
    "the matrix operations are numbered after all other warp operations");

/// The modifiers that say which operation it is; the others are one thread's operands.
uint32_t qualifiers(const Op* op) {
    return is_shuffle(op) ? op->mods & mods::SHFL::shmode.mask() : op->mods;
}

/// Threads of two groups do one operation together, at whatever instructions they stand. Each
/// thread's operands, and whether they are registers or constants, are its own.
bool same_operation(const Group& x, const Group& y) {
    if (y.state != GroupState::WarpOp || x.warp != y.warp || x.members != y.members) return false;
    if (is_matrix(x.op)) return x.op == y.op;
    return x.op->opcode == y.op->opcode && qualifiers(x.op) == qualifiers(y.op);
}

/// Makes the groups that do x's operation ready: at it again, to be executed by its handler, or
/// behind it.
template <class F>
void release(Gang* g, const Group& x, F place) {
    for (uint32_t i = 0; i < g->num_groups;) {
        if (same_operation(x, g->groups[i])) {
            make_ready(g, i, place(g->groups[i]));
            i = 0; // the groups have moved
        } else {
            ++i;
        }
    }
}

/// Executes the operation that group `index` waits for, when all members are there.
bool complete_one(Gang* g, uint32_t index) {
    const Group x = g->groups[index];
    uint32_t arrived = 0;
    for (uint32_t i = 0; i < g->num_groups; ++i)
        if (same_operation(x, g->groups[i])) arrived |= g->groups[i].mask[x.warp];
    if (arrived != (x.members & g->live[x.warp])) return false;
    if (is_matrix(x.op)) {
        release(g, x, [](const Group& y) { return y.op; });
        return true;
    }
    WarpData data{};
    data.lanes = arrived;
    data.members = x.members;
    data.mods = x.op->mods;
    for (uint32_t i = 0; i < g->num_groups; ++i)
        if (same_operation(x, g->groups[i])) collect(g, g->groups[i], data);
    warp_operation(x.op->opcode, data);
    release(g, x, [&](const Group& y) {
        deliver(g, y, data);
        return y.op + 1;
    });
    return true;
}

} // namespace

uint32_t packed_shuffle_operands(uint32_t mods, uint32_t b) {
    const ShuffleOperands<uint32_t> x = shuffle_operands(mods, b);
    return isa::kShflLane.of(x.b) | isa::kShflClamp.of(x.clamp) | isa::kShflSegment.of(x.segment);
}

void warp_operation(unsigned opcode, WarpData& w) {
    const uint32_t yes = w.ps & w.lanes;
    switch (static_cast<Opcode>(opcode)) {
    case Opcode::SHFL: shuffle(w); break;
    case Opcode::VOTE_ALL: w.pd = yes == w.lanes ? ~0u : 0; break;
    case Opcode::VOTE_ANY: w.pd = yes ? ~0u : 0; break;
    case Opcode::VOTE_UNI: w.pd = yes == 0 || yes == w.lanes ? ~0u : 0; break;
    case Opcode::BALLOT: fill_all(w, yes); break;
    case Opcode::MATCH_ANY: match(w, false, false); break;
    case Opcode::MATCH_ANY64: match(w, true, false); break;
    case Opcode::MATCH_ALL: match(w, false, true); break;
    case Opcode::MATCH_ALL64: match(w, true, true); break;
    case Opcode::REDUX: fill_all(w, reduce(w)); break;
    case Opcode::ELECT: {
        const auto leader = static_cast<uint32_t>(std::countr_zero(w.lanes));
        fill_all(w, leader);
        w.pd = 1u << leader;
        break;
    }
    default: break; // warpsync: only the meeting
    }
}

void wait_for_members(Gang* g, const Op* op, unsigned warp, uint32_t lanes, uint32_t members) {
    alignas(32) uint32_t mask[kMaxWarps] = {};
    mask[warp] = lanes;
    Group& x = park_waiting(g, op, mask, GroupState::WarpOp);
    x.members = members;
    x.warp = static_cast<uint8_t>(warp);
}

bool waits_at_other_operations(const Gang& g, const Group& x) {
    for (uint32_t i = 0; i < g.num_groups; ++i) {
        const Group& y = g.groups[i];
        if (y.state == GroupState::WarpOp && y.warp == x.warp && !same_operation(x, y) &&
            (y.mask[x.warp] & x.members) != 0)
            return true;
    }
    return false;
}

bool complete_warp_waits(Gang* g) {
    bool any = false;
    for (uint32_t i = 0; i < g->num_groups;) {
        if (g->groups[i].state == GroupState::WarpOp && complete_one(g, i)) {
            any = true;
            i = 0;
        } else {
            ++i;
        }
    }
    return any;
}

} // namespace acc::model::interp
