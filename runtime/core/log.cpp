// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/log.h"

#include <spdlog/sinks/stdout_sinks.h>

#include <cstdlib>

namespace acc::rt {

spdlog::logger& log() {
    // Leaked on purpose: destructors of user objects may still log while the process exits.
    static spdlog::logger* logger = [] {
        auto* made = new spdlog::logger("acc", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        const char* level = std::getenv("ACC_LOG");
        made->set_level(level != nullptr && *level != 0 ? spdlog::level::from_str(level) : spdlog::level::err);
        made->set_pattern("acc: %l: %v");
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *logger;
}

} // namespace acc::rt
