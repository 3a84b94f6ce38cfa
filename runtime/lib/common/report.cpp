// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/common/report.h"

#include "runtime/lib/common/unsupported.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace acc::lib {
namespace {

constexpr const char* kNames[] = {"trace", "debug", "info", "warn", "error", "off"};

/// As the runtime reads it: what is no level is `error`.
Level wanted_level() {
    static const Level wanted = [] {
        const char* text = std::getenv("ACC_LOG");
        for (int i = 0; text != nullptr && i <= int(Level::off); ++i)
            if (std::strcmp(text, kNames[i]) == 0) return Level(i);
        return Level::error;
    }();
    return wanted;
}

} // namespace

bool reports(Level level) {
    return level >= wanted_level() && level != Level::off;
}

void report(Level level, const char* library, const char* format, ...) {
    if (!reports(level)) return;
    char line[1024];
    int at = std::snprintf(line, sizeof line, "acc: %s: %s: ", kNames[int(level)], library);
    va_list arguments;
    va_start(arguments, format);
    at += std::vsnprintf(line + at, sizeof line - size_t(at), format, arguments);
    va_end(arguments);
    if (at > int(sizeof line) - 2) at = int(sizeof line) - 2;
    line[at] = '\n';
    std::fwrite(line, 1, size_t(at) + 1, stderr); // one call: lines of threads stay whole
}

} // namespace acc::lib

int acc_library_unsupported(const char* library, const char* name, int status, int* said) {
    if (__atomic_exchange_n(said, 1, __ATOMIC_RELAXED) == 0)
        acc::lib::report(acc::lib::Level::error, library, "%s is not supported", name);
    return status;
}
