// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "driver/accd/src/options.h"

namespace acc::accd {

/// Starts the device process and QEMU, waits for QEMU, and returns the exit status of accd. The two
/// are siblings so that QEMU outlives the devices: killing the device process is what pulling the
/// card out looks like. Both die with this process.
int supervise(const Options&);

/// The arguments of QEMU, program first: those of the options plus the devices'. `connections`,
/// `vram`: one descriptor per device.
std::vector<std::string> qemu_arguments(const Options&, const std::vector<int>& connections,
                                        const std::vector<int>& vram, int qtest);

} // namespace acc::accd
