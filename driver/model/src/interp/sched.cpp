// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/sched.h"

#include <bit>
#include <cstdlib>
#include <cstring>

#include "driver/model/src/indirect_targets.h"
#include "driver/model/src/interp/code.h"

namespace acc::model::interp {
namespace {

bool is_empty(const uint32_t* mask) {
    uint32_t all = 0;
    for (unsigned w = 0; w < kMaxWarps; ++w)
        all |= mask[w];
    return all == 0;
}

Group& new_group(Gang* g) {
    if (g->num_groups == g->cap_groups) {
        const uint32_t cap = g->cap_groups ? g->cap_groups * 2 : 8;
        auto* bigger = static_cast<Group*>(std::aligned_alloc(32, cap * sizeof(Group)));
        if (!bigger) std::abort();
        if (g->num_groups) std::memcpy(bigger, g->groups, g->num_groups * sizeof(Group));
        std::free(g->groups);
        g->groups = bigger;
        g->cap_groups = cap;
    }
    return g->groups[g->num_groups++];
}

void remove_group(Gang* g, uint32_t index) {
    g->groups[index] = g->groups[--g->num_groups];
}

/// x is to run before y.
bool before(const Group& x, const Group& y, bool backwards) {
    if (x.penalty != y.penalty) return x.penalty < y.penalty;
    if (x.depth != y.depth) return x.depth > y.depth;
    return backwards ? x.op->pc > y.op->pc : x.op->pc < y.op->pc;
}

/// Ready groups at `op` join the running group.
void absorb(Gang* g, const Op* op) {
    for (uint32_t i = 0; i < g->num_groups;) {
        Group& x = g->groups[i];
        if (x.state != GroupState::Ready || x.op != op) {
            ++i;
            continue;
        }
        for (unsigned w = 0; w < kMaxWarps; ++w)
            g->mask[w] |= x.mask[w];
        g->depth = x.depth > g->depth ? x.depth : g->depth;
        g->penalty = x.penalty < g->penalty ? x.penalty : g->penalty;
        remove_group(g, i);
    }
}

void set_mode(Gang* g) {
    uint32_t idle = 0; // living lanes that are not in the running group
    for (unsigned w = 0; w < kMaxWarps; ++w)
        idle |= g->live[w] & ~g->mask[w];
    g->mode = idle != 0;
}

} // namespace

void set_bounds(Gang* g, const Op* op) {
    g->stop = nullptr;
    g->low_pc = 0;
    g->high_pc = ~0ull;
    for (uint32_t i = 0; i < g->num_groups; ++i) {
        const Group& x = g->groups[i];
        if (x.state != GroupState::Ready) continue;
        if (x.op->pc > op->pc && x.op->pc < g->high_pc) {
            g->high_pc = x.op->pc;
            g->stop = x.op;
        } else if (x.op->pc < op->pc && x.op->pc > g->low_pc) {
            g->low_pc = x.op->pc;
        }
    }
}

void park_ready(Gang* g, const Op* op, const uint32_t* mask, uint32_t depth, uint32_t penalty) {
    if (op->page_end) // so that one pc is one op
        op = fetch(g->block, op->pc);
    for (uint32_t i = 0; i < g->num_groups; ++i) {
        Group& x = g->groups[i];
        if (x.op != op || x.state != GroupState::Ready) continue;
        for (unsigned w = 0; w < kMaxWarps; ++w)
            x.mask[w] |= mask[w];
        x.depth = depth > x.depth ? depth : x.depth;
        x.penalty = penalty < x.penalty ? penalty : x.penalty;
        return;
    }
    Group& x = new_group(g);
    std::memcpy(x.mask, mask, sizeof x.mask);
    x.op = op;
    x.depth = depth;
    x.penalty = penalty;
    x.state = GroupState::Ready;
}

Group& park_waiting(Gang* g, const Op* op, const uint32_t* mask, GroupState state) {
    Group& x = new_group(g);
    for (unsigned w = 0; w < kMaxWarps; ++w) {
        x.mask[w] = mask[w];
        g->mask[w] &= ~mask[w];
    }
    x.op = op;
    x.depth = g->depth;
    x.penalty = g->penalty;
    x.state = state;
    return x;
}

void make_ready(Gang* g, uint32_t index, const Op* op) {
    const Group x = g->groups[index];
    remove_group(g, index);
    park_ready(g, op, x.mask, x.depth, x.penalty);
}

const Op* pick(Gang* g) {
    const bool backwards = g->block->backwards;
    Group* best = nullptr;
    for (uint32_t i = 0; i < g->num_groups; ++i) {
        Group& x = g->groups[i];
        if (x.state == GroupState::Ready && (!best || before(x, *best, backwards))) best = &x;
    }
    if (!best) {
        g->running = false;
        g->exit = Exit::Blocked;
        return nullptr;
    }
    std::memcpy(g->mask, best->mask, sizeof g->mask);
    g->depth = best->depth;
    g->penalty = best->penalty;
    g->running = true;
    const Op* op = best->op;
    remove_group(g, static_cast<uint32_t>(best - g->groups));
    absorb(g, op);
    set_mode(g);
    set_bounds(g, op);
    return op;
}

const Op* reschedule(Gang* g, const Op* op) {
    park_ready(g, op, g->mask, g->depth, g->penalty);
    return pick(g);
}

const Op* go_on(Gang* g, const Op* op) {
    if (is_empty(g->mask)) return pick(g);
    if (g->num_groups) return reschedule(g, op);
    set_mode(g);
    set_bounds(g, op);
    return op;
}

const Op* diverge(Gang* g, const Op* target, const Op* other, const uint32_t* taken) {
    alignas(32) uint32_t rest[kMaxWarps];
    for (unsigned w = 0; w < kMaxWarps; ++w)
        rest[w] = g->mask[w] & ~taken[w];
    park_ready(g, target, taken, g->depth, g->penalty);
    park_ready(g, other, rest, g->depth, g->penalty);
    return pick(g);
}

const Op* branch_indirect(Gang* g, const Op* op, const uint32_t* lanes, uint64_t add,
                          const Op* other, int depth_change) {
    alignas(32) uint32_t rest[kMaxWarps];
    for (unsigned w = 0; w < kMaxWarps; ++w)
        rest[w] = g->mask[w] & ~lanes[w];
    const uint32_t depth = depth_change < 0 && g->depth == 0
                               ? 0
                               : g->depth + static_cast<uint32_t>(depth_change);
    uint64_t last_pc = 0;
    const Op* last = nullptr;
    for (unsigned w = 0; w < g->warps; ++w) {
        const auto* lo = reinterpret_cast<const uint32_t*>(g->regs + w * g->stride + op->a);
        const uint32_t* hi = lo + kLanes;
        for (uint32_t left = lanes[w]; left;) {
            // The lanes of this warp with the same target go together.
            const auto first = static_cast<unsigned>(std::countr_zero(left));
            alignas(32) uint32_t same[kMaxWarps] = {};
            for (uint32_t scan = left; scan; scan &= scan - 1) {
                const auto l = static_cast<unsigned>(std::countr_zero(scan));
                if (lo[l] == lo[first] && hi[l] == hi[first]) same[w] |= 1u << l;
            }
            left &= ~same[w];
            const uint64_t pc = (static_cast<uint64_t>(hi[first]) << 32 | lo[first]) + add;
            if (!last || pc != last_pc) {
                last = fetch(g->block, pc);
                last_pc = pc;
                if (depth_change >= 0) note_target(g, op, pc);
            }
            park_ready(g, last, same, depth, g->penalty);
        }
    }
    if (!is_empty(rest)) park_ready(g, other, rest, g->depth, g->penalty);
    return pick(g);
}

void note_target(const Gang* g, const Op* op, uint64_t target) {
    if (g->block->targets) g->block->targets->note(op->pc, target);
}

const Op* end_slice(Gang* g, const Op* op) {
    g->current = op;
    g->exit = Exit::Slice;
    return nullptr;
}

const Op* exit_lanes(Gang* g, const Op* next, const uint32_t* lanes) {
    uint32_t count = 0;
    for (unsigned w = 0; w < kMaxWarps; ++w) {
        count += static_cast<uint32_t>(std::popcount(lanes[w]));
        const uint32_t leaving = lanes[w];
        g->live[w] &= ~leaving;
        g->mask[w] &= ~leaving;
    }
    g->block->live_threads -= count;
    g->block->wake_scan = true;
    return go_on(g, next);
}

void raise(Gang* g, const Op* op, uint32_t cause, unsigned warp, uint32_t lanes) {
    BlockState& block = *g->block;
    acc_fault_record& f = block.fault;
    f = {};
    f.cause = cause;
    f.pc = op->pc;
    f.kernel = block.launch->kernel_address;
    f.warp = g->first_warp + warp;
    f.lane_mask = lanes;
    f.compute_unit = block.compute_unit;
    const unsigned first = lanes ? static_cast<unsigned>(std::countr_zero(lanes)) : 0;
    for (int i = 0; i < 3; ++i) {
        f.block[i] = block.index[i];
        f.thread[i] = block.tid[f.warp][i][first];
    }
    g->exit = Exit::Fault;
}

void raise_access(Gang* g, const Op* op, uint32_t cause, unsigned warp, uint32_t lanes,
                  uint32_t access, uint64_t address, uint32_t bytes) {
    raise(g, op, cause, warp, lanes);
    g->block->fault.access = access;
    g->block->fault.address = address;
    g->block->fault.access_bytes = bytes;
}

} // namespace acc::model::interp
