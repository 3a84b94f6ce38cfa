// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packets are hostile input: what is checked before one is executed.
#pragma once

#include <cstdint>
#include <optional>

#include "acc/spec/acc_code_object.h"
#include "acc/spec/acc_queue.h"
#include "driver/model/src/exec.h"

namespace acc::model {

/// Any packet, as read from the ring.
using Packet = acc_packet;
static_assert(sizeof(Packet) == ACC_PACKET_BYTES);

/// Why a packet cannot be executed: an ACC_FAULT_INVALID_* cause, and the byte offset of the
/// offending field (info).
struct PacketError {
    uint32_t cause;
    uint64_t info;
};

/// Checks what the packet alone tells: type, flags, reserved fields, enumerations and alignments
/// (acc/spec/packet_check.h).
std::optional<PacketError> validate_packet(const Packet& packet);

/// Checks a kernel descriptor read from `address` (any bytes): ACC_FAULT_INVALID_KERNEL, offset in
/// the descriptor.
std::optional<PacketError> validate_kernel(const acc_kernel_descriptor& kernel, uint64_t address);

/// Checks the sizes of a valid dispatch packet against a valid descriptor and the limits of a chip
/// with `compute_units`, and fills in the sizes of `launch` and blocks_per_cu (occupancy).
/// ACC_FAULT_INVALID_LAUNCH, offset in the packet.
std::optional<PacketError> resolve_launch(const acc_packet_dispatch& packet,
                                          const acc_kernel_descriptor& kernel,
                                          unsigned compute_units, Launch& launch,
                                          uint32_t& blocks_per_cu);

} // namespace acc::model
