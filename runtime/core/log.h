// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime's log, on standard error. ACC_LOG=trace|debug|info|warn|error|off sets the level
// (default: error, which shows what stops a program: device faults, launches that cannot run, calls
// that are not supported).
#pragma once

#include <spdlog/logger.h>

namespace acc::rt {

/// The logger; made on first use.
spdlog::logger& log();

} // namespace acc::rt
