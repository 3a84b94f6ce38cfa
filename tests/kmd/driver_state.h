// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver seen from the administrator's side: debugfs (needs root), the PCI function in sysfs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/kmd/device.h"

namespace acc::kmd {

class DriverState {
  public:
    explicit DriverState(const Device& device);

    /// Is debugfs there? Tests that inject faults skip without it.
    bool available() const { return !debugfs_.empty(); }
    /// Writes a command to the inject file (driver/linux/acc_debugfs.c lists them): 0 or the errno
    /// value.
    int inject(const std::string& command) const;
    int inject(const std::string& command, uint64_t argument) const {
        return inject(command + " " + std::to_string(argument));
    }
    /// A number of the `state` file.
    uint64_t number(const std::string& name) const;
    /// The hardware number of a queue of this process.
    std::optional<unsigned> hardware_queue(uint32_t queue_id) const;
    /// Hardware queues in use, of all processes.
    unsigned queues() const;
    /// Resets the PCI function as an administrator does: 0 or the errno value; ENOENT when there is
    /// no such file.
    int reset_function() const;
    /// The PCI function's folder in sysfs.
    const std::string& sysfs() const { return sysfs_; }

  private:
    std::string read(const std::string& name) const;
    std::string sysfs_, debugfs_;
};

/// Device memory in use, once what earlier processes and tests left is put away: the driver frees
/// some of it later.
uint64_t settled_vram(const Device& device);
/// Waits until device memory in use is `bytes` again; the value it ends with.
uint64_t wait_for_vram(const Device& device, uint64_t bytes, double seconds = 10);

} // namespace acc::kmd
