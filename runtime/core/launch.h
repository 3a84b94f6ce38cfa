// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernel launches and what limits them.
#pragma once

#include <cstdint>

#include "runtime/core/module.h"
#include "runtime/core/stream.h"

namespace acc::rt {

struct Dim3 {
    uint32_t x = 1, y = 1, z = 1;
};

struct LaunchConfig {
    Dim3 grid, block;
    uint64_t dynamic_shared = 0; ///< bytes
    bool cooperative = false;
    Dim3 cluster{0, 0, 0}; ///< blocks; zeros: as the kernel was compiled
};

/// Checks the configuration and puts the kernel into the stream; `arguments[i]` points to the i-th
/// argument's value. Throws Error(InvalidConfiguration, LaunchOutOfResources, CooperativeTooLarge,
/// InvalidClusterSize, InvalidValue).
void launch(Stream& stream, Kernel& kernel, const LaunchConfig& config, void* const* arguments);
/// As above with the parameter buffer ready-made.
void launch_packed(Stream& stream, Kernel& kernel, const LaunchConfig& config, const void* buffer,
                   size_t bytes);

/// Blocks of `threads` threads with `dynamic_shared` bytes that fit on one compute unit together
/// (0: none fits). The rules of the hardware: threads, blocks, registers in units of 256 per warp,
/// shared memory in units of 128 bytes.
unsigned blocks_per_compute_unit(const Kernel& kernel, unsigned threads, uint64_t dynamic_shared);

/// Blocks of the largest cluster that the kernel may be launched in.
unsigned cluster_limit(const Kernel& kernel);
/// Clusters that fit on one compute unit together, whose blocks are there all.
unsigned clusters_per_compute_unit(const Kernel& kernel, const LaunchConfig& config);
/// How many blocks a cluster of the launch has. Throws Error(InvalidConfiguration,
/// InvalidClusterSize).
unsigned cluster_blocks(const Kernel& kernel, const LaunchConfig& config);

/// Largest dynamic shared memory that this kernel can ever ask for.
uint32_t dynamic_shared_limit(const Kernel& kernel);

} // namespace acc::rt
