// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/options.h"

#include <charconv>
#include <cstring>

namespace acc::accd {

const char kUsage[] = "usage: accd [OPTIONS] -- qemu-system-x86_64 ARGUMENTS...\n"
                      "Runs QEMU with ACC devices, which this program implements (docs/accd.md).\n"
                      "  --devices N        devices, 1..4 (default 1)\n"
                      "  --slot N           PCI slot of the first; the others follow (default 5)\n"
                      "  --compute-units N  per device (default: one per host CPU)\n"
                      "  --vram-mib N       device memory, a power of two (default 256)\n"
                      "  --ram-mib N        memory of the guest (default 1024)\n"
                      "  --pid-file FILE    write the process id of the device process there\n"
                      "  --stats            what the devices did, on stderr at the end\n"
                      "accd chooses the accelerator, the memory, -qtest and the devices' arguments "
                      "of QEMU; give -nodefaults and\n"
                      "-vga none. The exit status is QEMU's; 125: accd itself failed.\n";

namespace {

struct NumberOption {
    const char* name;
    unsigned Options::* field;
    unsigned least, most;
};
constexpr NumberOption kNumbers[] = {
    {"--devices", &Options::devices, 1, kMaxDevices},
    {"--slot", &Options::slot, 2, 31},
    {"--compute-units", &Options::compute_units, 1, 1024},
    {"--vram-mib", &Options::vram_mib, 2, 1u << 20},
    {"--ram-mib", &Options::ram_mib, 64, 1u << 20},
};

/// Reads a number option. "": done.
std::string number(const NumberOption& option, const char* text, Options& out) {
    unsigned value = 0;
    const char* end = text + std::strlen(text);
    auto [rest, error] = std::from_chars(text, end, value);
    if (error != std::errc() || rest != end || value < option.least || value > option.most)
        return std::string(option.name) + ": '" + text + "' is not a number from " +
               std::to_string(option.least) + " to " + std::to_string(option.most);
    out.*option.field = value;
    return "";
}

std::string judge(const Options& out) {
    if (out.qemu.empty()) return "no QEMU command after '--'";
    if (out.slot + out.devices > 32) return "--slot: the devices need slots beyond 31";
    if (out.vram_mib & (out.vram_mib - 1)) return "--vram-mib: not a power of two";
    return "";
}

} // namespace

std::string parse_options(int argc, char** argv, Options& out) {
    for (int i = 1; i < argc; i++) {
        const std::string name = argv[i];
        if (name == "--") {
            out.qemu.assign(argv + i + 1, argv + argc);
            break;
        }
        if (name == "--help" || name == "-h") {
            out.help = true;
            return "";
        }
        if (name == "--stats") {
            out.stats = true;
            continue;
        }
        if (i + 1 == argc) return "'" + name + "' is unknown or has no value";
        const char* value = argv[++i];
        if (name == "--pid-file") {
            out.pid_file = value;
            continue;
        }
        std::string wrong = "'" + name + "' is unknown";
        for (const NumberOption& option : kNumbers)
            if (name == option.name) wrong = number(option, value, out);
        if (!wrong.empty()) return wrong;
    }
    return judge(out);
}

} // namespace acc::accd
