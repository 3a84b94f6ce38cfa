// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/select.h"

#include <fmt/ranges.h>

#include <cstdlib>
#include <string_view>

#include "runtime/core/environment.h"
#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

std::string why_no_card(const drm::Survey& machine) {
    if (machine.refused.empty() && !machine.problem.empty())
        return "ACC_BACKEND=drm, but " + machine.problem;
    if (machine.refused.empty())
        return "ACC_BACKEND=drm, but this machine has no render node of an ACC device (is the "
               "kernel module `acc` loaded?)";
    return fmt::format("{}. ACC_BACKEND=model runs programs on the device model instead",
                       fmt::join(machine.refused, "; "));
}

/// The first question when a program behaves differently on a card and on the model.
void log_choice(const Selection& made, const drm::Survey& machine) {
    if (made.kind == BackendKind::Model) log().info("devices: the device model in this process");
    for (unsigned i = 0; made.kind == BackendKind::Drm && i < machine.devices.size(); i++)
        log().info("device {}: {} through the kernel driver, {}", i, machine.devices[i].info.name,
                   machine.devices[i].path);
}

/// The process's choice, made once.
const Selection& selection() {
    static const Selection chosen = [] {
        const char* wanted = std::getenv("ACC_BACKEND");
        // Who wants the model does not even look for cards.
        const bool look = wanted == nullptr || std::string_view(wanted) != "model";
        const drm::Survey machine = look ? drm::this_machine() : drm::Survey{};
        Selection made = select_backend(wanted, machine);
        log_choice(made, machine);
        if (!made.error.empty()) log().error("{}", made.error);
        if (!made.warning.empty()) log().warn("{}", made.warning);
        return made;
    }();
    return chosen;
}

} // namespace

Selection select_backend(const char* wanted, const drm::Survey& machine) {
    const std::string_view name = wanted != nullptr ? wanted : "";
    if (!name.empty() && name != "model" && name != "drm")
        fail(Status::SystemNotReady,
             "ACC_BACKEND={} is unknown; there are `model` (the device model in this process) and "
             "`drm` (the kernel driver)",
             name);
    Selection made;
    if (name == "model" || (name.empty() && machine.devices.empty() && machine.refused.empty()))
        return made;
    made.kind = BackendKind::Drm;
    if (machine.devices.empty())
        made.error = why_no_card(machine);
    else if (!machine.refused.empty())
        made.warning = fmt::format("{}", fmt::join(machine.refused, "; "));
    return made;
}

unsigned count_devices() {
    return selection().kind == BackendKind::Model
               ? count_model_devices()
               : static_cast<unsigned>(drm::this_machine().devices.size());
}

std::unique_ptr<Backend> open_backend(unsigned index) {
    require_known_checks();
    if (selection().kind == BackendKind::Model) return open_model_backend(index);
    return drm::open_backend(drm::this_machine().devices.at(index));
}

} // namespace acc::rt
