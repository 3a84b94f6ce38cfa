// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/model/devices.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/resource_limit.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// More than any machine has; each costs a few threads and some address space.
constexpr unsigned kMostDevices = 64;

struct Bounds {
    uint64_t low, high;
};
constexpr Bounds kUnits{1, 1024}, kVramMib{64, 1 << 20};

std::optional<uint64_t> number_of(const std::string& text) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

uint64_t checked(const std::string& what, const std::string& text, Bounds bounds) {
    const auto value = number_of(text);
    if (!value || *value < bounds.low || *value > bounds.high)
        fail(Status::SystemNotReady, "{}={} is not a number between {} and {}", what, text,
             bounds.low, bounds.high);
    return *value;
}

uint64_t from_environment(const char* name, uint64_t fallback, Bounds bounds) {
    const char* text = std::getenv(name);
    return text == nullptr || *text == 0 ? fallback : checked(name, text, bounds);
}

uint64_t vram_bytes_of(uint64_t mib) {
    return (mib << 20) & ~uint64_t{ACC_LARGE_PAGE_BYTES - 1};
}

/// One device: words `name=value`.
ModelDevice read_device(std::istringstream words, const std::string& where, ModelDevice device) {
    for (std::string word; words >> word;) {
        const size_t equals = word.find('=');
        const std::string key = word.substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (key == "compute_units")
            device.compute_units = static_cast<unsigned>(checked(where + key, value, kUnits));
        else if (key == "vram_mib")
            device.vram_bytes = vram_bytes_of(checked(where + key, value, kVramMib));
        else
            fail(Status::SystemNotReady,
                 "{}`{}` is neither compute_units=<number> nor vram_mib=<number>", where, word);
    }
    return device;
}

std::vector<ModelDevice> read_file(const std::string& path, const ModelDevice& defaults) {
    std::ifstream file(path);
    if (!file)
        fail(Status::SystemNotReady,
             "ACC_DEVICES={} is neither a number from 1 to {} nor a file that can be read", path,
             kMostDevices);
    std::vector<ModelDevice> devices;
    unsigned number = 0;
    for (std::string line; std::getline(file, line);) {
        const std::string where = path + ":" + std::to_string(++number) + ": ";
        line.resize(std::min(line.size(), line.find('#')));
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        if (devices.size() == kMostDevices)
            fail(Status::SystemNotReady, "{}more than {} devices", where, kMostDevices);
        const size_t word = line.find("device");
        if (word != line.find_first_not_of(" \t\r"))
            fail(Status::SystemNotReady, "{}a line begins with `device`", where);
        devices.push_back(read_device(std::istringstream(line.substr(word + 6)), where, defaults));
    }
    if (devices.empty()) fail(Status::SystemNotReady, "ACC_DEVICES: {} has no device", path);
    return devices;
}

std::vector<ModelDevice> from_environment() {
    const char* value = std::getenv("ACC_DEVICES");
    const std::string devices = value != nullptr && *value != 0 ? value : "1";
    ModelDevice defaults;
    defaults.compute_units = static_cast<unsigned>(from_environment(
        "ACC_MODEL_CUS", std::max(1u, std::thread::hardware_concurrency()), kUnits));
    auto made = read_devices(devices, defaults);
    const uint64_t vram = vram_bytes_of(from_environment(
        "ACC_MODEL_VRAM_MIB", default_vram_mib(usable_host_memory(), made.size()), kVramMib));
    for (ModelDevice& device : made)
        if (device.vram_bytes == 0) device.vram_bytes = vram;
    return made;
}

} // namespace

uint64_t default_vram_mib(uint64_t host_bytes, size_t devices) {
    // Programs are written for devices with 8 GiB and more, so a small machine promises more than
    // it has.
    const uint64_t all = std::max<uint64_t>(host_bytes / 4 * 3 >> 20, 4096);
    return std::clamp<uint64_t>(all / devices, kVramMib.low, 65536);
}

std::vector<ModelDevice> read_devices(const std::string& value, const ModelDevice& defaults) {
    const bool number = value.find_first_not_of("0123456789") == std::string::npos;
    if (!number) return read_file(value, defaults);
    return std::vector<ModelDevice>(checked("ACC_DEVICES", value, {1, kMostDevices}), defaults);
}

const std::vector<ModelDevice>& model_devices() {
    static const std::vector<ModelDevice> all = from_environment();
    return all;
}

} // namespace acc::rt
