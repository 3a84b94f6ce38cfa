// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/packet.h"

#include <cstddef>
#include <cstring>

#include "acc/spec/acc_occupancy.h"

namespace acc::model {

namespace {

using Error = std::optional<PacketError>;

Error bad_packet(uint64_t offset) {
    return PacketError{ACC_FAULT_INVALID_PACKET, offset};
}
Error bad_kernel(uint64_t offset) {
    return PacketError{ACC_FAULT_INVALID_KERNEL, offset};
}
Error bad_launch(uint64_t offset) {
    return PacketError{ACC_FAULT_INVALID_LAUNCH, offset};
}

/// A field of a packet that must be zero.
struct Reserved {
    uint16_t type;
    uint16_t offset, bytes;
};
#define ACC_RESERVED(type, packet, field) {type, offsetof(packet, field), sizeof(packet::field)}
constexpr Reserved kReserved[] = {
    ACC_RESERVED(ACC_PKT_DISPATCH, acc_packet_dispatch, reserved),
    ACC_RESERVED(ACC_PKT_COPY, acc_packet_copy, reserved0),
    ACC_RESERVED(ACC_PKT_COPY, acc_packet_copy, reserved1),
    ACC_RESERVED(ACC_PKT_FILL, acc_packet_fill, reserved),
    ACC_RESERVED(ACC_PKT_BARRIER_AND, acc_packet_barrier, reserved0),
    ACC_RESERVED(ACC_PKT_BARRIER_AND, acc_packet_barrier, reserved1),
    ACC_RESERVED(ACC_PKT_BARRIER_OR, acc_packet_barrier, reserved0),
    ACC_RESERVED(ACC_PKT_BARRIER_OR, acc_packet_barrier, reserved1),
    ACC_RESERVED(ACC_PKT_WAIT_VALUE, acc_packet_wait_value, reserved0),
    ACC_RESERVED(ACC_PKT_WAIT_VALUE, acc_packet_wait_value, reserved1),
    ACC_RESERVED(ACC_PKT_WRITE_VALUE, acc_packet_write_value, reserved),
    ACC_RESERVED(ACC_PKT_TIMESTAMP, acc_packet_timestamp, reserved0),
    ACC_RESERVED(ACC_PKT_TIMESTAMP, acc_packet_timestamp, reserved),
    ACC_RESERVED(ACC_PKT_CACHE, acc_packet_cache, reserved),
};
#undef ACC_RESERVED

Error check_reserved(const Packet& packet) {
    uint8_t raw[ACC_PACKET_BYTES];
    std::memcpy(raw, &packet, sizeof raw);
    for (const Reserved& field : kReserved) {
        if (field.type != packet.header.type) continue;
        for (unsigned i = 0; i < field.bytes; i++)
            if (raw[field.offset + i]) return bad_packet(field.offset);
    }
    return {};
}

Error check_dispatch(const acc_packet_dispatch& p) {
    if (p.kernel % 64) return bad_packet(offsetof(acc_packet_dispatch, kernel));
    if (p.kernarg % 16) return bad_packet(offsetof(acc_packet_dispatch, kernarg));
    return {};
}

Error check_fill(const acc_packet_fill& p) {
    uint32_t n = p.element_bytes;
    if (n != 1 && n != 2 && n != 4) return bad_packet(offsetof(acc_packet_fill, element_bytes));
    if (p.dst % n) return bad_packet(offsetof(acc_packet_fill, dst));
    if (p.width % n) return bad_packet(offsetof(acc_packet_fill, width));
    if (p.height == 0) return bad_packet(offsetof(acc_packet_fill, height));
    if (p.height > 1 && p.pitch % n) return bad_packet(offsetof(acc_packet_fill, pitch));
    return {};
}

Error check_barrier(const acc_packet_barrier& p) {
    for (unsigned i = 0; i < 2; i++)
        if (p.wait_address[i] % 8)
            return bad_packet(offsetof(acc_packet_barrier, wait_address) + 8 * i);
    return {};
}

Error check_wait_value(const acc_packet_wait_value& p) {
    if (p.condition > ACC_WAIT_GEU) return bad_packet(offsetof(acc_packet_wait_value, condition));
    if (p.size != 4 && p.size != 8) return bad_packet(offsetof(acc_packet_wait_value, size));
    if (p.address % p.size) return bad_packet(offsetof(acc_packet_wait_value, address));
    return {};
}

Error check_write_value(const acc_packet_write_value& p) {
    if (p.size != 4 && p.size != 8) return bad_packet(offsetof(acc_packet_write_value, size));
    if (p.address % p.size) return bad_packet(offsetof(acc_packet_write_value, address));
    return {};
}

Error check_cache(const acc_packet_cache& p) {
    constexpr uint32_t known = ACC_CACHE_INVALIDATE_ICACHE | ACC_CACHE_INVALIDATE_DATA |
                               ACC_CACHE_WRITEBACK_DATA;
    if (p.actions & ~known) return bad_packet(offsetof(acc_packet_cache, actions));
    return {};
}

Error check_fields(const Packet& p) {
    switch (p.header.type) {
    case ACC_PKT_DISPATCH: return check_dispatch(p.dispatch);
    case ACC_PKT_FILL: return check_fill(p.fill);
    case ACC_PKT_BARRIER_AND:
    case ACC_PKT_BARRIER_OR: return check_barrier(p.barrier);
    case ACC_PKT_WAIT_VALUE: return check_wait_value(p.wait_value);
    case ACC_PKT_WRITE_VALUE: return check_write_value(p.write_value);
    case ACC_PKT_TIMESTAMP:
        if (p.timestamp.address % 8) return bad_packet(offsetof(acc_packet_timestamp, address));
        return {};
    case ACC_PKT_CACHE: return check_cache(p.cache);
    default: return {};
    }
}

// Every packet has its signal at the same place.
static_assert(offsetof(acc_packet_dispatch, signal) == offsetof(acc_packet_copy, signal));
static_assert(offsetof(acc_packet_copy_rect, signal) == offsetof(acc_packet_copy, signal));
static_assert(offsetof(acc_packet_fill, signal) == offsetof(acc_packet_copy, signal));
static_assert(offsetof(acc_packet_barrier, signal) == offsetof(acc_packet_copy, signal));
static_assert(offsetof(acc_packet_wait_value, signal) == offsetof(acc_packet_copy, signal));
static_assert(offsetof(acc_packet_write_value, signal) == offsetof(acc_packet_copy, signal));
static_assert(offsetof(acc_packet_timestamp, signal) == offsetof(acc_packet_copy, signal));
static_assert(offsetof(acc_packet_cache, signal) == offsetof(acc_packet_copy, signal));

} // namespace

std::optional<PacketError> validate_packet(const Packet& packet) {
    if (packet.header.type == ACC_PKT_INVALID || packet.header.type > ACC_PKT_CACHE)
        return bad_packet(offsetof(acc_packet_header, type));
    uint16_t flags = ACC_PKT_F_BARRIER | ACC_PKT_F_INTERRUPT;
    if (packet.header.type == ACC_PKT_DISPATCH) flags |= ACC_PKT_F_COOPERATIVE;
    if (packet.header.flags & ~flags) return bad_packet(offsetof(acc_packet_header, flags));
    if (Error error = check_reserved(packet)) return error;
    if (Error error = check_fields(packet)) return error;
    if (packet.copy.signal % 8) return bad_packet(offsetof(acc_packet_copy, signal));
    return {};
}

std::optional<PacketError> validate_kernel(const acc_kernel_descriptor& k, uint64_t address) {
    using D = acc_kernel_descriptor;
    constexpr uint16_t flags = ACC_KD_DYNAMIC_STACK | ACC_KD_USES_GRID_BARRIER |
                               ACC_KD_USES_HOSTCALL | ACC_KD_USES_HEAP;
    if (k.magic != ACC_KERNEL_DESCRIPTOR_MAGIC) return bad_kernel(offsetof(D, magic));
    if (k.version != 1) return bad_kernel(offsetof(D, version));
    if (k.flags & ~flags) return bad_kernel(offsetof(D, flags));
    uint64_t entry = address + static_cast<uint64_t>(k.entry);
    if (entry % 16 || entry >> ACC_VA_BITS) return bad_kernel(offsetof(D, entry));
    if (k.num_regs > 255) return bad_kernel(offsetof(D, num_regs));
    if (k.num_barriers > ACC_NUM_BARRIERS) return bad_kernel(offsetof(D, num_barriers));
    if (k.shared_bytes > ACC_SHARED_PER_BLOCK_OPTIN) return bad_kernel(offsetof(D, shared_bytes));
    if (k.local_bytes > ACC_MAX_LOCAL_PER_THREAD) return bad_kernel(offsetof(D, local_bytes));
    if (k.max_threads > ACC_MAX_THREADS_PER_BLOCK) return bad_kernel(offsetof(D, max_threads));
    for (unsigned i = 0; i < 3; i++)
        if (k.reqd_block[i] > ACC_MAX_THREADS_PER_BLOCK)
            return bad_kernel(offsetof(D, reqd_block) + 4 * i);
    return {};
}

namespace {

/// Grid and block dimensions: each in range, and the block within what the kernel was compiled for.
Error check_dimensions(const acc_packet_dispatch& p, const acc_kernel_descriptor& k) {
    using P = acc_packet_dispatch;
    constexpr uint32_t max_grid[3] = {ACC_MAX_GRID_X, ACC_MAX_GRID_Y, ACC_MAX_GRID_Z};
    constexpr uint32_t max_block[3] = {ACC_MAX_BLOCK_X, ACC_MAX_BLOCK_Y, ACC_MAX_BLOCK_Z};
    for (unsigned i = 0; i < 3; i++)
        if (p.grid[i] == 0 || p.grid[i] > max_grid[i]) return bad_launch(offsetof(P, grid) + 4 * i);
    for (unsigned i = 0; i < 3; i++) {
        bool fits = p.block[i] != 0 && p.block[i] <= max_block[i];
        bool required = k.reqd_block[i] == 0 || p.block[i] == k.reqd_block[i];
        if (!fits || !required) return bad_launch(offsetof(P, block) + 2 * i);
    }
    uint32_t threads = uint32_t{p.block[0]} * p.block[1] * p.block[2];
    uint32_t most = k.max_threads ? k.max_threads : ACC_MAX_THREADS_PER_BLOCK;
    if (threads > most) return bad_launch(offsetof(P, block));
    return {};
}

uint64_t round16(uint64_t n) {
    return (n + 15) & ~15ull;
}

} // namespace

std::optional<PacketError> resolve_launch(const acc_packet_dispatch& p,
                                          const acc_kernel_descriptor& k, unsigned compute_units,
                                          Launch& launch, uint32_t& blocks_per_cu) {
    using P = acc_packet_dispatch;
    if (Error error = check_dimensions(p, k)) return error;
    uint32_t threads = uint32_t{p.block[0]} * p.block[1] * p.block[2];
    uint64_t shared = round16(k.shared_bytes) + p.dynamic_shared;
    if (shared > ACC_SHARED_PER_BLOCK_OPTIN) return bad_launch(offsetof(P, dynamic_shared));
    uint64_t local = round16(uint64_t{k.local_bytes} +
                             (k.flags & ACC_KD_DYNAMIC_STACK ? p.stack_bytes : 0));
    if (local > ACC_MAX_LOCAL_PER_THREAD) return bad_launch(offsetof(P, stack_bytes));
    blocks_per_cu = acc_blocks_per_cu(k.num_regs, threads, static_cast<uint32_t>(shared));
    if (blocks_per_cu == 0) return bad_launch(offsetof(P, block)); // too many registers

    for (unsigned i = 0; i < 3; i++) {
        launch.grid[i] = p.grid[i];
        launch.block[i] = p.block[i];
    }
    launch.total_blocks = uint64_t{p.grid[0]} * p.grid[1] * p.grid[2];
    launch.cooperative = (p.header.flags & ACC_PKT_F_COOPERATIVE) != 0;
    if (launch.cooperative && launch.total_blocks > uint64_t{blocks_per_cu} * compute_units)
        return bad_launch(offsetof(P, grid));
    launch.threads = threads;
    launch.warps = (threads + ACC_WARP_SIZE - 1) / ACC_WARP_SIZE;
    launch.shared_bytes = static_cast<uint32_t>(shared);
    launch.dyn_shared_offset = static_cast<uint32_t>(round16(k.shared_bytes));
    launch.local_bytes = static_cast<uint32_t>(local);
    launch.num_cus = compute_units;
    return {};
}

} // namespace acc::model
