// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CUB's block-wide and warp-wide algorithms against serial code, for blocks of one, several and
// broken warps.
#include "../common/check.h"

#include <cub/cub.cuh>

#include <algorithm>
#include <numeric>

namespace {

constexpr int kItems = 3;

struct Longest {
    __host__ __device__ int operator()(int a, int b) const { return a > b ? a : b; }
};

/// 0: sum by the first algorithm, 1: by the second, 2: by the third, 3: maximum of the first
/// `valid` threads.
template <int Threads>
__global__ void reduce(const int* in, int* out, int valid) {
    using Warps = cub::BlockReduce<int, Threads, cub::BLOCK_REDUCE_WARP_REDUCTIONS>;
    using Raking = cub::BlockReduce<int, Threads, cub::BLOCK_REDUCE_RAKING>;
    using Commutative = cub::BlockReduce<int, Threads, cub::BLOCK_REDUCE_RAKING_COMMUTATIVE_ONLY>;
    __shared__ union {
        typename Warps::TempStorage warps;
        typename Raking::TempStorage raking;
        typename Commutative::TempStorage commutative;
    } memory;
    int items[kItems];
    cub::LoadDirectBlocked(threadIdx.x, in, items);
    int results[4];
    results[0] = Warps(memory.warps).Sum(items);
    __syncthreads();
    results[1] = Raking(memory.raking).Sum(items);
    __syncthreads();
    results[2] = Commutative(memory.commutative).Sum(items);
    __syncthreads();
    results[3] = Warps(memory.warps).Reduce(items[0], Longest(), valid);
    if (threadIdx.x == 0)
        for (int i = 0; i < 4; ++i)
            out[i] = results[i];
}

template <int Threads, cub::BlockScanAlgorithm Algorithm>
__global__ void scan(const int* in, int* inclusive, int* exclusive, int* total) {
    using Load = cub::BlockLoad<int, Threads, kItems, cub::BLOCK_LOAD_WARP_TRANSPOSE>;
    using Store = cub::BlockStore<int, Threads, kItems, cub::BLOCK_STORE_TRANSPOSE>;
    using Scan = cub::BlockScan<int, Threads, Algorithm>;
    __shared__ union {
        typename Load::TempStorage load;
        typename Store::TempStorage store;
        typename Scan::TempStorage scan;
    } memory;
    int items[kItems], results[kItems], sum;
    Load(memory.load).Load(in, items);
    __syncthreads();
    Scan(memory.scan).InclusiveScan(items, results, Longest());
    __syncthreads();
    Store(memory.store).Store(inclusive, results);
    __syncthreads();
    Scan(memory.scan).ExclusiveSum(items, results, sum);
    __syncthreads();
    Store(memory.store).Store(exclusive, results);
    if (threadIdx.x == Threads - 1) *total = sum;
}

template <int Threads>
__global__ void sort(const int* in, int* keys_out, short* values_out, double* descending) {
    using Pairs = cub::BlockRadixSort<int, Threads, kItems, short>;
    using Doubles = cub::BlockRadixSort<double, Threads, kItems>;
    __shared__ union {
        typename Pairs::TempStorage pairs;
        typename Doubles::TempStorage doubles;
    } memory;
    int keys[kItems];
    short values[kItems];
    double reals[kItems];
    cub::LoadDirectBlocked(threadIdx.x, in, keys);
    for (int i = 0; i < kItems; ++i) {
        values[i] = short(threadIdx.x * kItems + i);
        reals[i] = keys[i] * 0.25;
    }
    Pairs(memory.pairs).Sort(keys, values);
    __syncthreads();
    Doubles(memory.doubles).SortDescendingBlockedToStriped(reals);
    cub::StoreDirectBlocked(threadIdx.x, keys_out, keys);
    cub::StoreDirectBlocked(threadIdx.x, values_out, values);
    cub::StoreDirectStriped<Threads>(threadIdx.x, descending, reals);
}

template <int Threads>
__global__ void others(const int* in, int* histogram, int* merged, int* heads) {
    using Histogram = cub::BlockHistogram<unsigned char, Threads, kItems, 16>;
    using Sort = cub::BlockMergeSort<int, Threads, kItems>;
    using Heads = cub::BlockDiscontinuity<int, Threads>;
    __shared__ union {
        typename Histogram::TempStorage histogram;
        typename Sort::TempStorage sort;
        typename Heads::TempStorage heads;
    } memory;
    int items[kItems], flags[kItems];
    unsigned char bins[kItems];
    cub::LoadDirectBlocked(threadIdx.x, in, items);
    for (int i = 0; i < kItems; ++i)
        bins[i] = (unsigned char)(items[i] & 15);
    Histogram(memory.histogram).Histogram(bins, histogram);
    __syncthreads();
    Sort(memory.sort).Sort(items, [](int a, int b) { return a < b; });
    __syncthreads();
    cub::StoreDirectBlocked(threadIdx.x, merged, items);
    Heads(memory.heads).FlagHeads(flags, items, cub::Inequality());
    cub::StoreDirectBlocked(threadIdx.x, heads, flags);
}

/// Logical warps of `Width` threads.
template <int Width>
__global__ void warps(const int* in, int* sums, int* prefixes, int* maxima, float* reals) {
    constexpr int kWarps = 128 / Width;
    using Reduce = cub::WarpReduce<int, Width>;
    using Scan = cub::WarpScan<int, Width>;
    using RealScan = cub::WarpScan<float, Width>;
    __shared__ union {
        typename Reduce::TempStorage reduce[kWarps];
        typename Scan::TempStorage scan[kWarps];
        typename RealScan::TempStorage reals[kWarps];
    } memory;
    const int warp = threadIdx.x / Width, value = in[threadIdx.x];
    const int sum = Reduce(memory.reduce[warp]).Sum(value);
    if (threadIdx.x % Width == 0) sums[warp] = sum;
    __syncthreads();
    Scan(memory.scan[warp]).ExclusiveSum(value, prefixes[threadIdx.x]);
    __syncthreads();
    Scan(memory.scan[warp]).InclusiveScan(value, maxima[threadIdx.x], Longest());
    __syncthreads();
    RealScan(memory.reals[warp]).InclusiveSum(value * 0.5f, reals[threadIdx.x]);
}

std::vector<int> numbers(int count) {
    std::vector<int> values(count);
    unsigned state = unsigned(count) * 2654435761u + 1;
    for (int& value : values) {
        state = state * 1664525u + 1013904223u;
        value = int(state >> 8) % 300 - 100;
    }
    return values;
}

template <int Threads, cub::BlockScanAlgorithm Algorithm>
void check_scan(const std::vector<int>& in) {
    const int n = int(in.size());
    Buffer<int> d(in), inclusive(n), exclusive(n), total(1);
    scan<Threads, Algorithm>
        <<<1, Threads>>>(d.device(), inclusive.device(), exclusive.device(), total.device());
    SYNC();
    inclusive.download();
    exclusive.download();
    int sum = 0, longest = in[0];
    bool right = true;
    for (int i = 0; i < n; ++i) {
        longest = std::max(longest, in[i]);
        right = right && inclusive[i] == longest && exclusive[i] == sum;
        sum += in[i];
    }
    EXPECT(right && total.download()[0] == sum, "scan %d of %d threads", int(Algorithm), Threads);
}

template <int Threads>
void check_block() {
    const int n = Threads * kItems, valid = Threads / 2 + 1;
    const std::vector<int> in = numbers(n);
    Buffer<int> d(in), results(4);
    reduce<Threads><<<1, Threads>>>(d.device(), results.device(), valid);
    SYNC();
    results.download();
    int longest = in[0];
    for (int i = 0; i < valid; ++i)
        longest = std::max(longest, in[i * kItems]);
    for (int i = 0; i < 3; ++i)
        EXPECT(results[i] == std::accumulate(in.begin(), in.end(), 0), "%d", Threads);
    EXPECT(results[3] == longest, "%d", Threads);

    check_scan<Threads, cub::BLOCK_SCAN_RAKING>(in);
    check_scan<Threads, cub::BLOCK_SCAN_RAKING_MEMOIZE>(in);
    check_scan<Threads, cub::BLOCK_SCAN_WARP_SCANS>(in);

    Buffer<int> keys(n), histogram(16), merged(n), heads(n);
    Buffer<short> values(n);
    Buffer<double> descending(n);
    sort<Threads><<<1, Threads>>>(d.device(), keys.device(), values.device(), descending.device());
    others<Threads>
        <<<1, Threads>>>(d.device(), histogram.device(), merged.device(), heads.device());
    SYNC();
    std::vector<short> order(n);
    std::iota(order.begin(), order.end(), short(0));
    std::stable_sort(order.begin(), order.end(), [&](short a, short b) { return in[a] < in[b]; });
    EXPECT(values.download() == order, "%d", Threads);
    std::vector<int> sorted = in, bins(16);
    std::sort(sorted.begin(), sorted.end());
    EXPECT(keys.download() == sorted, "%d", Threads);
    EXPECT(merged.download() == sorted, "%d", Threads);
    heads.download();
    descending.download();
    bool right = true;
    for (int i = 0; i < n; ++i) {
        right = right && descending[i] == sorted[n - 1 - i] * 0.25;
        right = right && heads[i] == (i == 0 || sorted[i] != sorted[i - 1]);
        ++bins[in[i] & 15];
    }
    EXPECT(right, "%d", Threads);
    EXPECT(histogram.download() == bins, "%d", Threads);
}

template <int Width>
void check_warps() {
    const std::vector<int> in = numbers(128);
    Buffer<int> d(in), sums(128 / Width), prefixes(128), maxima(128);
    Buffer<float> reals(128);
    warps<Width>
        <<<1, 128>>>(d.device(), sums.device(), prefixes.device(), maxima.device(), reals.device());
    SYNC();
    sums.download();
    prefixes.download();
    maxima.download();
    reals.download();
    for (int warp = 0; warp < 128 / Width; ++warp) {
        int sum = 0, longest = in[warp * Width];
        bool right = true;
        for (int i = warp * Width; i < (warp + 1) * Width; ++i) {
            longest = std::max(longest, in[i]);
            right = right && prefixes[i] == sum && maxima[i] == longest;
            sum += in[i];
            right = right && reals[i] == sum * 0.5f;
        }
        EXPECT(right && sums[warp] == sum, "warp %d of width %d", warp, Width);
    }
}

} // namespace

int main() {
    check_block<32>();
    check_block<128>();
    check_block<256>();
    check_warps<32>();
    check_warps<16>();
    check_warps<4>();
    return finish();
}
