// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MRG32k3a: two recurrences of order three (P. L'Ecuyer, Good parameters and implementations for
// combined multiple recursive random number generators, Operations Research 47, 1999).
#pragma once
#include "../curand_globals.h"

#define MRG32K3A_MOD1 4294967087.
#define MRG32K3A_MOD2 4294944443.
#define MRG32K3A_NORM (2.3283065498378288e-10) // 1 / MOD1: 1.0 is included, 0.0 is not
#define MRG32K3A_BITS_NORM 1.000000048662      // (2^32 - 1) / MOD1

struct curandStateMRG32k3a {
    unsigned int s1[3]; // the oldest value first
    unsigned int s2[3];
    int boxmuller_flag;
    int boxmuller_flag_double;
    float boxmuller_extra;
    double boxmuller_extra_double;
};
typedef struct curandStateMRG32k3a curandStateMRG32k3a_t;

__ACC_RAND_TABLE unsigned int __acc_rand_mrg_jumps[191 * 2 * 3] = {
#include "rand_mrg32k3a_jumps.inc"
};

#define __ACC_RAND_MRG_M1 4294967087ull
#define __ACC_RAND_MRG_M2 4294944443ull

// x modulo 2^32 - distance, for any x; distance < 2^15.
QUALIFIERS unsigned int __acc_rand_mrg_reduce(unsigned long long x, unsigned int distance) {
    x = (x >> 32) * distance + (x & 0xffffffffu); // < 2^47 + 2^32
    x = (x >> 32) * distance + (x & 0xffffffffu); // < 2^32 + 2^30
    const unsigned long long modulus = 0x100000000ull - distance;
    return (unsigned int)(x >= modulus ? x - modulus : x);
}
QUALIFIERS unsigned int __acc_rand_mrg_mod1(unsigned long long x) {
    return __acc_rand_mrg_reduce(x, 209u);
}
QUALIFIERS unsigned int __acc_rand_mrg_mod2(unsigned long long x) {
    return __acc_rand_mrg_reduce(x, 22853u);
}

QUALIFIERS unsigned int __acc_rand_mrg_next1(const unsigned int s[3]) {
    // -810728 s0, made positive
    return __acc_rand_mrg_mod1(1403580ull * s[1] + 810728ull * (__ACC_RAND_MRG_M1 - s[0]));
}
QUALIFIERS unsigned int __acc_rand_mrg_next2(const unsigned int s[3]) {
    return __acc_rand_mrg_mod2(527612ull * s[2] + 1370589ull * (__ACC_RAND_MRG_M2 - s[0]));
}

/// The next value of the generator, from 1 to 2^32 - 209.
QUALIFIERS double curand_MRG32k3a(curandStateMRG32k3a_t* state) {
    const unsigned int x = __acc_rand_mrg_next1(state->s1), y = __acc_rand_mrg_next2(state->s2);
    state->s1[0] = state->s1[1];
    state->s1[1] = state->s1[2];
    state->s1[2] = x;
    state->s2[0] = state->s2[1];
    state->s2[1] = state->s2[2];
    state->s2[2] = y;
    return x > y ? (double)(x - y) : (double)x - (double)y + MRG32K3A_MOD1;
}

/// The next value, scaled to 32 bits.
QUALIFIERS unsigned int curand(curandStateMRG32k3a_t* state) {
    return (unsigned int)(curand_MRG32k3a(state) * MRG32K3A_BITS_NORM);
}

// n times 2^log2_unit steps: the state's three values become sums of the next five.
QUALIFIERS void __acc_rand_mrg_skip(unsigned long long n, int log2_unit,
                                    curandStateMRG32k3a_t* state) {
    unsigned int* s = state->s1;
    unsigned int* r = state->s2;
    for (int k = log2_unit; n != 0; ++k, n >>= 1) {
        if (!(n & 1)) continue;
        const unsigned int x3 = __acc_rand_mrg_next1(s), y3 = __acc_rand_mrg_next2(r);
        const unsigned int s_next[3] = {s[1], s[2], x3}, r_next[3] = {r[1], r[2], y3};
        const unsigned int x[5] = {s[0], s[1], s[2], x3, __acc_rand_mrg_next1(s_next)};
        const unsigned int y[5] = {r[0], r[1], r[2], y3, __acc_rand_mrg_next2(r_next)};
        for (int i = 0; i < 3; ++i) {
            unsigned long long sum1 = 0, sum2 = 0;
            for (int j = 0; j < 3; ++j) {
                const unsigned long long c1 = __acc_rand_mrg_jumps[6 * k + j];
                const unsigned long long c2 = __acc_rand_mrg_jumps[6 * k + 3 + j];
                sum1 += __acc_rand_mrg_mod1(c1 * x[i + j]);
                sum2 += __acc_rand_mrg_mod2(c2 * y[i + j]);
            }
            s[i] = __acc_rand_mrg_mod1(sum1);
            r[i] = __acc_rand_mrg_mod2(sum2);
        }
    }
}

/// n steps ahead.
QUALIFIERS void skipahead(unsigned long long n, curandStateMRG32k3a_t* state) {
    __acc_rand_mrg_skip(n, 0, state);
}
/// n times 2^76 steps ahead, the substreams of L'Ecuyer's package.
QUALIFIERS void skipahead_subsequence(unsigned long long n, curandStateMRG32k3a_t* state) {
    __acc_rand_mrg_skip(n, 76, state);
}
/// n times 2^127 steps ahead, its streams.
QUALIFIERS void skipahead_sequence(unsigned long long n, curandStateMRG32k3a_t* state) {
    __acc_rand_mrg_skip(n, 127, state);
}

/// The state of a seed, 2^76 * subsequence + offset steps ahead. The seed 0 is L'Ecuyer's state,
/// six times 12345; others scale its values by the seed's two halves.
QUALIFIERS void curand_init(unsigned long long seed, unsigned long long subsequence,
                            unsigned long long offset, curandStateMRG32k3a_t* state) {
    for (int i = 0; i < 3; ++i)
        state->s1[i] = state->s2[i] = 12345u;
    if (seed != 0) {
        const unsigned int low = (unsigned int)seed ^ 0x55555555u;
        const unsigned int high = (unsigned int)(seed >> 32) ^ 0xAAAAAAAAu;
        for (int i = 0; i < 3; ++i) {
            state->s1[i] = __acc_rand_mrg_mod1(12345ull * (i == 1 ? high : low));
            state->s2[i] = __acc_rand_mrg_mod2(12345ull * (i == 1 ? low : high));
        }
    }
    skipahead_subsequence(subsequence, state);
    skipahead(offset, state);
    state->boxmuller_flag = 0;
    state->boxmuller_flag_double = 0;
    state->boxmuller_extra = 0.f;
    state->boxmuller_extra_double = 0.;
}
