// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers of a discrete distribution, from the table that curandCreatePoissonDistribution makes: by
// inversion of one draw.
#pragma once
#define CURAND_DISCRETE_H_ // programs test this name
#include "curand_uniform.h"

// In device memory. The first number whose distribution function is not below the draw is the
// result.
struct curandDiscreteDistribution_st {
    unsigned int first;  // the number that the table begins with
    unsigned int length; // of the table, at least 1
    const double* distribution_function;
};

QUALIFIERS unsigned int __acc_rand_discrete(double p, const curandDiscreteDistribution_st* d) {
    unsigned int low = 0, high = d->length - 1;
    while (low < high) {
        const unsigned int middle = (low + high) / 2;
        if (d->distribution_function[middle] < p)
            low = middle + 1;
        else
            high = middle;
    }
    return d->first + low;
}

QUALIFIERS unsigned int curand_discrete(curandStateXORWOW_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS unsigned int curand_discrete(curandStateMRG32k3a_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS unsigned int curand_discrete(curandStatePhilox4_32_10_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS unsigned int curand_discrete(curandStateMtgp32_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS unsigned int curand_discrete(curandStateSobol32_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS unsigned int curand_discrete(curandStateScrambledSobol32_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS unsigned int curand_discrete(curandStateSobol64_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS unsigned int curand_discrete(curandStateScrambledSobol64_t* state,
                                        curandDiscreteDistribution_t discrete_distribution) {
    return __acc_rand_discrete(curand_uniform_double(state), discrete_distribution);
}
QUALIFIERS uint4 curand_discrete4(curandStatePhilox4_32_10_t* state,
                                  curandDiscreteDistribution_t discrete_distribution) {
    const unsigned int a = curand_discrete(state, discrete_distribution);
    const unsigned int b = curand_discrete(state, discrete_distribution);
    const unsigned int c = curand_discrete(state, discrete_distribution);
    const unsigned int d = curand_discrete(state, discrete_distribution);
    return __acc_rand_words(a, b, c, d);
}
