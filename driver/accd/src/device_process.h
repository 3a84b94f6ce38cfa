// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "driver/accd/src/options.h"
#include "driver/accd/src/unique_fd.h"

namespace acc::accd {

/// The process with the devices. `control`: gets one byte and the VRAM files of all devices once
/// they exist (nothing when that fails); `connections`: one per device; `qtest`: the one connection
/// for interrupt messages. Returns, as an exit status, when all connections have ended.
int run_devices(const Options&, UniqueFd control, std::vector<UniqueFd> connections,
                UniqueFd qtest);

} // namespace acc::accd
