// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warp operations whose members have not all arrived, or stand at different instructions.
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// Lanes `lanes` of warp `warp` have reached the warp operation `op` with member mask `members`:
/// parks them.
void wait_for_members(Gang* g, const Op* op, unsigned warp, uint32_t lanes, uint32_t members);
/// Executes the warp operations of the gang's parked groups that are complete. Returns whether
/// there was one.
bool complete_warp_waits(Gang* g);

/// Threads that the member mask of the waiting group x names wait at operations that are not x's.
bool waits_at_other_operations(const Gang& g, const Group& x);

/// Operands and results of a warp operation, by lane.
struct WarpData {
    uint32_t lanes;                    ///< members that have not exited
    uint32_t members;                  ///< member mask
    alignas(64) uint32_t a[2][kLanes]; ///< operand a: words low, high
    uint32_t b[kLanes];                ///< shfl: lane, clamp and segment as in its form `cr`
    uint32_t ps;
    uint32_t mods; ///< of one of the instructions; what it says of a lane's operands is in b
    alignas(64) uint32_t d[kLanes];
    uint32_t pd;
};
/// What one thread gives a shuffle beside its value, wherever its instruction has it, as in
/// register b of the form `cr`.
uint32_t packed_shuffle_operands(uint32_t mods, uint32_t b);
/// Computes d and pd from the rest for the warp operation `opcode`. The one definition of the warp
/// operations.
void warp_operation(unsigned opcode, WarpData& data);

} // namespace acc::model::interp
