// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Whether there is a way between the devices: known without making contexts.
inline bool connected(const Device& device, const Device& peer) {
    return &device != &peer && device.backend->bus() != nullptr &&
           device.backend->bus() == peer.backend->bus();
}

} // namespace acc::cuda
