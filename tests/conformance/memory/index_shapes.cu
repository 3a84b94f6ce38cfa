// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Indices as programs compute them: rows of a block times a pitch known at run time (also
// negative), strides in part of a warp, unsigned numbers that wrap, bit fields of the thread's
// number, 32-bit sums that overflow on the way, elements of 1 to 16 bytes, tags in the low bits of
// addresses, atomics on one word and on many.
#include "../common/check.h"

#include <vector>

template <class T>
__global__ void rows(int pitch, int shift, const T* in, T* out) {
    const int x = threadIdx.x, y = threadIdx.y;
    out[(y * blockDim.x + x)] = in[y * pitch + x + shift];
}

struct Sixteen {
    int w[4];
    __host__ __device__ bool operator!=(const Sixteen& o) const {
        return w[0] != o.w[0] || w[1] != o.w[1] || w[2] != o.w[2] || w[3] != o.w[3];
    }
};
template <class T>
T make(int i) {
    return static_cast<T>(i * 37 + 5);
}
template <>
Sixteen make<Sixteen>(int i) {
    return {{i, i * 3, -i, i ^ 85}};
}

template <class T>
void test_rows() {
    constexpr int kSize = 40000;
    std::vector<T> in(kSize);
    for (int i = 0; i < kSize; ++i)
        in[i] = make<T>(i);
    T *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, kSize * sizeof(T)));
    CHECK(cudaMalloc(&d_out, 1024 * sizeof(T)));
    CHECK(cudaMemcpy(d_in, in.data(), kSize * sizeof(T), cudaMemcpyHostToDevice));
    const dim3 blocks[] = {{16, 16}, {8, 8}, {4, 8}, {32, 4}, {64, 2}, {2, 16}, {1, 32}, {12, 5}};
    for (const dim3 block : blocks)
        for (const int pitch : {16, 100, 0, 1, -100, 257, 1000}) {
            const int shift = pitch < 0 ? 20000 : 3;
            const unsigned count = block.x * block.y;
            rows<<<1, block>>>(pitch, shift, d_in, d_out);
            std::vector<T> out(count);
            CHECK(cudaMemcpy(out.data(), d_out, count * sizeof(T), cudaMemcpyDeviceToHost));
            unsigned wrong = 0;
            for (unsigned i = 0; i < count; ++i)
                wrong += out[i] != in[static_cast<int>(i / block.x) * pitch +
                                      static_cast<int>(i % block.x) + shift];
            EXPECT(wrong == 0, "%zu bytes, block %u x %u, pitch %d: %u wrong", sizeof(T), block.x,
                   block.y, pitch, wrong);
        }
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

// Each thread leaves several sums, one row of `out` each.
__global__ void indices(unsigned n, const int* in, int* out) {
    __shared__ int part[512];
    const unsigned t = threadIdx.x, count = blockDim.x;
    for (unsigned i = t; i < 512; i += count)
        part[i] = in[i];
    __syncthreads();
    int* const mine = out + t;
    const unsigned left = t - 1; // wraps in thread 0
    mine[0 * count] = left < n ? in[left] : -1;
    mine[1 * count] = in[(t & 7) * 16 | (t >> 3 & 3) << 2 | (t ^ 3) & 3];
    mine[2 * count] = part[(t << 2 | 1) & 511] + part[511 - t];
    int strided = 0;
    if (t < 20) strided = part[t * 25 + 3]; // thread 20 and on would be outside
    mine[3 * count] = strided;
    const int big = 2000000000 + static_cast<int>(n); // the sum with t * k overflows and comes back
    mine[4 * count] =
        in[static_cast<int>(static_cast<unsigned>(big) + t * 5u - static_cast<unsigned>(big))];
    int local[8];
#pragma unroll
    for (int i = 0; i < 8; ++i)
        local[i] = in[t + i];
    mine[5 * count] = local[1] + local[6] - local[3];
    int chosen = 0;
    for (int i = 0; i < 8; ++i)
        chosen += local[(i + t) & 7] * i;
    mine[6 * count] = chosen;
    mine[7 * count] = t % 3 == 0 ? in[t * 2] : t % 3 == 1 ? in[n - t] : in[t];
}

void test_indices() {
    constexpr int kSize = 2048;
    std::vector<int> in(kSize);
    for (int i = 0; i < kSize; ++i)
        in[i] = i * 7919 % 10007;
    int *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, kSize * sizeof(int)));
    CHECK(cudaMalloc(&d_out, 8 * 512 * sizeof(int)));
    CHECK(cudaMemcpy(d_in, in.data(), kSize * sizeof(int), cudaMemcpyHostToDevice));
    for (const unsigned count : {128u, 32u, 50u, 8u}) {
        const unsigned n = 1000;
        indices<<<1, count>>>(n, d_in, d_out);
        std::vector<int> out(8 * count);
        CHECK(cudaMemcpy(out.data(), d_out, out.size() * sizeof(int), cudaMemcpyDeviceToHost));
        for (unsigned t = 0; t < count; ++t) {
            int chosen = 0;
            for (unsigned i = 0; i < 8; ++i)
                chosen += in[t + ((i + t) & 7)] * static_cast<int>(i);
            const int wanted[8] = {t ? in[t - 1] : -1,
                                   in[(t & 7) * 16 | (t >> 3 & 3) << 2 | ((t ^ 3) & 3)],
                                   in[(t << 2 | 1) & 511] + in[511 - t],
                                   t < 20 ? in[t * 25 + 3] : 0,
                                   in[t * 5],
                                   in[t + 1] + in[t + 6] - in[t + 3],
                                   chosen,
                                   t % 3 == 0   ? in[t * 2]
                                   : t % 3 == 1 ? in[n - t]
                                                : in[t]};
            for (int k = 0; k < 8; ++k)
                EXPECT(out[k * count + t] == wanted[k], "%u threads, thread %u, sum %d: %d, not %d",
                       count, t, k, out[k * count + t], wanted[k]);
        }
    }
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

// Addresses with their low bits cleared, and what is put into those.
__global__ void tagged(unsigned long long address, unsigned long long other,
                       unsigned long long* out) {
    const unsigned t = threadIdx.x;
    const unsigned long long tag = (address & ~15ull) ^ (other & ~0xffull);
    out[t] = tag | static_cast<unsigned long long>(t) << 8;
}

void test_tagged() {
    const unsigned long long address = 0x123456789abcdef1ull, other = 0x1111;
    const unsigned long long tag = (address & ~15ull) ^ (other & ~0xffull);
    unsigned long long out[32], *d_out;
    CHECK(cudaMalloc(&d_out, sizeof out));
    tagged<<<1, 32>>>(address, other, d_out);
    CHECK(cudaMemcpy(out, d_out, sizeof out, cudaMemcpyDeviceToHost));
    for (unsigned long long t = 0; t < 32; ++t)
        EXPECT(out[t] == (tag | t << 8), "thread %llu: %llx, not %llx", t, out[t], tag | t << 8);
    CHECK(cudaFree(d_out));
}

__global__ void atomics(int* sums, unsigned* bounds, unsigned long long* wide, float* real,
                        int* old) {
    __shared__ int part[16];
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    if (threadIdx.x < 16) part[threadIdx.x] = 0;
    __syncthreads();
    atomicAdd(&sums[0], t);                 // all lanes, one word
    if (t % 3 == 0) atomicAdd(&sums[1], 1); // some lanes
    atomicAdd(&sums[2 + t % 7], t);         // many words
    atomicMax(&bounds[0], static_cast<unsigned>(t * 13 % 1000));
    atomicMin(&bounds[1], static_cast<unsigned>(t * 13 % 1000 + 7));
    atomicOr(&bounds[2], 1u << (t & 31));
    atomicXor(&bounds[3], static_cast<unsigned>(t));
    atomicAnd(&bounds[4], ~(1u << (t & 15)));
    atomicAdd(&wide[t & 1], 1ull << 33);
    atomicAdd(&real[t % 5], 0.5f);              // exact in any order
    old[t] = atomicAdd(&sums[9], 1);            // a permutation
    atomicCAS(&sums[10 + t % 4], 0, t % 4 + 1); // the first one wins, with the same value
    atomicAdd(&part[t % 16], 1);
    atomicSub(&part[3], 2);
    __syncthreads();
    if (threadIdx.x < 16) atomicAdd(&sums[16 + threadIdx.x], part[threadIdx.x]);
}

void test_atomics() {
    constexpr int kBlocks = 5, kThreads = 80, kAll = kBlocks * kThreads;
    int *sums, *old;
    unsigned* bounds;
    unsigned long long* wide;
    float* real;
    CHECK(cudaMallocManaged(&sums, 32 * sizeof(int)));
    CHECK(cudaMallocManaged(&bounds, 5 * sizeof(unsigned)));
    CHECK(cudaMallocManaged(&wide, 2 * sizeof(unsigned long long)));
    CHECK(cudaMallocManaged(&real, 5 * sizeof(float)));
    CHECK(cudaMallocManaged(&old, kAll * sizeof(int)));
    const unsigned first[5] = {0, 10000, 0, 0, ~0u};
    for (int i = 0; i < 32; ++i)
        sums[i] = 0;
    for (int i = 0; i < 5; ++i) {
        bounds[i] = first[i];
        real[i] = 0;
        wide[i & 1] = 0;
    }
    atomics<<<kBlocks, kThreads>>>(sums, bounds, wide, real, old);
    CHECK(cudaDeviceSynchronize());
    int want[32] = {};
    unsigned want_bounds[5] = {0, 10000, 0, 0, ~0u};
    std::vector<int> seen(kAll);
    for (int t = 0; t < kAll; ++t) {
        want[0] += t;
        want[1] += t % 3 == 0;
        want[2 + t % 7] += t;
        const unsigned b = t * 13 % 1000;
        want_bounds[0] = b > want_bounds[0] ? b : want_bounds[0];
        want_bounds[1] = b + 7 < want_bounds[1] ? b + 7 : want_bounds[1];
        want_bounds[2] |= 1u << (t & 31);
        want_bounds[3] ^= t;
        want_bounds[4] &= ~(1u << (t & 15));
        want[16 + t % 16] += 1;
        want[16 + 3] -= 2;
        if (old[t] >= 0 && old[t] < kAll) ++seen[old[t]];
    }
    want[9] = kAll;
    for (int i = 0; i < 4; ++i)
        want[10 + i] = i + 1;
    for (int i = 0; i < 32; ++i)
        EXPECT(sums[i] == want[i], "sum %d: %d, not %d", i, sums[i], want[i]);
    for (int i = 0; i < 5; ++i) {
        EXPECT(bounds[i] == want_bounds[i], "bound %d: %u, not %u", i, bounds[i], want_bounds[i]);
        EXPECT(real[i] == 0.5f * kAll / 5, "real %d: %g", i, real[i]);
    }
    EXPECT(wide[0] == (1ull << 33) * (kAll / 2) && wide[1] == wide[0], "wide sums");
    for (int i = 0; i < kAll; ++i)
        EXPECT(seen[i] == 1, "old value %d came %d times", i, seen[i]);
}

// Tables in shared memory, by all threads of a warp and by some: what each adds of its own, and
// what is the same for all.
__global__ void tables(int n, const unsigned* in, unsigned* out, int* order) {
    __shared__ unsigned table[3][64];
    __shared__ int next;
    for (int i = threadIdx.x; i < 3 * 64; i += blockDim.x)
        table[i / 64][i % 64] = 0;
    if (threadIdx.x == 0) next = 0;
    __syncthreads();
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        const unsigned v = in[i];
        atomicAdd(&table[0][v & 63], 1);
        atomicAdd(&table[1][v >> 6 & 63], v);
        if (v & 1) atomicMax(&table[2][v >> 12 & 63], v);
        order[i] = atomicAdd(&next, 1);
    }
    __syncthreads();
    for (int i = threadIdx.x; i < 3 * 64; i += blockDim.x)
        out[i] = table[i / 64][i % 64];
}

void test_tables() {
    constexpr int kMost = 1000;
    unsigned *in, *out;
    int* order;
    CHECK(cudaMallocManaged(&in, kMost * sizeof(unsigned)));
    CHECK(cudaMallocManaged(&out, 3 * 64 * sizeof(unsigned)));
    CHECK(cudaMallocManaged(&order, kMost * sizeof(int)));
    for (int i = 0; i < kMost; ++i)
        in[i] = i * 2654435761u;
    for (int n : {kMost, 96, 31}) {
        tables<<<1, 128>>>(n, in, out, order);
        CHECK(cudaDeviceSynchronize());
        std::vector<unsigned> want(3 * 64);
        std::vector<int> seen(n);
        for (int i = 0; i < n; ++i) {
            const unsigned v = in[i];
            ++want[v & 63];
            want[64 + (v >> 6 & 63)] += v;
            unsigned& most = want[128 + (v >> 12 & 63)];
            if (v & 1) most = v > most ? v : most;
            if (order[i] >= 0 && order[i] < n) ++seen[order[i]];
        }
        for (int i = 0; i < 3 * 64; ++i)
            EXPECT(out[i] == want[i], "%d: word %d: %u, not %u", n, i, out[i], want[i]);
        for (int i = 0; i < n; ++i)
            EXPECT(seen[i] == 1, "%d: old value %d came %d times", n, i, seen[i]);
    }
}

// Words of local memory that constants name, across warp operations at which the threads of a warp
// stand at two places.
__global__ void parted(int* out) {
    const int t = threadIdx.x;
    volatile int kept[4];
    for (int i = 0; i < 4; ++i)
        kept[i] = t * 4 + i;
    int other;
    if (t & 1)
        other = __shfl_sync(0xffffffffu, t * 10, 3) + 1;
    else
        other = __shfl_sync(0xffffffffu, t * 10, 4) + 2;
    out[t] = kept[0] + 2 * kept[1] + 3 * kept[2] + 4 * kept[3] + other;
}

void test_parted() {
    int* out;
    CHECK(cudaMallocManaged(&out, 64 * sizeof(int)));
    parted<<<1, 64>>>(out);
    CHECK(cudaDeviceSynchronize());
    for (int t = 0; t < 64; ++t) {
        const int source = t / 32 * 32 + (t & 1 ? 3 : 4);
        const int wanted = 40 * t + 20 + source * 10 + (t & 1 ? 1 : 2);
        EXPECT(out[t] == wanted, "thread %d: %d, not %d", t, out[t], wanted);
    }
}

int main() {
    test_rows<unsigned char>();
    test_rows<short>();
    test_rows<int>();
    test_rows<double>();
    test_rows<Sixteen>();
    test_indices();
    test_tagged();
    test_atomics();
    test_tables();
    test_parted();
    return finish();
}
