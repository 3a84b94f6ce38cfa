// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Control flow that the translator has host code for: translated/host_code runs this program and
// wants that no warp is handed over to the interpreter (docs/translator.md).
#include <cassert>

#include "../common/check.h"

/// Threads of a warp go round for very different times, and nobody waits for another.
__global__ void long_loops(unsigned* out) {
    unsigned x = threadIdx.x * 2654435761u + 1, n = 0;
    while (n < threadIdx.x * 1000) {
        x = x * 1664525u + 1013904223u;
        n += (x >> 31) ? 1 : 2;
    }
    out[threadIdx.x] = x ^ n;
}
static unsigned long_loop(unsigned thread) {
    unsigned x = thread * 2654435761u + 1, n = 0;
    while (n < thread * 1000) {
        x = x * 1664525u + 1013904223u;
        n += (x >> 31) ? 1 : 2;
    }
    return x ^ n;
}

/// Functions that call themselves and each other, differently deep in each thread.
__host__ __device__ __noinline__ unsigned fibonacci(unsigned n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
__host__ __device__ __noinline__ unsigned hops(unsigned n, const unsigned* weights);
__host__ __device__ __noinline__ unsigned jumps(unsigned n, const unsigned* weights) {
    return n == 0 ? 1 : weights[n % 4] + hops(n - 1, weights) * 3;
}
__host__ __device__ __noinline__ unsigned hops(unsigned n, const unsigned* weights) {
    return n < 3 ? 7 : jumps(n - 3, weights) ^ jumps(n / 2, weights);
}
__global__ void recursion(const unsigned* weights, unsigned* out) {
    const unsigned t = threadIdx.x;
    const unsigned deep = t % 2 ? fibonacci(t % 11) : jumps(t, weights);
    out[t] = deep + fibonacci(5);
}

/// Each thread passes a value on to the next one of its block.
__global__ void passes_on(unsigned* out) {
    __shared__ unsigned values[64];
    values[threadIdx.x] = threadIdx.x * 3;
    __threadfence_block();
    __syncthreads();
    out[threadIdx.x] = values[(threadIdx.x + 1) % 64];
    __threadfence();
}

/// A loop that threads leave by ending only; in it they part, and meet again.
__host__ __device__ unsigned parted(unsigned x) {
    for (unsigned n = x % 7; n != 0; --n)
        x = x * 1664525u + n;
    return x;
}
__global__ void left_by_ending(unsigned* out, const unsigned* last) {
    const unsigned end = *last;
    unsigned x = threadIdx.x;
    for (unsigned i = 0;; ++i) {
        x = parted(x);
        x += __shfl_xor_sync(~0u, x, 1) / 2;
        __syncthreads();
        out[threadIdx.x] = x;
        if (i == end) asm volatile("exit;");
    }
}
static unsigned left_after(unsigned thread, unsigned end) {
    unsigned x[2] = {thread & ~1u, thread | 1};
    for (unsigned i = 0; i <= end; ++i) {
        for (unsigned& y : x)
            y = parted(y);
        const unsigned other = x[0];
        x[0] += x[1] / 2, x[1] += other / 2;
    }
    return x[thread % 2];
}

/// Whoever fails does not come back: for the others nothing changes.
__global__ void asserts(const unsigned* weights, unsigned* out) {
    unsigned x = weights[threadIdx.x % 4];
    for (unsigned i = 0; i < weights[1]; ++i) {
        assert(x != 0xffffffff);
        x = __shfl_xor_sync(~0u, x, 3) + threadIdx.x;
        __syncthreads();
        assert(x < 1000 * i + 1000 && "too much");
    }
    out[threadIdx.x] = x;
}
static unsigned asserted(const unsigned* weights, unsigned thread) {
    unsigned x[2] = {weights[thread % 4], weights[(thread ^ 3) % 4]};
    for (unsigned i = 0; i < weights[1]; ++i) {
        const unsigned first = x[0];
        x[0] = x[1] + thread, x[1] = first + (thread ^ 3);
    }
    return x[0];
}

template <class Check>
void run(void (*kernel)(unsigned*), unsigned* out, Check check) {
    kernel<<<1, 64>>>(out);
    CHECK(cudaDeviceSynchronize());
    for (unsigned i = 0; i < 64; ++i)
        EXPECT(out[i] == check(i), "thread %u", i);
}

int main() {
    unsigned *out, *weights;
    CHECK(cudaMallocManaged(&out, 64 * sizeof(unsigned)));
    CHECK(cudaMallocManaged(&weights, 4 * sizeof(unsigned)));
    for (unsigned i = 0; i < 4; ++i)
        weights[i] = i * 5 + 1;
    run(long_loops, out, long_loop);
    run(passes_on, out, [](unsigned t) { return (t + 1) % 64 * 3; });
    left_by_ending<<<1, 64>>>(out, weights + 1);
    CHECK(cudaDeviceSynchronize());
    for (unsigned t = 0; t < 64; ++t)
        EXPECT(out[t] == left_after(t, weights[1]), "thread %u", t);
    asserts<<<1, 64>>>(weights, out);
    CHECK(cudaDeviceSynchronize());
    for (unsigned t = 0; t < 64; ++t)
        EXPECT(out[t] == asserted(weights, t), "thread %u", t);
    recursion<<<1, 64>>>(weights, out);
    CHECK(cudaDeviceSynchronize());
    for (unsigned t = 0; t < 64; ++t)
        EXPECT(out[t] == (t % 2 ? fibonacci(t % 11) : jumps(t, weights)) + 5, "thread %u", t);
    return finish();
}
