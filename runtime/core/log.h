// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime's log, on standard error. ACC_LOG=trace|debug|info|warn|error|off sets the level
// (default: error, which shows what stops a program: device faults, launches that cannot run, calls
// that are not supported).
#pragma once

#include <spdlog/logger.h>

#include "runtime/core/tracing.h"

namespace acc::rt {

/// The logger; made on first use, when it also says which ACC_* variables are mistaken.
spdlog::logger& log();

/// ACC_LOG=trace: what happens often (calls, launches, copies) is written only then, and costs one
/// load otherwise.
template <typename... Args>
inline void trace(fmt::format_string<Args...> text, Args&&... args) {
    if (g_tracing) [[unlikely]]
        log().log(spdlog::level::trace, text, std::forward<Args>(args)...);
}

} // namespace acc::rt
