// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A user-mode queue: the doorbell page mapped into the process, and the driver's fence wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "runtime/backend/drm/kernel_interface.h"
#include "runtime/core/backend.h"

namespace acc::rt::drm {

struct QueuePlace {
    uint64_t ring = 0; ///< device address
    uint32_t packets = 0;
    uint64_t control = 0;  ///< device address
    uint32_t priority = 0; ///< one that the process may use
};

/// `stop` learns why the queue is lost when it is. Throws Error(OutOfMemory, DeviceUnavailable).
std::unique_ptr<HardwareQueue> make_queue(std::shared_ptr<KernelInterface> kernel,
                                          std::shared_ptr<std::atomic<StopReason>> stop,
                                          uint32_t vm, const QueuePlace& place);

} // namespace acc::rt::drm
