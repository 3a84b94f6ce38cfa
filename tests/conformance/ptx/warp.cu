// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Warp operations, barriers and fences of inline PTX against the host.
#include "ptx.h"

#include <functional>

__device__ __align__(128) u32 unused_line[32];

__global__ void warp(const u32* in, u32* out) {
    u32 lane = threadIdx.x, a = in[lane], r, p;
    auto put = [&](int row, u32 value) { out[row * 32 + lane] = value; };
    asm volatile("{.reg .pred q; shfl.sync.up.b32 %0|q, %2, 3, 0, -1; selp.u32 %1, 1, 0, q;}"
                 : "=r"(r), "=r"(p)
                 : "r"(a));
    put(0, r), put(1, p);
    asm volatile("shfl.sync.down.b32 %0, %1, %2, 0x1f, 0xffffffff;" : "=r"(r) : "r"(a), "r"(5));
    put(2, r);
    asm volatile("shfl.sync.bfly.b32 %0, %1, 16, 31, -1;" : "=r"(r) : "r"(a));
    put(3, r);
    asm volatile("shfl.sync.idx.b32 %0, %1, %2, 0x1c1f, -1;" : "=r"(r) : "r"(a), "r"(lane * 7));
    put(4, r);
    asm volatile("{.reg .pred q; setp.gt.u32 q, %1, 50; vote.sync.ballot.b32 %0, q, -1;}"
                 : "=r"(r)
                 : "r"(a));
    put(5, r);
    asm volatile("{.reg .pred q, s; setp.gt.u32 q, %1, 50; vote.sync.any.pred s, !q, -1; selp.u32 "
                 "%0, 1, 0, s;}"
                 : "=r"(r)
                 : "r"(a));
    put(6, r);
    asm volatile("{.reg .pred q, s; setp.eq.u32 q, %1, %1; vote.sync.all.pred s, q, -1; selp.u32 "
                 "%0, 1, 0, s;}"
                 : "=r"(r)
                 : "r"(a));
    put(7, r);
    asm volatile("redux.sync.add.u32 %0, %1, -1;" : "=r"(r) : "r"(a));
    put(8, r);
    asm volatile("redux.sync.min.s32 %0, %1, -1;" : "=r"(r) : "r"((s32)a - 60));
    put(9, r);
    asm volatile("redux.sync.max.u32 %0, %1, -1;" : "=r"(r) : "r"(a - 60));
    put(10, r);
    asm volatile("redux.sync.xor.b32 %0, %1, -1;" : "=r"(r) : "r"(a));
    put(11, r);
    asm volatile("match.any.sync.b32 %0, %1, -1;" : "=r"(r) : "r"(lane % 3));
    put(12, r);
    asm volatile("{.reg .pred q; match.all.sync.b64 %0|q, %2, -1; selp.u32 %1, 1, 0, q;}"
                 : "=r"(r), "=r"(p)
                 : "l"(7ull));
    put(13, r), put(14, p);
    asm volatile("{.reg .pred q; elect.sync _|q, -1; selp.u32 %0, 1, 0, q;}" : "=r"(r));
    put(15, r);
    asm volatile("activemask.b32 %0;" : "=r"(r));
    put(16, r);
    asm volatile("bar.warp.sync -1;");
    asm volatile("mov.u32 %0, %%lanemask_lt;" : "=r"(r));
    put(17, r);
    put(18, 0);
    asm volatile("{.reg .u32 t; mov.u32 t, WARP_SZ; mov.u32 %0, %%laneid; add.u32 %0, %0, t;}"
                 : "=r"(r));
    put(19, r);
}

__global__ void block(u32* out) {
    __shared__ u32 s[64];
    u32 t = threadIdx.x, r, q;
    s[t] = t;
    asm volatile("bar.sync 1, 64;" ::: "memory");
    out[t] = s[63 - t];
    asm volatile("barrier.cta.sync.aligned 0;" ::: "memory");
    asm volatile("{.reg .pred p; setp.lt.u32 p, %1, 10; bar.red.popc.u32 %0, 2, p;}"
                 : "=r"(r)
                 : "r"(t)
                 : "memory");
    out[64 + t] = r;
    asm volatile("{.reg .pred p, q; setp.lt.u32 p, %1, 10; barrier.cta.red.and.aligned.pred q, 3, "
                 "64, !p; selp.u32 %0, 1, 0, q;}"
                 : "=r"(q)
                 : "r"(t)
                 : "memory");
    out[128 + t] = q;
    // Half of the threads wait for the other half.
    if (t < 32) {
        s[t] = 100 + t;
        asm volatile("membar.cta; bar.arrive 4, 64;" ::: "memory");
    } else {
        asm volatile("barrier.sync 4, %0;" ::"r"(64) : "memory");
        out[192 + t - 32] = s[t - 32];
    }
    asm volatile(
        "fence.acq_rel.gpu; fence.sc.cta; fence.proxy.async.shared::cta; fence.release.sys;" ::
            : "memory");
    asm volatile("nanosleep.u32 20; prefetch.global.L1 [%0]; prefetchu.L1 [%0];" ::"l"(out));
    asm volatile("applypriority.global.L2::evict_normal [%0], 128; discard.L2 [%0], 128;" ::"l"(
        unused_line));
}

int main() {
    std::vector<u32> values(32);
    for (u32 i = 0; i < 32; ++i)
        values[i] = i * 29 % 97;
    Buffer<u32> in(values), out(20 * 32);
    warp<<<1, 32>>>(in.device(), out.device());
    SYNC();
    out.download();
    u32 ballot = 0, sum = 0, bits = 0, largest = 0;
    s32 least = 1000;
    for (u32 v : values) {
        sum += v, bits ^= v;
        least = std::min(least, (s32)v - 60);
        largest = std::max(largest, v - 60);
    }
    for (u32 i = 0; i < 32; ++i)
        ballot |= (u32)(values[i] > 50) << i;
    const std::function<u32(u32)> want[20] = {
        [&](u32 i) { return values[i >= 3 ? i - 3 : i]; },
        [&](u32 i) { return i >= 3; },
        [&](u32 i) { return values[i + 5 <= 31 ? i + 5 : i]; },
        [&](u32 i) { return values[i ^ 16]; },
        // segments of 4 lanes: mask 0x1c, clamp 0x1f
        [&](u32 i) { return values[(i & 0x1c) | (i * 7 & 3)]; },
        [&](u32) { return ballot; },
        [&](u32) { return ballot != ~0u; },
        [&](u32) { return 1; },
        [&](u32) { return sum; },
        [&](u32) { return (u32)least; },
        [&](u32) { return largest; },
        [&](u32) { return bits; },
        [&](u32 i) {
            u32 m = 0;
            for (u32 k = i % 3; k < 32; k += 3)
                m |= 1u << k;
            return m;
        },
        [&](u32) { return ~0u; },
        [&](u32) { return 1; },
        [&](u32 i) { return i == 0; },
        [&](u32) { return ~0u; },
        [&](u32 i) { return (1u << i) - 1; },
        [&](u32) { return 0; },
        [&](u32 i) { return i + 32; },
    };
    for (u32 row = 0; row < 20; ++row)
        for (u32 i = 0; i < 32; ++i)
            EXPECT(out[row * 32 + i] == want[row](i), "row %u lane %u: %x, expected %x", row, i,
                   out[row * 32 + i], want[row](i));

    Buffer<u32> results(256);
    block<<<1, 64>>>(results.device());
    SYNC();
    results.download();
    for (u32 i = 0; i < 64; ++i) {
        EXPECT(results[i] == 63 - i);
        EXPECT(results[64 + i] == 10 && results[128 + i] == 0, "%u %u", results[64 + i],
               results[128 + i]);
        if (i < 32) EXPECT(results[192 + i] == 100 + i, "%u", results[192 + i]);
    }
    return finish();
}
