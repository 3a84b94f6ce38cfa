// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes of extended launches, which are the same in both APIs.
#pragma once

#include <cuda_runtime_api.h>

#include "runtime/core/launch.h"

namespace acc::cuda {

/// Hints are taken as such; what would change the meaning and is not there is refused.
void apply(rt::LaunchConfig& config, const cudaLaunchAttribute& attribute);
/// All of them; throws Error(InvalidValue) for a null pointer with a count.
void apply(rt::LaunchConfig& config, const cudaLaunchAttribute* attributes, unsigned count);

/// Launches with an array of parameters, or with the tagged list `extra` of the old form. Throws
/// Error(InvalidValue) when both are given, or neither though there are parameters.
void launch_with(rt::Stream& on, rt::Kernel& kernel, const rt::LaunchConfig& config,
                 void** parameters, void** extra);

/// Blocks of the largest cluster that can be launched so, 0 when no block fits.
unsigned largest_cluster(const rt::Kernel& kernel, const rt::LaunchConfig& config);
/// Clusters of the configuration's size that the device holds at a time.
unsigned active_clusters(rt::Context& context, const rt::Kernel& kernel,
                         const rt::LaunchConfig& config);

} // namespace acc::cuda
