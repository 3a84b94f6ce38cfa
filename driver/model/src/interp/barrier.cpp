// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CTA barriers and the grid barrier. Threads are counted as they arrive; a waiting group stays
// parked at the barrier instruction, so that the release can deliver the result of bar.red to the
// registers it names.
#include <bit>

#include "driver/model/src/interp/cluster.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/services.h"
#include "driver/model/src/interp/warp_wait.h"

namespace acc::model::interp {
namespace {

/// Lanes that use the same barrier with the same count.
struct Arrival {
    alignas(32) uint32_t lanes[kMaxWarps];
    uint32_t threads;
    uint32_t number, count;
    unsigned first_warp;
};

uint32_t lane_value(const Gang* g, unsigned warp, unsigned lane, uint16_t row) {
    return reinterpret_cast<const uint32_t*>(g->regs + warp * g->stride + row)[lane];
}
uint32_t barrier_number(const Gang* g, const Op* op, unsigned warp, unsigned lane) {
    return op->flags & kOpImmB ? static_cast<uint32_t>(op->imm) : lane_value(g, warp, lane, op->b);
}

/// Takes the next lanes that arrive at one barrier out of `left`. With a count, one warp at a time:
/// warps complete phases one by one.
Arrival next_arrival(const Gang* g, const Op* op, uint32_t* left) {
    Arrival a{};
    unsigned w = 0;
    while (!left[w])
        ++w;
    a.first_warp = w;
    const auto first = static_cast<unsigned>(std::countr_zero(left[w]));
    a.number = barrier_number(g, op, w, first);
    a.count = lane_value(g, w, first, op->c);
    if ((op->flags & kOpImmB) && op->c == row_offset(kZeroRow)) { // __syncthreads: all lanes alike
        for (; w < g->warps; ++w) {
            a.lanes[w] = left[w];
            a.threads += static_cast<uint32_t>(std::popcount(left[w]));
            left[w] = 0;
        }
        return a;
    }
    for (; w < g->warps && (a.threads == 0 || a.count == 0); ++w) {
        for (uint32_t scan = left[w]; scan; scan &= scan - 1) {
            const auto l = static_cast<unsigned>(std::countr_zero(scan));
            if (barrier_number(g, op, w, l) == a.number && lane_value(g, w, l, op->c) == a.count)
                a.lanes[w] |= 1u << l;
        }
        a.threads += static_cast<uint32_t>(std::popcount(a.lanes[w]));
        left[w] &= ~a.lanes[w];
    }
    return a;
}

void give_result(Gang* g, const Op* op, const uint32_t* lanes, const Barrier& b, BarrierUse use) {
    for (unsigned w = 0; w < g->warps; ++w) {
        if (use == BarrierUse::Popc) {
            auto* row = reinterpret_cast<uint32_t*>(g->regs + w * g->stride + op->d);
            for (uint32_t scan = lanes[w]; scan; scan &= scan - 1)
                row[std::countr_zero(scan)] = b.popc;
        } else if (use == BarrierUse::And || use == BarrierUse::Or) {
            uint32_t& p = g->pred[op->pd][w];
            p = (use == BarrierUse::And ? b.all : b.any) ? p | lanes[w] : p & ~lanes[w];
        }
    }
}

BarrierUse use_of(const Op* op) {
    return static_cast<BarrierUse>(op->pq);
}

void release(BlockState* block, unsigned number) {
    const Barrier done = block->barriers[number];
    block->barriers[number] = {};
    for (uint32_t n = 0; n < block->num_gangs; ++n) {
        Gang* g = &block->gangs[n];
        for (uint32_t i = 0; i < g->num_groups;) {
            Group& x = g->groups[i];
            if (x.state != GroupState::Barrier || x.barrier != number) {
                ++i;
                continue;
            }
            give_result(g, x.op, x.mask, done, use_of(x.op));
            make_ready(g, i, x.op + 1);
            i = 0;
        }
    }
}

bool complete(const BlockState& block, const Barrier& b) {
    return b.in_use && b.arrived == (b.expected ? b.expected : block.live_threads);
}

/// Adds the threads. False: fault.
bool count_in(Gang* g, const Op* op, const Arrival& a, BarrierUse use) {
    BlockState& block = *g->block;
    const bool bad = a.number >= ACC_NUM_BARRIERS || a.count % kLanes ||
                     a.count > ACC_MAX_THREADS_PER_BLOCK ||
                     (use == BarrierUse::Arrive && a.count == 0);
    Barrier* b = bad ? nullptr : &block.barriers[a.number];
    if (bad || (b->in_use && b->expected != a.count) ||
        (a.count && b->arrived + a.threads > a.count)) {
        raise(g, op, ACC_FAULT_BARRIER, a.first_warp, a.lanes[a.first_warp]);
        block.fault.info = a.number;
        return false;
    }
    if (!b->in_use) *b = {0, a.count, 0, true, false, true};
    b->arrived += a.threads;
    if (use >= BarrierUse::Popc) {
        for (unsigned w = 0; w < g->warps; ++w) {
            const uint32_t ps = (g->pred[op->ps][w] ^ (op->flags & kOpPsNeg ? ~0u : 0u)) &
                                a.lanes[w];
            b->popc += static_cast<uint32_t>(std::popcount(ps));
            b->any |= ps != 0;
            b->all &= ps == a.lanes[w];
        }
    }
    return true;
}

} // namespace

namespace {
/// __syncthreads reached by all threads of a block of one gang: nobody has to wait, nothing has to
/// be counted.
bool all_together(const Gang* g, const Op* op, const uint32_t* m) {
    const BlockState& block = *g->block;
    if (g->num_groups != 0 || block.num_gangs != 1 || !(op->flags & kOpImmB) ||
        op->c != row_offset(kZeroRow) || op->imm >= ACC_NUM_BARRIERS ||
        block.barriers[op->imm].in_use)
        return false;
    uint32_t missing = 0;
    for (unsigned w = 0; w < g->warps; ++w)
        missing |= m[w] ^ g->live[w];
    return missing == 0;
}
} // namespace

const Op* barrier_arrive(Gang* g, const Op* op, const uint32_t* m, BarrierUse use) {
    if (use == BarrierUse::Sync && all_together(g, op, m)) return op + 1;
    BlockState& block = *g->block;
    alignas(32) uint32_t left[kMaxWarps];
    uint32_t any = 0;
    for (unsigned w = 0; w < kMaxWarps; ++w)
        any |= left[w] = m[w];
    while (any) {
        const Arrival a = next_arrival(g, op, left);
        if (!count_in(g, op, a, use)) return nullptr;
        const bool done = complete(block, block.barriers[a.number]);
        if (use != BarrierUse::Arrive &&
            !(done && block.num_gangs == 1 && a.threads == block.live_threads)) {
            Group& x = park_waiting(g, op, a.lanes, GroupState::Barrier);
            x.barrier = static_cast<uint8_t>(a.number);
        } else if (use != BarrierUse::Arrive) {
            give_result(g, op, a.lanes, block.barriers[a.number], use); // everybody is here: nobody
                                                                        // needs to be parked
        }
        if (done) release(&block, a.number);
        any = 0;
        for (uint32_t mask : left)
            any |= mask;
    }
    return go_on(g, op + 1);
}

const Op* grid_barrier_arrive(Gang* g, const Op* op, const uint32_t* m) {
    BlockState& block = *g->block;
    if (!block.launch->cooperative) {
        unsigned w = 0;
        while (!m[w])
            ++w;
        raise(g, op, ACC_FAULT_BARRIER, w, m[w]);
        return nullptr;
    }
    alignas(32) uint32_t lanes[kMaxWarps];
    for (unsigned w = 0; w < kMaxWarps; ++w) {
        lanes[w] = m[w];
        block.grid_waiting += static_cast<uint32_t>(std::popcount(m[w]));
    }
    park_waiting(g, op + 1, lanes, GroupState::GridBarrier);
    release_grid_barrier(&block);
    return go_on(g, op + 1);
}

bool release_grid_barrier(BlockState* block) {
    Launch& launch = *block->launch;
    if (block->grid_waiting == 0 || block->grid_waiting != block->live_threads) return false;
    if (!block->grid_arrived) {
        block->grid_arrived = true;
        block->grid_generation = launch.grid_generation.load();
        if (launch.grid_arrived.fetch_add(1) + 1 == launch.total_blocks) {
            launch.grid_arrived.store(0);
            launch.grid_generation.fetch_add(1);
        }
    }
    if (launch.grid_generation.load() == block->grid_generation) return false;
    block->grid_arrived = false;
    block->grid_waiting = 0;
    for (uint32_t n = 0; n < block->num_gangs; ++n) {
        Gang* g = &block->gangs[n];
        for (uint32_t i = 0; i < g->num_groups;) {
            if (g->groups[i].state == GroupState::GridBarrier) {
                make_ready(g, i, g->groups[i].op);
                i = 0;
            } else {
                ++i;
            }
        }
    }
    return true;
}

void release_after_exit(BlockState* block) {
    block->wake_scan = false;
    for (unsigned i = 0; i < ACC_NUM_BARRIERS; ++i)
        if (complete(*block, block->barriers[i])) release(block, i);
    release_splits(block);
    release_grid_barrier(block);
    for (uint32_t n = 0; n < block->num_gangs; ++n)
        complete_warp_waits(&block->gangs[n]);
}

} // namespace acc::model::interp
