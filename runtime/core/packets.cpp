// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/packets.h"

#include <limits>

namespace acc::rt {

acc_packet_copy packet_of(const work::Copy& copy) {
    acc_packet_copy packet{};
    packet.header.type = ACC_PKT_COPY;
    packet.dst = copy.to.va;
    packet.src = copy.from.va;
    packet.bytes = copy.bytes;
    return packet;
}

bool fits_packet(const work::CopyRect& rect) {
    constexpr size_t limit = std::numeric_limits<uint32_t>::max();
    return rect.width <= limit && rect.height <= limit && rect.depth <= limit &&
           rect.to_pitch <= limit && rect.from_pitch <= limit && rect.to_slice <= limit &&
           rect.from_slice <= limit;
}

acc_packet_copy_rect packet_of(const work::CopyRect& rect) {
    acc_packet_copy_rect packet{};
    packet.header.type = ACC_PKT_COPY_RECT;
    packet.width = static_cast<uint32_t>(rect.width);
    packet.height = static_cast<uint32_t>(rect.height);
    packet.depth = static_cast<uint32_t>(rect.depth);
    packet.dst = rect.to.va;
    packet.src = rect.from.va;
    packet.dst_pitch = static_cast<uint32_t>(rect.to_pitch);
    packet.src_pitch = static_cast<uint32_t>(rect.from_pitch);
    packet.dst_slice = static_cast<uint32_t>(rect.to_slice);
    packet.src_slice = static_cast<uint32_t>(rect.from_slice);
    return packet;
}

acc_packet_fill packet_of(const work::Fill& fill) {
    acc_packet_fill packet{};
    packet.header.type = ACC_PKT_FILL;
    packet.pattern = fill.value;
    packet.dst = fill.to;
    packet.width = fill.width;
    packet.pitch = fill.pitch;
    packet.height = fill.height;
    packet.element_bytes = fill.element_bytes;
    return packet;
}

acc_packet_wait_value packet_of(const work::Wait& wait) {
    acc_packet_wait_value packet{};
    packet.header.type = ACC_PKT_WAIT_VALUE;
    packet.condition = wait.condition;
    packet.address = wait.address;
    packet.reference = wait.value;
    packet.mask = ~uint64_t{0};
    packet.size = wait.bytes;
    return packet;
}

acc_packet_write_value packet_of(const work::Signal& signal) {
    acc_packet_write_value packet{};
    packet.header.type = ACC_PKT_WRITE_VALUE;
    packet.size = signal.bytes;
    packet.address = signal.address;
    packet.data = signal.value;
    return packet;
}

acc_packet_timestamp packet_of(const work::Timestamp& timestamp) {
    acc_packet_timestamp packet{};
    packet.header.type = ACC_PKT_TIMESTAMP;
    packet.address = timestamp.address;
    return packet;
}

acc_packet_cache packet_of(const work::Barrier&) {
    acc_packet_cache packet{};
    packet.header.type = ACC_PKT_CACHE;
    return packet;
}

} // namespace acc::rt
