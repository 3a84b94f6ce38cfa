// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cooperative groups made of other groups: who is in them, which of how many they are, and their
// threads' ranks. The reference knows the threads by their numbers in the block.
#include "check.h"

#include <cooperative_groups.h>

namespace cg = cooperative_groups;

struct Group {
    int rank, size, meta_rank, meta_size;
    unsigned lanes; ///< that a ballot of the whole group shows, by lane of the warp
};
enum {
    kTile16,
    kTile4,
    kTile2Of4,
    kErased,
    kCoalesced,
    kPart8,
    kPart2,
    kBinary,
    kAllTrue,
    kLabels,
    kCount
};

template <class G>
__device__ Group describe(const G& g) {
    Group out;
    out.rank = g.thread_rank(), out.size = g.size();
    out.meta_rank = g.meta_group_rank(), out.meta_size = g.meta_group_size();
    // The lane of the member with each rank.
    out.lanes = 0;
    const unsigned lane = threadIdx.x % 32;
    for (int i = 0; i < out.size; ++i)
        out.lanes |= 1u << g.shfl(lane, i);
    return out;
}
__device__ bool is_odd_one_out(int t) {
    return t % 3 == 0 || t % 7 == 2;
}
__device__ int label_of(int t) {
    return (t * 5 + 3) / 7 % 4;
}

__global__ void run(Group* out, int* sizes) {
    cg::thread_block block = cg::this_thread_block();
    const int t = block.thread_rank();
    Group* mine = out + kCount * t;
    auto tile16 = cg::tiled_partition<16>(block);
    auto tile4 = cg::tiled_partition<4>(tile16);
    auto tile2 = cg::tiled_partition<2>(tile4);
    cg::thread_block_tile<4> erased = tile4;
    mine[kTile16] = describe(tile16);
    mine[kTile4] = describe(tile4);
    mine[kTile2Of4] = describe(tile2);
    mine[kErased] = describe(erased);
    auto warp = cg::tiled_partition<32>(block);
    mine[kBinary] = describe(cg::binary_partition(warp, is_odd_one_out(t)));
    mine[kAllTrue] = describe(cg::binary_partition(warp, true));
    mine[kLabels] = describe(cg::labeled_partition(warp, label_of(t)));
    warp.sync();
    if (is_odd_one_out(t)) {
        cg::coalesced_group some = cg::coalesced_threads();
        mine[kCoalesced] = describe(some);
        auto eight = cg::tiled_partition(some, 8);
        mine[kPart8] = describe(eight);
        mine[kPart2] = describe(cg::tiled_partition(eight, 2));
    }
    // Groups whose kind is known only at run time.
    warp.sync();
    cg::thread_group any = block;
    cg::thread_group any8 = cg::tiled_partition(any, 8), any2 = cg::tiled_partition(any8, 2);
    int* s = sizes + 6 * t;
    s[0] = any.size(), s[1] = any.thread_rank(), s[2] = any8.size(), s[3] = any8.thread_rank(),
    s[4] = any2.size(), s[5] = any2.thread_rank();
}

/// The same functions on the host.
static bool odd_one_out(int t) {
    return t % 3 == 0 || t % 7 == 2;
}
static int label(int t) {
    return (t * 5 + 3) / 7 % 4;
}

/// The group of thread t among the threads of its warp whose key is t's, cut into pieces of `size`.
template <class Key>
static Group group_of(int t, int size, Key key) {
    Group g = {};
    int members[32], count = 0, rank = 0;
    for (int l = 0; l < 32; ++l) {
        const int other = t / 32 * 32 + l;
        if (key(other) != key(t)) continue;
        if (other == t) rank = count;
        members[count++] = l;
    }
    const int first = rank / size * size, end = first + size < count ? first + size : count;
    for (int i = first; i < end; ++i)
        g.lanes |= 1u << members[i];
    g.rank = rank - first, g.size = end - first;
    g.meta_rank = rank / size, g.meta_size = (count + size - 1) / size;
    return g;
}
static void expect_group(const char* what, const Group& got, Group want, int meta_rank,
                         int meta_size, int t) {
    expect_equal(what, got.rank, want.rank, t, 'r');
    expect_equal(what, got.size, want.size, t, 's');
    expect_equal(what, got.lanes, want.lanes, t, 'l');
    expect_equal(what, got.meta_rank, meta_rank, t, 'R');
    expect_equal(what, got.meta_size, meta_size, t, 'S');
}

int main() {
    const int n = 128;
    Array<Group> out(kCount * n);
    Array<int> sizes(6 * n);
    run<<<1, n>>>(out.device(), sizes.device());
    wait_for_kernel();
    out.download();
    sizes.download();
    for (int t = 0; t < n; ++t) {
        const Group* g = &out[kCount * t];
        const auto all = [](int) { return 0; };
        expect_group("tile of 16", g[kTile16], group_of(t, 16, all), t / 16, n / 16, t);
        expect_group("tile of 4 in 16", g[kTile4], group_of(t, 4, all), t % 16 / 4, 4, t);
        expect_group("tile of 2 in 4", g[kTile2Of4], group_of(t, 2, all), t % 4 / 2, 2, t);
        expect_group("tile without parent", g[kErased], group_of(t, 4, all), t % 16 / 4, 4, t);
        int yes = 0, firsts[4] = {32, 32, 32, 32};
        for (int l = 31; l >= 0; --l) {
            yes += odd_one_out(t / 32 * 32 + l);
            firsts[label(t / 32 * 32 + l)] = l;
        }
        const bool split = yes != 0 && yes != 32;
        expect_group("binary partition", g[kBinary], group_of(t, 32, odd_one_out),
                     split && odd_one_out(t), split ? 2 : 1, t);
        expect_group("one-sided partition", g[kAllTrue], group_of(t, 32, all), 0, 1, t);
        int before = 0, labels = 0;
        for (int i = 0; i < 4; ++i) {
            labels += firsts[i] < 32;
            before += firsts[i] < firsts[label(t)];
        }
        expect_group("labelled partition", g[kLabels], group_of(t, 32, label), before, labels, t);
        if (odd_one_out(t)) {
            const Group whole = group_of(t, 32, odd_one_out), eight = group_of(t, 8, odd_one_out);
            expect_group("coalesced", g[kCoalesced], whole, 0, 1, t);
            expect_group("part of 8", g[kPart8], eight, eight.meta_rank, eight.meta_size, t);
            const int first = eight.rank / 2 * 2;
            expect_equal("part of 2: rank", g[kPart2].rank, eight.rank - first, t);
            expect_equal("part of 2: size", g[kPart2].size, eight.size - first < 2 ? 1 : 2, t);
            expect_equal("part of 2: which", g[kPart2].meta_rank, eight.rank / 2, t);
            expect_equal("part of 2: of", g[kPart2].meta_size, (eight.size + 1) / 2, t);
        }
        const int want[] = {n, t, 8, t % 8, 2, t % 2};
        for (int i = 0; i < 6; ++i)
            expect_equal("thread_group", sizes[6 * t + i], want[i], t, i);
    }
    return finish();
}
