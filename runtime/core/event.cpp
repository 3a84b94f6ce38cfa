// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/event.h"

#include <utility>

#include "runtime/core/context.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kBlockBytes = 4096;

} // namespace

TimeSlot::~TimeSlot() {
    slots_.put_back({va_, host_}, {queue_, last_.load(std::memory_order_acquire)});
}

void TimeSlot::written_by(uint64_t sequence) {
    uint64_t seen = last_.load(std::memory_order_relaxed);
    while (seen < sequence &&
           !last_.compare_exchange_weak(seen, sequence, std::memory_order_release)) {
    }
}

TimeSlots::~TimeSlots() {
    busy_.clear(); // and with it the last queues: nothing writes any more
    for (const uint64_t va : blocks_)
        memory_.release(va, MemoryKind::Internal);
}

void TimeSlots::put_back(Place place, Point written) {
    std::lock_guard lock(mutex_);
    if (written.reached())
        free_.push_back(place);
    else
        busy_.emplace_back(place, std::move(written));
}

/// Makes slots free whose packets are done, and new ones when there are none. The caller holds the
/// lock.
void TimeSlots::reclaim() {
    std::erase_if(busy_, [&](const auto& slot) {
        if (!slot.second.reached()) return false;
        free_.push_back(slot.first);
        return true;
    });
    if (!free_.empty()) return;
    const Allocation block = memory_.allocate(MemoryKind::Internal, kBlockBytes, 64);
    blocks_.push_back(block.va);
    for (uint64_t at = 0; at < kBlockBytes; at += sizeof(uint64_t))
        free_.push_back({block.va + at, block.host + at});
}

std::shared_ptr<TimeSlot> TimeSlots::take(const std::shared_ptr<UserQueue>& queue) {
    std::lock_guard lock(mutex_);
    if (free_.empty()) reclaim();
    auto slot = std::make_shared<TimeSlot>(*this, queue, free_.back().va, free_.back().host);
    free_.pop_back();
    return slot;
}

Event::Record Event::current() const {
    std::lock_guard lock(mutex_);
    return record_;
}

void Event::record(Stream& stream) {
    if (&stream.context() != &context_)
        fail(Status::InvalidHandle, "an event cannot be recorded in a stream of another device");
    if (stream.recording())
        fail(Status::StreamCaptureUnsupported,
             "recording an event: the stream is recording its work");
    Record next{{stream.shared_queue(), 0}, nullptr};
    if (timing_) {
        // A queue writes in its order: an earlier record there does not disturb this one.
        Record last = current();
        next.slot = last.point.queue == next.point.queue
                        ? std::move(last.slot)
                        : context_.time_slots().take(next.point.queue);
        next.point.sequence = stream.submit(Work{work::Timestamp{next.slot->va()}});
        next.slot->written_by(next.point.sequence);
    } else {
        next.point.sequence = stream.mark();
    }
    std::lock_guard lock(mutex_);
    // Of two threads that record at once in one stream, the later record stays.
    if (record_.point.queue != next.point.queue || record_.point.sequence < next.point.sequence)
        std::swap(record_, next);
}

bool Event::recorded() const {
    return current().point.queue != nullptr;
}

bool Event::complete(const Record& record) const {
    if (!record.point.queue) return true;
    if (!record.point.reached()) {
        context_.poll();
        return false;
    }
    context_.synchronized();
    return true;
}

bool Event::complete() const {
    return complete(current());
}

void Event::synchronize() const {
    const Record last = current();
    if (last.point.queue) context_.wait(*last.point.queue, last.point.sequence);
}

void Event::wait_on(Stream& stream) const {
    if (&stream.context() != &context_) {
        synchronize(); // a device does not see the others' memory: the host waits
        return;
    }
    const Point at = current().point;
    if (at.queue && at.queue != stream.shared_queue()) stream.wait_for(at);
}

std::optional<uint64_t> Event::time() const {
    const Record last = current();
    if (!complete(last)) return std::nullopt;
    return last.slot->nanoseconds();
}

} // namespace acc::rt
