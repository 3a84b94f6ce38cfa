// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which threads of a gang run next. Threads at the same pc form a group. Of the groups that can
// run, the one with the smallest penalty runs, then the one inside of most calls, then the one with
// the lowest pc: so groups that diverged meet again at the first common instruction. A group that
// uses up its time slice (or spins on memory) while others wait gets a penalty, which is what
// guarantees every thread progress.
//
// Functions that return an op return where the gang goes on; null means that it stops, and
// Gang::exit says why.
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// Parks the lanes `mask` at `op`. Joins a group that is ready at the same op.
void park_ready(Gang* g, const Op* op, const uint32_t* mask, uint32_t depth, uint32_t penalty);
/// Takes lanes `mask` out of the running group and parks them in a waiting state; the caller fills
/// in what it waits for.
Group& park_waiting(Gang* g, const Op* op, const uint32_t* mask, GroupState state);
/// Makes a waiting group (index in Gang::groups) ready at `op`. Indices of other groups may change.
void make_ready(Gang* g, uint32_t index, const Op* op);
/// Chooses the group to run and makes it the running group.
const Op* pick(Gang* g);
/// The running group stands at `op`: parks it, then chooses.
const Op* reschedule(Gang* g, const Op* op);
/// Recomputes Gang::mode, stop, low_pc and high_pc for the running group, which stands at `op`;
/// when it has no lanes left, chooses another.
const Op* go_on(Gang* g, const Op* op);
/// Recomputes Gang::stop, low_pc and high_pc for the running group at `op`.
void set_bounds(Gang* g, const Op* op);
/// Lanes `taken` go to `target`, the rest of the running group to `other`.
const Op* diverge(Gang* g, const Op* target, const Op* other, const uint32_t* taken);
/// Lanes go to addresses of their own: row offset of the 64-bit target register plus `add`. The
/// rest of the running group goes to `other`.
const Op* branch_indirect(Gang* g, const Op* op, const uint32_t* lanes, uint64_t add,
                          const Op* other, int depth_change);
/// Somebody jumps to `target` at `op`, which does not say so itself.
void note_target(const Gang* g, const Op* op, uint64_t target);
/// Ends the slice of the running group, which goes on at `op` later. Returns null.
const Op* end_slice(Gang* g, const Op* op);
/// Lanes of the running group exit; the rest goes to `next`.
const Op* exit_lanes(Gang* g, const Op* next, const uint32_t* lanes);

/// Sets the fault record and stops the gang. `lanes`: the threads of warp `warp` (of the gang) that
/// fault together.
void raise(Gang* g, const Op* op, uint32_t cause, unsigned warp, uint32_t lanes);
/// A memory fault: `address` is the generic address of the first faulting lane.
void raise_access(Gang* g, const Op* op, uint32_t cause, unsigned warp, uint32_t lanes,
                  uint32_t access, uint64_t address, uint32_t bytes);

/// Backward branches over instructions with kOpStrong after which a group is taken to be spinning.
inline constexpr uint32_t kSpinsPerSlice = 32;

} // namespace acc::model::interp
