// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Uniformly distributed numbers: 0.0 is excluded, 1.0 included. Of 32 random bits the float is x
// 2^-32 + 2^-33; a double has 32 bits (of one draw) or 53 (of two draws, XORWOW, or of a draw of 64
// bits).
#pragma once
#define CURAND_UNIFORM_H_ // programs test this name
#include "acc_impl/rand_states.h"

QUALIFIERS float __acc_rand_unit(unsigned int x) {
    return (float)x * CURAND_2POW32_INV + CURAND_2POW32_INV / 2.0f;
}
QUALIFIERS float __acc_rand_unit(unsigned long long x) {
    return __acc_rand_unit((unsigned int)(x >> 32));
}
QUALIFIERS double __acc_rand_unit_double(unsigned int x) {
    return x * CURAND_2POW32_INV_DOUBLE + CURAND_2POW32_INV_DOUBLE;
}
QUALIFIERS double __acc_rand_unit_double(unsigned long long x) {
    return (double)(x >> 11) * CURAND_2POW53_INV_DOUBLE + CURAND_2POW53_INV_DOUBLE / 2.0;
}
// 53 bits: the second word's lie over the first's upper ones.
QUALIFIERS double __acc_rand_unit_double(unsigned int x, unsigned int y) {
    const unsigned long long bits = (unsigned long long)x ^ (unsigned long long)y << 21;
    return (double)bits * CURAND_2POW53_INV_DOUBLE + CURAND_2POW53_INV_DOUBLE / 2.0;
}

QUALIFIERS float curand_uniform(curandStateXORWOW_t* state) {
    return __acc_rand_unit(curand(state));
}
QUALIFIERS float curand_uniform(curandStatePhilox4_32_10_t* state) {
    return __acc_rand_unit(curand(state));
}
QUALIFIERS float curand_uniform(curandStateMtgp32_t* state) {
    return __acc_rand_unit(curand(state));
}
QUALIFIERS float curand_uniform(curandStateSobol32_t* state) {
    return __acc_rand_unit(curand(state));
}
QUALIFIERS float curand_uniform(curandStateScrambledSobol32_t* state) {
    return __acc_rand_unit(curand(state));
}
QUALIFIERS float curand_uniform(curandStateSobol64_t* state) {
    return __acc_rand_unit(curand(state));
}
QUALIFIERS float curand_uniform(curandStateScrambledSobol64_t* state) {
    return __acc_rand_unit(curand(state));
}
QUALIFIERS float curand_uniform(curandStateMRG32k3a_t* state) {
    return (float)(curand_MRG32k3a(state) * MRG32K3A_NORM);
}
QUALIFIERS float4 curand_uniform4(curandStatePhilox4_32_10_t* state) {
    const uint4 x = curand4(state);
    float4 u;
    u.x = __acc_rand_unit(x.x);
    u.y = __acc_rand_unit(x.y);
    u.z = __acc_rand_unit(x.z);
    u.w = __acc_rand_unit(x.w);
    return u;
}

QUALIFIERS double curand_uniform_double(curandStateXORWOW_t* state) {
    const unsigned int x = curand(state), y = curand(state);
    return __acc_rand_unit_double(x, y);
}
QUALIFIERS double curand_uniform_double(curandStateMRG32k3a_t* state) {
    return curand_MRG32k3a(state) * MRG32K3A_NORM;
}
QUALIFIERS double curand_uniform_double(curandStatePhilox4_32_10_t* state) {
    return __acc_rand_unit_double(curand(state));
}
QUALIFIERS double curand_uniform_double(curandStateMtgp32_t* state) {
    return __acc_rand_unit_double(curand(state));
}
QUALIFIERS double curand_uniform_double(curandStateSobol32_t* state) {
    return __acc_rand_unit_double(curand(state));
}
QUALIFIERS double curand_uniform_double(curandStateScrambledSobol32_t* state) {
    return __acc_rand_unit_double(curand(state));
}
QUALIFIERS double curand_uniform_double(curandStateSobol64_t* state) {
    return __acc_rand_unit_double(curand(state));
}
QUALIFIERS double curand_uniform_double(curandStateScrambledSobol64_t* state) {
    return __acc_rand_unit_double(curand(state));
}
/// Two of 53 bits each, from one counter.
QUALIFIERS double2 curand_uniform2_double(curandStatePhilox4_32_10_t* state) {
    const uint4 x = curand4(state);
    double2 u;
    u.x = __acc_rand_unit_double(x.x, x.y);
    u.y = __acc_rand_unit_double(x.z, x.w);
    return u;
}
QUALIFIERS double4 curand_uniform4_double(curandStatePhilox4_32_10_t* state) {
    const double2 a = curand_uniform2_double(state), b = curand_uniform2_double(state);
    double4 u;
    u.x = a.x;
    u.y = a.y;
    u.z = b.x;
    u.w = b.y;
    return u;
}
