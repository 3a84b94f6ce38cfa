// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CUB's device-wide algorithms against the C++ library's, on sizes around the tiles that CUB works
// in.
// Options: --extended-lambda
#include "../common/check.h"

#include <cub/cub.cuh>

#include <algorithm>
#include <map>
#include <numeric>

namespace {

template <class T>
std::vector<T> numbers(size_t count, unsigned seed, int range) {
    std::vector<T> values(count);
    unsigned state = seed * 2654435761u + 1;
    for (T& value : values) {
        state = state * 1664525u + 1013904223u;
        value = T(int(state >> 8) % range - range / 3);
    }
    return values;
}

/// Both calls of a CUB function: for the size of its memory, and with the memory.
template <class F>
void twice(F call) {
    size_t bytes = 0;
    CHECK(call(nullptr, bytes));
    void* memory = nullptr;
    CHECK(cudaMalloc(&memory, bytes));
    CHECK(call(memory, bytes));
    SYNC();
    CHECK(cudaFree(memory));
}

struct Longest {
    __host__ __device__ int operator()(int a, int b) const { return a > b ? a : b; }
};

struct IsOdd {
    __host__ __device__ bool operator()(int x) const { return x & 1; }
};

void reduce(const std::vector<int>& in) {
    const int n = int(in.size());
    Buffer<int> d(in), out(1);
    twice([&](void* m, size_t& b) {
        return cub::DeviceReduce::Sum(m, b, d.device(), out.device(), n);
    });
    EXPECT(out.download()[0] == std::accumulate(in.begin(), in.end(), 0));
    twice([&](void* m, size_t& b) {
        return cub::DeviceReduce::Reduce(m, b, d.device(), out.device(), n, Longest(), -1000000);
    });
    EXPECT(out.download()[0] == *std::max_element(in.begin(), in.end()));
    Buffer<cub::KeyValuePair<int, int>> place(1);
    twice([&](void* m, size_t& b) {
        return cub::DeviceReduce::ArgMin(m, b, d.device(), place.device(), n);
    });
    place.download();
    EXPECT(place[0].key == std::min_element(in.begin(), in.end()) - in.begin());
    EXPECT(place[0].value == *std::min_element(in.begin(), in.end()));

    // Segments of 0, 1, 2, … elements.
    std::vector<int> offsets, sums;
    for (int start = 0, length = 0; start + length <= n; start += length++) {
        offsets.push_back(start);
        sums.push_back(std::accumulate(in.begin() + start, in.begin() + start + length, 0));
    }
    const int segments = int(sums.size());
    offsets.push_back(offsets.back() + segments - 1);
    Buffer<int> begins(offsets), per_segment(segments);
    twice([&](void* m, size_t& b) {
        return cub::DeviceSegmentedReduce::Sum(m, b, d.device(), per_segment.device(), segments,
                                               begins.device(), begins.device() + 1);
    });
    EXPECT(per_segment.download() == sums);
}

void scan(const std::vector<int>& in) {
    const int n = int(in.size());
    Buffer<int> d(in), out(in.size());
    std::vector<int> expected(in.size());
    twice([&](void* m, size_t& b) {
        return cub::DeviceScan::InclusiveSum(m, b, d.device(), out.device(), n);
    });
    std::partial_sum(in.begin(), in.end(), expected.begin());
    EXPECT(out.download() == expected, "%d", n);
    twice([&](void* m, size_t& b) {
        return cub::DeviceScan::ExclusiveScan(m, b, d.device(), out.device(), Longest(), -7, n);
    });
    int longest = -7;
    for (int i = 0; i < n; ++i) {
        expected[i] = longest;
        longest = std::max(longest, in[i]);
    }
    EXPECT(out.download() == expected, "%d", n);
}

template <class K>
void radix_sort(size_t count) {
    const std::vector<K> in = numbers<K>(count, 17, 100000);
    const int n = int(count);
    std::vector<int> order(count);
    std::iota(order.begin(), order.end(), 0);
    Buffer<K> keys(in), sorted(count);
    Buffer<int> values(order), permuted(count);
    twice([&](void* m, size_t& b) {
        return cub::DeviceRadixSort::SortPairs(m, b, keys.device(), sorted.device(),
                                               values.device(), permuted.device(), n);
    });
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return in[a] < in[b]; });
    EXPECT(permuted.download() == order, "%d keys of %zu bytes", n, sizeof(K));
    twice([&](void* m, size_t& b) {
        return cub::DeviceRadixSort::SortKeysDescending(m, b, keys.device(), sorted.device(), n);
    });
    std::vector<K> expected = in;
    std::sort(expected.begin(), expected.end(), [](K a, K b) { return a > b; });
    EXPECT(sorted.download() == expected, "%d keys of %zu bytes", n, sizeof(K));
}

void segmented_sort(const std::vector<int>& in) {
    const int n = int(in.size());
    std::vector<int> offsets, expected = in;
    for (int at = 0, length = 1; at < n; at += length, length = length * 3 % 1021 + 1)
        offsets.push_back(at);
    const int segments = int(offsets.size());
    offsets.push_back(n);
    for (int s = 0; s < segments; ++s)
        std::sort(expected.begin() + offsets[s], expected.begin() + offsets[s + 1]);
    Buffer<int> d(in), out(in.size()), begins(offsets);
    twice([&](void* m, size_t& b) {
        return cub::DeviceSegmentedRadixSort::SortKeys(m, b, d.device(), out.device(), n, segments,
                                                       begins.device(), begins.device() + 1);
    });
    EXPECT(out.download() == expected, "%d", n);
    twice([&](void* m, size_t& b) {
        return cub::DeviceSegmentedSort::SortKeys(m, b, d.device(), out.device(), n, segments,
                                                  begins.device(), begins.device() + 1);
    });
    EXPECT(out.download() == expected, "%d", n);
}

void select(const std::vector<int>& in) {
    const int n = int(in.size());
    Buffer<int> d(in), out(in.size()), count(1);
    std::vector<int> expected;
    auto check = [&](const char* what) {
        count.download();
        out.download();
        EXPECT(size_t(count[0]) == expected.size(), "%s: %d of %d", what, count[0], n);
        bool same = true;
        for (size_t i = 0; i < expected.size(); ++i)
            same = same && out[i] == expected[i];
        EXPECT(same, "%s of %d", what, n);
    };
    twice([&](void* m, size_t& b) {
        return cub::DeviceSelect::If(m, b, d.device(), out.device(), count.device(), n, IsOdd());
    });
    std::copy_if(in.begin(), in.end(), std::back_inserter(expected), IsOdd());
    check("If");

    Buffer<char> flags(in.size());
    expected.clear();
    for (int i = 0; i < n; ++i)
        if ((flags[i] = i % 3 == 0)) expected.push_back(in[i]);
    flags.upload();
    twice([&](void* m, size_t& b) {
        return cub::DeviceSelect::Flagged(m, b, d.device(), flags.device(), out.device(),
                                          count.device(), n);
    });
    check("Flagged");

    std::vector<int> runs(in.size());
    for (int i = 0; i < n; ++i)
        runs[i] = in[i / 5];
    Buffer<int> repeated(runs), lengths(in.size());
    twice([&](void* m, size_t& b) {
        return cub::DeviceSelect::Unique(m, b, repeated.device(), out.device(), count.device(), n);
    });
    expected = runs;
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    check("Unique");
    twice([&](void* m, size_t& b) {
        return cub::DeviceRunLengthEncode::Encode(m, b, repeated.device(), out.device(),
                                                  lengths.device(), count.device(), n);
    });
    check("Encode");
    lengths.download();
    EXPECT(std::accumulate(&lengths[0], &lengths[0] + expected.size(), 0) == n);
}

void histogram(size_t count) {
    const int n = int(count), bins = 24;
    const std::vector<float> in = numbers<float>(count, 5, 4000);
    Buffer<float> d(in);
    Buffer<int> out(bins);
    const float low = -1000.0f, high = 2000.0f;
    twice([&](void* m, size_t& b) {
        return cub::DeviceHistogram::HistogramEven(m, b, d.device(), out.device(), bins + 1, low,
                                                   high, n);
    });
    std::vector<int> expected(bins);
    for (float x : in)
        if (x >= low && x < high) ++expected[int((x - low) / ((high - low) / bins))];
    EXPECT(out.download() == expected, "%d", n);
}

void iterators() {
    const int n = 3000;
    Buffer<long long> out(1);
    cub::CountingInputIterator<int> counting(0);
    auto square = [] __host__ __device__(int i) { return (long long)i * i; };
    cub::TransformInputIterator<long long, decltype(square), cub::CountingInputIterator<int>>
        squares(counting, square);
    twice(
        [&](void* m, size_t& b) { return cub::DeviceReduce::Sum(m, b, squares, out.device(), n); });
    EXPECT(out.download()[0] == (long long)(n - 1) * n * (2 * n - 1) / 6);
}

} // namespace

/// The same functions in a stream that captures, and the graph launched several times.
void captured(const std::vector<int>& in) {
    const int n = int(in.size());
    Buffer<int> d(in), sums(n), out(1);
    size_t sum_bytes = 0, scan_bytes = 0;
    CHECK(cub::DeviceReduce::Sum(nullptr, sum_bytes, d.device(), out.device(), n));
    CHECK(cub::DeviceScan::InclusiveSum(nullptr, scan_bytes, d.device(), sums.device(), n));
    Buffer<char> room(std::max(sum_bytes, scan_bytes));
    cudaStream_t stream;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    CHECK(cub::DeviceReduce::Sum(room.device(), sum_bytes, d.device(), out.device(), n, stream));
    CHECK(cub::DeviceScan::InclusiveSum(room.device(), scan_bytes, d.device(), sums.device(), n,
                                        stream));
    CHECK(cudaStreamEndCapture(stream, &graph));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    std::vector<int> expected(n);
    std::partial_sum(in.begin(), in.end(), expected.begin());
    for (int round = 0; round < 3; ++round) {
        CHECK(cudaMemset(sums.device(), 0, n * sizeof(int)));
        CHECK(cudaMemset(out.device(), 0, sizeof(int)));
        SYNC();
        CHECK(cudaGraphLaunch(exec, stream));
        CHECK(cudaStreamSynchronize(stream));
        EXPECT(out.download()[0] == expected[n - 1]);
        EXPECT(sums.download() == expected);
    }
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaStreamDestroy(stream));
}

int main() {
    for (size_t count : {1u, 100u, 2048u, 20011u}) {
        const std::vector<int> in = numbers<int>(count, unsigned(count), 10000);
        reduce(in);
        scan(in);
        segmented_sort(in);
        select(in);
        histogram(count);
        radix_sort<int>(count);
        radix_sort<unsigned char>(count);
        radix_sort<double>(count);
    }
    radix_sort<long long>(500);
    radix_sort<float>(70000); // beyond one block
    iterators();
    captured(numbers<int>(20011, 7, 10000));
    return finish();
}
