// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a compilation has to say, as NVRTC writes it: programs show the log, and some read it (which
// header was not found).
#pragma once

#include "compiler/driver/Diagnostics.h"

#include <string>
#include <vector>

namespace acc::driver {

/// brief: without source lines.
std::string rtc_log(const std::vector<Diagnostic>& diagnostics, const std::string& source,
                    bool brief);

} // namespace acc::driver
