// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/stream.h"

#include "runtime/core/context.h"

namespace acc::rt {

void Stream::before_submit() {
    context_.check_error();
    context_.check_queue(*queue_);
    if (kind_ == StreamKind::Legacy) {
        context_.for_blocking_streams([&](Stream& other) {
            if (other.queue_ != queue_ && !other.idle())
                wait_for(other.queue_->timeline(), other.last());
        });
    } else if (kind_ != StreamKind::NonBlocking) {
        Stream& legacy = context_.legacy_stream();
        if (legacy.queue_ != queue_ && !legacy.idle())
            wait_for(legacy.queue_->timeline(), legacy.last());
    }
}

void Stream::wait_for(const Timeline& timeline, uint64_t value) {
    if (timeline.reached(value)) return;
    acc_packet_wait_value packet{};
    packet.header.type = ACC_PKT_WAIT_VALUE;
    packet.condition = ACC_WAIT_GEU;
    packet.address = timeline.va;
    packet.reference = value;
    packet.mask = ~uint64_t{0};
    packet.size = 8;
    in_queue([&] { return queue_->submit(packet); });
}

void Stream::halted() {
    context_.device_fault();
}

uint64_t Stream::mark() {
    context_.check_error();
    if (kind_ == StreamKind::NonBlocking ||
        (kind_ != StreamKind::Legacy && context_.legacy_stream().idle()))
        return last();
    acc_packet_cache nothing{};
    nothing.header.type = ACC_PKT_CACHE;
    return submit(nothing);
}

void Stream::synchronize() {
    context_.check_error();
    if (kind_ == StreamKind::Legacy)
        context_.for_blocking_streams(
            [&](Stream& other) { context_.wait(*other.queue_, other.last()); });
    context_.wait(*queue_, last());
}

} // namespace acc::rt
