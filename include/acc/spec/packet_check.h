// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Is a packet well formed? Everything that a packet alone tells and that makes
// ACC_FAULT_INVALID_PACKET is decided here, from the table alone (host/Queue.td).
#pragma once

#include <cstdint>

#include <acc/spec/acc_queue.h>

namespace acc::spec {

enum class PacketRuleKind : uint8_t {
    Zero,    ///< all bytes are zero
    Align,   ///< a multiple of `value`
    AlignTo, ///< a multiple of another member
    OneOf,   ///< below 64, and that bit of `value` is set
    Known,   ///< no bit but those of `value`
    Min,     ///< at least `value`
};

/// One check of one field.
struct PacketRule {
    PacketRuleKind kind;
    uint8_t offset, bytes;
    uint8_t other_offset, other_bytes; ///< AlignTo
    uint8_t when_offset, when_bytes;   ///< bytes 0: always
    uint64_t when_min;                 ///< else only when that member is at least so large
    uint64_t value;
};

struct PacketTypeInfo {
    const char* name; ///< without ACC_PKT_
    uint16_t type;
    uint16_t flags; ///< ACC_PKT_F_* that it may have
    uint16_t first_rule, end_rule;
};

#include <acc/spec/acc_packet_table.inc>

namespace detail {
constexpr uint64_t packet_number(const uint8_t* packet, unsigned offset, unsigned bytes) {
    uint64_t number = 0;
    for (unsigned i = bytes; i-- > 0;)
        number = number << 8 | packet[offset + i];
    return number;
}

constexpr bool fulfils(const PacketRule& rule, const uint8_t* packet) {
    if (rule.when_bytes && packet_number(packet, rule.when_offset, rule.when_bytes) < rule.when_min)
        return true;
    if (rule.kind == PacketRuleKind::Zero) {
        for (unsigned i = 0; i < rule.bytes; ++i)
            if (packet[rule.offset + i]) return false;
        return true;
    }
    const uint64_t number = packet_number(packet, rule.offset, rule.bytes);
    switch (rule.kind) {
    case PacketRuleKind::Align: return number % rule.value == 0;
    case PacketRuleKind::AlignTo: {
        const uint64_t unit = packet_number(packet, rule.other_offset, rule.other_bytes);
        return unit != 0 && number % unit == 0;
    }
    case PacketRuleKind::OneOf: return number < 64 && (rule.value >> number & 1);
    case PacketRuleKind::Known: return (number & ~rule.value) == 0;
    default: return number >= rule.value;
    }
}
} // namespace detail

/// The packet type of that number, null when there is none.
constexpr const PacketTypeInfo* find_packet_type(uint64_t type) {
    for (const PacketTypeInfo& info : kPacketTypes)
        if (info.type == type) return &info;
    return nullptr;
}

/// Byte offset of the first field that is wrong, or -1. Order: type, flags, reserved fields,
/// members by themselves, members that depend on others, the signal. `packet`: ACC_PACKET_BYTES
/// bytes.
constexpr int packet_error(const uint8_t* packet) {
    constexpr unsigned type_at = 0, flags_at = 2;
    const PacketTypeInfo* info = find_packet_type(detail::packet_number(packet, type_at, 2));
    if (!info) return type_at;
    if (detail::packet_number(packet, flags_at, 2) & ~uint64_t{info->flags}) return flags_at;
    for (unsigned i = info->first_rule; i < info->end_rule; ++i)
        if (!detail::fulfils(kPacketRules[i], packet)) return kPacketRules[i].offset;
    return -1;
}

} // namespace acc::spec
