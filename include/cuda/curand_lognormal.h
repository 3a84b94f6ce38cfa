// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers whose logarithm is normally distributed with a mean and a deviation.
#pragma once
#define CURAND_LOGNORMAL_H_ // programs test this name
#include "curand_normal.h"

QUALIFIERS float curand_log_normal(curandStateXORWOW_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS float curand_log_normal(curandStateMRG32k3a_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS float curand_log_normal(curandStatePhilox4_32_10_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS float curand_log_normal(curandStateMtgp32_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS float curand_log_normal(curandStateSobol32_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS float curand_log_normal(curandStateScrambledSobol32_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS float curand_log_normal(curandStateSobol64_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS float curand_log_normal(curandStateScrambledSobol64_t* state, float mean, float stddev) {
    return expf(mean + stddev * curand_normal(state));
}
QUALIFIERS double curand_log_normal_double(curandStateXORWOW_t* state, double mean, double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS double curand_log_normal_double(curandStateMRG32k3a_t* state, double mean,
                                           double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS double curand_log_normal_double(curandStatePhilox4_32_10_t* state, double mean,
                                           double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS double curand_log_normal_double(curandStateMtgp32_t* state, double mean, double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS double curand_log_normal_double(curandStateSobol32_t* state, double mean,
                                           double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS double curand_log_normal_double(curandStateScrambledSobol32_t* state, double mean,
                                           double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS double curand_log_normal_double(curandStateSobol64_t* state, double mean,
                                           double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS double curand_log_normal_double(curandStateScrambledSobol64_t* state, double mean,
                                           double stddev) {
    return exp(mean + stddev * curand_normal_double(state));
}
QUALIFIERS float2 curand_log_normal2(curandStateXORWOW_t* state, float mean, float stddev) {
    float2 z = curand_normal2(state);
    z.x = expf(mean + stddev * z.x);
    z.y = expf(mean + stddev * z.y);
    return z;
}
QUALIFIERS double2 curand_log_normal2_double(curandStateXORWOW_t* state, double mean,
                                             double stddev) {
    double2 z = curand_normal2_double(state);
    z.x = exp(mean + stddev * z.x);
    z.y = exp(mean + stddev * z.y);
    return z;
}
QUALIFIERS float2 curand_log_normal2(curandStateMRG32k3a_t* state, float mean, float stddev) {
    float2 z = curand_normal2(state);
    z.x = expf(mean + stddev * z.x);
    z.y = expf(mean + stddev * z.y);
    return z;
}
QUALIFIERS double2 curand_log_normal2_double(curandStateMRG32k3a_t* state, double mean,
                                             double stddev) {
    double2 z = curand_normal2_double(state);
    z.x = exp(mean + stddev * z.x);
    z.y = exp(mean + stddev * z.y);
    return z;
}
QUALIFIERS float2 curand_log_normal2(curandStatePhilox4_32_10_t* state, float mean, float stddev) {
    float2 z = curand_normal2(state);
    z.x = expf(mean + stddev * z.x);
    z.y = expf(mean + stddev * z.y);
    return z;
}
QUALIFIERS double2 curand_log_normal2_double(curandStatePhilox4_32_10_t* state, double mean,
                                             double stddev) {
    double2 z = curand_normal2_double(state);
    z.x = exp(mean + stddev * z.x);
    z.y = exp(mean + stddev * z.y);
    return z;
}
QUALIFIERS float4 curand_log_normal4(curandStatePhilox4_32_10_t* state, float mean, float stddev) {
    float4 z = curand_normal4(state);
    z.x = expf(mean + stddev * z.x);
    z.y = expf(mean + stddev * z.y);
    z.z = expf(mean + stddev * z.z);
    z.w = expf(mean + stddev * z.w);
    return z;
}
QUALIFIERS double4 curand_log_normal4_double(curandStatePhilox4_32_10_t* state, double mean,
                                             double stddev) {
    double4 z = curand_normal4_double(state);
    z.x = exp(mean + stddev * z.x);
    z.y = exp(mean + stddev * z.y);
    z.z = exp(mean + stddev * z.z);
    z.w = exp(mean + stddev * z.w);
    return z;
}
