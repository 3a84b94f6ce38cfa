// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Poisson distributed numbers: by Knuth's products of uniform numbers (lambda < 10), else by
// transformed rejection (W. Hoermann, The transformed rejection method for generating Poisson
// random variables, Insurance: Mathematics and Economics 12, 1993, algorithm PTRS); from one draw,
// by inversion (MTGP32, whose threads draw together, and Sobol').
#pragma once
#define CURAND_POISSON_H_ // programs test this name
#include "curand_lognormal.h"

template <typename State>
QUALIFIERS unsigned int __acc_rand_poisson_product(State* state, double lambda) {
    const double least = exp(-lambda);
    unsigned int k = 0;
    for (double product = curand_uniform(state); product > least; product *= curand_uniform(state))
        ++k;
    return k;
}

template <typename State>
QUALIFIERS unsigned int __acc_rand_poisson_rejection(State* state, double lambda) {
    const double b = 0.931 + 2.53 * sqrt(lambda), a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2.0);
    const double log_lambda = log(lambda);
    for (;;) {
        const double u = curand_uniform_double(state) - 0.5, v = curand_uniform_double(state);
        const double us = 0.5 - fabs(u);
        const double k = floor((2.0 * a / us + b) * u + lambda + 0.43);
        if (us >= 0.07 && v <= v_r) return (unsigned int)k;
        if (!(k >= 0.0) || (us < 0.013 && v > us)) continue;
        if (log(v * inverse_alpha / (a / (us * us) + b)) <=
            k * log_lambda - lambda - lgamma(k + 1.0))
            return (unsigned int)k;
    }
}

template <typename State>
QUALIFIERS unsigned int __acc_rand_poisson(State* state, double lambda) {
    return lambda < 10.0 ? __acc_rand_poisson_product(state, lambda)
                         : __acc_rand_poisson_rejection(state, lambda);
}

// The least k whose distribution function is not below p: sums of probabilities, from where they
// begin to count.
QUALIFIERS unsigned int __acc_rand_poisson_quantile(double p, double lambda) {
    const double start = floor(lambda - 9.0 * sqrt(lambda));
    double k = start > 0.0 ? start : 0.0;
    double term = exp(k * log(lambda) - lambda - lgamma(k + 1.0)), sum = term;
    const double last = lambda + 12.0 * sqrt(lambda) + 30.0;
    while (sum < p && k < last) {
        k += 1.0;
        term *= lambda / k;
        sum += term;
    }
    return (unsigned int)k;
}

QUALIFIERS unsigned int curand_poisson(curandStateXORWOW_t* state, double lambda) {
    return __acc_rand_poisson(state, lambda);
}
QUALIFIERS unsigned int curand_poisson(curandStateMRG32k3a_t* state, double lambda) {
    return __acc_rand_poisson(state, lambda);
}
QUALIFIERS unsigned int curand_poisson(curandStatePhilox4_32_10_t* state, double lambda) {
    return __acc_rand_poisson(state, lambda);
}
QUALIFIERS unsigned int curand_poisson(curandStateMtgp32_t* state, double lambda) {
    return __acc_rand_poisson_quantile(curand_uniform_double(state), lambda);
}
QUALIFIERS unsigned int curand_poisson(curandStateSobol32_t* state, double lambda) {
    return __acc_rand_poisson_quantile(curand_uniform_double(state), lambda);
}
QUALIFIERS unsigned int curand_poisson(curandStateScrambledSobol32_t* state, double lambda) {
    return __acc_rand_poisson_quantile(curand_uniform_double(state), lambda);
}
QUALIFIERS unsigned int curand_poisson(curandStateSobol64_t* state, double lambda) {
    return __acc_rand_poisson_quantile(curand_uniform_double(state), lambda);
}
QUALIFIERS unsigned int curand_poisson(curandStateScrambledSobol64_t* state, double lambda) {
    return __acc_rand_poisson_quantile(curand_uniform_double(state), lambda);
}
QUALIFIERS uint4 curand_poisson4(curandStatePhilox4_32_10_t* state, double lambda) {
    const unsigned int a = curand_poisson(state, lambda), b = curand_poisson(state, lambda);
    const unsigned int c = curand_poisson(state, lambda), d = curand_poisson(state, lambda);
    return __acc_rand_words(a, b, c, d);
}
