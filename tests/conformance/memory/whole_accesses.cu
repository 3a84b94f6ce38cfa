// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An aligned access of 8 or 16 bytes is one access: a reader in another block sees the words of one
// store, never of two. By one thread, by scattered lanes, and as one row of a warp. (16 bytes are
// what CUB's decoupled look-back relies on.)
#include "../common/check.h"

constexpr int kRounds = 20000;

template <class T>
struct Whole;
template <>
struct Whole<uint4> {
    static __device__ uint4 make(unsigned i) { return make_uint4(i, i, i, i); }
    static __device__ bool torn(uint4 v) { return v.x != v.y || v.x != v.z || v.x != v.w; }
    static __device__ uint4 load(const uint4* p) { return __ldcg(p); }
    static __device__ void store(uint4* p, uint4 v) { __stcg(p, v); }
};
template <>
struct Whole<uint2> {
    static __device__ uint2 make(unsigned i) { return make_uint2(i, i); }
    static __device__ bool torn(uint2 v) { return v.x != v.y; }
    static __device__ uint2 load(const uint2* p) { return __ldcg(p); }
    static __device__ void store(uint2* p, uint2 v) { __stcg(p, v); }
};

/// Block 0 stores, the others load until it is done. Thread t uses element t * stride.
template <class T>
__global__ void race(T* cells, int stride, volatile int* done, unsigned* torn) {
    T* cell = cells + threadIdx.x * stride;
    if (blockIdx.x == 0) {
        for (unsigned i = 1; i <= kRounds; ++i)
            Whole<T>::store(cell, Whole<T>::make(i));
        __syncthreads();
        *done = 1;
        return;
    }
    while (*done == 0)
        for (int i = 0; i < 100; ++i)
            if (Whole<T>::torn(Whole<T>::load(cell))) atomicAdd(torn, 1);
}

template <class T>
static void check(const char* what, int threads, int stride) {
    Buffer<T> cells(32 * 8, T());
    Buffer<int> done(1, 0);
    Buffer<unsigned> torn(1, 0);
    race<T><<<4, threads>>>(cells.device(), stride, done.device(), torn.device());
    SYNC();
    EXPECT(torn.download()[0] == 0, "%s, %d threads, stride %d: %u", what, threads, stride,
           torn[0]);
}

int main() {
    const int shapes[][2] = {{1, 1}, {32, 1}, {32, 3}, {7, 1}, {7, 5}};
    for (const auto& shape : shapes) {
        check<uint2>("8 bytes", shape[0], shape[1]);
        check<uint4>("16 bytes", shape[0], shape[1]);
    }
    return finish();
}
