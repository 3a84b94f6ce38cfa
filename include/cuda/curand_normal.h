// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Normally distributed numbers, mean 0 and deviation 1: by Box and Muller's method in pairs
// (XORWOW, MRG32k3a, Philox; the state keeps the second for the next call), or by the quantile
// function of one draw (MTGP32, Sobol').
#pragma once
#define CURAND_NORMAL_H_ // programs test this name
#include "curand_uniform.h"
#include <math.h>

// u in (0, 1], angle in (0, 2 pi].
QUALIFIERS float2 __acc_rand_polar(float u, float angle) {
    const float radius = sqrtf(-2.0f * logf(u));
    float2 z;
#if defined(__CUDA_ARCH__)
    sincosf(angle, &z.x, &z.y);
#else
    z.x = sinf(angle);
    z.y = cosf(angle);
#endif
    z.x *= radius;
    z.y *= radius;
    return z;
}
// u in (0, 1], half_turns in (0, 2].
QUALIFIERS double2 __acc_rand_polar_double(double u, double half_turns) {
    const double radius = sqrt(-2.0 * log(u));
    double2 z;
#if defined(__CUDA_ARCH__)
    sincospi(half_turns, &z.x, &z.y);
#else
    z.x = sin(half_turns * CURAND_PI_DOUBLE);
    z.y = cos(half_turns * CURAND_PI_DOUBLE);
#endif
    z.x *= radius;
    z.y *= radius;
    return z;
}
QUALIFIERS float2 __acc_rand_box_muller(unsigned int x, unsigned int y) {
    return __acc_rand_polar(__acc_rand_unit(x),
                            (float)y * CURAND_2POW32_INV_2PI + CURAND_2POW32_INV_2PI / 2.0f);
}
QUALIFIERS double2 __acc_rand_box_muller_double(unsigned int x0, unsigned int x1, unsigned int y0,
                                                unsigned int y1) {
    return __acc_rand_polar_double(__acc_rand_unit_double(x0, x1),
                                   __acc_rand_unit_double(y0, y1) * 2.0);
}

// The normal distribution's quantiles for 0 < p <= 1/2: M. J. Wichura, Algorithm AS 241, Applied
// Statistics 37, 1988 (PPND7, to about 7 digits, and PPND16, to about 16).
QUALIFIERS float __acc_rand_lower_quantile(float p) {
    const float q = p - 0.5f;
    if (q >= -0.425f) {
        const float r = 0.180625f - q * q;
        return q * (((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) /
               (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);
    }
    const float r = sqrtf(-logf(p)) - 1.6f; // p >= 2^-33: not beyond this part
    return -(((0.17023821103f * r + 1.3067284816f) * r + 2.7568153900f) * r + 1.4234372777f) /
           ((0.12021132975f * r + 0.73700164250f) * r + 1.0f);
}

QUALIFIERS double __acc_rand_lower_quantile_double(double p) {
    const double q = p - 0.5;
    if (q >= -0.425) {
        const double r = 0.180625 - q * q;
        return q *
               (((((((2509.0809287301226727 * r + 33430.575583588128105) * r +
                     67265.770927008700853) *
                        r +
                    45921.953931549871457) *
                       r +
                   13731.693765509461125) *
                      r +
                  1971.5909503065514427) *
                     r +
                 133.14166789178437745) *
                    r +
                3.3871328727963666080) /
               (((((((5226.4952788528545610 * r + 28729.085735721942674) * r +
                     39307.895800092710610) *
                        r +
                    21213.794301586595867) *
                       r +
                   5394.1960214247511077) *
                      r +
                  687.18700749205790830) *
                     r +
                 42.313330701600911252) *
                    r +
                1.0);
    }
    double r = sqrt(-log(p));
    if (r <= 5.0) {
        r -= 1.6;
        return -(((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r +
                      2.41780725177450611770e-1) *
                         r +
                     1.27045825245236838258) *
                        r +
                    3.64784832476320460504) *
                       r +
                   5.76949722146069140550) *
                      r +
                  4.63033784615654529590) *
                     r +
                 1.42343711074968357734) /
               (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r +
                     1.51986665636164571966e-2) *
                        r +
                    1.48103976427480074590e-1) *
                       r +
                   6.89767334985100004550e-1) *
                      r +
                  1.67638483018380384940) *
                     r +
                 2.05319162663775882187) *
                    r +
                1.0);
    }
    r -= 5.0;
    return -(((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r +
                  1.24266094738807843860e-3) *
                     r +
                 2.65321895265761230930e-2) *
                    r +
                2.96560571828504891230e-1) *
                   r +
               1.78482653991729133580) *
                  r +
              5.46378491116411436990) *
                 r +
             6.65790464350110377720) /
           (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r +
                 1.84631831751005468180e-5) *
                    r +
                7.86869131145613259100e-4) *
                   r +
               1.48753612908506148525e-2) *
                  r +
              1.36929880922735805310e-1) *
                 r +
             5.99832206555887937690e-1) *
                r +
            1.0);
}

// The quantile at (x + 1/2) 2^-32, or 2^-64; the upper half is the lower one's mirror image.
QUALIFIERS float __acc_rand_normal_quantile(unsigned int x) {
    const bool upper = x > 0x80000000u;
    const float z = __acc_rand_lower_quantile(__acc_rand_unit(upper ? 0xffffffffu - x : x));
    return upper ? -z : z;
}
QUALIFIERS float __acc_rand_normal_quantile(unsigned long long x) {
    return __acc_rand_normal_quantile((unsigned int)(x >> 32));
}
QUALIFIERS double __acc_rand_normal_quantile_double(unsigned int x) {
    const bool upper = x > 0x80000000u;
    const unsigned int lower = upper ? 0xffffffffu - x : x;
    const double z = __acc_rand_lower_quantile_double(lower * CURAND_2POW32_INV_DOUBLE +
                                                      CURAND_2POW32_INV_DOUBLE / 2.0);
    return upper ? -z : z;
}
QUALIFIERS double __acc_rand_normal_quantile_double(unsigned long long x) {
    const bool upper = x > 0x8000000000000000ull;
    const double z = __acc_rand_lower_quantile_double(
        __acc_rand_unit_double(upper ? 0xffffffffffffffffull - x : x));
    return upper ? -z : z;
}

QUALIFIERS float2 curand_normal2(curandStateXORWOW_t* state) {
    const unsigned int x = curand(state), y = curand(state);
    return __acc_rand_box_muller(x, y);
}
QUALIFIERS float2 curand_normal2(curandStatePhilox4_32_10_t* state) {
    const unsigned int x = curand(state), y = curand(state);
    return __acc_rand_box_muller(x, y);
}
QUALIFIERS float2 curand_normal2(curandStateMRG32k3a_t* state) {
    const float u = curand_uniform(state), v = curand_uniform(state);
    return __acc_rand_polar(u, v * CURAND_2PI);
}
QUALIFIERS float4 curand_normal4(curandStatePhilox4_32_10_t* state) {
    const uint4 x = curand4(state);
    const float2 a = __acc_rand_box_muller(x.x, x.y), b = __acc_rand_box_muller(x.z, x.w);
    float4 z;
    z.x = a.x;
    z.y = a.y;
    z.z = b.x;
    z.w = b.y;
    return z;
}
QUALIFIERS double2 curand_normal2_double(curandStateXORWOW_t* state) {
    const unsigned int x0 = curand(state), x1 = curand(state);
    const unsigned int y0 = curand(state), y1 = curand(state);
    return __acc_rand_box_muller_double(x0, x1, y0, y1);
}
QUALIFIERS double2 curand_normal2_double(curandStatePhilox4_32_10_t* state) {
    const uint4 x = curand4(state);
    return __acc_rand_box_muller_double(x.x, x.y, x.z, x.w);
}
QUALIFIERS double2 curand_normal2_double(curandStateMRG32k3a_t* state) {
    const double u = curand_uniform_double(state), v = curand_uniform_double(state);
    return __acc_rand_polar_double(u, v * 2.0);
}
QUALIFIERS double4 curand_normal4_double(curandStatePhilox4_32_10_t* state) {
    const double2 a = curand_normal2_double(state), b = curand_normal2_double(state);
    double4 z;
    z.x = a.x;
    z.y = a.y;
    z.z = b.x;
    z.w = b.y;
    return z;
}

// One of a pair.
template <typename State>
QUALIFIERS float __acc_rand_normal_of_pair(State* state) {
    if (state->boxmuller_flag) {
        state->boxmuller_flag = 0;
        return state->boxmuller_extra;
    }
    const float2 pair = curand_normal2(state);
    state->boxmuller_extra = pair.y;
    state->boxmuller_flag = 1;
    return pair.x;
}
template <typename State>
QUALIFIERS double __acc_rand_normal_of_pair_double(State* state) {
    if (state->boxmuller_flag_double) {
        state->boxmuller_flag_double = 0;
        return state->boxmuller_extra_double;
    }
    const double2 pair = curand_normal2_double(state);
    state->boxmuller_extra_double = pair.y;
    state->boxmuller_flag_double = 1;
    return pair.x;
}

QUALIFIERS float curand_normal(curandStateXORWOW_t* state) {
    return __acc_rand_normal_of_pair(state);
}
QUALIFIERS float curand_normal(curandStateMRG32k3a_t* state) {
    return __acc_rand_normal_of_pair(state);
}
QUALIFIERS float curand_normal(curandStatePhilox4_32_10_t* state) {
    return __acc_rand_normal_of_pair(state);
}
QUALIFIERS float curand_normal(curandStateMtgp32_t* state) {
    return __acc_rand_normal_quantile(curand(state));
}
QUALIFIERS float curand_normal(curandStateSobol32_t* state) {
    return __acc_rand_normal_quantile(curand(state));
}
QUALIFIERS float curand_normal(curandStateScrambledSobol32_t* state) {
    return __acc_rand_normal_quantile(curand(state));
}
QUALIFIERS float curand_normal(curandStateSobol64_t* state) {
    return __acc_rand_normal_quantile(curand(state));
}
QUALIFIERS float curand_normal(curandStateScrambledSobol64_t* state) {
    return __acc_rand_normal_quantile(curand(state));
}
QUALIFIERS double curand_normal_double(curandStateXORWOW_t* state) {
    return __acc_rand_normal_of_pair_double(state);
}
QUALIFIERS double curand_normal_double(curandStateMRG32k3a_t* state) {
    return __acc_rand_normal_of_pair_double(state);
}
QUALIFIERS double curand_normal_double(curandStatePhilox4_32_10_t* state) {
    return __acc_rand_normal_of_pair_double(state);
}
QUALIFIERS double curand_normal_double(curandStateMtgp32_t* state) {
    return __acc_rand_normal_quantile_double(curand(state));
}
QUALIFIERS double curand_normal_double(curandStateSobol32_t* state) {
    return __acc_rand_normal_quantile_double(curand(state));
}
QUALIFIERS double curand_normal_double(curandStateScrambledSobol32_t* state) {
    return __acc_rand_normal_quantile_double(curand(state));
}
QUALIFIERS double curand_normal_double(curandStateSobol64_t* state) {
    return __acc_rand_normal_quantile_double(curand(state));
}
QUALIFIERS double curand_normal_double(curandStateScrambledSobol64_t* state) {
    return __acc_rand_normal_quantile_double(curand(state));
}
