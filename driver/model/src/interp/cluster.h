// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks of a cluster: the barrier in two halves (bar.cluster.*, which a block has of its own as
// well), and shared addresses that name another block. All of them run on one thread.
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// A block is a cluster of one unless the launch says otherwise.
struct Cluster {
    uint32_t size;
    BlockState* blocks[ACC_MAX_CLUSTER_BLOCKS]; ///< by rank
    uint64_t released;                          ///< times that its barrier has been complete
};

/// Bits 31:24 of a shared address: 0, or 1 + the rank of the block whose memory it is.
inline constexpr unsigned kClusterShift = 24;

/// bar.cluster.arrive and .wait by lanes m. Returns where the gang goes on; null: it stops.
const Op* split_arrive(Gang* g, const Op* op, const uint32_t* m, Split which);
const Op* split_wait(Gang* g, const Op* op, const uint32_t* m, Split which);
/// Threads of the block have exited: that may have been all that the others waited for.
void release_splits(BlockState* block);
/// Some thread of the block waits at the cluster's barrier.
bool waits_for_cluster(const BlockState& block);

/// mapa.
uint64_t map_shared(const Gang* g, uint32_t address, uint32_t rank);

/// Host address of `bytes` of shared memory, the gang's own or another block's of the cluster;
/// null: outside of it, or the block has ended.
uint8_t* shared_place(const Gang* g, uint64_t address, uint64_t bytes);
/// The same for lanes of a warp that access `bytes` each; false: a fault has been raised.
bool shared_places(Gang* g, const Op* op, unsigned warp, uint32_t lanes, const uint64_t* addresses,
                   uint32_t bytes, uint32_t access, uint8_t** places);

} // namespace acc::model::interp
