// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/GpuArch.h"

#include <algorithm>

namespace acc::driver {
namespace {

constexpr unsigned kKnown[] = {50, 52, 53, 60, 61,  62,  70,  72,  75,  80, 86,
                               87, 88, 89, 90, 100, 101, 103, 110, 120, 121};

/// What CUDA 12 no longer compiles for, and build files still name.
constexpr unsigned kOld[] = {10, 11, 12, 13, 20, 21, 30, 32, 35, 37};

bool is_old(unsigned arch) {
    return std::find(std::begin(kOld), std::end(kOld), arch) != std::end(kOld);
}

bool is_known(unsigned arch) {
    return std::find(std::begin(kKnown), std::end(kKnown), arch) != std::end(kKnown);
}

std::string add_arch(Invocation& invocation, const std::string& name) {
    unsigned arch = arch_number(name);
    if (arch == 0)
        return "'" + name +
               "' is not an architecture; expected sm_XX or compute_XX, for example sm_80";
    if (arch > kNewestKnown)
        invocation.notes.push_back(
            "'" + name + "' is newer than the architectures known here (up to sm_" +
            std::to_string(kNewestKnown) + "); only __CUDA_ARCH__ follows it");
    if (is_old(arch))
        invocation.notes.push_back("'" + name +
                                   "' is older than any architecture of CUDA 12; taken as sm_" +
                                   std::to_string(kOldestArch));
    invocation.device.requested_archs.push_back(arch);
    return {};
}

} // namespace

unsigned arch_number(const std::string& name) {
    size_t digits = name.find('_');
    if (digits == std::string::npos) return 0;
    std::string prefix = name.substr(0, digits++);
    if (prefix != "sm" && prefix != "compute" && prefix != "lto") return 0;
    unsigned number = 0;
    size_t at = digits;
    for (; at < name.size() && name[at] >= '0' && name[at] <= '9' && at < digits + 3; ++at)
        number = number * 10 + unsigned(name[at] - '0');
    // Variants: 90a (architecture specific), 100f (family specific).
    bool variant = at + 1 == name.size() && (name[at] == 'a' || name[at] == 'f');
    if (at == digits || (at != name.size() && !variant)) return 0;
    // Newer ones than anybody knew when this was written are taken at their word.
    return is_old(number) || number > kNewestKnown || is_known(number) ? number : 0;
}

/// As a CUDA runtime picks the code for a device: the newest that the device can run. When all are
/// newer, the oldest asks for the least.
unsigned DeviceOptions::arch() const {
    if (requested_archs.empty()) return kDefaultArch;
    unsigned best = 0;
    for (unsigned arch : requested_archs)
        if (arch <= ACC_COMPUTE_CAPABILITY) best = std::max(best, arch);
    if (best == 0) best = *std::min_element(requested_archs.begin(), requested_archs.end());
    return std::max(best, kOldestArch);
}

std::string parse_arch_option(Invocation& invocation, const std::string& value) {
    if (value == "native" || value == "all" || value == "all-major") {
        invocation.device.requested_archs.push_back(kDefaultArch);
        return {};
    }
    return add_arch(invocation, value);
}

std::string parse_code_option(Invocation&, const std::string& value) {
    // -code narrows what -arch asked for; acc code is the same for all, so that only the spelling
    // is checked.
    return arch_number(value)
               ? std::string()
               : "'" + value + "' is not an architecture; expected sm_XX or compute_XX";
}

std::string parse_gencode_option(Invocation& invocation, const std::string& value) {
    // arch=compute_80,code=[sm_80,compute_80]: brackets or quotes may hold a list of codes.
    size_t arch = value.find("arch=");
    size_t code = value.find("code=");
    if (arch == std::string::npos || code == std::string::npos)
        return "'" + value + "' must have the form arch=compute_XX,code=sm_XX";
    std::string name = value.substr(arch + 5, value.find(',', arch) - arch - 5);
    std::string codes = value.substr(code + 5);
    if (arch > code) codes = value.substr(code + 5, arch - code - 6);
    if (std::string error = add_arch(invocation, name); !error.empty()) return error;
    std::erase_if(codes,
                  [](char c) { return c == '[' || c == ']' || c == '"' || c == '\'' || c == ' '; });
    for (const std::string& one : split_list(codes, false))
        if (std::string error = parse_code_option(invocation, one); !error.empty()) return error;
    return {};
}

std::string list_archs(const std::string& prefix) {
    std::string text;
    for (unsigned arch : kKnown)
        text += prefix + std::to_string(arch) + "\n";
    return text;
}

} // namespace acc::driver
