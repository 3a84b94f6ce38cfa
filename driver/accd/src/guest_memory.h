// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The guest's memory as the device reaches it by DMA: bus addresses are guest-physical addresses.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "acc/model/chip.h"
#include "driver/accd/src/transport.h"

namespace acc::accd {

class GuestMemory final : public model::BusMemory {
  public:
    ~GuestMemory() override;

    struct Range {
        uint64_t gpa, bytes;
    };
    /// Replaces the layout. Regions that make no sense (see `complaint`) are left out and logged.
    /// Returns where memory has gone, come, or is something else now.
    std::vector<Range> set_regions(std::vector<MemoryRegion> regions);
    /// The command register's bus-master bit: while it is off every request is refused.
    /// Returns whether that is new.
    bool set_bus_master(bool on) { return bus_master_.exchange(on) != on; }
    /// Unmaps memory that is no part of the layout any more. Nothing may use it (after a device
    /// reset).
    void drop_retired();

    bool map(uint64_t bus, uint64_t bytes, void* at, bool writable) override;
    uint8_t* host_address(uint64_t bus, uint64_t bytes) override;

    /// Pages that were refused since power-on.
    uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

  private:
    struct Region {
        uint64_t gpa = 0, bytes = 0, offset = 0;
        uint64_t device = 0, inode = 0; ///< identity of the file
        UniqueFd file;
        uint8_t* host = nullptr; ///< the whole region, mapped on first use
        bool same_as(const Region&) const;
        uint64_t end() const { return gpa + bytes; }
    };
    static std::string complaint(const MemoryRegion&, Region& out);
    const Region* at(uint64_t bus) const;
    bool map_pieces(uint64_t bus, uint64_t bytes, uint8_t* to, int protection) const;

    std::mutex mutex_;                             ///< regions_, retired_
    std::vector<std::unique_ptr<Region>> regions_; ///< ascending, disjoint
    std::vector<std::unique_ptr<Region>> retired_; ///< gone, but host_address has given pointers
                                                   ///< away
    unsigned complaints_ = 0;                      ///< only set_regions
    std::atomic<bool> bus_master_{false};
    std::atomic<uint64_t> refused_{0};
};

} // namespace acc::accd
