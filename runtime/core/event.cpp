// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/context.h"
#include "runtime/core/status.h"

namespace acc::rt {

Event::Event(Context& context, unsigned flags, bool timing)
    : context_(context), flags_(flags), timing_(timing) {
    if (timing_) slot_ = context_.memory().allocate(MemoryKind::Internal, sizeof(uint64_t), 64);
}

Event::~Event() {
    if (!timing_) return;
    // The device may still have to write the time: the slot must not serve anybody else before.
    const Point last = point();
    if (last.queue && !last.queue->reached(last.sequence) && !last.queue->halted())
        last.queue->wait(last.sequence);
    context_.memory().release(slot_.va, MemoryKind::Internal);
}

Event::Point Event::point() const {
    std::lock_guard lock(mutex_);
    return point_;
}

void Event::record(Stream& stream) {
    if (&stream.context() != &context_)
        fail(Status::InvalidHandle, "an event cannot be recorded in a stream of another device");
    uint64_t sequence;
    if (timing_) {
        acc_packet_timestamp packet{};
        packet.header.type = ACC_PKT_TIMESTAMP;
        packet.address = slot_.va;
        sequence = stream.submit(packet);
    } else {
        sequence = stream.mark();
    }
    std::lock_guard lock(mutex_);
    point_ = {stream.shared_queue(), sequence};
}

bool Event::recorded() const {
    return point().queue != nullptr;
}

bool Event::complete() const {
    const Point at = point();
    if (!at.queue || at.queue->reached(at.sequence)) return true;
    context_.check_error();
    context_.poll_queue(*at.queue);
    return false;
}

void Event::synchronize() const {
    const Point at = point();
    if (at.queue) context_.wait(*at.queue, at.sequence);
}

void Event::wait_on(Stream& stream) const {
    if (&stream.context() != &context_) {
        synchronize(); // a device does not see the others' memory: the host waits
        return;
    }
    const Point at = point();
    if (at.queue && at.queue != stream.shared_queue())
        stream.wait_for(at.queue->timeline(), at.sequence);
}

uint64_t Event::timestamp() const {
    return *reinterpret_cast<const volatile uint64_t*>(slot_.host);
}

} // namespace acc::rt
