// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Handlers of what async.h implements lane by lane.
#include "driver/model/src/interp/async.h"

#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

template <LaneFunction F>
void ACC_HANDLER_CC by_lanes(ACC_HANDLER_ARGS) {
    for (uint64_t w = 0; w < warps; ++w)
        if (m[w] && !F(g, op, (unsigned)w, m[w])) return;
    ACC_NEXT();
}
/// Groups of copies are complete as soon as they are issued.
void ACC_HANDLER_CC nothing_pending(ACC_HANDLER_ARGS) {
    ACC_NEXT();
}

template <Handler H>
void bind_plain(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = H;
}

} // namespace

void bind_async(Bind* t) {
    t[ACC_OPCODE(CPASYNC)] = bind_plain<by_lanes<copy_async>>;
    t[ACC_OPCODE(CPCOMMIT)] = bind_plain<nothing_pending>;
    t[ACC_OPCODE(CPWAIT)] = bind_plain<nothing_pending>;
    t[ACC_OPCODE(CPWAITALL)] = bind_plain<nothing_pending>;
    t[ACC_OPCODE(CPMBARRIER)] = bind_plain<by_lanes<copy_mbarrier_arrive>>;
    t[ACC_OPCODE(CPBULK_G2S)] = bind_plain<by_lanes<copy_bulk_to_shared>>;
    t[ACC_OPCODE(CPBULK_S2G)] = bind_plain<by_lanes<copy_bulk_to_global>>;
    t[ACC_OPCODE(CPBULK_S2S)] = bind_plain<by_lanes<copy_bulk_in_cluster>>;
    t[ACC_OPCODE(CPBULKCOMMIT)] = bind_plain<nothing_pending>;
    t[ACC_OPCODE(CPBULKWAIT)] = bind_plain<nothing_pending>;
    t[ACC_OPCODE(MBAR_INIT)] = bind_plain<by_lanes<mbarrier_init>>;
    t[ACC_OPCODE(MBAR_INVAL)] = bind_plain<by_lanes<mbarrier_inval>>;
    t[ACC_OPCODE(MBAR_ARRIVE)] = bind_plain<by_lanes<mbarrier_arrive>>;
    t[ACC_OPCODE(MBAR_EXPECT)] = bind_plain<by_lanes<mbarrier_expect_tx>>;
    t[ACC_OPCODE(MBAR_COMPLETE)] = bind_plain<by_lanes<mbarrier_complete_tx>>;
    t[ACC_OPCODE(MBAR_TEST)] = bind_plain<by_lanes<mbarrier_test>>;
    t[ACC_OPCODE(MBAR_TESTPAR)] = bind_plain<by_lanes<mbarrier_test_parity>>;
    t[ACC_OPCODE(MBAR_TRY)] = bind_plain<by_lanes<mbarrier_test>>;
    t[ACC_OPCODE(MBAR_TRYPAR)] = bind_plain<by_lanes<mbarrier_test_parity>>;
    t[ACC_OPCODE(MBAR_PENDING)] = bind_plain<by_lanes<mbarrier_pending>>;
}

} // namespace acc::model::interp::ACC_SIMD
