// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The libraries' share of the log on standard error: lines like the runtime's, at the level of
// ACC_LOG (docs/environment.md).
#pragma once

namespace acc::lib {

enum class Level { trace, debug, info, warn, error, off };

/// Whether a line of this level is wanted: ask before work that only the line needs.
bool reports(Level level);

/// One line, "acc: LEVEL: LIBRARY: text", as with printf; nothing when the level is not wanted.
__attribute__((format(printf, 3, 4))) void report(Level level, const char* library,
                                                  const char* format, ...);

} // namespace acc::lib
