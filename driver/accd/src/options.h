// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace acc::accd {

struct Options {
    unsigned devices = 1;       ///< 1..4
    unsigned slot = 5;          ///< PCI slot of the first device
    unsigned compute_units = 0; ///< per device; 0: one per host CPU
    unsigned vram_mib = 256;    ///< per device, a power of two: a PCI BAR shows it
    unsigned ram_mib = 1024;    ///< of the guest
    std::string pid_file;       ///< "": none
    bool stats = false, help = false;
    std::vector<std::string> qemu; ///< program and arguments
};

inline constexpr unsigned kMaxDevices = 4;
extern const char kUsage[];

/// Reads the command line. Returns what is wrong with it, or "".
std::string parse_options(int argc, char** argv, Options& out);

} // namespace acc::accd
