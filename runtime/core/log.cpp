// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "runtime/core/environment.h"

namespace acc::rt {
namespace {

spdlog::level::level_enum level_of_environment() {
    const char* level = std::getenv("ACC_LOG");
    const std::string_view name = level != nullptr ? level : "";
    const auto wanted = name.empty() ? spdlog::level::err : spdlog::level::from_str(level);
    // To spdlog an unknown name is `off`, which would hide the errors, too.
    return wanted == spdlog::level::off && name != "off" ? spdlog::level::err : wanted;
}

} // namespace

spdlog::logger& log() {
    // Leaked on purpose: destructors of user objects may still log while the process exits.
    static spdlog::logger* logger = [] {
        auto* made = new spdlog::logger("acc", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_level(level_of_environment());
        made->set_pattern("acc: %l: %v");
        made->flush_on(spdlog::level::trace);
        for (const std::string& mistake : environment_mistakes(environ))
            made->error("{}", mistake);
        return made;
    }();
    return *logger;
}

const bool g_tracing = level_of_environment() == spdlog::level::trace;

} // namespace acc::rt
