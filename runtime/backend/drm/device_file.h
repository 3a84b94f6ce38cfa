// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An open render node, as the two system calls that the backend makes on it. Unit tests put their
// own in its place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace acc::rt::drm {

class DeviceFile {
  public:
    virtual ~DeviceFile() = default;
    /// ioctl(2), once: 0 or -errno. Whether to call again is the caller's business.
    virtual int control(unsigned long request, void* argument) = 0;
    /// mmap(2), shared, at `at` (whatever is there is replaced) or anywhere when null: the address,
    /// or null and errno.
    virtual void* map(void* at, uint64_t bytes, int protection, uint64_t offset) = 0;
};

/// Opens a node. Null and errno when that fails.
std::unique_ptr<DeviceFile> open_device_file(const std::string& path);

} // namespace acc::rt::drm
