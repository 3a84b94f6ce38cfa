// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/event.h"

#include <utility>

#include "runtime/core/capture.h"
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

std::shared_ptr<const CapturedPoint> Event::captured() const {
    std::lock_guard lock(mutex_);
    return captured_;
}

/// Throws when the event stands for captured work; that capture is invalid then.
void Event::check_not_captured(const char* what) const {
    const auto captured = this->captured();
    if (!captured) return;
    if (const auto capture = captured->capture.lock()) capture->invalidate();
    fail(Status::CapturedEvent, "{}: the event was last recorded in a stream that captures", what);
}

void Event::record_captured(Stream& stream) {
    std::lock_guard graphs(graphs_mutex()); // so long is the capture there
    CaptureMember* member = Capture::of(stream);
    if (member == nullptr) {
        stream.check_not_recording("recording an event");
        fail(Status::StreamCaptureInvalidated, "the capture has ended meanwhile");
    }
    member->of().check();
    auto point = std::make_shared<CapturedPoint>();
    point->capture = member->of().weak_from_this();
    point->nodes = member->tail();
    std::lock_guard lock(mutex_);
    captured_ = std::move(point);
}

Event::Record Event::begin(Stream& stream) {
    if (&stream.context() != &context_)
        fail(Status::InvalidHandle, "an event cannot be recorded in a stream of another device");
    Record next{{stream.shared_queue(), 0}, nullptr};
    if (!timing_) return next;
    // A queue writes in its order: an earlier record there does not disturb this one.
    Record last = current();
    next.slot = last.point.queue == next.point.queue ? std::move(last.slot)
                                                     : context_.time_slots().take(next.point.queue);
    return next;
}

void Event::end(Record&& record) {
    if (record.slot) record.slot->written_by(record.point.sequence);
    std::lock_guard lock(mutex_);
    captured_.reset();
    // Of two threads that record at once in one stream, the later record stays.
    if (record_.point.queue != record.point.queue || record_.point.sequence < record.point.sequence)
        std::swap(record_, record);
}

void Event::record(Stream& stream) {
    if (shared_) {
        stream.check_not_recording("recording an event of several processes");
        if (&stream.context() != &context_)
            fail(Status::InvalidHandle,
                 "an event cannot be recorded in a stream of another device");
        shared_->record(stream);
        return;
    }
    if (stream.recording()) {
        if (&stream.context() != &context_)
            fail(Status::InvalidHandle,
                 "an event cannot be recorded in a stream of another device");
        record_captured(stream);
        return;
    }
    Record next = begin(stream);
    next.point.sequence = next.slot ? stream.submit(Work{work::Timestamp{next.slot->va()}})
                                    : stream.mark();
    end(std::move(next));
}

bool Event::recorded() const {
    check_not_captured("elapsed time");
    return current().point.queue != nullptr;
}

bool Event::complete(const Record& record) const {
    if (!record.point.queue) return true;
    if (!record.point.reached()) {
        context_.poll();
        return false;
    }
    if (record.point.queue->abandoned()) context_.check_error();
    context_.synchronized();
    return true;
}

bool Event::complete() const {
    if (shared_) {
        if (!shared_->complete()) context_.poll();
        return shared_->complete();
    }
    check_not_captured("querying an event");
    return complete(current());
}

void Event::synchronize() const {
    if (shared_) {
        shared_->synchronize(context_);
        return;
    }
    check_not_captured("waiting for an event");
    const Record last = current();
    if (last.point.queue) context_.wait(*last.point.queue, last.point.sequence);
}

std::optional<Point> Event::to_wait_for(const Stream& stream) const {
    check_not_captured("waiting for an event");
    if (&stream.context() != &context_ &&
        !context_.memory().shares_addresses(stream.context().memory())) {
        synchronize(); // the device does not see this one's memory: the host waits
        return std::nullopt;
    }
    const Point at = current().point;
    if (!at.queue || at.queue == stream.shared_queue() || at.reached()) return std::nullopt;
    return at;
}

void Event::wait_on(Stream& stream) const {
    if (shared_) {
        shared_->wait_on(stream);
        return;
    }
    if (const auto captured = this->captured()) {
        const auto capture = captured->capture.lock();
        if (!capture || !capture->goes_on())
            fail(Status::CapturedEvent, "waiting for an event that a finished capture recorded");
        capture->draw_in(stream, captured->nodes);
        return;
    }
    if (stream.recording()) {
        std::lock_guard graphs(graphs_mutex()); // so long is the capture there
        if (CaptureMember* member = Capture::of(stream)) {
            member->of().invalidate();
            fail(Status::StreamCaptureIsolation,
                 "a stream that captures cannot wait for an event recorded outside of the capture");
        }
    }
    stream.check_not_recording("waiting for an event");
    if (const auto at = to_wait_for(stream)) stream.wait_for(*at);
}

std::optional<uint64_t> Event::time() const {
    const Record last = current();
    if (!complete(last)) return std::nullopt;
    return last.slot->nanoseconds();
}

} // namespace acc::rt
