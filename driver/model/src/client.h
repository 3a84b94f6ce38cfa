// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An address space as the scheduler sees it.
#pragma once

#include <cstdint>

namespace acc::model {

/// Clients get equal time, whatever number of queues and dispatches they have. Shared by the Vm and
/// the queues that were enabled in it last. Guarded by the scheduler's lock.
struct Client {
    uint64_t virtual_time = 0; ///< compute time received
    uint64_t joining_time = 0; ///< weighted time from which an idle queue of it starts again
};

} // namespace acc::model
