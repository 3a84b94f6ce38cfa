// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What handlers ask of the rest of the machine: barriers, sleeping, special registers, warp
// rendezvous. Functions that return an op return where the gang goes on; null means that it stops
// (Gang::exit).
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// nanosleep and yield by lanes m.
const Op* suspend_lanes(Gang* g, const Op* op, const uint32_t* m, bool sleep);

enum class BarrierUse : uint8_t { Sync, Arrive, Popc, And, Or };
/// bar.*: lanes m arrive.
const Op* barrier_arrive(Gang* g, const Op* op, const uint32_t* m, BarrierUse use);
/// bar.grid.
const Op* grid_barrier_arrive(Gang* g, const Op* op, const uint32_t* m);
/// Releases what exited threads have completed: CTA barriers, the grid barrier, warp operations.
/// Called by the block's run loop.
void release_after_exit(BlockState* block);
/// Releases threads at the grid barrier when it is open. Returns whether it released any.
bool release_grid_barrier(BlockState* block);
/// Readies sleepers whose time has come.
void wake_sleepers(BlockState* block);

/// Value of a 64-bit or uniform special register for warp `warp` of the gang (not the per-lane
/// ones: tid, laneid, lanemask_*).
uint64_t special_register(const Gang* g, unsigned number, unsigned warp);

/// Host time in nanoseconds, CLOCK_MONOTONIC.
uint64_t host_time_ns();

} // namespace acc::model::interp
