// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Serves one connection: the loop that turns messages into accesses of a function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/accd/src/mpqemu.h"

namespace acc::accd {

/// A piece of the guest's memory, as SYNC_SYSMEM describes it. Not checked.
struct MemoryRegion {
    uint64_t gpa = 0, bytes = 0;
    int64_t offset = 0; ///< in the file
    UniqueFd file;
};

/// A PCI function, as a bus sees it. One thread calls; the vCPU that made the access waits for the
/// answer, so none may wait for the guest or for QEMU.
class Endpoint {
  public:
    virtual ~Endpoint() = default;
    /// Configuration space; bytes 1..4, any offset.
    virtual uint32_t config_read(uint32_t offset, unsigned bytes) = 0;
    virtual void config_write(uint32_t offset, uint32_t value, unsigned bytes) = 0;
    /// Memory space, by guest-physical address; bytes 1, 2, 4 or 8.
    virtual uint64_t bar_read(uint64_t address, unsigned bytes) = 0;
    virtual void bar_write(uint64_t address, uint64_t value, unsigned bytes) = 0;
    /// The guest's memory is now this.
    virtual void set_memory(std::vector<MemoryRegion> regions) = 0;
    /// RST# of the bus: power-on state, but for what is counted since power-on.
    virtual void bus_reset() = 0;
    /// True once the function answers no more; its connection is then ended.
    virtual bool vanished() const = 0;
};

/// Counts of what a connection carried.
struct TransportCounters {
    uint64_t config = 0, bar_reads = 0, bar_writes = 0, memory_changes = 0;
};

/// Serves until the connection ends, the function vanishes or a message breaks the protocol.
/// Returns what ended it: "" when the other side closed it in an orderly way.
std::string serve(Connection&, Endpoint&, TransportCounters&);

} // namespace acc::accd
