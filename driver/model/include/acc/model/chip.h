// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The chip as software, seen from the host side of its bus: what a driver reaches through
// registers, doorbells and memory. The in-process runtime backend calls this directly; the external
// PCI device puts registers in front of it. Thread-safe: any thread may call anything.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "acc/spec/acc_queue.h"

namespace acc::model {

/// Memory of the host that the device can reach by DMA. Bus addresses are what page-table entries
/// with ACC_PTE_SYSTEM hold: offsets in the front end's system-memory file in-process,
/// guest-physical addresses in a virtual machine.
class BusMemory {
  public:
    virtual ~BusMemory() = default;
    /// Maps bus range [bus, bus + bytes) at host address `at` (MAP_FIXED, shared). 4096-byte
    /// multiples. Returns false when a part of the range is not backed by memory.
    virtual bool map(uint64_t bus, uint64_t bytes, void* at, bool writable) = 0;
    /// Like map(), but what is written there stays there (MAP_PRIVATE). For ACC_MODEL_EXEC=check;
    /// false where a front end cannot do that.
    virtual bool map_copy(uint64_t bus, uint64_t bytes, void* at) {
        static_cast<void>(bus);
        static_cast<void>(bytes);
        static_cast<void>(at);
        return false;
    }
    /// Host address of bus range [bus, bus + bytes), for a front end that has its memory mapped
    /// anyway; null when it has not, or when the range is not contiguous there. The address must
    /// stay valid until every translation that uses the range has been invalidated. With it the
    /// device reaches pages that it cannot map into its windows any more because the host limits
    /// mappings (vm.max_map_count): slower, but without a limit. Without it such pages stay
    /// unmapped (ChipCounters::map_failures).
    virtual uint8_t* host_address(uint64_t bus, uint64_t bytes) {
        static_cast<void>(bus);
        static_cast<void>(bytes);
        return nullptr;
    }
};

/// What the device raises. Called from device threads, and from threads that call the chip, with
/// locks of the device held: must not block and must not call the chip.
class InterruptSink {
  public:
    virtual ~InterruptSink() = default;
    virtual void completion(uint32_t queue) = 0; ///< a packet with ACC_PKT_F_INTERRUPT completed
    virtual void fault() = 0;                    ///< the fault FIFO is not empty
    /// `queue` has halted with an error: its control block says so and nothing of it runs any more.
    /// Its record is in the FIFO already; fault() is called as well.
    virtual void queue_halted(uint32_t queue) { static_cast<void>(queue); }
    virtual void ecc() {} ///< one of the ecc counters has grown
};

struct ChipConfig {
    unsigned compute_units = 0; ///< 0: one per host thread (std::thread::hardware_concurrency)
    uint64_t vram_bytes = 4ull << 30; ///< multiple of 2 MiB; backed sparsely
    unsigned spin_microseconds = 50;  ///< how long idle workers spin before they park
    /// True for a front end whose threads never wait in Chip::wait: a doorbell then wakes a worker
    /// at once. False: a doorbell costs no system call in a busy program, whose own thread most
    /// likely does the work; workers look after it within some 60 us.
    bool doorbells_wake = false;
    /// Called on each thread that the chip starts, by the thread itself; may be null.
    void (*thread_begins)() = nullptr;
    /// Separate pieces of memory that are mapped into windows, at most, as long as what is beyond
    /// can be reached otherwise (BusMemory::host_address). 0: about a third of what the host allows
    /// a process (vm.max_map_count).
    uint64_t host_mappings = 0;
};

/// Numbers of queues and address spaces the chip has.
inline constexpr uint32_t kMaxQueues = 256;
inline constexpr uint32_t kMaxAddressSpaces = 64;

/// What the chip has done since it was created.
struct ChipCounters {
    uint64_t packets = 0;         ///< completed
    uint64_t dispatches = 0;      ///< started
    uint64_t blocks = 0;          ///< ended
    uint64_t bytes_copied = 0;    ///< by copies and fills
    uint64_t faults = 0;          ///< that halted a queue
    uint64_t faults_lost = 0;     ///< that found the fault FIFO full
    uint64_t ecc_corrected = 0;   ///< memory errors that did no harm
    uint64_t ecc_uncorrected = 0; ///< accesses to poisoned memory that halted a queue
    uint64_t host_mappings = 0;   ///< now: separate pieces of memory mapped into the windows of all
                                  ///< address spaces
    uint64_t indirect_pages = 0;  ///< now: pages that are reached through BusMemory::host_address
                                  ///< for want of host mappings
    uint64_t map_failures = 0; ///< pages that stayed unmapped: the host could not map them, or has
                               ///< no memory at the address
};

/// How a queue is doing. A snapshot: taken without stopping anything, fields may be a moment apart.
struct QueueState {
    bool enabled = false;
    bool active = false;     ///< has work: the doorbell is beyond read_index, and it has not halted
    bool halted = false;     ///< an error has stopped it
    uint64_t read_index = 0; ///< packets completed in order so far
    /// Grows whenever the queue gets on: a packet completes, a block ends, threads execute, a copy
    /// moves data, a wait packet looks at its value. It stands still while the queue waits for its
    /// turn, so it does not tell whether the queue hangs: stalled_ns does. Never goes back, not
    /// even when the queue is enabled anew.
    uint64_t progress = 0;
    /// Time that compute units (each for itself) and the copy engine have spent on the queue; like
    /// progress it never goes back.
    uint64_t runtime_ns = 0;
    /// Time that the queue was given since it last did anything, although it has something to do
    /// (packets, or a call that stops it). A queue for which this grows to, say, half a second
    /// hangs. The time in which others have the compute units does not count, however long it is. A
    /// kernel that loops for ever does something; the watchdog is for that.
    uint64_t stalled_ns = 0;
};

/// No function of a chip takes longer than this (but `wait`, and Chip's destructor); what cannot be
/// done by then says so.
inline constexpr uint64_t kMaxCallNs = 100'000'000;

class Chip {
  public:
    /// Throws std::system_error when host resources cannot be had, or the environment variables
    /// ACC_MODEL_EXEC (which executor: interp) or ACC_MODEL_SIMD (its host code: v2, v3, v4) say
    /// what cannot be. `bus` and `sink` must outlive the chip; sink may be null.
    static std::unique_ptr<Chip> create(const ChipConfig&, BusMemory& bus, InterruptSink* sink);
    virtual ~Chip() = default;

    virtual unsigned compute_units() const = 0;
    virtual uint64_t vram_bytes() const = 0;
    /// File that backs VRAM (memfd): the VRAM aperture. Mappings of it are the host's view of VRAM.
    virtual int vram_fd() const = 0;
    /// Device time in nanoseconds (sr_globaltimer).
    virtual uint64_t timestamp_ns() const = 0;

    /// Binds address space `vmid` to the page table at VRAM offset `root` and limits it to virtual
    /// addresses [va_base, va_base + va_bytes) (4096-byte multiples, at most 1 TiB). Returns false
    /// for bad arguments or when the window cannot be reserved.
    virtual bool vm_enable(uint32_t vmid, uint64_t root, uint64_t va_base, uint64_t va_bytes) = 0;
    /// Queues that still use it are disabled. False when one of them does not stop (queue_disable);
    /// the space then stays enabled.
    virtual bool vm_disable(uint32_t vmid) = 0;
    /// Page-table entries in the range have changed. On return no access uses the old ones. (bytes
    /// = 0: everything)
    virtual void tlb_invalidate(uint32_t vmid, uint64_t va, uint64_t bytes) = 0;
    /// What the bus has in [bus, bus + bytes) is something else now, or nothing, or there again
    /// (bytes = 0: everywhere). Translations of it are made anew in all address spaces; on return
    /// no access uses the old ones. Other translations stay usable all the time.
    virtual void bus_changed(uint64_t bus, uint64_t bytes) = 0;

    /// Enables hardware queue `queue`: ring of `packets` (power of two, 16..65536) at address
    /// `ring`, control block at `control`, both in address space `vmid`. priority 0 (lowest) .. 3.
    /// Returns false for bad arguments.
    virtual bool queue_enable(uint32_t queue, uint32_t vmid, uint64_t ring, uint32_t packets,
                              uint64_t control, uint32_t priority) = 0;
    /// Stops the queue: running blocks end at an instruction boundary, their effects stay. True
    /// when it has stopped (or was not enabled): from then on it touches no memory. False when it
    /// has not stopped in time, because it hangs or the host is slow: it goes on stopping as far as
    /// it can; call again, or reset it.
    virtual bool queue_disable(uint32_t queue) = 0;
    /// Like queue_disable, but recovers a queue that hangs (inject_queue_hang), too. Everything but
    /// a device that hangs as a whole obeys; false as above.
    virtual bool queue_reset(uint32_t queue) = 0;
    /// How the queue is doing; all zero for a queue that has never been enabled.
    virtual QueueState queue_state(uint32_t queue) const = 0;
    /// Changes the priority, 0 (lowest) .. 3, of an enabled queue at any time; what it runs now is
    /// affected, too. Priorities divide the time of an address space among its queues; address
    /// spaces get equal time, but that time spent on a queue of priority 3 counts a quarter. False
    /// for bad arguments.
    virtual bool queue_set_priority(uint32_t queue, uint32_t priority) = 0;
    /// Limits how long a dispatch of the queue may go without one of its blocks ending: when a
    /// block has executed for that long, and during all of this time no block of its dispatch
    /// ended, the queue halts with ACC_FAULT_HANG (record: kernel, block, and the pc of one of its
    /// threads). Only time in which the block itself executes, or waits for other blocks, counts:
    /// not the time that other blocks, queues or the host program take from it, so a long grid of
    /// short blocks is never stopped. 0 (the default) = no limit. May be called at any time, holds
    /// for running dispatches, and stays with the queue number until device_reset.
    virtual void queue_set_watchdog(uint32_t queue, uint32_t milliseconds) = 0;
    /// Address of the printf/host-message buffer (sr_printf) and the heap control block (sr_heap)
    /// for the queue, 0 = none.
    virtual void queue_set_service(uint32_t queue, uint64_t printf_buffer, uint64_t heap) = 0;
    /// The doorbell write: packets up to `write_index` are ready.
    virtual void doorbell(uint32_t queue, uint64_t write_index) = 0;

    /// Takes the oldest fault record; false when there is none.
    virtual bool fault_pop(acc_fault_record& out) = 0;

    virtual ChipCounters counters() const = 0;

    /// Stops and disables every queue and every address space, whatever state they are in; empties
    /// the fault FIFO; ends all injected faults; sets priorities, watchdogs and service addresses
    /// back. VRAM keeps its contents, counters their values. True when all is quiet: nothing
    /// touches memory any more. False when that did not happen in time (the host is slow): call
    /// again; until then nothing can be enabled.
    virtual bool device_reset() = 0;

    // Fault injection, for tests of drivers.

    /// The queue's command processor stops: blocks that run go on to their end, but nothing is
    /// fetched or completed, and queue_disable fails. It has the time of the command processor all
    /// the while (QueueState::stalled_ns). queue_reset recovers it. A queue that is not enabled
    /// hangs from its next enable on. False for a bad queue number.
    virtual bool inject_queue_hang(uint32_t queue) = 0;
    /// The whole device stops: no queue gets on, queue_disable and queue_reset fail. device_reset
    /// recovers it.
    virtual void inject_device_hang() = 0;
    /// The 4096-byte page of VRAM at `offset` has lost its data: every access to it, by any queue
    /// through any mapping, faults with ACC_FAULT_ECC, until it is scrubbed (unpoison_vram) or the
    /// device is reset. The host's view of VRAM is not affected. False for an offset beyond VRAM,
    /// or when 65536 pages are poisoned already.
    virtual bool poison_vram(uint64_t offset) = 0;
    virtual void unpoison_vram(uint64_t offset) = 0;
    /// `count` memory errors that the hardware has corrected.
    virtual void inject_corrected_ecc(uint64_t count) = 0;

    /// Waits until *word >= value (unsigned) or `queue` halts with an error, or `*stop` (may be
    /// null) is true, or `timeout_ns` (UINT64_MAX: forever) has passed. The calling thread lends
    /// itself to the device while it waits: it executes blocks like a worker. Returns true when the
    /// value was reached. `stop` is noticed within some milliseconds.
    virtual bool wait(uint32_t queue, const std::atomic<uint64_t>* word, uint64_t value,
                      uint64_t timeout_ns, const std::atomic<bool>* stop = nullptr) = 0;
};

} // namespace acc::model
