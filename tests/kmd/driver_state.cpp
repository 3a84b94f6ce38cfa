// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/kmd/driver_state.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace acc::kmd {

namespace {

int write_file(const std::string& path, const std::string& text) {
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int e = write(fd, text.data(), text.size()) < 0 ? errno : 0;
    close(fd);
    return e;
}

} // namespace

DriverState::DriverState(const Device& device) {
    const std::string node = std::filesystem::path(device.path()).filename();
    std::error_code error;
    const auto pci = std::filesystem::canonical("/sys/class/drm/" + node + "/device", error);
    if (error) throw Failure("the device in sysfs", error.value());
    sysfs_ = pci;
    const std::string folder = "/sys/kernel/debug/dri/" + pci.filename().string();
    if (access((folder + "/state").c_str(), R_OK) == 0) debugfs_ = folder;
}

int DriverState::inject(const std::string& command) const {
    return write_file(debugfs_ + "/inject", command + "\n");
}

std::string DriverState::read(const std::string& name) const {
    std::ifstream file(debugfs_ + "/" + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

uint64_t DriverState::number(const std::string& name) const {
    std::istringstream text(read("state"));
    for (std::string line; std::getline(text, line);)
        if (line.starts_with(name + ": ")) return std::stoull(line.substr(name.size() + 2));
    throw Failure("debugfs has no " + name, ENOENT);
}

std::optional<unsigned> DriverState::hardware_queue(uint32_t queue_id) const {
    std::istringstream text(read("queues"));
    const std::string mine = " pid=" + std::to_string(getpid()) +
                             " id=" + std::to_string(queue_id) + " ";
    for (std::string line; std::getline(text, line);)
        if (line.starts_with("hw=") && line.find(mine) != std::string::npos)
            return static_cast<unsigned>(std::stoul(line.substr(3)));
    return std::nullopt;
}

unsigned DriverState::queues() const {
    std::istringstream text(read("queues"));
    unsigned n = 0;
    for (std::string line; std::getline(text, line);)
        n += line.starts_with("hw=");
    return n;
}

int DriverState::reset_function() const {
    return write_file(sysfs_ + "/reset", "1\n");
}

uint64_t settled_vram(const Device& device) {
    uint64_t used = device.memory().vram_used;
    for (int same = 0; same < 5; same++) {
        pause_ms(10);
        const uint64_t now = device.memory().vram_used;
        if (now != used) same = 0;
        used = now;
    }
    return used;
}

uint64_t wait_for_vram(const Device& device, uint64_t bytes, double seconds) {
    const int64_t end = deadline(seconds);
    for (;;) {
        const uint64_t used = device.memory().vram_used;
        if (used == bytes || static_cast<int64_t>(now_ns()) > end) return used;
        pause_ms(10);
    }
}

} // namespace acc::kmd
