// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -ptx: device IR → PTX text, by LLVM's backend for it.
#pragma once

#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/Invocation.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acc::driver {

/// `ir`: a unit as clang wrote it. Nothing on an error, which is among the diagnostics.
std::optional<std::string> write_ptx(std::string_view ir, const std::string& name,
                                     const DeviceOptions& options,
                                     const std::string& device_library,
                                     std::vector<Diagnostic>& diagnostics);

} // namespace acc::driver
