// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The threads of a thread-block cluster. A part of cooperative_groups.h.
#pragma once

namespace cooperative_groups {

class cluster_group {
  public:
    struct arrival_token {};
    __device__ operator thread_group() const { return thread_group(thread_group::Cluster, 0); }
    static __device__ void sync() {
        __cluster_barrier_arrive();
        __cluster_barrier_wait();
    }
    static __device__ arrival_token barrier_arrive() {
        __cluster_barrier_arrive();
        return arrival_token();
    }
    static __device__ void barrier_wait() { __cluster_barrier_wait(); }
    static __device__ void barrier_wait(arrival_token&&) { __cluster_barrier_wait(); }

    /// The block whose shared memory the address is in.
    static __device__ unsigned query_shared_rank(const void* address) {
        return __cluster_query_shared_rank(address);
    }
    /// Where block `rank` has the same shared variable.
    template <class T>
    static __device__ T* map_shared_rank(T* address, int rank) {
        return (T*)__cluster_map_shared_rank((const void*)address, (unsigned)rank);
    }

    static __device__ dim3 block_index() { return __clusterRelativeBlockIdx(); }
    static __device__ unsigned block_rank() { return __clusterRelativeBlockRank(); }
    static __device__ dim3 dim_blocks() { return __clusterDim(); }
    static __device__ unsigned num_blocks() { return __clusterSizeInBlocks(); }
    static __device__ dim3 thread_index() {
        const dim3 block = block_index();
        return dim3(block.x * blockDim.x + threadIdx.x, block.y * blockDim.y + threadIdx.y,
                    block.z * blockDim.z + threadIdx.z);
    }
    static __device__ unsigned thread_rank() {
        return block_rank() * details::block_threads() + details::block_rank();
    }
    static __device__ dim3 dim_threads() {
        const dim3 blocks = dim_blocks();
        return dim3(blocks.x * blockDim.x, blocks.y * blockDim.y, blocks.z * blockDim.z);
    }
    static __device__ unsigned num_threads() { return num_blocks() * details::block_threads(); }
    static __device__ unsigned size() { return num_threads(); }
};
static __inline__ __device__ cluster_group this_cluster() {
    return cluster_group();
}

} // namespace cooperative_groups
