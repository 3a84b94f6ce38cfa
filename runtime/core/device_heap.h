// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The heap of malloc and new in device code: the host's part of docs/device-heap.md.
#pragma once

#include "runtime/core/memory.h"

namespace acc::rt {

/// Control block and `bytes` of heap in one allocation; its address is what kernels see as sr_heap.
/// Throws Error(OutOfMemory).
Allocation make_device_heap(MemoryManager& memory, uint64_t bytes);

} // namespace acc::rt
