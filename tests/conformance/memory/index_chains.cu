// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Addresses that are loaded, and those of them that lead to the next: what stands around such an
// access happens once and in order, wherever the chain leads, also where it changes what it reads.
#include "../common/check.h"

#include <algorithm>

constexpr int kThreads = 96, kCells = 64;

/// A counter goes up before and behind a chain of three, each part of which may be in memory of
/// another kind.
__global__ void count(int** const* table, int* before, int* behind, int* out) {
    const int t = threadIdx.x;
    before[t] += 1;
    int* cell = *table[t];
    const int value = *cell;
    *cell = value + 1;
    behind[t] += value;
    out[t] = value + *cell;
}

/// The chain is only gone by some threads.
__global__ void count_some(int** const* table, const int* which, int* sums, int* out) {
    const int t = threadIdx.x;
    const int add = which[t] ? **table[t] : -1;
    sums[t] += add;
    out[t] = add;
}

/// Each load behind a store may read what it has written.
__global__ void overwrite(int* index, int* data) {
    if (threadIdx.x) return;
    for (int i = 0; i < kCells; ++i) {
        const int a = index[i];
        data[a] = i;
        const int b = index[data[i] & (kCells - 1)]; // perhaps what was written above
        index[b] = a;
        data[index[a]] = (data[index[a]] + b) & (kCells - 1); // perhaps another one now
    }
}

/// Rows that end where data says.
__global__ void rows(const int* starts, const int* columns, const int* x, int* y) {
    const int t = threadIdx.x;
    int sum = 0;
    for (int i = starts[t]; i < starts[t + 1]; ++i) {
        const int c = columns[i];
        if (x[c] > 0) {
            sum += x[c];
            y[c] = t;
        }
    }
    y[kCells + t] = sum;
}

static void check_overwrite() {
    std::vector<int> index(kCells), data(kCells);
    for (int i = 0; i < kCells; ++i) {
        index[i] = i * 29 % kCells;
        data[i] = i * 13 % kCells;
    }
    Buffer<int> indices(index), values(data);
    overwrite<<<1, 32>>>(indices.device(), values.device());
    SYNC();
    indices.download();
    values.download();
    for (int i = 0; i < kCells; ++i) {
        const int a = index[i];
        data[a] = i;
        const int b = index[data[i] & (kCells - 1)];
        index[b] = a;
        data[index[a]] = (data[index[a]] + b) & (kCells - 1);
    }
    for (int i = 0; i < kCells; ++i)
        EXPECT(indices[i] == index[i] && values[i] == data[i], "%d: %d %d, expected %d %d", i,
               indices[i], values[i], index[i], data[i]);
}

static void check_rows() {
    std::vector<int> starts(kThreads + 1), columns, x(kCells);
    for (int c = 0; c < kCells; ++c)
        x[c] = c % 3 ? c : -c;
    for (int t = 0; t < kThreads; ++t) {
        for (int i = 0; i < t * 7 % 11; ++i)
            columns.push_back((t * 5 + i * 17) % kCells);
        starts[t + 1] = static_cast<int>(columns.size());
    }
    Buffer<int> first(starts), which(columns), values(x), y(kCells + kThreads, -1);
    rows<<<1, kThreads>>>(first.device(), which.device(), values.device(), y.device());
    SYNC();
    y.download();
    for (int t = 0; t < kThreads; ++t) {
        int sum = 0;
        for (int i = starts[t]; i < starts[t + 1]; ++i)
            sum += std::max(x[columns[i]], 0);
        EXPECT(y[kCells + t] == sum, "row %d: %d, expected %d", t, y[kCells + t], sum);
    }
    for (int c = 0; c < kCells; ++c)
        EXPECT((y[c] >= 0) == (x[c] > 0), "column %d: %d", c, y[c]);
}

int main() {
    // What the chain goes through: the device's memory and the host's, in turns of different
    // lengths.
    int *cells[2], **second[2];
    const size_t bytes = kThreads * sizeof(int);
    CHECK(cudaMalloc((void**)&cells[0], bytes));
    CHECK(cudaMallocHost((void**)&cells[1], bytes));
    CHECK(cudaMalloc((void**)&second[0], kThreads * sizeof(int*)));
    CHECK(cudaMallocHost((void**)&second[1], kThreads * sizeof(int*)));
    std::vector<int> values(kThreads), some(kThreads);
    std::vector<int*> pointers(kThreads);
    std::vector<int**> table(kThreads);
    for (int t = 0; t < kThreads; ++t) {
        values[t] = t * 11;
        some[t] = t % 7 < 3 || t >= 64;
        pointers[t] = cells[t / 5 % 2] + t;
        table[t] = second[t / 3 % 2] + t;
    }
    for (int k = 0; k < 2; ++k) {
        CHECK(cudaMemcpy(cells[k], values.data(), bytes, cudaMemcpyDefault));
        CHECK(cudaMemcpy(second[k], pointers.data(), kThreads * sizeof(int*), cudaMemcpyDefault));
    }
    Buffer<int**> places(table);
    Buffer<int> which(some), before(kThreads, 0), behind(kThreads, 0), out(kThreads, 0),
        sums(kThreads, 0);
    constexpr int kRounds = 5;
    for (int round = 0; round < kRounds; ++round)
        count<<<1, kThreads>>>(places.device(), before.device(), behind.device(), out.device());
    SYNC();
    before.download();
    behind.download();
    out.download();
    for (int t = 0; t < kThreads; ++t) {
        const int sum = kRounds * values[t] + kRounds * (kRounds - 1) / 2;
        EXPECT(before[t] == kRounds && behind[t] == sum && out[t] == 2 * (values[t] + kRounds) - 1,
               "%d: %d, %d, %d", t, before[t], behind[t], out[t]);
    }
    count_some<<<1, kThreads>>>(places.device(), which.device(), sums.device(), out.device());
    SYNC();
    sums.download();
    out.download();
    for (int t = 0; t < kThreads; ++t) {
        const int add = some[t] ? values[t] + kRounds : -1;
        EXPECT(sums[t] == add && out[t] == add, "some, %d: %d, expected %d", t, sums[t], add);
    }
    check_overwrite();
    check_rows();
    return finish();
}
