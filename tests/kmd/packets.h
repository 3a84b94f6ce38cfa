// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packets of user-mode queues as values: a maker for each kind. Layouts: acc/spec/acc_queue.h.
#pragma once

#include <cstdint>
#include <cstring>

#include "acc/spec/acc_queue.h"

namespace acc::kmd {

using Packet = acc_packet;

/// What tests send unless they say otherwise: in order, with an interrupt when complete.
inline constexpr uint16_t kUsualFlags = ACC_PKT_F_BARRIER | ACC_PKT_F_INTERRUPT;

inline Packet make_packet(uint16_t type, uint16_t flags = kUsualFlags) {
    Packet p{};
    std::memset(&p, 0, sizeof p);
    p.header.type = type;
    p.header.flags = flags;
    return p;
}

/// A one-dimensional dispatch.
inline Packet dispatch(uint64_t kernel, uint64_t kernarg, uint32_t blocks = 1,
                       uint16_t threads = 32) {
    Packet p = make_packet(ACC_PKT_DISPATCH);
    p.dispatch.grid[0] = blocks;
    p.dispatch.grid[1] = p.dispatch.grid[2] = 1;
    p.dispatch.block[0] = threads;
    p.dispatch.block[1] = p.dispatch.block[2] = 1;
    p.dispatch.kernel = kernel;
    p.dispatch.kernarg = kernarg;
    return p;
}

inline Packet copy(uint64_t dst, uint64_t src, uint64_t bytes) {
    Packet p = make_packet(ACC_PKT_COPY);
    p.copy.dst = dst;
    p.copy.src = src;
    p.copy.bytes = bytes;
    return p;
}

/// One row of 32-bit elements.
inline Packet fill(uint64_t dst, uint32_t pattern, uint64_t bytes) {
    Packet p = make_packet(ACC_PKT_FILL);
    p.fill.dst = dst;
    p.fill.pattern = pattern;
    p.fill.width = bytes;
    p.fill.pitch = bytes;
    p.fill.height = 1;
    p.fill.element_bytes = 4;
    return p;
}

inline Packet write_value(uint64_t address, uint64_t data) {
    Packet p = make_packet(ACC_PKT_WRITE_VALUE);
    p.write_value.address = address;
    p.write_value.data = data;
    p.write_value.size = 8;
    return p;
}

/// Holds the queue up until the 64-bit value at `address` is >= `reference`.
inline Packet wait_value(uint64_t address, uint64_t reference) {
    Packet p = make_packet(ACC_PKT_WAIT_VALUE);
    p.wait_value.condition = ACC_WAIT_GEU;
    p.wait_value.address = address;
    p.wait_value.reference = reference;
    p.wait_value.mask = ~0ull;
    p.wait_value.size = 8;
    return p;
}

inline Packet timestamp(uint64_t address) {
    Packet p = make_packet(ACC_PKT_TIMESTAMP);
    p.timestamp.address = address;
    return p;
}

inline Packet flush_code() {
    Packet p = make_packet(ACC_PKT_CACHE);
    p.cache.actions = ACC_CACHE_INVALIDATE_ICACHE;
    return p;
}

} // namespace acc::kmd
