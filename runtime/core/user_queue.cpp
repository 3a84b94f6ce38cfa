// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/user_queue.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "runtime/core/packets.h"
#include "runtime/core/queue_set.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kTimelineOffset = 1024; // in the control block's page, on a cache line of its
                                           // own
constexpr uint64_t kStateBytes = 4096;     // control block and timeline
constexpr uint64_t kHostWordBytes = 64;
/// How long to wait before looking whether what this queue waits for will never be.
constexpr uint64_t kLookNs = 20'000'000;

void cpu_relax() {
    __builtin_ia32_pause();
}

} // namespace

UserQueue::UserQueue(MemoryManager& memory, AddressSpaceHandle& vm, QueueSet& siblings,
                     uint32_t priority)
    : memory_(memory), siblings_(siblings), arguments_end_(kMarks, 0) {
    const uint64_t ring_bytes = uint64_t{kPackets} * ACC_PACKET_BYTES;
    state_ = memory_.allocate(MemoryKind::Queues, kStateBytes, 4096);
    std::memset(state_.host, 0, kStateBytes);
    control_ = reinterpret_cast<acc_queue_control*>(state_.host);
    timeline_ = word_at(state_, kTimelineOffset);
    try {
        commands_ = memory_.allocate(MemoryKind::Commands,
                                     ring_bytes + kArgumentBytes + kHostWordBytes, 4096);
        std::memset(commands_.host, 0, ring_bytes);
        ring_host_ = commands_.host;
        arguments_host_ = ring_host_ + ring_bytes;
        arguments_va_ = commands_.va + ring_bytes;
        host_word_ = word_at(commands_, ring_bytes + kArgumentBytes);
        host_word_.word->store(0, std::memory_order_relaxed);
        hardware_ = vm.create_queue(commands_.va, kPackets, state_.va, priority);
    } catch (...) {
        release();
        throw;
    }
}

Timeline UserQueue::word_at(const Allocation& allocation, uint64_t offset) {
    return {reinterpret_cast<std::atomic<uint64_t>*>(allocation.host + offset),
            allocation.va + offset};
}

void UserQueue::release() {
    if (commands_.va != 0) memory_.release(commands_.va, MemoryKind::Commands);
    memory_.release(state_.va, MemoryKind::Queues);
}

UserQueue::~UserQueue() {
    hardware_.reset(); // stops the device before its memory goes
    release();
}

bool UserQueue::halted() const {
    return std::atomic_ref<uint32_t>(control_->status).load(std::memory_order_acquire) ==
               ACC_QUEUE_ERROR ||
           hardware_->lost();
}

bool UserQueue::wait(uint64_t sequence, uint64_t timeout_ns) {
    using Clock = std::chrono::steady_clock;
    if (timeline_.reached(sequence)) return !abandoned();
    const bool forever = timeout_ns == UINT64_MAX;
    const Clock::time_point end = forever ? Clock::time_point::max()
                                          : Clock::now() + std::chrono::nanoseconds(timeout_ns);
    uint64_t left = timeout_ns;
    while (!siblings_.known_halted()) {
        const uint64_t look = siblings_.waits_for_others() ? std::min(left, kLookNs) : left;
        if (hardware_->wait(timeline_.word, sequence, look)) break;
        siblings_.look_at_others();
        if (siblings_.halted()) break;
        if (forever) continue;
        const auto now = Clock::now();
        if (now >= end) break;
        left = static_cast<uint64_t>(std::chrono::nanoseconds(end - now).count());
    }
    return timeline_.reached(sequence) && !abandoned();
}

void UserQueue::abandon() {
    if (!halted() || abandoned_.exchange(true, std::memory_order_acq_rel)) return;
    timeline_.word->store(last(), std::memory_order_release);
}

void UserQueue::stop() {
    hardware_.reset();
    if (timeline_.reached(last())) return;
    abandoned_.store(true, std::memory_order_release);
    timeline_.word->store(last(), std::memory_order_release);
}

/// True when the packet's slot is free. The device writes read_index all the time, so it is read
/// only when what is known does not do. A read_index beyond the packet is the work of a kernel that
/// wrote into the control block: nobody waits for it to become right.
bool UserQueue::room_for(uint64_t sequence) {
    if (sequence <= room_until_) [[likely]]
        return true;
    const uint64_t read = std::atomic_ref<uint64_t>(control_->read_index)
                              .load(std::memory_order_acquire);
    if (read > sequence) return true;
    room_until_ = read + kPackets;
    return sequence <= room_until_;
}

/// The slot for the next packet; waits for it when the ring is full.
uint64_t UserQueue::next_slot() {
    const uint64_t sequence = written_ + 1;
    if (!room_for(sequence)) {
        publish();
        // The slot's last packet must be complete; the device moves read_index right after the
        // timeline.
        if (!wait(sequence - kPackets)) throw QueueHalted();
        while (!room_for(sequence)) {
            cpu_relax();
            if (siblings_.halted()) throw QueueHalted();
        }
    }
    return sequence;
}

void UserQueue::write_packet(uint64_t sequence, const void* packet) {
    const uint64_t slot = (sequence - 1) % kPackets;
    uint8_t* at = ring_host_ + slot * ACC_PACKET_BYTES;
    // The header goes last: a device that looks early sees an invalid packet.
    std::memcpy(at + 4, static_cast<const uint8_t*>(packet) + 4, ACC_PACKET_BYTES - 4);
    uint32_t header;
    std::memcpy(&header, packet, sizeof(header));
    std::atomic_ref<uint32_t>(*reinterpret_cast<uint32_t*>(at))
        .store(header, std::memory_order_release);
    arguments_end_[sequence % kMarks] = arguments_head_;
    written_ = sequence;
}

/// Tells the device of everything in the ring.
void UserQueue::publish() {
    if (tail_.load(std::memory_order_relaxed) == written_) return;
    tail_.store(written_, std::memory_order_release);
    std::atomic_ref<uint64_t>(control_->write_index).store(written_, std::memory_order_release);
    doorbells_.store(doorbells_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    hardware_->doorbell(written_);
}

/// Puts a packet into the ring. One that signals says that everything before it is done, so it
/// waits for that.
template <typename Packet>
uint64_t UserQueue::put(Packet& packet, bool ordered, bool signal) {
    static_assert(sizeof(Packet) == ACC_PACKET_BYTES);
    const uint64_t sequence = next_slot();
    if (signal || sequence - signalled_ >= kSignalEvery) {
        packet.signal = timeline_.va;
        packet.value = sequence;
        // Somebody may sleep for it. The device raises the interrupt only when a driver has asked
        // for one.
        packet.header.flags |= ACC_PKT_F_INTERRUPT;
        ordered = true;
        signalled_ = sequence;
        signals_.store(signals_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    if (ordered) packet.header.flags |= ACC_PKT_F_BARRIER;
    write_packet(sequence, &packet);
    return sequence;
}

uint64_t UserQueue::put_signal() {
    acc_packet_cache nothing = packet_of(work::Barrier{});
    return put(nothing, true, true);
}

uint64_t UserQueue::put_launch(const work::Launch& launch, bool ordered, bool signal) {
    acc_packet_dispatch packet = launch.packet;
    const uint64_t offset = reserve_arguments(launch.arguments.bytes) % kArgumentBytes;
    launch.arguments.write(arguments_host_ + offset);
    packet.kernarg = arguments_va_ + offset;
    return put(packet, ordered, signal);
}

uint64_t UserQueue::put_work(const Work& work, bool signal) {
    return std::visit(
        [&](const auto& what) -> uint64_t {
            using What = std::decay_t<decltype(what)>;
            if constexpr (std::is_same_v<What, work::Launch>) {
                return put_launch(what, work.ordered, signal);
            } else if constexpr (std::is_same_v<What, work::Copy>) {
                acc_packet_copy packet = packet_of(what);
                if (what.from.va == 0) {
                    const auto bytes = static_cast<uint32_t>(what.bytes);
                    const uint64_t offset = reserve_arguments(bytes) % kArgumentBytes;
                    std::memcpy(arguments_host_ + offset, what.from.host, bytes);
                    packet.src = arguments_va_ + offset;
                }
                return put(packet, work.ordered, signal);
            } else if constexpr (std::is_same_v<What, work::HostCall>) {
                const uint64_t point = put_signal();
                acc_packet_wait_value wait = packet_of(work::Wait{host_word_.va, point});
                put(wait, true, signal);
                return point;
            } else {
                auto packet = packet_of(what);
                return put(packet, work.ordered, signal);
            }
        },
        work.what);
}

bool UserQueue::can_other(const Work& work) {
    if (const auto* copy = std::get_if<work::Copy>(&work.what)) {
        if (copy->to.va == 0 || copy->from.foreign != nullptr) return false;
        if (copy->blocking) return copy->to.device && copy->from.device;
        return copy->from.va != 0 || copy->bytes <= kStagingLimit;
    }
    if (const auto* rect = std::get_if<work::CopyRect>(&work.what)) {
        if (rect->to.va == 0 || rect->from.va == 0 || !fits_packet(*rect)) return false;
        return !rect->blocking || (rect->to.device && rect->from.device);
    }
    return true;
}

/// Throws when a kernel has more parameters than the queue has room for: a kernel descriptor can
/// ask for anything. More than half of the ring would not always fit, because a piece does not go
/// round the end.
void UserQueue::check_arguments(std::span<const Work> works) const {
    for (const Work& work : works)
        if (const auto* launch = std::get_if<work::Launch>(&work.what);
            launch != nullptr && launch->arguments.bytes > kArgumentBytes / 2)
            fail(Status::InvalidValue, "{} bytes of kernel parameters; a queue has room for {}",
                 launch->arguments.bytes, kArgumentBytes / 2);
}

uint64_t UserQueue::submit(std::span<const Point> waits, std::span<const Work> works,
                           std::atomic<uint64_t>* last, const Placed* placed) {
    check_arguments(works);
    std::lock_guard lock(mutex_);
    for (const Point& point : waits) {
        acc_packet_wait_value wait = packet_of(
            work::Wait{point.queue->timeline().va, point.sequence});
        put(wait, true, works.empty() && &point == &waits.back());
    }
    for (size_t i = 0; i < works.size(); ++i) {
        const bool signal = works[i].signal || i + 1 == works.size();
        // A piece that need not wait for those before it cannot speak for them: a barrier does.
        const bool speaks = works[i].ordered || !signal ||
                            std::holds_alternative<work::HostCall>(works[i].what);
        uint64_t number = put_work(works[i], signal && speaks);
        if (!speaks) number = put_signal();
        if (placed != nullptr) (*placed)(i, number);
    }
    publish();
    if (last != nullptr) last->store(written_, std::memory_order_release);
    return written_;
}

void UserQueue::reclaim_arguments() {
    const uint64_t done = timeline_.word->load(std::memory_order_acquire);
    if (done > reclaimed_) {
        reclaimed_ = done;
        arguments_freed_ = arguments_end_[done % kMarks];
    }
}

/// Room for `bytes` (at most half of it) in the parameter ring; waits for it when there is none.
uint64_t UserQueue::reserve_arguments(uint32_t bytes) {
    const uint64_t span = (uint64_t{bytes} + 63) & ~uint64_t{63}; // whole cache lines: no sharing
                                                                  // with the packet in flight
    uint64_t start = arguments_head_;
    if (start % kArgumentBytes + span > kArgumentBytes)
        start += kArgumentBytes - start % kArgumentBytes; // does not fit before the end: begin
                                                          // again at the front
    while (start + span - arguments_freed_ > kArgumentBytes) {
        reclaim_arguments();
        if (start + span - arguments_freed_ <= kArgumentBytes) break;
        if (reclaimed_ >= written_) {
            arguments_freed_ = arguments_head_; // nothing is in flight
            continue;
        }
        if (signalled_ <= reclaimed_) put_signal(); // nothing that is in flight would tell
        publish();
        if (!wait(reclaimed_ + 1)) throw QueueHalted();
    }
    arguments_head_ = start + span;
    return start;
}

void UserQueue::host_call_done(uint64_t sequence) {
    host_word_.word->store(sequence, std::memory_order_release);
    hardware_->doorbell(last()); // the device looks at the word again
}

} // namespace acc::rt
