// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/log.h"

#include <spdlog/sinks/stdout_sinks.h>

#include <cstdlib>
#include <string_view>

namespace acc::rt {

spdlog::logger& log() {
    // Leaked on purpose: destructors of user objects may still log while the process exits.
    static spdlog::logger* logger = [] {
        auto* made = new spdlog::logger("acc", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        const char* level = std::getenv("ACC_LOG");
        const bool asked = level != nullptr && *level != 0;
        auto wanted = asked ? spdlog::level::from_str(level) : spdlog::level::err;
        // To spdlog an unknown name is `off`, which would hide the errors, too.
        const bool unknown = asked && wanted == spdlog::level::off &&
                             std::string_view(level) != "off";
        made->set_level(unknown ? spdlog::level::err : wanted);
        made->set_pattern("acc: %l: %v");
        made->flush_on(spdlog::level::trace);
        if (unknown)
            made->error("ACC_LOG={} is unknown; there are trace, debug, info, warn, error and off",
                        level);
        return made;
    }();
    return *logger;
}

} // namespace acc::rt
