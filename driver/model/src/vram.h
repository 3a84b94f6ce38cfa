// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Device memory: a sparse memfd, so that address spaces can map pieces of it and other processes
// (the PCI front end's aperture) can map all of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

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
    uint8_t* data() const { return data_; }
    /// True when [offset, offset + n) lies inside.
    bool contains(uint64_t offset, uint64_t n) const { return n <= bytes_ && offset <= bytes_ - n; }
    /// Reads the 64-bit word at `offset` (8-byte aligned, inside): a page-table entry.
    uint64_t load64(uint64_t offset) const {
        return __atomic_load_n(reinterpret_cast<const uint64_t*>(data_ + offset), __ATOMIC_ACQUIRE);
    }

    /// Marks the 4 KiB page at `page` (its offset) as poisoned. False when too many are.
    bool poison(uint64_t page);
    /// False when it was not poisoned.
    bool unpoison(uint64_t page);
    void unpoison_all();
    /// Offsets of the poisoned pages in [offset, offset + n), ascending.
    std::vector<uint64_t> poisoned(uint64_t offset, uint64_t n) const;

  private:
    uint64_t bytes_;
    int fd_ = -1;
    uint8_t* data_ = nullptr; ///< the device's own view of all of it
    std::atomic<bool> any_poisoned_{false};
    mutable std::mutex mutex_; ///< guards poisoned_
    std::set<uint64_t> poisoned_;
};

} // namespace acc::model
