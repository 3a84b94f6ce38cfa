// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Instructions of clusters in PTX: addresses, loads, stores and atomics in .shared::cluster, those
// that report to another block's mbarrier, and what only tells the machine how to run.
// Options: -arch=sm_90
#include "check.h"

enum { kThreads = 64, kBlocks = 8, kCluster = 4, kResults = 40 };

__device__ unsigned shared_address(const void* p) {
    return (unsigned)__cvta_generic_to_shared(p);
}
__device__ unsigned map(unsigned address, unsigned rank) {
    unsigned mapped;
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(mapped) : "r"(address), "r"(rank));
    return mapped;
}
__device__ void cluster_sync() {
    asm volatile("barrier.cluster.arrive.release.aligned;\n\t"
                 "barrier.cluster.wait.acquire.aligned;" ::
                     : "memory");
}
__device__ void wait_for(unsigned barrier, unsigned phase) {
    unsigned done = 0;
    while (!done)
        asm volatile("{\n\t.reg .pred p;\n\t"
                     "mbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 p, [%1], %2;\n\t"
                     "selp.u32 %0, 1, 0, p;\n\t}"
                     : "=r"(done)
                     : "r"(barrier), "r"(phase)
                     : "memory");
}
#define READ(NAME, TO) asm("mov.u32 %0, %%" NAME ";" : "=r"(TO))

__device__ void registers(unsigned* r) {
    READ("cluster_ctarank", r[0]);
    READ("cluster_nctarank", r[1]);
    READ("cluster_ctaid.x", r[2]);
    READ("cluster_nctaid.x", r[3]);
    READ("clusterid.x", r[4]);
    READ("nclusterid.x", r[5]);
    READ("cluster_nctaid.y", r[6]);
    READ("clusterid.z", r[7]);
    asm("{\n\t.reg .pred p;\n\tmov.pred p, %%is_explicit_cluster;\n\tselp.u32 %0, 1, 0, p;\n\t}"
        : "=r"(r[8]));
}

__device__ void addresses(unsigned* r, const int* mine, unsigned rank) {
    unsigned long long generic, mapped;
    asm("mapa.u64 %0, %1, %2;" : "=l"(mapped) : "l"(mine), "r"(rank ^ 1));
    generic = (unsigned long long)__cvta_shared_to_generic(map(shared_address(mine), rank ^ 1));
    r[0] = generic == mapped;
    asm("getctarank.u64 %0, %1;" : "=r"(r[1]) : "l"(mapped));
    asm("getctarank.shared::cluster.u32 %0, %1;" : "=r"(r[2]) : "r"(shared_address(mine)));
    asm("{\n\t.reg .pred p, q, s;\n\tisspacep.shared::cta p, %2;\n\tisspacep.shared::cluster q, "
        "%2;\n\t"
        "isspacep.shared s, %3;\n\tselp.u32 %0, 1, 0, p;\n\tselp.u32 %1, 1, 0, q;\n\t"
        "@s add.u32 %1, %1, 2;\n\t}"
        : "=r"(r[3]), "=r"(r[4])
        : "l"(mapped), "l"(mine));
    r[5] = *(const int*)mapped;
}

/// Each thread with the neighbour's words; `mine` are 4 words a thread.
__device__ void accesses(unsigned* r, int* mine, unsigned rank, int t) {
    const unsigned next = (rank + 1) % kCluster, at = map(shared_address(mine + 4 * t), next);
    int a, b;
    asm volatile("ld.shared::cluster.u32 %0, [%1 + 4];" : "=r"(a) : "r"(at) : "memory");
    r[0] = a;
    asm volatile("ld.relaxed.cluster.shared::cluster.v2.u32 {%0, %1}, [%2];"
                 : "=r"(a), "=r"(b)
                 : "r"(at)
                 : "memory");
    r[1] = a + b;
    cluster_sync();
    asm volatile("st.shared::cluster.u32 [%0], %1;" ::"r"(at), "r"(t * 3) : "memory");
    asm volatile("atom.shared::cluster.add.u32 %0, [%1], %2;"
                 : "=r"(a)
                 : "r"(at + 4), "r"(5)
                 : "memory");
    r[2] = a;
    asm volatile("red.relaxed.cluster.shared::cluster.max.s32 [%0], %1;" ::"r"(at + 8), "r"(777)
                 : "memory");
    asm volatile("atom.acq_rel.cluster.shared::cluster.cas.b32 %0, [%1], %2, %3;"
                 : "=r"(a)
                 : "r"(at + 12), "r"(4 * t + 3), "r"(99)
                 : "memory");
    r[3] = a;
    cluster_sync();
    for (int i = 0; i < 4; ++i)
        r[4 + i] = mine[4 * t + i];
}

/// Stores and reductions that the neighbour's mbarrier counts: 28 bytes of each thread.
__device__ void asynchronous(unsigned* r, int* mine, unsigned long long* barrier, unsigned rank,
                             int t) {
    const unsigned next = (rank + 1) % kCluster, at = map(shared_address(mine + 8 * t), next);
    const unsigned here = shared_address(barrier), there = map(here, next);
    for (int i = 0; i < 8; ++i)
        mine[8 * t + i] = 0;
    if (t == 0) {
        asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(here), "r"(2) : "memory");
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    }
    cluster_sync();
    if (t == 0)
        asm volatile(
            "{\n\t.reg .b64 state;\n\t"
            "mbarrier.arrive.expect_tx.release.cluster.shared::cta.b64 state, [%0], %1;\n\t}" ::"r"(
                here),
            "r"(28 * kThreads)
            : "memory");
    asm volatile(
        "st.async.shared::cluster.mbarrier::complete_tx::bytes.u32 [%0], %1, [%2];" ::"r"(at),
        "r"(t), "r"(there)
        : "memory");
    asm volatile("st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v4.s32 [%0], "
                 "{%1, %2, %3, %4}, [%5];" ::"r"(at + 16),
                 "r"(t + 1), "r"(t + 2), "r"(t + 3), "r"(t + 4), "r"(there)
                 : "memory");
    asm volatile(
        "red.async.relaxed.cluster.shared::cluster.mbarrier::complete_tx::bytes.add.u32 [%0], "
        "%1, [%2];" ::"r"(at + 4),
        "r"(t + 70), "r"(there)
        : "memory");
    asm volatile(
        "red.async.relaxed.cluster.shared::cluster.mbarrier::complete_tx::bytes.or.b32 [%0], "
        "%1, [%2];" ::"r"(at + 8),
        "r"(1 << t % 32), "r"(there)
        : "memory");
    if (t == 1)
        asm volatile("mbarrier.arrive.release.cluster.shared::cluster.b64 _, [%0];" ::"r"(there)
                     : "memory");
    wait_for(here, 0);
    r[0] = mine[8 * t], r[1] = mine[8 * t + 1], r[2] = mine[8 * t + 2];
    r[3] = mine[8 * t + 4] + 100 * mine[8 * t + 5], r[4] = mine[8 * t + 6] + 100 * mine[8 * t + 7];
}

__device__ void hints(unsigned* r, int* data) {
    unsigned elected;
    unsigned long long policy;
    asm volatile("griddepcontrol.wait;" ::: "memory");
    asm volatile("{\n\t.reg .pred p;\n\telect.sync _|p, 0xffffffff;\n\tselp.u32 %0, 1, 0, p;\n\t}"
                 : "=r"(elected));
    r[0] = __popc(__ballot_sync(~0u, elected));
    asm("createpolicy.fractional.L2::evict_last.L2::evict_unchanged.b64 %0, 0.5;" : "=l"(policy));
    asm volatile("ld.global.L2::cache_hint.u32 %0, [%1], %2;"
                 : "=r"(r[1])
                 : "l"(data), "l"(policy));
    asm("createpolicy.range.global.L2::evict_first.b64 %0, [%1], 64, 128;"
        : "=l"(policy)
        : "l"(data));
    asm volatile("st.global.L2::cache_hint.u32 [%0], %1, %2;" ::"l"(data), "r"(r[1]), "l"(policy)
                 : "memory");
    asm volatile("fence.proxy.async;" ::: "memory");
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    asm volatile("fence.acq_rel.cluster;" ::: "memory");
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
}

__global__ void __cluster_dims__(kCluster, 1, 1) run(unsigned* out, int* data) {
    __shared__ alignas(16) int mine[8 * kThreads];
    __shared__ alignas(8) unsigned long long barrier;
    const int t = threadIdx.x;
    unsigned r[kResults] = {};
    registers(r);
    for (int i = 0; i < 4; ++i)
        mine[4 * t + i] = 4 * t + i + (i < 3 ? 1000 * blockIdx.x : 0);
    cluster_sync();
    addresses(r + 10, mine, r[0]);
    cluster_sync();
    accesses(r + 16, mine, r[0], t);
    cluster_sync();
    asynchronous(r + 24, mine, &barrier, r[0], t);
    hints(r + 30, data);
    for (int i = 0; i < kResults; ++i)
        out[(blockIdx.x * kThreads + t) * kResults + i] = r[i];
    cluster_sync();
}

static void check(const unsigned* r, int b, int t) {
    const unsigned rank = b % kCluster, next = b / kCluster * kCluster + (rank + 1) % kCluster;
    const unsigned registers[] = {
        rank, kCluster, rank, kCluster, (unsigned)b / kCluster, kBlocks / kCluster, 1, 0, 1};
    for (int i = 0; i < 9; ++i)
        expect_equal("register", r[i], registers[i], i, b);
    const unsigned addresses[] = {1, rank ^ 1, rank, 0, 3, 1000u * (b ^ 1)};
    for (int i = 0; i < 6; ++i)
        expect_equal("address", r[10 + i], addresses[i], i, b);
    const unsigned first = 4 * t + 1000 * next;
    expect_equal("ld", r[16], first + 1, t, b);
    expect_equal("ld.v2", r[17], 2 * first + 1, t, b);
    expect_equal("atom.add", r[18], first + 1, t, b);
    expect_equal("atom.cas", r[19], 4u * t + 3, t, b);
    const unsigned own = 4 * t + 1000 * b;
    const unsigned stored[] = {3u * t, own + 6, own + 2 > 777 ? own + 2 : 777, 99};
    for (int i = 0; i < 4; ++i)
        expect_equal("written by the neighbour", r[20 + i], stored[i], i, t);
    const unsigned async[] = {(unsigned)t, (unsigned)t + 70, 1u << t % 32, t + 1u + 100 * (t + 2),
                              t + 3u + 100 * (t + 4)};
    for (int i = 0; i < 5; ++i)
        expect_equal("asynchronous", r[24 + i], async[i], i, t);
    expect_equal("elected", r[30], 1u, t, b);
    expect_equal("through a policy", r[31], 4711u, t, b);
}

int main() {
    Array<unsigned> out(kResults * kThreads * kBlocks);
    Array<int> data(64);
    data[0] = 4711;
    data.upload();
    run<<<kBlocks, kThreads>>>(out.device(), data.device());
    wait_for_kernel();
    out.download();
    for (int b = 0; b < kBlocks; ++b)
        for (int t = 0; t < kThreads; ++t)
            check(&out[(b * kThreads + t) * kResults], b, t);
    return finish();
}
