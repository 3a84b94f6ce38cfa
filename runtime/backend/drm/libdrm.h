// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The few functions of libdrm that find devices. The library is loaded when this machine has device
// nodes, and not before: programs that run on the model need no libdrm.
#pragma once

#include <xf86drm.h>

#include <string>

namespace acc::rt::drm {

struct LibDrm {
    decltype(&drmGetDevices2) get_devices;
    decltype(&drmFreeDevices) free_devices;
    decltype(&drmGetVersion) get_version;
    decltype(&drmFreeVersion) free_version;
};

/// Null when there is no folder of device nodes, or no libdrm. Stays loaded.
const LibDrm* libdrm();
/// Why device nodes cannot be looked at; empty when they can, or when there are none.
const std::string& libdrm_problem();

} // namespace acc::rt::drm
