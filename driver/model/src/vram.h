// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Device memory: a sparse memfd, so that address spaces can map pieces of it and other processes
// (the PCI front end's aperture) can map all of it.
#pragma once

#include <cstdint>

namespace acc::model {

class Vram {
  public:
    /// `bytes`: multiple of 2 MiB, not 0. Throws std::system_error when the host has no room.
    explicit Vram(uint64_t bytes);
    ~Vram();
    Vram(const Vram&) = delete;
    Vram& operator=(const Vram&) = delete;

    uint64_t bytes() const { return bytes_; }
    int fd() const { return fd_; }
    /// True when [offset, offset + n) lies inside.
    bool contains(uint64_t offset, uint64_t n) const { return n <= bytes_ && offset <= bytes_ - n; }
    /// Reads the 64-bit word at `offset` (8-byte aligned, inside): a page-table entry.
    uint64_t load64(uint64_t offset) const {
        return __atomic_load_n(reinterpret_cast<const uint64_t*>(data_ + offset), __ATOMIC_ACQUIRE);
    }

  private:
    uint64_t bytes_;
    int fd_ = -1;
    uint8_t* data_ = nullptr; ///< the device's own view of all of it
};

} // namespace acc::model
