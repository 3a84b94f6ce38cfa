// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The precompiled header of what a source sees at run time (include/cuda/__acc_rtc.h): reading it
// as text would be most of what a small source takes. Made once for each set of options that
// matters to it, and kept on disk.
#pragma once

#include "compiler/driver/Invocation.h"
#include "compiler/driver/Process.h"
#include "compiler/driver/Toolkit.h"

#include <string>

namespace acc::driver {

/// Puts it into `folder` and returns its path; on an error "" and what clang said in `problem`.
std::string precompiled_header(const Toolkit& toolkit, const Invocation& invocation,
                               const Environment& environment, RunningJobs& jobs,
                               const std::string& folder, std::string& problem);

} // namespace acc::driver
