// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/queue.h"

#include <cstring>

#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kControlOffset = 0;
constexpr uint64_t kTimelineOffset = 1024; // in the control block's page, on a cache line of its
                                           // own
constexpr uint64_t kRingOffset = 4096;

void cpu_relax() {
    __builtin_ia32_pause();
}

} // namespace

Queue::Queue(MemoryManager& memory, AddressSpaceHandle& vm, uint32_t priority)
    : memory_(memory), arguments_end_(kPackets, 0) {
    const uint64_t ring_bytes = uint64_t{kPackets} * ACC_PACKET_BYTES;
    block_ = memory_.allocate(MemoryKind::Internal, kRingOffset + ring_bytes + kArgumentBytes,
                              4096);
    std::memset(block_.host, 0, kRingOffset + ring_bytes);
    control_ = reinterpret_cast<acc_queue_control*>(block_.host + kControlOffset);
    ring_host_ = block_.host + kRingOffset;
    arguments_host_ = ring_host_ + ring_bytes;
    arguments_va_ = block_.va + kRingOffset + ring_bytes;
    timeline_.word = reinterpret_cast<std::atomic<uint64_t>*>(block_.host + kTimelineOffset);
    timeline_.va = block_.va + kTimelineOffset;
    try {
        hardware_ = vm.create_queue(block_.va + kRingOffset, kPackets, block_.va + kControlOffset,
                                    priority);
    } catch (...) {
        memory_.release(block_.va, MemoryKind::Internal);
        throw;
    }
}

Queue::~Queue() {
    hardware_.reset(); // stops the device before its memory goes
    memory_.release(block_.va, MemoryKind::Internal);
}

bool Queue::halted() const {
    return std::atomic_ref<uint32_t>(control_->status).load(std::memory_order_acquire) ==
               ACC_QUEUE_ERROR ||
           hardware_->lost();
}

bool Queue::wait(uint64_t sequence, uint64_t timeout_ns) {
    if (timeline_.reached(sequence)) return true;
    return hardware_->wait(timeline_.word, sequence, timeout_ns);
}

uint64_t Queue::next_slot() {
    const uint64_t sequence = tail_.load(std::memory_order_relaxed) + 1;
    std::atomic_ref<uint64_t> read(control_->read_index);
    if (sequence - read.load(std::memory_order_acquire) > kPackets) {
        // The slot's last packet must be complete; the device moves read_index right after the
        // timeline.
        if (!wait(sequence - kPackets) && halted()) throw QueueHalted();
        while (sequence - read.load(std::memory_order_acquire) > kPackets) {
            cpu_relax();
            hardware_->look();
            if (halted()) throw QueueHalted();
        }
    }
    return sequence;
}

void Queue::write_packet(uint64_t sequence, const void* packet) {
    const uint64_t slot = (sequence - 1) % kPackets;
    uint8_t* at = ring_host_ + slot * ACC_PACKET_BYTES;
    // The header goes last: a device that looks early sees an invalid packet.
    std::memcpy(at + 4, static_cast<const uint8_t*>(packet) + 4, ACC_PACKET_BYTES - 4);
    uint32_t header;
    std::memcpy(&header, packet, sizeof(header));
    std::atomic_ref<uint32_t>(*reinterpret_cast<uint32_t*>(at))
        .store(header, std::memory_order_release);
    arguments_end_[slot] = arguments_head_;
    tail_.store(sequence, std::memory_order_release);
    std::atomic_ref<uint64_t>(control_->write_index).store(sequence, std::memory_order_release);
    hardware_->doorbell(sequence);
}

void Queue::reclaim_arguments() {
    const uint64_t done = timeline_.word->load(std::memory_order_acquire);
    if (done > reclaimed_) {
        reclaimed_ = done;
        arguments_freed_ = arguments_end_[(done - 1) % kPackets];
    }
}

uint64_t Queue::reserve_arguments(uint32_t bytes) {
    const uint64_t span = (uint64_t{bytes} + 63) & ~uint64_t{63}; // whole cache lines: no sharing
                                                                  // with the packet in flight
    if (span > kArgumentBytes) // a kernel descriptor can ask for anything
        fail(Status::InvalidValue, "{} bytes of kernel parameters; a queue has room for {}", bytes,
             kArgumentBytes);
    uint64_t start = arguments_head_;
    if (start % kArgumentBytes + span > kArgumentBytes)
        start += kArgumentBytes - start % kArgumentBytes; // does not fit before the end: begin
                                                          // again at the front
    while (start + span - arguments_freed_ > kArgumentBytes) {
        reclaim_arguments();
        if (start + span - arguments_freed_ <= kArgumentBytes) break;
        if (reclaimed_ >= tail_.load(std::memory_order_relaxed)) {
            arguments_freed_ = arguments_head_; // nothing is in flight
            continue;
        }
        if (!wait(reclaimed_ + 1) && halted()) throw QueueHalted();
    }
    arguments_head_ = start + span;
    return start;
}

uint64_t Queue::submit_staged_copy(uint64_t dst, const void* source, uint32_t bytes) {
    std::lock_guard lock(mutex_);
    const uint64_t offset = reserve_arguments(bytes) % kArgumentBytes;
    std::memcpy(arguments_host_ + offset, source, bytes);
    acc_packet_copy packet{};
    packet.header.type = ACC_PKT_COPY;
    packet.dst = dst;
    packet.src = arguments_va_ + offset;
    packet.bytes = bytes;
    return submit_locked(packet);
}

} // namespace acc::rt
