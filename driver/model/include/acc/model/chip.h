// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The chip as software, seen from the host side of its bus: what a driver reaches through registers, doorbells and
// memory. The in-process runtime backend calls this directly; the external PCI device puts registers in front of it.
// Thread-safe: any thread may call anything.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "acc/spec/acc_queue.h"

namespace acc::model {

/// Memory of the host that the device can reach by DMA. Bus addresses are what page-table entries with
/// ACC_PTE_SYSTEM hold: offsets in the front end's system-memory file in-process, guest-physical addresses in a virtual machine.
class BusMemory {
public:
    virtual ~BusMemory() = default;
    /// Maps bus range [bus, bus + bytes) at host address `at` (MAP_FIXED, shared). 4096-byte multiples.
    /// Returns false when a part of the range is not backed by memory.
    virtual bool map(uint64_t bus, uint64_t bytes, void* at, bool writable) = 0;
};

/// What the device raises. Called from device threads; must not block.
class InterruptSink {
public:
    virtual ~InterruptSink() = default;
    virtual void completion(uint32_t queue) = 0; ///< a packet with ACC_PKT_F_INTERRUPT completed
    virtual void fault() = 0;                    ///< the fault FIFO is not empty
};

struct ChipConfig {
    unsigned compute_units = 0;          ///< 0: one per host thread (std::thread::hardware_concurrency)
    uint64_t vram_bytes = 4ull << 30;    ///< multiple of 2 MiB; backed sparsely
    unsigned spin_microseconds = 50;     ///< how long idle workers spin before they park
};

/// Numbers of queues and address spaces the chip has.
inline constexpr uint32_t kMaxQueues = 256;
inline constexpr uint32_t kMaxAddressSpaces = 64;

/// What the chip has done since it was created.
struct ChipCounters {
    uint64_t packets = 0;      ///< completed
    uint64_t dispatches = 0;   ///< started
    uint64_t blocks = 0;       ///< ended
    uint64_t bytes_copied = 0; ///< by copies and fills
    uint64_t faults = 0;       ///< that halted a queue
    uint64_t faults_lost = 0;  ///< that found the fault FIFO full
};

class Chip {
public:
    /// Throws std::system_error when host resources cannot be had. `bus` and `sink` must outlive the chip; sink may be null.
    static std::unique_ptr<Chip> create(const ChipConfig&, BusMemory& bus, InterruptSink* sink);
    virtual ~Chip() = default;

    virtual unsigned compute_units() const = 0;
    virtual uint64_t vram_bytes() const = 0;
    /// File that backs VRAM (memfd): the VRAM aperture. Mappings of it are the host's view of VRAM.
    virtual int vram_fd() const = 0;
    /// Device time in nanoseconds (sr_globaltimer).
    virtual uint64_t timestamp_ns() const = 0;

    /// Binds address space `vmid` to the page table at VRAM offset `root` and limits it to virtual addresses
    /// [va_base, va_base + va_bytes) (4096-byte multiples, at most 1 TiB). Returns false for bad arguments or when the window cannot be reserved.
    virtual bool vm_enable(uint32_t vmid, uint64_t root, uint64_t va_base, uint64_t va_bytes) = 0;
    /// Its queues must have been destroyed.
    virtual void vm_disable(uint32_t vmid) = 0;
    /// Page-table entries in the range have changed. On return no access uses the old ones. (bytes = 0: everything)
    virtual void tlb_invalidate(uint32_t vmid, uint64_t va, uint64_t bytes) = 0;

    /// Enables hardware queue `queue`: ring of `packets` (power of two, 16..65536) at address `ring`, control block at
    /// `control`, both in address space `vmid`. priority 0 (lowest) .. 3. Returns false for bad arguments.
    virtual bool queue_enable(uint32_t queue, uint32_t vmid, uint64_t ring, uint32_t packets, uint64_t control, uint32_t priority) = 0;
    /// Stops the queue: running blocks end at an instruction boundary, their effects stay. Returns when it has stopped.
    virtual void queue_disable(uint32_t queue) = 0;
    /// Address of the printf/host-message buffer (sr_printf) and the heap control block (sr_heap) for the queue, 0 = none.
    virtual void queue_set_service(uint32_t queue, uint64_t printf_buffer, uint64_t heap) = 0;
    /// The doorbell write: packets up to `write_index` are ready.
    virtual void doorbell(uint32_t queue, uint64_t write_index) = 0;

    /// Takes the oldest fault record; false when there is none.
    virtual bool fault_pop(acc_fault_record& out) = 0;

    virtual ChipCounters counters() const = 0;

    /// Waits until *word >= value (unsigned) or `queue` halts with an error, or `timeout_ns` (UINT64_MAX: forever) has passed.
    /// The calling thread lends itself to the device while it waits: it executes blocks like a worker.
    /// Returns true when the value was reached.
    virtual bool wait(uint32_t queue, const std::atomic<uint64_t>* word, uint64_t value, uint64_t timeout_ns) = 0;
};

} // namespace acc::model
