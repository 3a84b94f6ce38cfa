// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Programs of the time before independent threads: the threads of a warp add up what they have in
// shared memory, through a volatile pointer and without a barrier, as straight code. Before that
// each goes round as often as data says, over what lies anywhere.
#include "../common/check.h"

#include <vector>

__global__ void rows(const int* starts, const int* columns, const int* values, int* sums) {
    __shared__ int part[32];
    const int t = threadIdx.x, row = blockIdx.x * 32 + t;
    int sum = 0;
    for (int i = starts[row]; i < starts[row + 1]; ++i)
        sum += values[columns[i]];
    volatile int* shared = part;
    shared[t] = sum;
    if (t < 16) {
        shared[t] += shared[t + 16];
        shared[t] += shared[t + 8];
        shared[t] += shared[t + 4];
        shared[t] += shared[t + 2];
        shared[t] += shared[t + 1];
    }
    if (t == 0) sums[blockIdx.x] = shared[0];
}

int main() {
    constexpr int kBlocks = 40, kRows = kBlocks * 32, kValues = 1000;
    std::vector<int> starts{0}, columns, values(kValues), wanted(kBlocks), sums(kBlocks);
    for (int i = 0; i < kValues; ++i)
        values[i] = i * 31 % 977;
    for (int row = 0; row < kRows; ++row) {
        for (int i = 0; i < row * 7 % 23; ++i) {
            columns.push_back((row * 131 + i * 17) % kValues);
            wanted[row / 32] += values[columns.back()];
        }
        starts.push_back(static_cast<int>(columns.size()));
    }
    int *d_starts, *d_columns, *d_values, *d_sums;
    CHECK(cudaMalloc(&d_starts, starts.size() * sizeof(int)));
    CHECK(cudaMalloc(&d_columns, columns.size() * sizeof(int)));
    CHECK(cudaMalloc(&d_values, values.size() * sizeof(int)));
    CHECK(cudaMalloc(&d_sums, sums.size() * sizeof(int)));
    const auto to = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy(d_starts, starts.data(), starts.size() * sizeof(int), to));
    CHECK(cudaMemcpy(d_columns, columns.data(), columns.size() * sizeof(int), to));
    CHECK(cudaMemcpy(d_values, values.data(), values.size() * sizeof(int), to));
    for (int round = 0; round < 2; ++round) {
        rows<<<kBlocks, 32>>>(d_starts, d_columns, d_values, d_sums);
        CHECK(cudaMemcpy(sums.data(), d_sums, sums.size() * sizeof(int), cudaMemcpyDeviceToHost));
        for (int i = 0; i < kBlocks; ++i)
            EXPECT(sums[i] == wanted[i], "block %d: %d, not %d", i, sums[i], wanted[i]);
    }
    for (int* p : {d_starts, d_columns, d_values, d_sums})
        CHECK(cudaFree(p));
    return finish();
}
