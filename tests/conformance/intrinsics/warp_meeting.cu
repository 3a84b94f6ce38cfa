// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads of one mask execute the same warp function at different places of the program: a constant
// lane, width or mask here, a variable there. They meet as at one place, each with its own
// operands.
#include "check.h"

struct Lane {
    int idx, up, down, bfly, width, up8;
    long long wide;
    double real;
    int all, any, uni;
    unsigned ballot, match, match_all, match64;
    int predicate;
    int sum, max;
    unsigned or_;
    int order;
};

/// `mask`, `two`, `eight` are what their names say; the compiler does not know.
__global__ void run(Lane* out, unsigned mask, int two, int eight) {
    const int l = (int)threadIdx.x, v = l * 10;
    Lane o = {};
    // Constant lane here, another constant there, a variable at a third place.
    if (l % 3 == 0)
        o.idx = __shfl_sync(0xffffffff, v, 2);
    else if (l % 3 == 1)
        o.idx = __shfl_sync(0xffffffff, v, 3) + 1;
    else
        o.idx = __shfl_sync(mask, v, l ^ 1) + 2;
    if (l % 2)
        o.up = __shfl_up_sync(0xffffffff, v, 1);
    else
        o.up = __shfl_up_sync(mask, v, two);
    if (l % 2)
        o.down = __shfl_down_sync(mask, v, 4);
    else
        o.down = __shfl_down_sync(0xffffffff, v, two);
    if (l < 16)
        o.bfly = __shfl_xor_sync(0xffffffff, v, 16);
    else
        o.bfly = __shfl_xor_sync(mask, v, l & 3);
    // Widths: constant, variable, whole.
    if (l % 3 == 0)
        o.width = __shfl_sync(0xffffffff, v, l + 1, 8);
    else if (l % 3 == 1)
        o.width = __shfl_sync(0xffffffff, v, l + 1, eight);
    else
        o.width = __shfl_sync(0xffffffff, v, l + 1);
    if (l % 2)
        o.up8 = __shfl_up_sync(0xffffffff, v, 3, 8);
    else
        o.up8 = __shfl_up_sync(0xffffffff, v, two, eight);
    if (l % 2)
        o.wide = __shfl_sync(0xffffffff, (long long)v << 33, 5);
    else
        o.wide = __shfl_sync(mask, (long long)v << 33, l);
    if (l % 2)
        o.real = __shfl_xor_sync(mask, v * 0.5, 1);
    else
        o.real = __shfl_xor_sync(0xffffffff, v * 0.5, two);
    if (l % 2) {
        o.all = __all_sync(0xffffffff, l < 32);
        o.any = __any_sync(0xffffffff, l == 31);
        o.uni = __uni_sync(0xffffffff, l < 5);
        o.ballot = __ballot_sync(0xffffffff, l < 5);
    } else {
        o.all = __all_sync(mask, 1) + 0;
        o.any = __any_sync(mask, 0) + 0;
        o.uni = __uni_sync(mask, l < 5);
        o.ballot = __ballot_sync(mask, l < 9);
    }
    if (l % 2) {
        o.match = __match_any_sync(0xffffffff, l & 4);
        o.match64 = __match_any_sync(mask, (unsigned long long)(l & 8) << 40);
        o.match_all = __match_all_sync(0xffffffff, 9, &o.predicate);
    } else {
        o.match = __match_any_sync(mask, 4);
        o.match64 = __match_any_sync(0xffffffff, 8ull << 40);
        o.match_all = __match_all_sync(mask, two + 7, &o.predicate);
    }
    if (l % 2) {
        o.sum = __reduce_add_sync(0xffffffff, l);
        o.max = __reduce_max_sync(mask, 17);
        o.or_ = __reduce_or_sync(0xffffffff, 1u << l);
    } else {
        o.sum = __reduce_add_sync(mask, 1);
        o.max = __reduce_max_sync(0xffffffff, l);
        o.or_ = __reduce_or_sync(mask, 0u);
    }
    // __syncwarp orders memory between the places.
    __shared__ int note[32];
    note[l] = l + 100;
    if (l % 2)
        __syncwarp();
    else
        __syncwarp(mask);
    o.order = note[31 - l];
    out[l] = o;
}

/// Half of a warp meets at two places, the other half has its own business.
__global__ void part(int* out, unsigned mask) {
    const int l = (int)threadIdx.x;
    if (l >= 16) {
        out[l] = -l;
        return;
    }
    if (l & 4)
        out[l] = __shfl_sync(0x0000ffff, l * 3, 15);
    else
        out[l] = __shfl_sync(mask, l * 3, l + 1);
}

static int up(int l, int distance, int width) {
    return l % width >= distance ? (l - distance) * 10 : l * 10;
}
static int down(int l, int distance) {
    return l + distance < 32 ? (l + distance) * 10 : l * 10;
}

int main() {
    Array<Lane> out(32);
    run<<<1, 32>>>(out.device(), 0xffffffff, 2, 8);
    wait_for_kernel();
    out.download();
    for (int l = 0; l < 32; ++l) {
        const Lane& g = out[l];
        const int odd = l % 2, third = l % 3;
        expect_equal("idx", g.idx, third == 0 ? 20 : third == 1 ? 31 : (l ^ 1) * 10 + 2, l);
        expect_equal("up", g.up, up(l, odd ? 1 : 2, 32), l);
        expect_equal("down", g.down, down(l, odd ? 4 : 2), l);
        expect_equal("bfly", g.bfly, (l ^ (l < 16 ? 16 : l & 3)) * 10, l);
        const int in8 = l / 8 * 8 + (l + 1) % 8;
        expect_equal("width", g.width, (third == 2 ? (l + 1) % 32 : in8) * 10, l);
        expect_equal("up8", g.up8, up(l, odd ? 3 : 2, 8), l);
        expect_equal("wide", g.wide, (long long)(odd ? 50 : l * 10) << 33, l);
        expect_equal("real", g.real, (l ^ (odd ? 1 : 2)) * 5.0, l);
        expect_equal("all", g.all != 0, true, l);
        expect_equal("any", g.any != 0, true, l);
        expect_equal("uni", g.uni != 0, false, l);
        expect_equal("ballot", g.ballot, 0x15fu & 0xffffffffu, l);
        unsigned match = 0, match64 = 0;
        const int key = odd ? l & 4 : 4, key64 = odd ? l & 8 : 8;
        for (int other = 0; other < 32; ++other) {
            if ((other % 2 ? other & 4 : 4) == key) match |= 1u << other;
            if ((other % 2 ? other & 8 : 8) == key64) match64 |= 1u << other;
        }
        expect_equal("match", g.match, match, l);
        expect_equal("match64", g.match64, match64, l);
        expect_equal("match_all", g.match_all, 0xffffffffu, l);
        expect_equal("match_all predicate", g.predicate != 0, true, l);
        expect_equal("sum", g.sum, 256 + 16, l);
        expect_equal("max", g.max, 30, l);
        expect_equal("or", g.or_, 0xaaaaaaaau, l);
        expect_equal("syncwarp", g.order, 131 - l, l);
    }
    Array<int> some(32);
    part<<<1, 32>>>(some.device(), 0xffff);
    wait_for_kernel();
    some.download();
    for (int l = 0; l < 32; ++l)
        expect_equal("part", some[l], l >= 16 ? -l : l & 4 ? 45 : (l + 1) * 3, l);
    return finish();
}
