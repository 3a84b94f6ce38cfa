// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/cluster.h"

#include <bit>

#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/services.h"

namespace acc::model::interp {
namespace {

/// Every thread of the block that has not exited has arrived.
bool is_complete(const BlockState& block, Split which) {
    for (uint32_t n = 0; n < block.num_gangs; ++n) {
        const Gang& g = block.gangs[n];
        for (unsigned w = 0; w < g.warps; ++w)
            if (g.live[w] & ~g.arrived[static_cast<unsigned>(which)][w]) return false;
    }
    return true;
}

void release(BlockState* block, Split which) {
    for (uint32_t n = 0; n < block->num_gangs; ++n) {
        Gang* g = &block->gangs[n];
        for (unsigned w = 0; w < kMaxWarps; ++w)
            g->arrived[static_cast<unsigned>(which)][w] = 0;
        for (uint32_t i = 0; i < g->num_groups;) {
            const Group& x = g->groups[i];
            if (x.state == GroupState::Split && x.barrier == static_cast<uint8_t>(which)) {
                make_ready(g, i, x.op);
                i = 0; // the groups have moved
            } else {
                ++i;
            }
        }
    }
}

void release_if_complete(BlockState* block, Split which) {
    if (which == Split::Block) {
        if (is_complete(*block, which)) release(block, which);
        return;
    }
    Cluster& cluster = *block->cluster;
    for (uint32_t i = 0; i < cluster.size; ++i)
        if (!is_complete(*cluster.blocks[i], which)) return;
    ++cluster.released;
    for (uint32_t i = 0; i < cluster.size; ++i)
        release(cluster.blocks[i], which);
}

} // namespace

const Op* split_arrive(Gang* g, const Op* op, const uint32_t* m, Split which) {
    uint32_t* arrived = g->arrived[static_cast<unsigned>(which)];
    for (unsigned w = 0; w < g->warps; ++w) {
        if (const uint32_t again = arrived[w] & m[w]) {
            raise(g, op, ACC_FAULT_BARRIER, w, again);
            return nullptr;
        }
    }
    for (unsigned w = 0; w < g->warps; ++w)
        arrived[w] |= m[w];
    release_if_complete(g->block, which);
    return go_on(g, op + 1);
}

const Op* split_wait(Gang* g, const Op* op, const uint32_t* m, Split which) {
    alignas(32) uint32_t lanes[kMaxWarps];
    uint32_t any = 0;
    for (unsigned w = 0; w < kMaxWarps; ++w)
        any |= lanes[w] = m[w] & g->arrived[static_cast<unsigned>(which)][w];
    if (!any) return op + 1; // the phase that they arrived in is complete
    park_waiting(g, op + 1, lanes, GroupState::Split).barrier = static_cast<uint8_t>(which);
    return go_on(g, op + 1);
}

namespace {
bool any_arrived(const BlockState& block, Split which) {
    uint32_t any = 0;
    for (uint32_t n = 0; n < block.num_gangs; ++n)
        for (const uint32_t lanes : block.gangs[n].arrived[static_cast<unsigned>(which)])
            any |= lanes;
    return any != 0;
}
bool any_arrived_in_cluster(const Cluster& cluster) {
    for (uint32_t i = 0; i < cluster.size; ++i)
        if (any_arrived(*cluster.blocks[i], Split::Cluster)) return true;
    return false;
}
} // namespace

void release_splits(BlockState* block) {
    if (any_arrived(*block, Split::Block)) release_if_complete(block, Split::Block);
    if (any_arrived_in_cluster(*block->cluster)) release_if_complete(block, Split::Cluster);
}

bool waits_for_cluster(const BlockState& block) {
    if (block.cluster->size == 1) return false;
    for (uint32_t n = 0; n < block.num_gangs; ++n) {
        const Gang& g = block.gangs[n];
        for (uint32_t i = 0; i < g.num_groups; ++i)
            if (g.groups[i].state == GroupState::Split &&
                g.groups[i].barrier == static_cast<uint8_t>(Split::Cluster))
                return true;
    }
    return false;
}

uint64_t map_shared(const Gang* g, uint32_t address, uint32_t rank) {
    constexpr uint32_t offset = (1u << kClusterShift) - 1;
    const uint32_t block = rank < g->block->cluster->size ? rank + 1 : 255;
    return ACC_SHARED_APERTURE | block << kClusterShift | (address & offset);
}

uint8_t* shared_place(const Gang* g, uint64_t address, uint64_t bytes) {
    const uint64_t size = g->shared_bytes, rank = address >> kClusterShift;
    const uint64_t offset = address & ((1u << kClusterShift) - 1);
    if (bytes > size || offset > size - bytes) return nullptr;
    if (rank == 0) return g->shared + offset;
    const Cluster& cluster = *g->block->cluster;
    if (rank > cluster.size) return nullptr;
    const BlockState& block = *cluster.blocks[rank - 1];
    return block.live_threads ? block.gangs[0].shared + offset : nullptr;
}

bool shared_places(Gang* g, const Op* op, unsigned warp, uint32_t lanes, const uint64_t* addresses,
                   uint32_t bytes, uint32_t access, uint8_t** places) {
    uint32_t outside = 0, misaligned = 0;
    for (uint32_t left = lanes; left; left &= left - 1) {
        const auto l = static_cast<unsigned>(std::countr_zero(left));
        places[l] = shared_place(g, addresses[l], bytes);
        if (addresses[l] % bytes)
            misaligned |= 1u << l;
        else if (!places[l])
            outside |= 1u << l;
    }
    const uint32_t bad = outside | misaligned;
    if (!bad) return true;
    const auto first = static_cast<unsigned>(std::countr_zero(bad));
    const bool is_outside = outside >> first & 1;
    raise_access(g, op, is_outside ? ACC_FAULT_SHARED_RANGE : ACC_FAULT_MISALIGNED, warp,
                 is_outside ? outside : misaligned, access, ACC_SHARED_APERTURE + addresses[first],
                 bytes);
    return false;
}

} // namespace acc::model::interp
