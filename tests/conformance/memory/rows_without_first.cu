// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements that lie in a row, by indices that are read from memory, where the first threads have
// none: "none" is -1 or ~0u, the element in front of the row, which 32 bits put 4 GB behind it. The
// same of rows in shared memory whose first threads take no part.
#include "../common/check.h"

constexpr int kThreads = 256;

__global__ void from_shared(const int* index, int* out) {
    __shared__ int s[kThreads];
    const int t = threadIdx.x;
    s[t] = t * 3;
    __syncthreads();
    const int i = index[t];
    int x = -7;
    if (i >= 0) x = s[i];
    out[t] = x;
}

__global__ void to_shared(const int* index, int* out) {
    __shared__ int s[kThreads];
    const int t = threadIdx.x;
    s[t] = -7;
    __syncthreads();
    const int i = index[t];
    if (i >= 0) s[i] = t * 5;
    __syncthreads();
    out[t] = s[t];
}

__global__ void from_global(const unsigned* index, const int* in, int* out) {
    const unsigned i = index[threadIdx.x];
    int x = -7;
    if (i != ~0u) x = in[i];
    out[threadIdx.x] = x;
}

__global__ void to_global(const unsigned* index, int* out) {
    const unsigned i = index[threadIdx.x];
    if (i != ~0u) out[i] = static_cast<int>(threadIdx.x) * 5;
}

// The same, by a distance that is known at run time only.
__global__ void shifted(const int* distance, int* out) {
    __shared__ int s[kThreads];
    const int t = threadIdx.x, d = *distance;
    s[t] = t * 3;
    __syncthreads();
    int x = -7;
    if (t >= d) x = s[t - d];
    if (t >= d && (t - d) * 2 < kThreads) x += s[(t - d) * 2];
    __syncthreads();
    if (t >= d) s[t - d] = x;
    __syncthreads();
    out[t] = s[t];
}

static void check_shifted(int d) {
    Buffer<int> distance(1, d), out(kThreads, 0);
    shifted<<<1, kThreads>>>(distance.device(), out.device());
    SYNC();
    out.download();
    for (int t = 0; t < kThreads; ++t) {
        const int from = t + d;
        int x = t * 3;
        if (from < kThreads) x = t * 2 < kThreads ? t * 3 + t * 2 * 3 : t * 3;
        EXPECT(out[t] == x, "shifted by %d, %d: %d", d, t, out[t]);
    }
}

/// Thread t has index t % row - 1 of the row that it is in: each row begins with none.
static void check(int row) {
    std::vector<int> places(kThreads), values(kThreads);
    for (int t = 0; t < kThreads; ++t) {
        places[t] = t % row ? t - 1 : -1;
        values[t] = t * 3;
    }
    Buffer<int> index(places), in(values), out(kThreads, 0), scattered(kThreads, -7);
    const auto expect = [&](const char* what, Buffer<int>& got, auto&& wanted) {
        SYNC();
        got.download();
        for (int t = 0; t < kThreads; ++t)
            EXPECT(got[t] == wanted(t), "%s, rows of %d, %d: %d", what, row, t, got[t]);
    };
    const auto* unsigned_index = reinterpret_cast<const unsigned*>(index.device());
    const auto read = [&](int t) { return t % row ? (t - 1) * 3 : -7; };
    const auto written = [&](int t) {
        return t + 1 < kThreads && (t + 1) % row ? (t + 1) * 5 : -7;
    };
    from_shared<<<1, kThreads>>>(index.device(), out.device());
    expect("from shared memory", out, read);
    to_shared<<<1, kThreads>>>(index.device(), out.device());
    expect("to shared memory", out, written);
    from_global<<<1, kThreads>>>(unsigned_index, in.device(), out.device());
    expect("from global memory", out, read);
    to_global<<<1, kThreads>>>(unsigned_index, scattered.device());
    expect("to global memory", scattered, written);
}

int main() {
    for (int row : {32, 64, 128, 256})
        check(row);
    for (int d : {0, 1, 7, 33, 100})
        check_shifted(d);
    return finish();
}
