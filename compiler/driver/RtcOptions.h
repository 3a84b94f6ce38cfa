// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The options of run-time compilation: NVRTC's names, in the words of accc where it has them.
#pragma once

#include "compiler/driver/Invocation.h"

#include <string>
#include <vector>

namespace acc::driver {

struct RtcSettings {
    Invocation invocation;
    bool virtual_arch = true;    ///< compute_XX: PTX is what is wanted; sm_XX: code, too
    bool lto = false;            ///< -dlto: what a later link takes
    bool syntax_only = false;    ///< -fdevice-syntax-only
    bool default_device = false; ///< -default-device: what says nothing is of the device
    bool source_include = true;  ///< the source's folder is searched for headers
    bool brief = false;          ///< no source lines in the log
};

/// Options as nvrtcCompileProgram takes them: a value may follow in the next element. Returns an
/// error text, which names the option, or "".
std::string parse_rtc_options(const std::vector<std::string>& options, RtcSettings& settings);

} // namespace acc::driver
