// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asynchronous copies and mbarrier objects. The copies are done at once, so that groups of them are
// always complete.
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// Executes `op` for the lanes of one warp. False: a fault has been raised.
using LaneFunction = bool(Gang* g, const Op* op, unsigned warp, uint32_t lanes);

LaneFunction copy_async;           ///< cp.async
LaneFunction copy_mbarrier_arrive; ///< cp.async.mbarrier.arrive
LaneFunction copy_bulk_to_shared;  ///< cp.async.bulk.shared.global
LaneFunction copy_bulk_in_cluster; ///< cp.async.bulk.shared.shared
LaneFunction copy_bulk_to_global;  ///< cp.async.bulk.global.shared
LaneFunction mbarrier_init, mbarrier_inval, mbarrier_arrive, mbarrier_expect_tx,
    mbarrier_complete_tx, mbarrier_test, mbarrier_test_parity, mbarrier_pending;

} // namespace acc::model::interp
