// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cooperative groups: partitions, reductions, scans and exchanges against serial code.
#include "check.h"

#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>

namespace cg = cooperative_groups;

struct Pair {
    double key;
    int value;
};

struct Out {
    int block_rank, block_size, tile_rank, tile_size, tile_index, sum4, max16, sum32, scan32,
        exclusive8;
    Pair exchanged;
    int odd_size, odd_rank, odd_sum, odd_first, labelled;
    unsigned ballot16;
    int counted;
};

__global__ void run(const int* in, Out* out) {
    cg::thread_block block = cg::this_thread_block();
    const int i = blockIdx.x * block.size() + block.thread_rank(), v = in[i];
    Out o = {};
    o.block_rank = block.thread_rank();
    o.block_size = block.size();
    auto warp = cg::tiled_partition<32>(block);
    auto four = cg::tiled_partition<4>(warp);
    auto eight = cg::tiled_partition<8>(block);
    cg::thread_block_tile<16> sixteen = cg::tiled_partition<16>(block);
    o.tile_rank = sixteen.thread_rank();
    o.tile_size = sixteen.size();
    o.tile_index = sixteen.meta_group_rank();
    o.sum4 = cg::reduce(four, v, cg::plus<int>());
    o.max16 = cg::reduce(sixteen, v, cg::greater<int>());
    o.sum32 = cg::reduce(warp, v, cg::plus<int>());
    o.scan32 = cg::inclusive_scan(warp, v);
    o.exclusive8 = cg::exclusive_scan(eight, v);
    o.ballot16 = sixteen.ballot(v & 1);
    Pair mine;
    mine.key = v * 0.5;
    mine.value = i;
    o.exchanged = eight.shfl(mine, 6);
    cg::coalesced_group odd = cg::binary_partition(warp, v & 1);
    if (v & 1) {
        o.odd_size = odd.size();
        o.odd_rank = odd.thread_rank();
        o.odd_sum = cg::reduce(odd, v, cg::plus<int>());
        o.odd_first = odd.shfl(v, 0);
    }
    warp.sync();
    o.labelled = cg::labeled_partition(warp, v % 5).size();
    // A block-wide sum through shared memory and the block's barrier.
    __shared__ int counter;
    if (block.thread_rank() == 0) counter = 0;
    block.sync();
    atomicAdd(&counter, 1);
    cg::sync(block);
    o.counted = counter;
    out[i] = o;
}

int main() {
    const int n = 8 * 128;
    Array<int> in(n);
    Array<Out> out(n);
    for (int i = 0; i < n; ++i)
        in[i] = (int)(next_random() % 1000);
    in.upload();
    run<<<dim3(4, 2), dim3(32, 4)>>>(in.device(), out.device());
    wait_for_kernel();
    // Blocks are numbered by x only in the kernel: the second row of blocks repeats the first one's
    // elements.
    out.download();
    for (int i = 0; i < n / 2; ++i) {
        const Out& o = out[i];
        const int in_block = i % 128, w = i & ~31, l = i % 32;
        expect_equal("block rank", o.block_rank, in_block, i);
        expect_equal("block size", o.block_size, 128, i);
        expect_equal("tile rank", o.tile_rank, i % 16, i);
        expect_equal("tile size", o.tile_size, 16, i);
        expect_equal("tile index", o.tile_index, in_block / 16, i);
        int sum4 = 0, max16 = 0, sum32 = 0, scan32 = 0, exclusive8 = 0, odd_size = 0, odd_rank = 0,
            odd_sum = 0, odd_first = -1, labelled = 0;
        unsigned ballot16 = 0;
        for (int k = 0; k < 4; ++k)
            sum4 += in[(i & ~3) + k];
        for (int k = 0; k < 16; ++k) {
            const int v = in[(i & ~15) + k];
            max16 = v > max16 ? v : max16;
            ballot16 |= (unsigned)(v & 1) << k;
        }
        for (int k = 0; k < 32; ++k) {
            const int v = in[w + k];
            sum32 += v;
            scan32 += k <= l ? v : 0;
            labelled += v % 5 == in[i] % 5;
            if (v & 1) {
                odd_first = odd_first < 0 ? v : odd_first;
                ++odd_size;
                odd_rank += k < l;
                odd_sum += v;
            }
        }
        for (int k = i & ~7; k < i; ++k)
            exclusive8 += in[k];
        expect_equal("reduce 4", o.sum4, sum4, i);
        expect_equal("max 16", o.max16, max16, i);
        expect_equal("reduce 32", o.sum32, sum32, i);
        expect_equal("inclusive scan", o.scan32, scan32, i);
        expect_equal("exclusive scan", o.exclusive8, exclusive8, i);
        expect_equal("ballot 16", o.ballot16, ballot16, i);
        expect_equal("exchanged key", o.exchanged.key, in[(i & ~7) + 6] * 0.5, i);
        expect_equal("exchanged value", o.exchanged.value, (i & ~7) + 6, i);
        expect_equal("labelled size", o.labelled, labelled, i);
        expect_equal("block counter", o.counted, 128, i);
        if (in[i] & 1) {
            expect_equal("partition size", o.odd_size, odd_size, i);
            expect_equal("partition rank", o.odd_rank, odd_rank, i);
            expect_equal("partition sum", o.odd_sum, odd_sum, i);
            expect_equal("partition first", o.odd_first, odd_first, i);
        }
    }
    return finish();
}
