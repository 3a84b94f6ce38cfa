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

/// Blocks of the largest cluster that can be launched so, 0 when no block fits.
unsigned largest_cluster(const rt::Kernel& kernel, const rt::LaunchConfig& config);
/// Clusters of the configuration's size that the device holds at a time.
unsigned active_clusters(rt::Context& context, const rt::Kernel& kernel,
                         const rt::LaunchConfig& config);

} // namespace acc::cuda
