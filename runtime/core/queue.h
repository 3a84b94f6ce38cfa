// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A user-mode queue: ring, control block, parameter ring and timeline. Every packet gets the next
// sequence number; the device stores that number to the timeline word when the packet completes, so
// "is it done" is one load.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/core/backend.h"
#include "runtime/core/memory.h"
#include "runtime/core/status.h"

namespace acc::rt {

/// A 64-bit word in memory that both sides see, only growing.
struct Timeline {
    std::atomic<uint64_t>* word = nullptr; ///< host view
    uint64_t va = 0;                       ///< device address
    bool reached(uint64_t value) const { return word->load(std::memory_order_acquire) >= value; }
};

/// Thrown by whoever waits for room in a queue that will never have any: it has halted. The context
/// knows why.
class QueueHalted : public Error {
  public:
    QueueHalted() : Error(Status::LaunchFailure, "the queue has halted") {}
};

/// Any packet, as bytes.
struct alignas(8) PacketBytes {
    uint8_t bytes[ACC_PACKET_BYTES];
};

class Queue {
  public:
    Queue(MemoryManager& memory, AddressSpaceHandle& vm, uint32_t priority);
    ~Queue();
    Queue(const Queue&) = delete;

    /// Puts a packet into the ring and rings the doorbell; returns its sequence number. `Packet` is
    /// one of the acc_packet_* structures with signal = value = 0 (filled in here). Blocks while
    /// the ring is full. Throws QueueHalted.
    template <typename Packet>
    uint64_t submit(Packet packet) {
        static_assert(sizeof(Packet) == ACC_PACKET_BYTES);
        std::lock_guard lock(mutex_);
        return submit_locked(packet);
    }

    /// As submit, for a dispatch: reserves `bytes` of parameter space, lets `write` fill it, sets
    /// packet.kernarg.
    template <typename Write>
    uint64_t submit_dispatch(acc_packet_dispatch packet, uint32_t bytes, Write&& write) {
        std::lock_guard lock(mutex_);
        const uint64_t position = reserve_arguments(bytes);
        const uint64_t offset = position % kArgumentBytes;
        write(arguments_host_ + offset);
        packet.kernarg = arguments_va_ + offset;
        return submit_locked(packet);
    }

    /// Copies `bytes` (<= kStagingLimit) into the parameter ring and submits a copy from there to
    /// `dst`.
    uint64_t submit_staged_copy(uint64_t dst, const void* source, uint32_t bytes);
    static constexpr uint32_t kStagingLimit = 64 * 1024;

    const Timeline& timeline() const { return timeline_; }
    uint64_t last() const { return tail_.load(std::memory_order_acquire); }
    bool reached(uint64_t sequence) const { return timeline_.reached(sequence); }
    /// True when the sequence number completed; false when the queue halted or the time is over.
    bool wait(uint64_t sequence, uint64_t timeout_ns = UINT64_MAX);
    bool halted() const;
    HardwareQueue& hardware() { return *hardware_; }

  private:
    template <typename Packet>
    uint64_t submit_locked(Packet& packet) {
        const uint64_t sequence = next_slot();
        packet.signal = timeline_.va;
        packet.value = sequence;
        // Somebody may sleep for any of them. The device raises the interrupt only when a driver
        // has asked for one.
        packet.header.flags |= ACC_PKT_F_BARRIER | ACC_PKT_F_INTERRUPT;
        write_packet(sequence, &packet);
        return sequence;
    }
    void release();
    bool room_for(uint64_t sequence);
    uint64_t next_slot();
    void write_packet(uint64_t sequence, const void* packet);
    uint64_t reserve_arguments(uint32_t bytes);
    void reclaim_arguments();

    static constexpr uint32_t kPackets = 1024;
    static constexpr uint64_t kArgumentBytes = 256 * 1024;

    MemoryManager& memory_;
    Allocation state_;    // control block and timeline: the device writes them
    Allocation commands_; // ring and parameters: the device, and kernels, only read them
    uint8_t* ring_host_ = nullptr;
    acc_queue_control* control_ = nullptr;
    uint8_t* arguments_host_ = nullptr;
    uint64_t arguments_va_ = 0;
    Timeline timeline_;
    std::unique_ptr<HardwareQueue> hardware_;

    std::mutex mutex_;              // protects what follows: one producer at a time
    std::atomic<uint64_t> tail_{0}; // last sequence number handed out
    uint64_t arguments_head_ = 0;   // positions grow without wrapping; offset = position %
                                    // kArgumentBytes
    uint64_t arguments_freed_ = 0;
    uint64_t reclaimed_ = 0; // sequence numbers up to here have returned their parameter space
    std::vector<uint64_t> arguments_end_; // by slot: arguments_head_ after that packet
};

} // namespace acc::rt
