// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where device code finds what it needs to launch kernels: the host's part of
// docs/dynamic-parallelism.md.
#pragma once

#include <cstdint>
#include <span>

#include "runtime/core/memory.h"

namespace acc::rt {

/// What device code may want of it.
struct LaunchLimits {
    uint64_t pending = 0;     ///< launches that are not complete, at most; 0: no launches at all
    uint64_t stack_bytes = 0; ///< of kernels with a stack of unknown size
};

/// The area, what `tables` says, and room for records. Throws Error(OutOfMemory).
Allocation make_launch_area(MemoryManager& memory, const LaunchLimits& limits,
                            std::span<const uint8_t> tables);
void set_launch_stack(const Allocation& area, uint64_t stack_bytes);

} // namespace acc::rt
