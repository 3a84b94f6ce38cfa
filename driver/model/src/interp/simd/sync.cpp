// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CTA and grid barriers, fences.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/cluster.h"
#include "driver/model/src/interp/services.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

template <BarrierUse Use>
void ACC_HANDLER_CC barrier(ACC_HANDLER_ARGS) {
    ACC_RESUME(barrier_arrive(g, op, m, Use));
}
void ACC_HANDLER_CC grid_barrier(ACC_HANDLER_ARGS) {
    ACC_RESUME(grid_barrier_arrive(g, op, m));
}

template <Split Which>
void ACC_HANDLER_CC split_arrival(ACC_HANDLER_ARGS) {
    ACC_RESUME(split_arrive(g, op, m, Which));
}
template <Split Which>
void ACC_HANDLER_CC split_waiting(ACC_HANDLER_ARGS) {
    ACC_RESUME(split_wait(g, op, m, Which));
}
void bind_split_arrive(const Inst& inst, Op& op) {
    const bool own = mod<mods::BAR_CLUSTER_ARRIVE::cspan>(inst.mods) ==
                     mods::BAR_CLUSTER_ARRIVE::cspan_cta;
    op.handler[0] = op.handler[1] = own ? split_arrival<Split::Block>
                                        : split_arrival<Split::Cluster>;
}
void bind_split_wait(const Inst& inst, Op& op) {
    const bool own = mod<mods::BAR_CLUSTER_WAIT::cspan>(inst.mods) ==
                     mods::BAR_CLUSTER_WAIT::cspan_cta;
    op.handler[0] = op.handler[1] = own ? split_waiting<Split::Block>
                                        : split_waiting<Split::Cluster>;
}

void ACC_HANDLER_CC map_to_block(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        alignas(64) uint32_t rows[2][kLanes];
        for (unsigned l = 0; l < kLanes; ++l) {
            const uint32_t rank = op->flags & kOpImmB ? (uint32_t)op->imm : lane(r + op->b, l);
            const uint64_t at = map_shared(g, lane(r + op->a, l), rank);
            rows[0][l] = (uint32_t)at, rows[1][l] = (uint32_t)(at >> 32);
        }
        for (unsigned i = 0; i < 2; ++i)
            store_row_masked(r + op->d + i * kRowBytes, load_row((const char*)rows[i]), m[w]);
    }
    ACC_NEXT();
}

/// The use is kept in the unused field pq, for the release.
template <BarrierUse Use>
void bind_barrier(const Inst&, Op& op) {
    op.pq = (uint8_t)Use;
    op.handler[0] = op.handler[1] = barrier<Use>;
}

void ACC_HANDLER_CC fence(ACC_HANDLER_ARGS) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    ACC_NEXT();
}
/// Hints that change nothing here.
void ACC_HANDLER_CC hint(ACC_HANDLER_ARGS) {
    ACC_NEXT();
}

template <Handler H>
void bind_plain(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = H;
}

} // namespace

void bind_sync(Bind* t) {
    t[ACC_OPCODE(BAR_SYNC)] = bind_barrier<BarrierUse::Sync>;
    t[ACC_OPCODE(BAR_ARRIVE)] = bind_barrier<BarrierUse::Arrive>;
    t[ACC_OPCODE(BAR_RED_POPC)] = bind_barrier<BarrierUse::Popc>;
    t[ACC_OPCODE(BAR_RED_AND)] = bind_barrier<BarrierUse::And>;
    t[ACC_OPCODE(BAR_RED_OR)] = bind_barrier<BarrierUse::Or>;
    t[ACC_OPCODE(BAR_GRID)] = bind_plain<grid_barrier>;
    t[ACC_OPCODE(BAR_CLUSTER_ARRIVE)] = bind_split_arrive;
    t[ACC_OPCODE(BAR_CLUSTER_WAIT)] = bind_split_wait;
    t[ACC_OPCODE(MAPA)] = bind_plain<map_to_block>;
    t[ACC_OPCODE(FENCE)] = bind_plain<fence>;
    t[ACC_OPCODE(PREFETCH)] = bind_plain<hint>;
    t[ACC_OPCODE(DISCARD)] = bind_plain<hint>;
}

} // namespace acc::model::interp::ACC_SIMD
