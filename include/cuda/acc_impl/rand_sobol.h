// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sobol' sequences of 32 and 64 bits, in the order of Gray codes (I. A. Antonov and V. M. Saleev,
// 1979); a scrambled one begins with its constant, and its direction vectors are scrambled, too.
#pragma once
#include "../curand_globals.h"

// i: the number of the point, x: the point, c: the scramble constant
struct curandStateSobol32 {
    unsigned int i, x, c;
    unsigned int direction_vectors[32];
};
struct curandStateScrambledSobol32 {
    unsigned int i, x, c;
    unsigned int direction_vectors[32];
};
struct curandStateSobol64 {
    unsigned long long i, x, c;
    unsigned long long direction_vectors[64];
};
struct curandStateScrambledSobol64 {
    unsigned long long i, x, c;
    unsigned long long direction_vectors[64];
};
typedef struct curandStateSobol32 curandStateSobol32_t;
typedef struct curandStateScrambledSobol32 curandStateScrambledSobol32_t;
typedef struct curandStateSobol64 curandStateSobol64_t;
typedef struct curandStateScrambledSobol64 curandStateScrambledSobol64_t;

QUALIFIERS int __acc_rand_trailing_ones(unsigned long long i) {
    int n = 0;
#if defined(__CUDA_ARCH__)
    n = __ffsll((long long)~i) - 1;
#else
    for (; i & 1; i >>= 1)
        ++n;
#endif
    return n;
}

// The point before this one differs in one direction vector; the last point is followed by the
// first.
template <int Bits, typename State>
QUALIFIERS auto __acc_rand_sobol_next(State* s) -> decltype(s->x) {
    const decltype(s->x) point = s->x;
    const int vector = __acc_rand_trailing_ones(s->i);
    s->x = vector < Bits ? point ^ s->direction_vectors[vector] : s->c;
    s->i = s->i + 1;
    return point;
}

template <typename State, typename Word>
QUALIFIERS void __acc_rand_sobol_skip(State* s, Word n) {
    s->i += n;
    s->x = s->c;
    Word gray = s->i ^ (s->i >> 1);
    for (int k = 0; gray != 0; ++k, gray >>= 1)
        if (gray & 1) s->x ^= s->direction_vectors[k];
}

template <int Bits, typename State, typename Word>
QUALIFIERS void __acc_rand_sobol_init(State* s, const Word* vectors, Word constant, Word offset) {
    for (int k = 0; k < Bits; ++k)
        s->direction_vectors[k] = vectors[k];
    s->i = 0;
    s->c = constant;
    __acc_rand_sobol_skip(s, offset);
}

/// The next point of the sequence.
QUALIFIERS unsigned int curand(curandStateSobol32_t* state) {
    return __acc_rand_sobol_next<32>(state);
}
QUALIFIERS unsigned int curand(curandStateScrambledSobol32_t* state) {
    return __acc_rand_sobol_next<32>(state);
}
QUALIFIERS unsigned long long curand(curandStateSobol64_t* state) {
    return __acc_rand_sobol_next<64>(state);
}
QUALIFIERS unsigned long long curand(curandStateScrambledSobol64_t* state) {
    return __acc_rand_sobol_next<64>(state);
}

/// As if curand had been called n times.
QUALIFIERS void skipahead(unsigned int n, curandStateSobol32_t* state) {
    __acc_rand_sobol_skip(state, n);
}
QUALIFIERS void skipahead(unsigned int n, curandStateScrambledSobol32_t* state) {
    __acc_rand_sobol_skip(state, n);
}
QUALIFIERS void skipahead(unsigned long long n, curandStateSobol64_t* state) {
    __acc_rand_sobol_skip(state, n);
}
QUALIFIERS void skipahead(unsigned long long n, curandStateScrambledSobol64_t* state) {
    __acc_rand_sobol_skip(state, n);
}

/// Point number offset of the sequence that the direction vectors (and the scramble constant) give.
QUALIFIERS void curand_init(curandDirectionVectors32_t direction_vectors, unsigned int offset,
                            curandStateSobol32_t* state) {
    __acc_rand_sobol_init<32>(state, direction_vectors, 0u, offset);
}
QUALIFIERS void curand_init(curandDirectionVectors32_t direction_vectors, unsigned int scramble_c,
                            unsigned int offset, curandStateScrambledSobol32_t* state) {
    __acc_rand_sobol_init<32>(state, direction_vectors, scramble_c, offset);
}
QUALIFIERS void curand_init(curandDirectionVectors64_t direction_vectors, unsigned long long offset,
                            curandStateSobol64_t* state) {
    __acc_rand_sobol_init<64>(state, direction_vectors, 0ull, offset);
}
QUALIFIERS void curand_init(curandDirectionVectors64_t direction_vectors,
                            unsigned long long scramble_c, unsigned long long offset,
                            curandStateScrambledSobol64_t* state) {
    __acc_rand_sobol_init<64>(state, direction_vectors, scramble_c, offset);
}
