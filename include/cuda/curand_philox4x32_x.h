// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Philox4x32-10: ten rounds over a counter of four words with a key of two (J. K. Salmon et al.,
// Parallel random numbers: as easy as 1, 2, 3, SC11).
#pragma once
#define CURAND_PHILOX4X32_X__H_
#include "curand_globals.h"
#ifndef __CUDACC_RTC__
#include "vector_functions.h"
#endif

#define PHILOX_W32_0 (0x9E3779B9)
#define PHILOX_W32_1 (0xBB67AE85)
#define PHILOX_M4x32_0 (0xD2511F53)
#define PHILOX_M4x32_1 (0xCD9E8D57)

struct curandStatePhilox4_32_10 {
    uint4 ctr;
    uint4 output; // of ctr
    uint2 key;
    unsigned int STATE; // words of output that are used up, 0 to 3
    int boxmuller_flag;
    int boxmuller_flag_double;
    float boxmuller_extra;
    double boxmuller_extra_double;
};
typedef struct curandStatePhilox4_32_10 curandStatePhilox4_32_10_t;

QUALIFIERS uint4 __acc_rand_words(unsigned int x, unsigned int y, unsigned int z, unsigned int w) {
    uint4 v;
    v.x = x;
    v.y = y;
    v.z = z;
    v.w = w;
    return v;
}

/// The ten rounds.
QUALIFIERS uint4 curand_Philox4x32_10(uint4 c, uint2 k) {
    for (int round = 0; round < 10; ++round) {
        const unsigned long long p0 = (unsigned long long)PHILOX_M4x32_0 * c.x;
        const unsigned long long p1 = (unsigned long long)PHILOX_M4x32_1 * c.z;
        c = __acc_rand_words((unsigned int)(p1 >> 32) ^ c.y ^ k.x, (unsigned int)p1,
                             (unsigned int)(p0 >> 32) ^ c.w ^ k.y, (unsigned int)p0);
        k.x += PHILOX_W32_0;
        k.y += PHILOX_W32_1;
    }
    return c;
}

// The counter as a number of 128 bits, plus n.
QUALIFIERS void Philox_State_Incr(curandStatePhilox4_32_10_t* s, unsigned long long n) {
    const unsigned long long low = (unsigned long long)s->ctr.y << 32 | s->ctr.x, sum = low + n;
    s->ctr.x = (unsigned int)sum;
    s->ctr.y = (unsigned int)(sum >> 32);
    if (sum < low && ++s->ctr.z == 0) ++s->ctr.w;
}
QUALIFIERS void Philox_State_Incr(curandStatePhilox4_32_10_t* s) {
    Philox_State_Incr(s, 1);
}
// Plus n times 2^64.
QUALIFIERS void Philox_State_Incr_hi(curandStatePhilox4_32_10_t* s, unsigned long long n) {
    const unsigned long long high = ((unsigned long long)s->ctr.w << 32 | s->ctr.z) + n;
    s->ctr.z = (unsigned int)high;
    s->ctr.w = (unsigned int)(high >> 32);
}

QUALIFIERS void __acc_rand_philox_next(curandStatePhilox4_32_10_t* s) {
    Philox_State_Incr(s);
    s->output = curand_Philox4x32_10(s->ctr, s->key);
}

/// The next 32 bits.
QUALIFIERS unsigned int curand(curandStatePhilox4_32_10_t* state) {
    const unsigned int used = state->STATE;
    const uint4 o = state->output;
    const unsigned int word = used == 0 ? o.x : used == 1 ? o.y : used == 2 ? o.z : o.w;
    state->STATE = (used + 1) & 3;
    if (state->STATE == 0) __acc_rand_philox_next(state);
    return word;
}

/// The next four.
QUALIFIERS uint4 curand4(curandStatePhilox4_32_10_t* state) {
    const uint4 a = state->output;
    __acc_rand_philox_next(state);
    const uint4 b = state->output;
    switch (state->STATE) {
    case 0: return a;
    case 1: return __acc_rand_words(a.y, a.z, a.w, b.x);
    case 2: return __acc_rand_words(a.z, a.w, b.x, b.y);
    default: return __acc_rand_words(a.w, b.x, b.y, b.z);
    }
}

/// As if curand had been called n times.
QUALIFIERS void skipahead(unsigned long long n, curandStatePhilox4_32_10_t* state) {
    state->STATE += (unsigned int)n & 3;
    Philox_State_Incr(state, n / 4 + (state->STATE >> 2));
    state->STATE &= 3;
    state->output = curand_Philox4x32_10(state->ctr, state->key);
}

/// n subsequences (of 2^64 counters) ahead.
QUALIFIERS void skipahead_sequence(unsigned long long n, curandStatePhilox4_32_10_t* state) {
    Philox_State_Incr_hi(state, n);
    state->output = curand_Philox4x32_10(state->ctr, state->key);
}

/// The seed is the key, the subsequence the upper half of the counter, offset / 4 its lower half.
QUALIFIERS void curand_init(unsigned long long seed, unsigned long long subsequence,
                            unsigned long long offset, curandStatePhilox4_32_10_t* state) {
    state->key.x = (unsigned int)seed;
    state->key.y = (unsigned int)(seed >> 32);
    state->ctr = __acc_rand_words(0, 0, (unsigned int)subsequence,
                                  (unsigned int)(subsequence >> 32));
    state->STATE = 0;
    skipahead(offset, state);
    state->boxmuller_flag = 0;
    state->boxmuller_flag_double = 0;
    state->boxmuller_extra = 0.f;
    state->boxmuller_extra_double = 0.;
}
