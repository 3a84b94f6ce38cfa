// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clusters whose size stands at the kernel: where threads and blocks are in them, the cluster as a
// cooperative group, the intrinsics behind it, and shared memory of the other blocks.
// Options: -arch=sm_90
#include "check.h"

#include <cooperative_groups.h>

namespace cg = cooperative_groups;

struct Place {
    dim3 block_index, dim_blocks, thread_index, dim_threads, cluster, clusters;
    unsigned block_rank, num_blocks, thread_rank, num_threads, size, specified;
    unsigned long long cluster_rank, num_clusters;
    unsigned group_size, group_rank; // as a thread_group
    unsigned own_rank, mapped_rank, is_shared, is_cluster_shared, mapped_is_shared,
        mapped_is_cluster_shared, own_mapped_is_shared;
    int from_left, from_each;
};

/// A value that tells the block and the thread.
__host__ __device__ int value_of(int block, int thread) {
    return block * 1000 + thread;
}

__global__ void __cluster_dims__(2, 3, 1) run(Place* out) {
    __shared__ int mine[64], sums;
    cg::cluster_group cluster = cg::this_cluster();
    cg::thread_block block = cg::this_thread_block();
    cg::grid_group grid = cg::this_grid();
    const int t = block.thread_rank();
    const int b = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    mine[t] = value_of(b, t);
    if (t == 0) sums = 0;
    cluster.sync();
    Place p = {};
    p.block_index = cluster.block_index(), p.dim_blocks = cluster.dim_blocks();
    p.thread_index = cluster.thread_index(), p.dim_threads = cluster.dim_threads();
    p.block_rank = cluster.block_rank(), p.num_blocks = cluster.num_blocks();
    p.thread_rank = cluster.thread_rank(), p.num_threads = cluster.num_threads();
    p.size = cluster.size(), p.specified = __clusterDimIsSpecified();
    p.cluster = grid.cluster_index(), p.clusters = grid.dim_clusters();
    p.cluster_rank = grid.cluster_rank(), p.num_clusters = grid.num_clusters();
    cg::thread_group any = cluster;
    p.group_size = any.size(), p.group_rank = any.thread_rank();
    any.sync();
    const unsigned left = (p.block_rank + p.num_blocks - 1) % p.num_blocks;
    int* const theirs = cluster.map_shared_rank(mine, left);
    p.from_left = theirs[t];
    p.own_rank = cluster.query_shared_rank(mine + 3);
    p.mapped_rank = cluster.query_shared_rank(theirs + 3);
    p.is_shared = __isShared(mine) != 0, p.is_cluster_shared = __isClusterShared(mine) != 0;
    p.mapped_is_shared = __isShared(theirs) != 0;
    p.mapped_is_cluster_shared = __isClusterShared(theirs) != 0;
    p.own_mapped_is_shared = __isShared(cluster.map_shared_rank(mine, p.block_rank)) != 0;
    for (unsigned r = 0; r < p.num_blocks; ++r)
        atomicAdd(cluster.map_shared_rank(&sums, r), mine[t]);
    cluster.barrier_wait(cluster.barrier_arrive());
    p.from_each = sums;
    out[b * 64 + t] = p;
    cg::sync(cluster); // nobody reads what is gone
}

static void expect_index(const char* what, dim3 got, dim3 want, int block, int thread) {
    expect_equal(what, got.x, want.x, block, thread);
    expect_equal(what, got.y, want.y, block, thread);
    expect_equal(what, got.z, want.z, block, thread);
}

int main() {
    const dim3 grid(4, 6, 2), block(16, 2, 2), size(2, 3, 1);
    const int blocks = 48, threads = 64;
    Array<Place> out(blocks * threads);
    run<<<grid, block>>>(out.device());
    wait_for_kernel();
    out.download();
    for (int b = 0; b < blocks; ++b) {
        const dim3 at(b % 4, b / 4 % 6, b / 24), in(at.x % 2, at.y % 3, 0);
        const dim3 cluster(at.x / 2, at.y / 3, at.z);
        const unsigned rank = in.y * 2 + in.x;
        // Blocks of the cluster by rank.
        int members[6], sum = 0;
        for (int r = 0; r < 6; ++r) {
            members[r] = (at.z * 6 + cluster.y * 3 + r / 2) * 4 + cluster.x * 2 + r % 2;
            for (int t = 0; t < threads; ++t)
                sum += value_of(members[r], t);
        }
        for (int t = 0; t < threads; ++t) {
            const Place& p = out[b * threads + t];
            const dim3 thread(t % 16, t / 16 % 2, t / 32);
            expect_index("block_index", p.block_index, in, b, t);
            expect_index("dim_blocks", p.dim_blocks, size, b, t);
            expect_index("thread_index", p.thread_index,
                         dim3(in.x * 16 + thread.x, in.y * 2 + thread.y, thread.z), b, t);
            expect_index("dim_threads", p.dim_threads, dim3(32, 6, 2), b, t);
            expect_index("cluster_index", p.cluster, cluster, b, t);
            expect_index("dim_clusters", p.clusters, dim3(2, 2, 2), b, t);
            expect_equal("block_rank", p.block_rank, rank, b, t);
            expect_equal("num_blocks", p.num_blocks, 6u, b, t);
            expect_equal("thread_rank", p.thread_rank, rank * 64 + t, b, t);
            expect_equal("num_threads", p.num_threads, 384u, b, t);
            expect_equal("size", p.size, 384u, b, t);
            expect_equal("specified", p.specified, 1u, b, t);
            expect_equal("cluster_rank", p.cluster_rank,
                         (unsigned long long)((cluster.z * 2 + cluster.y) * 2 + cluster.x), b, t);
            expect_equal("num_clusters", p.num_clusters, 8ull, b, t);
            expect_equal("thread_group's size", p.group_size, 384u, b, t);
            expect_equal("thread_group's rank", p.group_rank, rank * 64 + t, b, t);
            expect_equal("left neighbour's", p.from_left, value_of(members[(rank + 5) % 6], t), b,
                         t);
            expect_equal("rank of own memory", p.own_rank, rank, b, t);
            expect_equal("rank of the neighbour's", p.mapped_rank, (rank + 5) % 6, b, t);
            expect_equal("own is shared", p.is_shared, 1u, b, t);
            expect_equal("own is the cluster's", p.is_cluster_shared, 1u, b, t);
            expect_equal("the neighbour's is not shared", p.mapped_is_shared, 0u, b, t);
            expect_equal("it is the cluster's", p.mapped_is_cluster_shared, 1u, b, t);
            expect_equal("own, mapped, is shared", p.own_mapped_is_shared, 1u, b, t);
            expect_equal("sum of all", p.from_each, sum, b, t);
        }
    }
    return finish();
}
