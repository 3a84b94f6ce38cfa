// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls through pointers to functions and virtual functions, many times: the same for all threads,
// for those of a warp, or different for each thread; of functions that have not been called before,
// that call others through pointers, or that call themselves so.
#include <cmath>
#include <vector>

#include "../common/check.h"

constexpr int kThreads = 64 * 6 + 20, kTurns = 12, kKinds = 5;

typedef unsigned (*Step)(unsigned x, int depth);

__host__ __device__ inline unsigned rotated(unsigned x) {
    return x << 7 | x >> 25;
}
__host__ __device__ inline unsigned of_kind(int kind, unsigned x) {
    switch (kind) {
    case 0: return x * 3 + 1;
    case 1: return rotated(x) ^ 0x5bd1e995u;
    case 2: {
        unsigned sum = 0;
        for (unsigned i = 0; i < x % 9; ++i)
            sum = sum * 31 + i;
        return sum + x;
    }
    case 3: return x & 1 ? x / 3 : x + 0x9e3779b9u;
    default: return ~x;
    }
}

__device__ unsigned triple(unsigned x, int) {
    return of_kind(0, x);
}
__device__ unsigned rotate(unsigned x, int) {
    return of_kind(1, x);
}
__device__ unsigned repeat(unsigned x, int) {
    return of_kind(2, x);
}
__device__ unsigned divide(unsigned x, int) {
    return of_kind(3, x);
}
__device__ unsigned deeper(unsigned x, int depth);
__device__ Step steps[6] = {triple, rotate, repeat, divide, deeper, nullptr};
/// Calls itself, and then another one.
__device__ unsigned deeper(unsigned x, int depth) {
    if (depth > 0) return steps[4](x + 1, depth - 1) ^ steps[depth % 4](x, 0);
    return of_kind(4, x);
}

unsigned host_step(int kind, unsigned x, int depth) {
    if (kind != 4) return of_kind(kind, x);
    if (depth > 0) return host_step(4, x + 1, depth - 1) ^ host_step(depth % 4, x, 0);
    return of_kind(4, x);
}

/// Which function a thread calls on a turn. spread: 0 the same for all, 1 for a warp, 2 any.
__host__ __device__ inline int kind_of(int thread, int turn, int spread, int kinds) {
    const int which = spread == 0 ? 0 : spread == 1 ? thread / 32 : thread;
    return (which * 7 + turn * 3) % kinds;
}

__global__ void by_pointer(unsigned* out, int spread, int kinds) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= kThreads) return;
    unsigned x = static_cast<unsigned>(i);
    for (int turn = 0; turn < kTurns; ++turn) {
        x = steps[kind_of(i, turn, spread, kinds)](x, turn % 3);
        if (x % 11 == 0) x += 5;
    }
    out[i] = x;
}

struct Node {
    __device__ virtual unsigned value(unsigned x) const = 0;
    __device__ virtual ~Node() {}
};
template <int Kind>
struct NodeOf : Node {
    unsigned more;
    __device__ explicit NodeOf(unsigned m) : more(m) {}
    __device__ unsigned value(unsigned x) const override { return of_kind(Kind, x) + more; }
};
__device__ alignas(16) unsigned char nodes[kKinds][sizeof(NodeOf<0>)];

template <int Kind>
__device__ void make() {
    new (nodes[Kind]) NodeOf<Kind>(Kind * 100);
}
__global__ void make_nodes() {
    make<0>();
    make<1>();
    make<2>();
    make<3>();
    make<4>();
}
/// With barriers between the calls, and what others have found.
__global__ void by_table(unsigned* out, int spread, int kinds) {
    __shared__ unsigned found[64];
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    found[threadIdx.x] = static_cast<unsigned>(i);
    for (int turn = 0; turn < kTurns; ++turn) {
        __syncthreads();
        const unsigned x = found[(threadIdx.x + 5) % 64];
        const Node* node = reinterpret_cast<const Node*>(nodes[kind_of(i, turn, spread, kinds)]);
        const unsigned y = node->value(x);
        __syncthreads();
        found[threadIdx.x] = y;
    }
    out[i] = found[threadIdx.x];
}

static void pointers(unsigned* out, int spread, int kinds) {
    by_pointer<<<(kThreads + 63) / 64, 64>>>(out, spread, kinds);
    CHECK(cudaDeviceSynchronize());
    for (int i = 0; i < kThreads; ++i) {
        unsigned x = static_cast<unsigned>(i);
        for (int turn = 0; turn < kTurns; ++turn) {
            x = host_step(kind_of(i, turn, spread, kinds), x, turn % 3);
            if (x % 11 == 0) x += 5;
        }
        EXPECT(out[i] == x);
    }
}

static void tables(unsigned* out, int spread, int kinds) {
    constexpr int kBlocks = 6;
    by_table<<<kBlocks, 64>>>(out, spread, kinds);
    CHECK(cudaDeviceSynchronize());
    for (int block = 0; block < kBlocks; ++block) {
        std::vector<unsigned> found(64), next(64);
        for (int t = 0; t < 64; ++t)
            found[t] = static_cast<unsigned>(block * 64 + t);
        for (int turn = 0; turn < kTurns; ++turn) {
            for (int t = 0; t < 64; ++t) {
                const int kind = kind_of(block * 64 + t, turn, spread, kinds);
                next[t] = of_kind(kind, found[(t + 5) % 64]) + static_cast<unsigned>(kind) * 100;
            }
            found.swap(next);
        }
        for (int t = 0; t < 64; ++t)
            EXPECT(out[block * 64 + t] == found[t]);
    }
}

int main() {
    unsigned* out = nullptr;
    CHECK(cudaMallocManaged(&out, 1024 * sizeof(unsigned)));
    make_nodes<<<1, 1>>>();
    CHECK(cudaDeviceSynchronize());
    // More and more functions are called, each time by launches that know those before.
    for (int kinds : {1, 2, kKinds})
        for (int spread = 0; spread < 3; ++spread)
            for (int again = 0; again < 2; ++again) {
                pointers(out, spread, kinds);
                tables(out, spread, kinds);
            }
    return finish();
}
