// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/queue.h"

#include <cstring>

#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kTimelineOffset = 1024; // in the control block's page, on a cache line of its
                                           // own
constexpr uint64_t kStateBytes = 4096;     // control block and timeline

void cpu_relax() {
    __builtin_ia32_pause();
}

} // namespace

Queue::Queue(MemoryManager& memory, AddressSpaceHandle& vm, uint32_t priority)
    : memory_(memory), arguments_end_(kPackets, 0) {
    const uint64_t ring_bytes = uint64_t{kPackets} * ACC_PACKET_BYTES;
    state_ = memory_.allocate(MemoryKind::Internal, kStateBytes, 4096);
    std::memset(state_.host, 0, kStateBytes);
    control_ = reinterpret_cast<acc_queue_control*>(state_.host);
    timeline_.word = reinterpret_cast<std::atomic<uint64_t>*>(state_.host + kTimelineOffset);
    timeline_.va = state_.va + kTimelineOffset;
    try {
        commands_ = memory_.allocate(MemoryKind::Commands, ring_bytes + kArgumentBytes, 4096);
        std::memset(commands_.host, 0, ring_bytes);
        ring_host_ = commands_.host;
        arguments_host_ = ring_host_ + ring_bytes;
        arguments_va_ = commands_.va + ring_bytes;
        hardware_ = vm.create_queue(commands_.va, kPackets, state_.va, priority);
    } catch (...) {
        release();
        throw;
    }
}

void Queue::release() {
    if (commands_.va != 0) memory_.release(commands_.va, MemoryKind::Commands);
    memory_.release(state_.va, MemoryKind::Internal);
}

Queue::~Queue() {
    hardware_.reset(); // stops the device before its memory goes
    release();
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

/// True when the packet's slot is free. A read_index beyond the packet is the work of a kernel that
/// wrote into the control block: nobody waits for it to become right.
bool Queue::room_for(uint64_t sequence) {
    const uint64_t read = std::atomic_ref<uint64_t>(control_->read_index)
                              .load(std::memory_order_acquire);
    return read > sequence || sequence - read <= kPackets;
}

uint64_t Queue::next_slot() {
    const uint64_t sequence = tail_.load(std::memory_order_relaxed) + 1;
    if (!room_for(sequence)) {
        // The slot's last packet must be complete; the device moves read_index right after the
        // timeline.
        if (!wait(sequence - kPackets) && halted()) throw QueueHalted();
        while (!room_for(sequence)) {
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
    // A kernel descriptor can ask for anything. More than half would not always fit, because a
    // piece does not go round the end.
    if (span > kArgumentBytes / 2)
        fail(Status::InvalidValue, "{} bytes of kernel parameters; a queue has room for {}", bytes,
             kArgumentBytes / 2);
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
