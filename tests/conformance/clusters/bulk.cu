// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bulk copies in every direction: global to shared memory of one block or of several, shared to
// shared of another block, shared to global, and reductions on the way.
// Options: -arch=sm_90
#include "check.h"

#include <cuda_fp16.h>

enum { kThreads = 32, kBlocks = 8, kCluster = 4, kWords = 256 };

__device__ unsigned shared_address(const void* p) {
    return (unsigned)__cvta_generic_to_shared(p);
}
__device__ unsigned map(unsigned address, unsigned rank) {
    unsigned mapped;
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(mapped) : "r"(address), "r"(rank));
    return mapped;
}
__device__ void cluster_sync() {
    asm volatile("barrier.cluster.arrive;\n\tbarrier.cluster.wait;" ::: "memory");
}
__device__ void expect(unsigned barrier, unsigned bytes) {
    asm volatile(
        "{\n\t.reg .b64 s;\n\tmbarrier.arrive.expect_tx.shared::cta.b64 s, [%0], %1;\n\t}" ::"r"(
            barrier),
        "r"(bytes)
        : "memory");
}
__device__ void wait_for(unsigned barrier, unsigned phase) {
    unsigned done = 0;
    while (!done)
        asm volatile(
            "{\n\t.reg .pred p;\n\tmbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\n\t"
            "selp.u32 %0, 1, 0, p;\n\t}"
            : "=r"(done)
            : "r"(barrier), "r"(phase)
            : "memory");
}

struct Out {
    int loaded[kWords], spread[kWords], sent[kWords], added[kWords];
};
/// In global memory, each by one block of each cluster.
struct Sums {
    unsigned u32[kWords], most[kWords], bits[kWords], wrapped[kWords];
    float f32[kWords];
    double f64[kWords];
    unsigned long long u64[kWords];
    __half f16[kWords];
};

#define REDUCE(WHAT, TO, FROM, BYTES)                                                              \
    asm volatile("cp.reduce.async.bulk.global.shared::cta.bulk_group." WHAT                        \
                 " [%0], [%1], %2;" ::"l"(TO),                                                     \
                 "r"(shared_address(FROM)), "r"((unsigned)(BYTES))                                 \
                 : "memory")

__device__ void reduce(Sums* sums, const int* ints, const double* doubles, const float* floats,
                       const unsigned long long* longs, const __half* halves) {
    REDUCE("add.u32", sums->u32, ints, 4 * kWords);
    REDUCE("max.s32", sums->most, ints, 4 * kWords);
    REDUCE("xor.b32", sums->bits, ints, 4 * kWords);
    REDUCE("inc.u32", sums->wrapped, ints, 4 * kWords);
    REDUCE("add.f32", sums->f32, floats, 4 * kWords);
    REDUCE("add.f64", sums->f64, doubles, 8 * kWords);
    REDUCE("add.u64", sums->u64, longs, 8 * kWords);
    REDUCE("add.noftz.f16", sums->f16, halves, 2 * kWords);
    asm volatile("cp.async.bulk.commit_group;" ::: "memory");
    asm volatile("cp.async.bulk.wait_group 0;" ::: "memory");
}

__global__ void __cluster_dims__(kCluster, 1, 1) run(const int* in, Out* out, Sums* sums) {
    __shared__ alignas(16) int loaded[kWords], spread[kWords], sent[kWords], added[kWords];
    __shared__ alignas(16) double doubles[kWords];
    __shared__ alignas(16) float floats[kWords];
    __shared__ alignas(16) unsigned long long longs[kWords];
    __shared__ alignas(16) __half halves[kWords];
    __shared__ alignas(8) unsigned long long bars[2];
    const int t = threadIdx.x, b = blockIdx.x, rank = b % kCluster;
    const unsigned bar = shared_address(bars), bar2 = shared_address(bars + 1);
    for (int i = t; i < kWords; i += kThreads) {
        added[i] = 5 * i + rank;
        doubles[i] = i * 0.5 + b, floats[i] = i * 0.25f + b,
        longs[i] = ((unsigned long long)i << 33) + b;
        halves[i] = __float2half((float)(i % 16) * 0.5f);
    }
    if (t == 0) {
        asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(bar) : "memory");
        asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(bar2) : "memory");
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
        expect(bar, 2 * 4 * kWords);
        expect(bar2, 2 * 4 * kWords);
    }
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    cluster_sync();
    if (t == 0) {
        asm volatile("cp.async.bulk.prefetch.L2.global [%0], %1;" ::"l"(in), "r"(64));
        asm volatile(
            "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, "
            "[%3];" ::"r"(shared_address(loaded)),
            "l"(in + b * kWords), "r"(4 * kWords), "r"(bar)
            : "memory");
        // A quarter of what each block gets comes from each block.
        asm volatile(
            "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster "
            "[%0], [%1], %2, [%3], %4;" ::"r"(shared_address(spread + rank * 64)),
            "l"(in + b * kWords), "r"(256), "r"(bar), "h"((unsigned short)0xf)
            : "memory");
    }
    wait_for(bar, 0);
    cluster_sync();
    if (t == 0) {
        const unsigned next = (rank + 1) % kCluster;
        asm volatile("cp.async.bulk.shared::cluster.shared::cta.mbarrier::complete_tx::bytes [%0], "
                     "[%1], %2, "
                     "[%3];" ::"r"(map(shared_address(sent), next)),
                     "r"(shared_address(loaded)), "r"(4 * kWords), "r"(map(bar2, next))
                     : "memory");
        asm volatile(
            "cp.reduce.async.bulk.shared::cluster.shared::cta.mbarrier::complete_tx::bytes.add.s32 "
            "[%0], [%1], %2, [%3];" ::"r"(map(shared_address(added), next)),
            "r"(shared_address(loaded)), "r"(4 * kWords), "r"(map(bar2, next))
            : "memory");
    }
    wait_for(bar2, 0);
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    __syncthreads();
    if (t == 0) {
        const int* from[] = {loaded, spread, sent, added};
        int* to[] = {out[b].loaded, out[b].spread, out[b].sent, out[b].added};
        for (int i = 0; i < 4; ++i) {
            asm volatile("cp.async.bulk.global.shared::cta.bulk_group [%0], [%1], %2;" ::"l"(to[i]),
                         "r"(shared_address(from[i])), "r"(4 * kWords)
                         : "memory");
            asm volatile("cp.async.bulk.commit_group;" ::: "memory");
        }
        asm volatile("cp.async.bulk.wait_group.read 2;" ::: "memory");
        asm volatile("cp.async.bulk.wait_group 0;" ::: "memory");
        if (rank == 2) reduce(sums, loaded, doubles, floats, longs, halves);
    }
    cluster_sync();
}

static void check_sums(const Sums& s, const Sums& before, const int* in) {
    for (int i = 0; i < kWords; ++i) {
        const int x = in[2 * kWords + i], y = in[6 * kWords + i];
        const int old = (int)before.most[i];
        int most = x > y ? x : y;
        most = old > most ? old : most;
        unsigned wrapped = before.wrapped[i];
        wrapped = wrapped >= (unsigned)x ? 0 : wrapped + 1;
        wrapped = wrapped >= (unsigned)y ? 0 : wrapped + 1;
        unsigned other = before.wrapped[i];
        other = other >= (unsigned)y ? 0 : other + 1;
        other = other >= (unsigned)x ? 0 : other + 1;
        expect_equal("add.u32", s.u32[i], before.u32[i] + x + y, i);
        expect_equal("max.s32", s.most[i], (unsigned)most, i);
        expect_equal("xor.b32", s.bits[i], before.bits[i] ^ x ^ y, i);
        expect_equal("inc.u32", s.wrapped[i] == wrapped || s.wrapped[i] == other, true, i);
        expect_equal("add.f32", s.f32[i], before.f32[i] + 2 * i * 0.25f + 8, i);
        expect_equal("add.f64", s.f64[i], before.f64[i] + i + 8, i);
        expect_equal("add.u64", s.u64[i], before.u64[i] + ((unsigned long long)i << 34) + 8, i);
        expect_equal("add.f16", __half2float(s.f16[i]), (float)(i % 16), i);
    }
}

int main() {
    Array<int> in(kBlocks * kWords);
    Array<Out> out(kBlocks);
    Array<Sums> sums(1);
    for (int i = 0; i < kBlocks * kWords; ++i)
        in[i] = (int)(next_random() % 100000);
    for (int i = 0; i < kWords; ++i) {
        sums[0].u32[i] = 3 * i, sums[0].most[i] = 200 * i, sums[0].bits[i] = 0x1234567u * i;
        sums[0].wrapped[i] = i * 350, sums[0].f32[i] = i, sums[0].f64[i] = 2.0 * i,
        sums[0].u64[i] = i;
    }
    Sums before = sums[0];
    in.upload();
    sums.upload();
    run<<<kBlocks, kThreads>>>(in.device(), out.device(), sums.device());
    wait_for_kernel();
    out.download();
    sums.download();
    for (int b = 0; b < kBlocks; ++b) {
        const int first = b / kCluster * kCluster, rank = b % kCluster;
        const int left = first + (rank + kCluster - 1) % kCluster;
        for (int i = 0; i < kWords; ++i) {
            expect_equal("loaded", out[b].loaded[i], in[b * kWords + i], b, i);
            expect_equal("spread", out[b].spread[i], in[(first + i / 64) * kWords + i % 64], b, i);
            expect_equal("sent", out[b].sent[i], in[left * kWords + i], b, i);
            expect_equal("added", out[b].added[i], 5 * i + rank + in[left * kWords + i], b, i);
        }
    }
    check_sums(sums[0], before, &in[0]);
    return finish();
}
