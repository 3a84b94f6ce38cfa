// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CTA and grid barriers, fences.
#include "acc/spec/acc_isa_opcodes.h"
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
    t[ACC_OPCODE(FENCE)] = bind_plain<fence>;
    t[ACC_OPCODE(PREFETCH)] = bind_plain<hint>;
    t[ACC_OPCODE(DISCARD)] = bind_plain<hint>;
}

} // namespace acc::model::interp::ACC_SIMD
