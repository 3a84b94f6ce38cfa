// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cooperative groups: results that go into memory and atomics, one thread that acts for a group,
// tiles of several warps, groups of any kind behind thread_group.
#include "check.h"

#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
#include <cuda/atomic>

namespace cg = cooperative_groups;

struct Big {
    double a;
    int b, c;
};
struct Out {
    int one, odd_one, broadcast, odd_broadcast, wide_broadcast;
    double big;
    int wide_shfl, wide_any, wide_none, wide_all, wide_scan, wide_exclusive, wide_max;
    int any_size, any_rank, wide_size, wide_rank, grid_size, grid_rank, alone_size, alone_rank;
    int inclusive, exclusive, odd_inclusive, odd_exclusive, wide_update;
    dim3 grid_threads, grid_thread;
};
struct Totals {
    int stored, referred, plain, wide_plain, added, least, most, any_bits, odd_or, custom, scanned,
        scanned_exclusive, scanned_odd, scanned_wide;
    float added_float;
    int copied[64];
};
enum { kThreads = 128, kWide = 64 };

struct Max3 {
    __device__ int operator()(int a, int b) const { return a > b ? a : b; }
};

__device__ int groups_by_kind(const cg::thread_group& g, int* rank) {
    *rank = (int)g.thread_rank();
    g.sync();
    return (int)g.size();
}

__global__ void run(const int* in, Out* out, Totals* totals) {
    typedef cuda::atomic<int, cuda::thread_scope_block> Atomic;
    typedef cuda::atomic_ref<int, cuda::thread_scope_block> Ref;
    __shared__ Atomic stored, added, least, most, bits, scanned, scanned_exclusive, scanned_wide;
    __shared__ cuda::atomic<float, cuda::thread_scope_block> added_float;
    __shared__ int referred, custom, odd_or, scanned_odd;
    __shared__ int copy[64];
    cg::thread_block block = cg::this_thread_block();
    const int t = (int)block.thread_rank(), v = in[t];
    if (t == 0) {
        stored = 0, added = 1000, least = 500, most = 500, bits = 0, added_float = 0.5f;
        scanned = 100, scanned_exclusive = 200, scanned_wide = 300;
        referred = 0, custom = -5, odd_or = 1 << 20, scanned_odd = 7;
    }
    block.sync();
    auto warp = cg::tiled_partition<32>(block);
    auto wide = cg::tiled_partition<kWide>(block);
    Out o = {};
    o.one = o.odd_one = 0;
    cg::invoke_one(warp, [&](int x) { o.one = x; }, 7);
    o.broadcast = cg::invoke_one_broadcast(warp,
                                           [&] { return v * 2 + (int)warp.thread_rank() * 0; });
    o.big = cg::invoke_one_broadcast(warp, [&] {
                Big b = {v * 0.5, 1, 2};
                return b;
            }).a;
    o.wide_broadcast = wide.shfl(v, 0);
    o.wide_shfl = wide.shfl(v, kWide - 3);
    o.wide_any = wide.any(t == 70);
    o.wide_none = wide.any(0);
    o.wide_all = wide.all(t < 100);
    o.wide_scan = cg::inclusive_scan(wide, v);
    o.wide_exclusive = cg::exclusive_scan(wide, v, cg::plus<int>());
    o.wide_max = cg::reduce(wide, v, cg::greater<int>());
    o.any_size = groups_by_kind(block, &o.any_rank);
    o.wide_size = wide.size();
    o.wide_rank = wide.thread_rank();
    o.grid_size = groups_by_kind(cg::this_grid(), &o.grid_rank);
    o.alone_size = cg::this_thread().size();
    o.alone_rank = cg::this_thread().thread_rank();
    o.grid_threads = cg::this_grid().dim_threads();
    o.grid_thread = cg::this_grid().thread_index();

    if (t < 32) cg::reduce_store_async(warp, stored, v, cg::plus<int>());
    if (t >= 32 && t < 64) cg::reduce_store_async(warp, Ref(referred), v, cg::plus<int>());
    if (t >= 64 && t < 96) cg::reduce_store_async(warp, &totals->plain, v, cg::plus<int>());
    cg::reduce_store_async(wide, &totals->wide_plain + t / kWide * 0, 11, cg::greater<int>());
    cg::reduce_update_async(warp, added, v, cg::plus<int>());
    cg::reduce_update_async(wide, least, v, cg::less<int>());
    cg::reduce_update_async(warp, most, v, cg::greater<int>());
    cg::reduce_update_async(warp, bits, v, cg::bit_or<int>());
    cg::reduce_update_async(warp, added_float, 0.25f, cg::plus<float>());
    cg::reduce_update_async(warp, Ref(custom), v, Max3());
    if (v & 1) {
        cg::coalesced_group odd = cg::coalesced_threads();
        cg::invoke_one(odd, [&] { o.odd_one = 9; });
        o.odd_broadcast = cg::invoke_one_broadcast(odd, [&] { return t; });
        cg::reduce_update_async(odd, Ref(odd_or), 1 << (v % 8), cg::bit_or<int>());
        if (t < 32) {
            o.odd_inclusive = cg::inclusive_scan_update(odd, Ref(scanned_odd), v);
            o.odd_exclusive = cg::exclusive_scan(odd, v);
        }
    }
    warp.sync();
    if (t < 32) {
        o.inclusive = cg::inclusive_scan_update(warp, scanned, v, cg::plus<int>());
        o.exclusive = cg::exclusive_scan_update(warp, scanned_exclusive, v);
    }
    if (t < kWide) o.wide_update = cg::inclusive_scan_update(wide, scanned_wide, v);
    cg::memcpy_async(block, copy, in, sizeof copy);
    cg::memcpy_async(block, copy + 32, 32, in, 8);
    cg::wait_prior<0>(block);
    if (t < 64) totals->copied[t] = copy[t];
    auto token = block.barrier_arrive();
    block.barrier_wait(cuda::std::move(token));
    out[t] = o;
    if (t != 0) return;
    totals->stored = stored, totals->referred = referred, totals->added = added;
    totals->least = least, totals->most = most, totals->any_bits = bits, totals->odd_or = odd_or;
    totals->custom = custom, totals->scanned = scanned, totals->scanned_odd = scanned_odd;
    totals->scanned_exclusive = scanned_exclusive, totals->added_float = added_float;
    totals->scanned_wide = scanned_wide;
}

#if __CUDACC_VER_MAJOR__ < 13
__global__ void many_grids(int* out) {
    auto all = cg::this_multi_grid();
    atomicAdd(out, 1);
    all.sync();
    if (all.thread_rank() == 0) {
        out[1] = *out;
        out[2] = all.is_valid(), out[3] = all.num_grids(), out[4] = all.grid_rank();
        out[5] = (int)all.size();
    }
}
static void check_many_grids() {
    Array<int> out(6);
    out.upload();
    int* p = out.device();
    void* arguments[] = {&p};
    cudaLaunchCooperativeKernel((const void*)many_grids, dim3(3), dim3(64), arguments, 0, 0);
    wait_for_kernel();
    out.download();
    const int want[] = {192, 192, 1, 1, 0, 192};
    for (int i = 0; i < 6; ++i)
        expect_equal("multi grid", out[i], want[i], i);
}
#endif

static int before(const int* v, int first, int t) {
    int sum = 0;
    for (int i = first; i < t; ++i)
        sum += v[i];
    return sum;
}

static void check_thread(const Out& o, const int* v, int t) {
    const int warp = t / 32 * 32, wide = t / kWide * kWide;
    expect_equal("invoke_one", o.one, t == warp ? 7 : 0, t);
    expect_equal("invoke_one_broadcast", o.broadcast, v[warp] * 2, t);
    expect_equal("of a structure", (int)(o.big * 2), v[warp], t);
    expect_equal("wide shfl 0", o.wide_broadcast, v[wide], t);
    expect_equal("wide shfl", o.wide_shfl, v[wide + kWide - 3], t);
    expect_equal("wide any", o.wide_any != 0, t >= 64, t);
    expect_equal("wide none", o.wide_none, 0, t);
    expect_equal("wide all", o.wide_all != 0, t < 64, t);
    expect_equal("wide scan", o.wide_scan, before(v, wide, t + 1), t);
    expect_equal("wide exclusive", o.wide_exclusive, before(v, wide, t), t);
    int most = v[wide];
    for (int i = wide; i < wide + kWide; ++i)
        most = v[i] > most ? v[i] : most;
    expect_equal("wide reduce", o.wide_max, most, t);
    expect_equal("block's size", o.any_size, (int)kThreads, t);
    expect_equal("block's rank", o.any_rank, t, t);
    expect_equal("wide's size", o.wide_size, (int)kWide, t);
    expect_equal("wide's rank", o.wide_rank, t - wide, t);
    expect_equal("grid's size", o.grid_size, (int)kThreads, t);
    expect_equal("grid's rank", o.grid_rank, t, t);
    expect_equal("this_thread", o.alone_size * 2 + o.alone_rank, 2, t);
    expect_equal("dim_threads", (int)(o.grid_threads.x * 100 + o.grid_threads.y * 10), 3240, t);
    expect_equal("thread_index", (int)(o.grid_thread.y * 32 + o.grid_thread.x), t, t);
    if (t < 32) {
        expect_equal("inclusive update", o.inclusive, 100 + before(v, 0, t + 1), t);
        expect_equal("exclusive update", o.exclusive, 200 + before(v, 0, t), t);
    }
    if (t < kWide) expect_equal("wide update", o.wide_update, 300 + before(v, 0, t + 1), t);
    if (!(v[t] & 1)) return;
    int first = warp, sum = 0;
    while (!(v[first] & 1))
        ++first;
    for (int i = first; i < t; ++i)
        sum += v[i] & 1 ? v[i] : 0;
    expect_equal("odd invoke_one", o.odd_one, t == first ? 9 : 0, t);
    expect_equal("odd broadcast", o.odd_broadcast, first, t);
    if (t >= 32) return;
    expect_equal("odd update", o.odd_inclusive, 7 + sum + v[t], t);
    expect_equal("odd exclusive", o.odd_exclusive, sum, t);
}

static void check_totals(const Totals& s, const int* v) {
    int sum[4] = {}, least = 500, most = 500, bits = 0, odd = 1 << 20, custom = -5, odd_sum = 7;
    for (int i = 0; i < kThreads; ++i) {
        sum[i / 32] += v[i];
        least = v[i] < least ? v[i] : least;
        most = v[i] > most ? v[i] : most;
        custom = v[i] > custom ? v[i] : custom;
        bits |= v[i];
        if (v[i] & 1) odd |= 1 << v[i] % 8;
        if (i < 32 && (v[i] & 1)) odd_sum += v[i];
    }
    const int all = sum[0] + sum[1] + sum[2] + sum[3];
    expect_equal("store to an atomic", s.stored, sum[0]);
    expect_equal("store through a reference", s.referred, sum[1]);
    expect_equal("store to memory", s.plain, sum[2]);
    expect_equal("store of a wide tile", s.wide_plain, 11);
    expect_equal("update by plus", s.added, 1000 + all);
    expect_equal("update by less", s.least, least);
    expect_equal("update by greater", s.most, most);
    expect_equal("update by bit_or", s.any_bits, bits);
    expect_equal("update of a part", s.odd_or, odd);
    expect_equal("update by a function", s.custom, custom);
    expect_equal("update of a float", (int)(s.added_float * 4), 2 + kThreads);
    expect_equal("scanned", s.scanned, 100 + sum[0]);
    expect_equal("scanned exclusively", s.scanned_exclusive, 200 + sum[0]);
    expect_equal("scanned by a part", s.scanned_odd, odd_sum);
    expect_equal("scanned by a wide tile", s.scanned_wide, 300 + sum[0] + sum[1]);
    for (int i = 0; i < 64; ++i)
        expect_equal("copied", s.copied[i], i < 32 || i >= 40 ? v[i] : v[i - 32], i);
}

int main() {
    Array<int> in(kThreads);
    Array<Out> out(kThreads);
    Array<Totals> totals(1);
    for (int i = 0; i < kThreads; ++i)
        in[i] = (int)(next_random() % 1000);
    in.upload();
    int* numbers = in.device();
    Out* threads = out.device();
    Totals* sums = totals.device();
    void* arguments[] = {&numbers, &threads, &sums};
    CUDA_CHECK(
        cudaLaunchCooperativeKernel((const void*)run, dim3(1), dim3(32, 4), arguments, 0, 0));
    wait_for_kernel();
    out.download();
    totals.download();
    for (int t = 0; t < kThreads; ++t)
        check_thread(out[t], &in[0], t);
    check_totals(totals[0], &in[0]);
#if __CUDACC_VER_MAJOR__ < 13
    check_many_grids();
#endif
    return finish();
}
