// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which devices the model has: ACC_DEVICES says how many, or names a file that describes each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace acc::rt {

struct ModelDevice {
    std::string name = "ACC1 (device model, in process)";
    unsigned compute_units = 0;
    uint64_t vram_bytes = 0;
};

/// The process's, found out once. Throws Error(SystemNotReady) when the environment says what
/// cannot be.
const std::vector<ModelDevice>& model_devices();

/// The devices that a value of ACC_DEVICES stands for; `defaults` for what a file leaves open.
/// Throws Error(SystemNotReady).
std::vector<ModelDevice> read_devices(const std::string& value, const ModelDevice& defaults);

/// Device memory of each of `devices` when nobody says how much: pages take host memory when they
/// are touched, so most of it can be promised, but only once.
uint64_t default_vram_mib(uint64_t host_bytes, size_t devices);

} // namespace acc::rt
