// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdarg>
#include <cstdio>

namespace acc::accd {

/// One line on stderr, prefixed with "accd: ".
[[gnu::format(printf, 1, 2)]] inline void log(const char* format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    std::fprintf(stderr, "accd: %s\n", line);
}

} // namespace acc::accd
