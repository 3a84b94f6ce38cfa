// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who uses a device: of devices of the kernel driver from what Linux says of open files
// (/proc/PID/fdinfo, Documentation/gpu/drm-usage-stats.rst), of those that this user may look at.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace acc::nvml {

struct Usage {
    uint64_t vram_bytes = 0, compute_ns = 0;
};

/// True when the PCI function belongs to the kernel driver, so that usage() knows its users.
bool of_kernel_driver(const std::string& pci_address);

/// Usage by process. A file that several processes have open counts for the one with the lowest
/// number.
std::map<unsigned, Usage> usage(const std::string& pci_address);

/// One file's text: true when it is an open device of this address; `client` is its number.
bool parse_fdinfo(const std::string& text, const std::string& pci_address, uint64_t& client,
                  Usage& usage);

} // namespace acc::nvml
