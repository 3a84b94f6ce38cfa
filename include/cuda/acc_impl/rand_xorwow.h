// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// XORWOW: five words of xorshift and a counter (G. Marsaglia, Xorshift RNGs, Journal of Statistical
// Software 8, 2003).
#pragma once
#include "../curand_globals.h"

struct curandStateXORWOW {
    unsigned int d, v[5];
    int boxmuller_flag;        // boxmuller_extra is the next normal number
    int boxmuller_flag_double; // likewise
    float boxmuller_extra;
    double boxmuller_extra_double;
};
typedef struct curandStateXORWOW curandStateXORWOW_t;
typedef struct curandStateXORWOW curandState_t;
typedef struct curandStateXORWOW curandState;

__ACC_RAND_TABLE unsigned int __acc_rand_xorwow_jumps[2 * 16 * 15 * 5] = {
#include "rand_xorwow_jumps.inc"
};

QUALIFIERS void __acc_rand_xorwow_step(unsigned int v[5]) {
    const unsigned int t = v[0] ^ (v[0] >> 2);
    v[0] = v[1];
    v[1] = v[2];
    v[2] = v[3];
    v[3] = v[4];
    v[4] = (v[4] ^ (v[4] << 4)) ^ (t ^ (t << 1));
}

// The polynomial's value at the step: the sum of the states that its coefficients name.
QUALIFIERS void __acc_rand_xorwow_jump(const unsigned int polynomial[5], unsigned int v[5]) {
    unsigned int sum[5] = {0, 0, 0, 0, 0};
    for (int word = 0; word < 5; ++word) {
        unsigned int bits = polynomial[word];
        for (int bit = 0; bit < 32; ++bit) {
            const unsigned int mask = 0u - (bits & 1u);
            bits >>= 1;
            sum[0] ^= v[0] & mask;
            sum[1] ^= v[1] & mask;
            sum[2] ^= v[2] & mask;
            sum[3] ^= v[3] & mask;
            sum[4] ^= v[4] & mask;
            __acc_rand_xorwow_step(v);
        }
    }
    for (int i = 0; i < 5; ++i)
        v[i] = sum[i];
}

// n steps (unit 0) or n times 2^67 steps (unit 1).
QUALIFIERS void __acc_rand_xorwow_skip(unsigned long long n, int unit, unsigned int v[5]) {
    for (int place = 0; n != 0; ++place, n >>= 4)
        if (const int digit = (int)(n & 15))
            __acc_rand_xorwow_jump(
                &__acc_rand_xorwow_jumps[((unit * 16 + place) * 15 + digit - 1) * 5], v);
}

/// The next 32 bits.
QUALIFIERS unsigned int curand(curandStateXORWOW_t* state) {
    __acc_rand_xorwow_step(state->v);
    state->d += 362437u;
    return state->v[4] + state->d;
}

/// As if curand had been called n times.
QUALIFIERS void skipahead(unsigned long long n, curandStateXORWOW_t* state) {
    __acc_rand_xorwow_skip(n, 0, state->v);
    state->d += 362437u * (unsigned int)n;
}

/// As if curand had been called n times 2^67 times. (The counter has come round then.)
QUALIFIERS void skipahead_sequence(unsigned long long n, curandStateXORWOW_t* state) {
    __acc_rand_xorwow_skip(n, 1, state->v);
}

/// The state of a seed, 2^67 * subsequence + offset steps ahead. How seeds become states is CUDA's,
/// as open implementations of the generator have it.
QUALIFIERS void curand_init(unsigned long long seed, unsigned long long subsequence,
                            unsigned long long offset, curandStateXORWOW_t* state) {
    const unsigned int low = 1099087573u * ((unsigned int)seed ^ 0xaad26b49u);
    const unsigned int high = 2591861531u * ((unsigned int)(seed >> 32) ^ 0xf7dcefddu);
    state->d = 6615241u + low + high;
    state->v[0] = 123456789u + low;
    state->v[1] = 362436069u ^ low;
    state->v[2] = 521288629u + high;
    state->v[3] = 88675123u ^ high;
    state->v[4] = 5783321u + low;
    skipahead_sequence(subsequence, state);
    skipahead(offset, state);
    state->boxmuller_flag = 0;
    state->boxmuller_flag_double = 0;
    state->boxmuller_extra = 0.f;
    state->boxmuller_extra_double = 0.;
}
