// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <functional>
#include <sys/mman.h>
#include <unistd.h>

#include "acc/model/chip.h"

namespace acc::model::test {

/// System memory: a memfd; bus addresses are offsets in it.
class SystemMemory final : public BusMemory {
  public:
    explicit SystemMemory(uint64_t bytes)
        : bytes_(bytes), fd_(memfd_create("test-system", MFD_CLOEXEC)) {
        if (ftruncate(fd_, static_cast<off_t>(bytes)) != 0) _exit(3);
        data_ = static_cast<uint8_t*>(
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0));
    }
    ~SystemMemory() override {
        munmap(data_, bytes_);
        close(fd_);
    }
    SystemMemory(const SystemMemory&) = delete;
    SystemMemory& operator=(const SystemMemory&) = delete;

    bool map(uint64_t bus, uint64_t bytes, void* at, bool writable) override {
        if (on_reach) on_reach();
        if (full || off || bus > bytes_ || bytes > bytes_ - bus) return false;
        int protection = PROT_READ | (writable ? PROT_WRITE : 0);
        return mmap(at, bytes, protection, MAP_SHARED | MAP_FIXED, fd_,
                    static_cast<off_t>(bus ^ moved)) != MAP_FAILED;
    }
    bool map_copy(uint64_t bus, uint64_t bytes, void* at) override {
        if (off || bus > bytes_ || bytes > bytes_ - bus) return false;
        return mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd_,
                    static_cast<off_t>(bus ^ moved)) != MAP_FAILED;
    }
    uint8_t* host_address(uint64_t bus, uint64_t bytes) override {
        if (on_reach) on_reach();
        return addressable && !off && bus <= bytes_ && bytes <= bytes_ - bus ? data_ + (bus ^ moved)
                                                                             : nullptr;
    }
    uint8_t* at(uint64_t bus) const { return data_ + bus; }
    uint64_t bytes() const { return bytes_; }

    bool full = false;              ///< plays a host that allows no more mappings
    bool off = false;               ///< the bus refuses everything
    uint64_t moved = 0;             ///< bus address b is memory at b ^ moved
    std::function<void()> on_reach; ///< called when the chip asks where memory is
    bool addressable = false;       ///< host_address tells where memory is

  private:
    uint64_t bytes_;
    int fd_;
    uint8_t* data_;
};

} // namespace acc::model::test
