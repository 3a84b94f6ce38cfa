// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/packet.h"

#include <algorithm>
#include <cstddef>

#include "acc/spec/acc_occupancy.h"
#include "acc/spec/descriptor_check.h"
#include "acc/spec/packet_check.h"

namespace acc::model {

namespace {

using Error = std::optional<PacketError>;

Error bad_kernel(uint64_t offset) {
    return PacketError{ACC_FAULT_INVALID_KERNEL, offset};
}
Error bad_launch(uint64_t offset) {
    return PacketError{ACC_FAULT_INVALID_LAUNCH, offset};
}

} // namespace

std::optional<PacketError> validate_packet(const Packet& packet) {
    const int offset = spec::packet_error(packet.bytes);
    if (offset < 0) return {};
    return PacketError{ACC_FAULT_INVALID_PACKET, static_cast<uint64_t>(offset)};
}

std::optional<PacketError> validate_kernel(const acc_kernel_descriptor& k, uint64_t address) {
    using D = acc_kernel_descriptor;
    if (const spec::DescriptorError wrong = spec::descriptor_error(k); wrong.member != nullptr)
        return bad_kernel(wrong.offset);
    const uint64_t entry = address + static_cast<uint64_t>(k.entry);
    if (entry % 16 || entry >> ACC_VA_BITS) return bad_kernel(offsetof(D, entry));
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

/// The cluster that packet and descriptor ask for, into `launch`. Its blocks are resident together
/// on one compute unit, whatever occupancy says.
Error resolve_cluster(const acc_packet_dispatch& p, const acc_kernel_descriptor& k,
                      Launch& launch) {
    using P = acc_packet_dispatch;
    constexpr uint32_t known = ACC_CLUSTER_GIVEN | 0xfff;
    const bool given = (p.cluster & ACC_CLUSTER_GIVEN) != 0;
    const bool required = (k.cluster[0] | k.cluster[1] | k.cluster[2]) != 0;
    if ((p.cluster & ~known) || (!given && p.cluster)) return bad_launch(offsetof(P, cluster));
    launch.is_cluster = given || required;
    launch.cluster_blocks = 1;
    for (unsigned i = 0; i < 3; i++) {
        const uint32_t wanted = 1 + (p.cluster >> 4 * i & 15);
        launch.cluster[i] = required ? k.cluster[i] : given ? wanted : 1;
        if (launch.cluster[i] == 0) return bad_kernel(offsetof(acc_kernel_descriptor, cluster) + i);
        if (given && wanted != launch.cluster[i]) return bad_launch(offsetof(P, cluster));
        if (p.grid[i] % launch.cluster[i]) return bad_launch(offsetof(P, grid) + 4 * i);
        launch.cluster_blocks *= launch.cluster[i];
    }
    if (launch.cluster_blocks > ACC_MAX_CLUSTER_BLOCKS) return bad_launch(offsetof(P, cluster));
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
    if (Error error = resolve_cluster(p, k, launch)) return error;
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
    blocks_per_cu = std::max(blocks_per_cu / launch.cluster_blocks, 1u);
    if (launch.cooperative && launch.clusters() > uint64_t{blocks_per_cu} * compute_units)
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
