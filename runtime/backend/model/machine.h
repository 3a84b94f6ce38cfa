// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine that the model's devices are in: system memory, the bus on which each device reaches
// it and the other devices' memory, and the range of device addresses that they share.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "runtime/core/address_window.h"
#include "runtime/core/device_addresses.h"
#include "runtime/core/range_allocator.h"

namespace acc::rt {

/// A file in memory, mapped whole: VRAM's aperture or the system memory that the devices may reach.
/// Closed with the object.
class MappedFile {
  public:
    MappedFile(const char* name, uint64_t bytes); ///< a new sparse file
    /// Maps somebody else's file; `own`: the descriptor is closed with the object.
    MappedFile(int fd, uint64_t bytes, bool own = false);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;

    int fd() const { return fd_; }
    uint8_t* data() const { return data_; }
    uint64_t bytes() const { return bytes_; }

  private:
    int fd_ = -1;
    bool owned_ = false;
    uint8_t* data_ = nullptr;
    uint64_t bytes_ = 0;
};

struct Extent {
    uint64_t offset = 0, bytes = 0;
};

/// Physical memory of one file, handed out in page-sized extents.
class PhysicalMemory {
  public:
    PhysicalMemory(uint64_t first, uint64_t bytes) : free_(first, bytes) {}
    /// One extent when possible, several when memory is fragmented; empty when there is not enough.
    std::vector<Extent> allocate(uint64_t bytes);
    void release(const std::vector<Extent>& extents);
    uint64_t free_bytes() const;

  private:
    mutable std::mutex mutex_; // protects free_
    RangeAllocator free_;
};

class Machine;

/// Another process's memory on the bus, as long as the object lives.
class BusFile {
  public:
    BusFile(std::shared_ptr<Machine> machine, int fd, uint64_t bytes, uint64_t inode);
    ~BusFile();
    BusFile(const BusFile&) = delete;
    const MappedFile& file() const { return file_; }
    uint64_t bus() const { return bus_; }
    uint64_t inode() const { return inode_; }

  private:
    const std::shared_ptr<Machine> machine_;
    MappedFile file_;
    const uint64_t inode_;
    uint64_t bus_;
};

class Machine : public std::enable_shared_from_this<Machine> {
  public:
    /// The process's, made with its first device that is used; it goes with the last. Throws
    /// std::system_error, Error(SystemNotReady).
    static std::shared_ptr<Machine> get();
    Machine();
    Machine(const Machine&) = delete;

    /// Bytes of the file that system memory is.
    static uint64_t system_bytes();
    MappedFile& system() { return system_; }
    PhysicalMemory& physical() { return physical_; }
    DeviceAddresses& addresses() { return addresses_; }

    /// Puts a device's memory on the bus; gives the address of its aperture. It stays there until
    /// unplug(). Throws Error(SystemNotReady) when no slot is free.
    uint64_t plug(const MappedFile& vram);
    void unplug(uint64_t aperture);
    /// The other process's file on the bus, once for all who use it. Throws Error(InvalidHandle)
    /// when it is another file, or a piece beyond its end is wanted.
    std::shared_ptr<BusFile> open_file(int fd, uint64_t inode, uint64_t end);

    /// What BusMemory promises (chip.h): system memory from address 0 on, apertures above.
    bool map(uint64_t bus, uint64_t bytes, void* at, int protection, int sharing) const;
    uint8_t* host_address(uint64_t bus, uint64_t bytes) const;

  private:
    struct Place {
        const MappedFile* file = nullptr;
        uint64_t offset = 0;
    };
    Place find(uint64_t bus, uint64_t bytes) const;

    MappedFile system_;
    PhysicalMemory physical_;
    AddressWindow window_;
    DeviceAddresses addresses_;
    mutable std::shared_mutex mutex_;      // protects slots_
    std::vector<const MappedFile*> slots_; // by aperture; null: free
    std::mutex files_mutex_;               // protects files_
    std::vector<std::weak_ptr<BusFile>> files_;
};

} // namespace acc::rt
