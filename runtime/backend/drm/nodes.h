// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The render nodes of this machine that are devices of ours.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/backend/drm/device_file.h"
#include "runtime/core/backend.h"

namespace acc::rt::drm {

/// A render node of one of our devices, by PCI ids; not opened yet.
struct Node {
    std::string path; ///< /dev/dri/renderD128
    unsigned domain = 0, bus = 0, device = 0, function = 0;
};

/// A device that can be used.
struct Device {
    std::string path;
    DeviceInfo info;
    uint32_t max_priority = 0; ///< highest queue priority without privileges
    uint64_t max_window = 0;   ///< largest window of an address space
};

struct Survey {
    std::vector<Device> devices;      ///< by PCI address
    std::vector<std::string> refused; ///< nodes of ours that cannot be used: which, and why
    std::string problem; ///< why nodes could not be looked at; there may be none of ours
};

/// What is in /dev/dri, from libdrm. Opens nothing.
std::vector<Node> list_nodes();
struct Driver {
    std::string name;
    int major = 0, minor = 0; ///< version of its interface
};

/// The kernel driver behind a node; no name when it cannot be asked.
Driver driver_of(const std::string& path);

/// How a survey reaches the system; tests put their own in its place.
struct System {
    std::function<std::vector<Node>()> list = list_nodes;
    std::function<Driver(const std::string& path)> driver = driver_of;
    std::function<std::unique_ptr<DeviceFile>(const std::string& path)> open = open_device_file;
};

/// Opens each node, asks it what it is, and closes it again.
Survey survey(const System& system);

/// What this machine has; found out once in a process.
const Survey& this_machine();

std::unique_ptr<Backend> open_backend(const Device& device);

} // namespace acc::rt::drm
