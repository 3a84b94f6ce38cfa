// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/dispatch.h"

namespace acc::model {

void Dispatch::reset() {
    grid_arrived.store(0, std::memory_order_relaxed);
    grid_generation.store(0, std::memory_order_relaxed);
    grid_exited.store(0, std::memory_order_relaxed);
    block_ended_ns.store(0, std::memory_order_relaxed);
    abort.store(false, std::memory_order_relaxed);
    next.store(0, std::memory_order_relaxed);
    returned_count.store(0, std::memory_order_relaxed);
    shared.store(false, std::memory_order_relaxed);
    faulted.store(false, std::memory_order_relaxed);
    fault = {};
    children.store(0, std::memory_order_relaxed);
    depth = 0;
    launched = false;
    attached = 0;
    active = false;
    picked = 0;
    owner = nullptr;
    returned.clear();
    done_next = nullptr;
}

} // namespace acc::model
