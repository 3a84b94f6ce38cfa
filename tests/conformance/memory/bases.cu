// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A kernel is launched in turns with bases in memory of different kinds and sizes, also in the
// middle of it, so that indices are negative, and with memory that is freed and allocated between.
#include "../common/check.h"

#include <algorithm>

constexpr int kRows = 200, kCells = 3000;

template <class T, class Index>
__global__ void rows(const int* starts, const Index* columns, const T* x, T* y) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    if (t >= kRows) return;
    T sum = 0;
    for (int i = starts[t]; i < starts[t + 1]; ++i)
        sum += x[columns[i]];
    y[t] = sum;
}

template <class T, class Index>
__global__ void each(const Index* columns, const T* x, T* y) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    for (int i = 0; i < 3; ++i)
        y[t * 3 + i] = x[columns[t * 3 + i]];
}

struct alignas(8) Pair {
    float a, b;
};
__global__ void pairs(const int* starts, const int* columns, const Pair* x, float* y) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    if (t >= kRows) return;
    float sum = 0;
    for (int i = starts[t]; i < starts[t + 1]; ++i)
        sum += x[columns[i]].b - x[columns[i] + 1].a;
    y[t] = sum;
}

struct Lists {
    std::vector<int> starts{0}, columns;
    Lists() {
        for (int t = 0; t < kRows; ++t) {
            for (int i = 0; i < t * 7 % 11; ++i)
                columns.push_back((t * 131 + i * 977) % kCells);
            starts.push_back(static_cast<int>(columns.size()));
        }
    }
};

/// x: kCells elements with values i, somewhere; the base is `middle` behind their begin.
template <class T, class Index>
static void check(const Lists& lists, const T* x, int middle) {
    std::vector<Index> columns;
    for (int c : lists.columns)
        columns.push_back(static_cast<Index>(c - middle));
    const int threads = static_cast<int>(columns.size()) / 3;
    Buffer<int> starts(lists.starts);
    Buffer<Index> where(columns);
    Buffer<T> y(kRows, T(-1)), z(columns.size(), T(-1));
    rows<<<4, 64>>>(starts.device(), where.device(), x + middle, y.device());
    each<<<threads / 32, 32>>>(where.device(), x + middle, z.device());
    SYNC();
    y.download();
    z.download();
    for (int t = 0; t < kRows; ++t) {
        T sum = 0;
        for (int i = lists.starts[t]; i < lists.starts[t + 1]; ++i)
            sum += static_cast<T>(lists.columns[i]);
        EXPECT(y[t] == sum, "row %d, base at %d", t, middle);
    }
    for (int i = 0; i < threads / 32 * 32 * 3; ++i)
        EXPECT(z[i] == static_cast<T>(lists.columns[i]), "element %d, base at %d", i, middle);
}

static void check_pairs(const Lists& lists, const Pair* x) {
    Buffer<int> starts(lists.starts), columns(lists.columns);
    Buffer<float> y(kRows, -1);
    pairs<<<2, 128>>>(starts.device(), columns.device(), x, y.device());
    SYNC();
    y.download();
    for (int t = 0; t < kRows; ++t) {
        const int n = lists.starts[t + 1] - lists.starts[t];
        EXPECT(y[t] == static_cast<float>(-n), "pairs, row %d: %g", t, y[t]);
    }
}

template <class T>
static void check_type(const Lists& lists) {
    std::vector<T> values(kCells);
    for (int i = 0; i < kCells; ++i)
        values[i] = static_cast<T>(i);
    const size_t bytes = kCells * sizeof(T);
    T *device = nullptr, *host = nullptr, *large = nullptr;
    CHECK(cudaMallocHost((void**)&host, bytes));
    CHECK(cudaMalloc((void**)&large, 64 * bytes));
    std::copy(values.begin(), values.end(), host);
    CHECK(cudaMemcpy(large + 1, host, bytes, cudaMemcpyDefault));
    for (int round = 0; round < 3; ++round) {
        CHECK(cudaMalloc((void**)&device, bytes));
        CHECK(cudaMemcpy(device, host, bytes, cudaMemcpyDefault));
        check<T, int>(lists, device, 0);
        check<T, int>(lists, host, 1500);
        check<T, unsigned>(lists, host, 0);
        check<T, int>(lists, large + 1, kCells);
        check<T, unsigned>(lists, device, 0);
        check<T, int>(lists, large + 1, 1);
        CHECK(cudaFree(device));
    }
    CHECK(cudaFree(large));
    CHECK(cudaFreeHost(host));
}

int main() {
    const Lists lists;
    check_type<int>(lists);
    check_type<float>(lists);
    check_type<double>(lists);
    check_type<short>(lists);
    std::vector<Pair> x(kCells + 1);
    for (int i = 0; i <= kCells; ++i)
        x[i] = {static_cast<float>(i), static_cast<float>(i)};
    Buffer<Pair> there(x);
    check_pairs(lists, there.device());
    return finish();
}
