// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Warp functions against the same moves made on an array of 32 values on the host.
#include "check.h"

struct Lane {
    int idx, up, down, bfly, idx8, up8, down8, bfly8, diverged;
    long long idx64;
    double down_d;
    float bfly_f;
    int all, any;
    unsigned ballot, match_any, match_all, match_all_same;
    int predicate, predicate_same;
    unsigned match_any64, active_in_branch;
    int sum, min, max;
    unsigned umax, and_, or_, xor_;
};

__global__ void run(const int* in, Lane* out) {
    const unsigned full = 0xffffffff;
    const int lane = threadIdx.x % 32, v = in[blockIdx.x * blockDim.x + threadIdx.x];
    Lane o = {};
    o.idx = __shfl_sync(full, v, lane * 7 + 3);
    o.up = __shfl_up_sync(full, v, 3);
    o.down = __shfl_down_sync(full, v, 5);
    o.bfly = __shfl_xor_sync(full, v, 21);
    o.idx8 = __shfl_sync(full, v, lane * 3, 8);
    o.up8 = __shfl_up_sync(full, v, 2, 8);
    o.down8 = __shfl_down_sync(full, v, 3, 8);
    o.bfly8 = __shfl_xor_sync(full, v, 5, 8);
    o.idx64 = __shfl_sync(full, (long long)v << 20 | lane, 31 - lane);
    o.down_d = __shfl_down_sync(full, v * 0.5, 1);
    o.bfly_f = __shfl_xor_sync(full, v * 0.25f, 1);
    o.all = __all_sync(full, v >= 0) != 0;
    o.any = __any_sync(full, v == 3) != 0;
    o.ballot = __ballot_sync(full, v & 1);
    o.match_any = __match_any_sync(full, v & 7);
    o.match_any64 = __match_any_sync(full, (unsigned long long)(v & 3) << 40);
    o.match_all = __match_all_sync(full, v, &o.predicate);
    o.match_all_same = __match_all_sync(full, 42, &o.predicate_same);
    o.sum = __reduce_add_sync(full, v);
    o.min = __reduce_min_sync(full, v);
    o.max = __reduce_max_sync(full, v);
    o.umax = __reduce_max_sync(full, (unsigned)v);
    o.and_ = __reduce_and_sync(full, (unsigned)v);
    o.or_ = __reduce_or_sync(full, (unsigned)v);
    o.xor_ = __reduce_xor_sync(full, (unsigned)v);
    // The two halves of a branch exchange values among themselves.
    if (lane % 3 == 0) {
        const unsigned mask = 0x49249249;
        o.diverged = __shfl_sync(mask, v, 30);
        o.active_in_branch = __activemask() & ~mask;
    } else {
        const unsigned mask = 0xb6db6db6;
        o.diverged = __shfl_sync(mask, v, 1);
        o.active_in_branch = __activemask() & ~mask;
    }
    __syncwarp();
    out[blockIdx.x * blockDim.x + threadIdx.x] = o;
}

int main() {
    const int n = 64 * 32;
    Array<int> in(n);
    Array<Lane> out(n);
    for (int i = 0; i < n; ++i)
        in[i] = (int)next_random() >> (next_random() % 32);
    for (int i = 0; i < 32; ++i) // one warp of equal values
        in[i] = 5;
    in.upload();
    run<<<n / 128, 128>>>(in.device(), out.device());
    wait_for_kernel();
    out.download();
    for (int w = 0; w < n; w += 32) {
        const int* v = &in[w];
        int sum = 0, min = v[0], max = v[0];
        unsigned umax = 0, all_and = ~0u, all_or = 0, all_xor = 0, ballot = 0;
        bool all = true, any = false, same = true;
        for (int l = 0; l < 32; ++l) {
            sum = (int)((unsigned)sum + (unsigned)v[l]);
            min = v[l] < min ? v[l] : min, max = v[l] > max ? v[l] : max;
            umax = (unsigned)v[l] > umax ? (unsigned)v[l] : umax;
            all_and &= (unsigned)v[l], all_or |= (unsigned)v[l], all_xor ^= (unsigned)v[l];
            ballot |= (unsigned)(v[l] & 1) << l;
            all &= v[l] >= 0, any |= v[l] == 3, same &= v[l] == v[0];
        }
        for (int l = 0; l < 32; ++l) {
            const Lane& o = out[w + l];
            const int base = l & ~7;
            expect_equal("idx", o.idx, v[(l * 7 + 3) % 32], w, l);
            expect_equal("up", o.up, v[l < 3 ? l : l - 3], w, l);
            expect_equal("down", o.down, v[l + 5 > 31 ? l : l + 5], w, l);
            expect_equal("xor", o.bfly, v[l ^ 21], w, l);
            expect_equal("idx width 8", o.idx8, v[base + l * 3 % 8], w, l);
            expect_equal("up width 8", o.up8, v[l - base < 2 ? l : l - 2], w, l);
            expect_equal("down width 8", o.down8, v[l - base + 3 > 7 ? l : l + 3], w, l);
            expect_equal("xor width 8", o.bfly8, v[l ^ 5], w, l);
            expect_equal("idx 64", o.idx64, (long long)v[31 - l] * (1 << 20) + (31 - l), w, l);
            expect_equal("down double", o.down_d, v[l == 31 ? l : l + 1] * 0.5, w, l);
            expect_equal("xor float", o.bfly_f, v[l ^ 1] * 0.25f, w, l);
            unsigned equal8 = 0, equal4 = 0;
            for (int k = 0; k < 32; ++k) {
                equal8 |= (unsigned)((v[k] & 7) == (v[l] & 7)) << k;
                equal4 |= (unsigned)((v[k] & 3) == (v[l] & 3)) << k;
            }
            expect_equal("match_any", o.match_any, equal8, w, l);
            expect_equal("match_any 64", o.match_any64, equal4, w, l);
            expect_equal("match_all", o.match_all, same ? ~0u : 0u, w, l);
            expect_equal("match_all predicate", o.predicate != 0, same, w, l);
            expect_equal("match_all same", o.match_all_same, ~0u, w, l);
            expect_equal("match_all same predicate", o.predicate_same != 0, true, w, l);
            expect_equal("all", o.all != 0, all, w, l);
            expect_equal("any", o.any != 0, any, w, l);
            expect_equal("ballot", o.ballot, ballot, w, l);
            expect_equal("reduce add", o.sum, sum, w, l);
            expect_equal("reduce min", o.min, min, w, l);
            expect_equal("reduce max", o.max, max, w, l);
            expect_equal("reduce unsigned max", o.umax, umax, w, l);
            expect_equal("reduce and", o.and_, all_and, w, l);
            expect_equal("reduce or", o.or_, all_or, w, l);
            expect_equal("reduce xor", o.xor_, all_xor, w, l);
            expect_equal("shuffle in a branch", o.diverged, v[l % 3 == 0 ? 30 : 1], w, l);
            expect_equal("others active in a branch", o.active_in_branch, 0u, w, l);
        }
    }
    return finish();
}
