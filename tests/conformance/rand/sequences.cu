// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuRAND's device generators give the published sequences: XORWOW as cuRAND's documentation prints
// it, Philox by Random123's known answers, MRG32k3a as L'Ecuyer's package, Sobol' by hand; steps
// ahead are as many single steps; and the same functions compiled for the host give the same.
#define QUALIFIERS static inline __host__ __device__
#include "../common/check.h"

#include <curand_kernel.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

static const int kDraws = 64, kThreads = 64;

// Each thread: the first draws of subsequence `thread` from `offset` on.
template <typename State>
__host__ __device__ void first_draws(unsigned long long seed, int thread, unsigned long long offset,
                                     unsigned int* out) {
    State state;
    curand_init(seed, (unsigned long long)thread * thread, offset, &state);
    for (int i = 0; i < kDraws; ++i)
        out[i] = curand(&state);
}
template <typename State>
__global__ void first_draws_kernel(unsigned long long seed, unsigned long long offset,
                                   unsigned int* out) {
    first_draws<State>(seed, threadIdx.x, offset, out + threadIdx.x * kDraws);
}

template <typename State>
std::vector<unsigned int> device_draws(unsigned long long seed, unsigned long long offset) {
    std::vector<unsigned int> result(kDraws * kThreads);
    unsigned int* memory;
    cudaMalloc(&memory, result.size() * sizeof(unsigned int));
    first_draws_kernel<State><<<1, kThreads>>>(seed, offset, memory);
    CHECK(cudaMemcpy(result.data(), memory, result.size() * sizeof(unsigned int),
                     cudaMemcpyDeviceToHost));
    cudaFree(memory);
    return result;
}

template <typename State>
void host_is_device() {
    for (unsigned long long offset : {0ull, 7ull, 123456789012345ull}) {
        std::vector<unsigned int> device = device_draws<State>(0x123456789abcdefull, offset),
                                  host(kDraws);
        for (int thread = 0; thread < kThreads; ++thread) {
            first_draws<State>(0x123456789abcdefull, thread, offset, host.data());
            EXPECT(std::memcmp(host.data(), &device[thread * kDraws], kDraws * 4) == 0);
        }
    }
}

template <typename State>
void steps_ahead(const char* name) {
    State one, other;
    for (unsigned long long n : {1ull, 2ull, 3ull, 5ull, 16ull, 31ull, 1000ull, 4099ull}) {
        curand_init(42ull, 3, 11, &one);
        other = one;
        for (unsigned long long i = 0; i < n; ++i)
            curand(&one);
        skipahead(n, &other);
        for (int i = 0; i < 9; ++i)
            EXPECT(curand(&one) == curand(&other), "%s: skipahead(%llu)", name, n);
    }
    // a + b ahead is a ahead and b ahead, and offsets and subsequences are steps ahead
    curand_init(42ull, 0, 0, &one);
    skipahead(0x9876543210ull, &one);
    skipahead(0x0123456789abcull, &one);
    curand_init(42ull, 0, 0x9876543210ull + 0x0123456789abcull, &other);
    for (int i = 0; i < 9; ++i)
        EXPECT(curand(&one) == curand(&other));
}

// XORWOW as a matrix over GF(2), column by column: an independent way to go 2^67 steps ahead.
struct Bits {
    uint32_t w[5];
};
static Bits apply(const std::vector<Bits>& columns, const Bits& v) {
    Bits sum = {};
    for (int k = 0; k < 160; ++k)
        if (v.w[k / 32] >> (k % 32) & 1)
            for (int j = 0; j < 5; ++j)
                sum.w[j] ^= columns[k].w[j];
    return sum;
}
static void xorwow_subsequences() {
    std::vector<Bits> matrix(160);
    for (int k = 0; k < 160; ++k) {
        Bits v = {};
        v.w[k / 32] = 1u << (k % 32);
        const uint32_t t = v.w[0] ^ (v.w[0] >> 2);
        matrix[k] = {{v.w[1], v.w[2], v.w[3], v.w[4], v.w[4] ^ (v.w[4] << 4) ^ t ^ (t << 1)}};
    }
    for (int i = 0; i < 67; ++i) {
        std::vector<Bits> square(160);
        for (int k = 0; k < 160; ++k)
            square[k] = apply(matrix, matrix[k]);
        matrix = square;
    }
    curandStateXORWOW_t state;
    curand_init(5ull, 0, 0, &state);
    Bits v;
    std::memcpy(v.w, state.v, sizeof v.w);
    for (int i = 1; i <= 20; ++i) {
        v = apply(matrix, v);
        curand_init(5ull, i, 0, &state);
        EXPECT(std::memcmp(v.w, state.v, sizeof v.w) == 0);
    }
    curand_init(5ull, 3, 0, &state);
    skipahead_sequence(17, &state);
    EXPECT(std::memcmp(v.w, state.v, sizeof v.w) == 0);
}

static void xorwow() {
    // What cuRAND's host interface gives for the seed 1234, whose n-th number is the first of
    // subsequence n.
    const double published[10] = {0.145468, 0.820181, 0.550399, 0.294830, 0.914733,
                                  0.868979, 0.321921, 0.782857, 0.011302, 0.285450};
    for (int i = 0; i < 10; ++i) {
        curandState state;
        curand_init(1234ull, i, 0, &state);
        EXPECT(std::fabs(curand_uniform(&state) - published[i]) < 5.1e-7);
    }
    xorwow_subsequences();
}

// Random123's kat_vectors for philox4x32-10.
static void philox() {
    struct Answer {
        uint4 counter;
        uint2 key;
        uint32_t out[4];
    };
    const Answer answers[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
    for (const Answer& a : answers) {
        const uint4 r = curand_Philox4x32_10(a.counter, a.key);
        EXPECT(r.x == a.out[0] && r.y == a.out[1] && r.z == a.out[2] && r.w == a.out[3]);
        // The same by seed, subsequence and offset.
        const unsigned long long block = (unsigned long long)a.counter.y << 32 | a.counter.x;
        if (block >> 62) continue; // offset = 4 * block does not fit
        curandStatePhilox4_32_10_t state;
        curand_init((unsigned long long)a.key.y << 32 | a.key.x,
                    (unsigned long long)a.counter.w << 32 | a.counter.z, block * 4, &state);
        EXPECT(curand(&state) == a.out[0] && curand(&state) == a.out[1]);
        EXPECT(curand(&state) == a.out[2] && curand(&state) == a.out[3]);
    }
    // Four at once, from any place.
    for (int used = 0; used < 4; ++used) {
        curandStatePhilox4_32_10_t one, four;
        curand_init(7ull, 1, used, &one);
        four = one;
        for (int i = 0; i < 3; ++i) {
            const uint4 v = curand4(&four);
            EXPECT(v.x == curand(&one) && v.y == curand(&one));
            EXPECT(v.z == curand(&one) && v.w == curand(&one));
        }
    }
}

// The recurrences with wide integers, and jumps by squaring 3 x 3 matrices.
struct Matrix {
    uint64_t a[3][3];
};
static Matrix multiply(const Matrix& x, const Matrix& y, uint64_t m) {
    Matrix z = {};
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            unsigned __int128 sum = 0;
            for (int k = 0; k < 3; ++k)
                sum += (unsigned __int128)x.a[i][k] * y.a[k][j];
            z.a[i][j] = (uint64_t)(sum % m);
        }
    return z;
}
static void mrg32k3a() {
    const uint64_t m1 = 4294967087u, m2 = 4294944443u;
    // RngStreams (L'Ecuyer, Simard, Chen, Kelton), seed 12345: the first numbers. Its norm is 1 /
    // (m1 + 1).
    const double published[] = {0.1270111220, 0.3185275654, 0.3091860155, 0.8258468629,
                                0.2216299157};
    curandStateMRG32k3a_t state;
    curand_init(0ull, 0, 0, &state);
    for (double u : published)
        EXPECT(std::fabs(curand_uniform_double(&state) - u) < 1e-9);
    for (int log2_jump : {76, 127}) {
        Matrix a = {{{0, 1, 0}, {0, 0, 1}, {m1 - 810728, 1403580, 0}}};
        Matrix b = {{{0, 1, 0}, {0, 0, 1}, {m2 - 1370589, 0, 527612}}};
        for (int i = 0; i < log2_jump; ++i) {
            a = multiply(a, a, m1);
            b = multiply(b, b, m2);
        }
        curand_init(0ull, 0, 0, &state);
        if (log2_jump == 76)
            skipahead_subsequence(1, &state);
        else
            skipahead_sequence(1, &state);
        for (int i = 0; i < 3; ++i) {
            uint64_t s = 0, r = 0;
            for (int k = 0; k < 3; ++k) {
                s = (s + a.a[i][k] * 12345 % m1) % m1;
                r = (r + b.a[i][k] * 12345 % m2) % m2;
            }
            EXPECT(state.s1[i] == s && state.s2[i] == r);
        }
    }
}

// The first points in base 2: dimension 1 is van der Corput's sequence in the order of Gray codes.
static void sobol() {
    curandDirectionVectors32_t v32;
    curandDirectionVectors64_t v64;
    for (int k = 0; k < 32; ++k)
        v32[k] = 1u << (31 - k);
    for (int k = 0; k < 64; ++k)
        v64[k] = 1ull << (63 - k);
    curandStateSobol32_t s;
    curandStateScrambledSobol32_t scrambled;
    curandStateSobol64_t t;
    curand_init(v32, 0u, &s);
    curand_init(v32, 0xdeadbeefu, 0u, &scrambled);
    curand_init(v64, 0ull, &t);
    const unsigned int eighths[8] = {0, 4, 6, 2, 3, 7, 5, 1};
    for (unsigned int e : eighths) {
        EXPECT(curand(&s) == e << 29);
        EXPECT(curand(&scrambled) == (e << 29 ^ 0xdeadbeefu));
        EXPECT(curand(&t) == (unsigned long long)e << 61);
    }
    for (unsigned int n : {1u, 8u, 77u, 4095u}) {
        curandStateSobol32_t at, from;
        curand_init(v32, 5u + n, &at);
        curand_init(v32, 5u, &from);
        for (unsigned int i = 0; i < n; ++i)
            curand(&from);
        for (int i = 0; i < 5; ++i)
            EXPECT(curand(&at) == curand(&from));
        curand_init(v32, 5u, &from);
        skipahead(n, &from);
        curand_init(v32, 5u + n, &at);
        EXPECT(curand(&at) == curand(&from));
    }
}

int main() {
    xorwow();
    philox();
    mrg32k3a();
    sobol();
    steps_ahead<curandStateXORWOW_t>("XORWOW");
    steps_ahead<curandStateMRG32k3a_t>("MRG32k3a");
    steps_ahead<curandStatePhilox4_32_10_t>("Philox");
    host_is_device<curandStateXORWOW_t>();
    host_is_device<curandStateMRG32k3a_t>();
    host_is_device<curandStatePhilox4_32_10_t>();
    return finish();
}
