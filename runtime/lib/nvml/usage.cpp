// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/nvml/usage.h"

#include <dirent.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <vector>

namespace acc::nvml {
namespace {

constexpr const char* kDriver = "acc";

/// The numbers that name entries of a folder, in order.
std::vector<unsigned> numbers_in(const std::string& folder) {
    std::set<unsigned> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
    if (open)
        while (const dirent* entry = readdir(open.get()))
            if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])))
                found.insert(static_cast<unsigned>(std::strtoul(entry->d_name, nullptr, 10)));
    return {found.begin(), found.end()};
}

/// "3 MiB" in bytes; without a unit they are bytes.
uint64_t bytes_of(std::istringstream& text) {
    uint64_t value = 0;
    std::string unit;
    text >> value >> unit;
    return unit == "KiB" ? value << 10 : unit == "MiB" ? value << 20 : value;
}

} // namespace

bool parse_fdinfo(const std::string& text, const std::string& pci_address, uint64_t& client,
                  Usage& usage) {
    bool ours = false, here = false, named = false;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key, value;
        words >> key;
        if (key == "drm-driver:") ours = words >> value && value == kDriver;
        if (key == "drm-pdev:") here = words >> value && value == pci_address;
        if (key == "drm-client-id:") named = static_cast<bool>(words >> client);
        if (key == "drm-engine-compute:") words >> usage.compute_ns;
        if (key == "drm-total-vram0:") usage.vram_bytes = bytes_of(words);
    }
    return ours && here && named;
}

bool of_kernel_driver(const std::string& pci_address) {
    char target[256];
    const std::string link = "/sys/bus/pci/devices/" + pci_address + "/driver";
    const ssize_t length = readlink(link.c_str(), target, sizeof target);
    if (length <= 0) return false;
    const std::string path(target, static_cast<size_t>(length));
    return path.substr(path.rfind('/') + 1) == kDriver;
}

std::map<unsigned, Usage> usage(const std::string& pci_address) {
    std::map<unsigned, Usage> by_process;
    std::set<uint64_t> clients;
    for (const unsigned pid : numbers_in("/proc")) {
        const std::string folder = "/proc/" + std::to_string(pid) + "/fdinfo/";
        for (const unsigned fd : numbers_in(folder)) {
            std::ostringstream text;
            if (std::ifstream file(folder + std::to_string(fd)); file) text << file.rdbuf();
            uint64_t client = 0;
            Usage one;
            if (!parse_fdinfo(text.str(), pci_address, client, one) ||
                !clients.insert(client).second)
                continue;
            by_process[pid].vram_bytes += one.vram_bytes;
            by_process[pid].compute_ns += one.compute_ns;
        }
    }
    return by_process;
}

} // namespace acc::nvml
