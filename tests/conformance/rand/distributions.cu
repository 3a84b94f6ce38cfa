// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The distributions of cuRAND's device functions, by statistics with fixed seeds: Kolmogorov and
// Smirnov's distance from the distribution function, chi squared for the discrete ones; and the
// ends of the uniform ones.
#include "../common/check.h"

#include <curand_kernel.h>
#include <curand_mtgp32_host.h>
#include <curand_mtgp32dc_p_11213.h>

#include <algorithm>
#include <cmath>
#include <functional>

static const int kBlocks = 4, kThreads = 64, kEach = 64, kCount = kBlocks * kThreads * kEach;

enum Kind { kUniform, kUniformDouble, kNormal, kNormalDouble, kLogNormal, kLogNormalDouble };

template <typename State>
__device__ double draw(Kind kind, State* s) {
    switch (kind) {
    case kUniform: return curand_uniform(s);
    case kUniformDouble: return curand_uniform_double(s);
    case kNormal: return curand_normal(s);
    case kNormalDouble: return curand_normal_double(s);
    case kLogNormal: return curand_log_normal(s, 0.5f, 0.75f);
    default: return curand_log_normal_double(s, 0.5, 0.75);
    }
}
template <typename State>
__global__ void fill(Kind kind, double* out) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    State s;
    curand_init(2026ull, thread, 0, &s);
    for (int i = 0; i < kEach; ++i)
        out[i * kBlocks * kThreads + thread] = draw(kind, &s);
}
template <typename State>
__global__ void fill_poisson(double lambda, double* out) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    State s;
    curand_init(99ull, thread, 0, &s);
    for (int i = 0; i < kEach; ++i)
        out[i * kBlocks * kThreads + thread] = curand_poisson(&s, lambda);
}
__global__ void fill_mtgp(Kind kind, double lambda, curandStateMtgp32_t* states, double* out) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    for (int i = 0; i < kEach; ++i)
        out[i * kBlocks * kThreads + thread] = lambda > 0
                                                   ? curand_poisson(&states[blockIdx.x], lambda)
                                                   : draw(kind, &states[blockIdx.x]);
}
// Each thread has a piece of one sequence.
__global__ void fill_sobol(Kind kind, double lambda, double* out) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    curandDirectionVectors32_t v;
    for (int k = 0; k < 32; ++k)
        v[k] = 1u << (31 - k);
    curandStateSobol32_t s;
    curand_init(v, (unsigned int)thread * kEach, &s);
    for (int i = 0; i < kEach; ++i)
        out[thread * kEach + i] = lambda > 0 ? curand_poisson(&s, lambda) : draw(kind, &s);
}

// Four at once, of the generator that has them.
__global__ void fill_fours(Kind kind, double* out) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    curandStatePhilox4_32_10_t s;
    curand_init(11ull, thread, 0, &s);
    for (int i = 0; i < kEach; i += 4) {
        double* at = out + thread * kEach + i;
        if (kind == kUniform || kind == kNormal || kind == kLogNormal) {
            const float4 v = kind == kUniform  ? curand_uniform4(&s)
                             : kind == kNormal ? curand_normal4(&s)
                                               : curand_log_normal4(&s, 0.5f, 0.75f);
            at[0] = v.x, at[1] = v.y, at[2] = v.z, at[3] = v.w;
        } else {
            const double2 v = kind == kUniformDouble  ? curand_uniform2_double(&s)
                              : kind == kNormalDouble ? curand_normal2_double(&s)
                                                      : curand_log_normal2_double(&s, 0.5, 0.75);
            const double2 w = kind == kUniformDouble  ? curand_uniform2_double(&s)
                              : kind == kNormalDouble ? curand_normal2_double(&s)
                                                      : curand_log_normal2_double(&s, 0.5, 0.75);
            at[0] = v.x, at[1] = v.y, at[2] = w.x, at[3] = w.y;
        }
    }
}

static double distribution_function(Kind kind, double x) {
    switch (kind) {
    case kUniform:
    case kUniformDouble: return x < 0 ? 0 : x > 1 ? 1 : x;
    case kNormal:
    case kNormalDouble: return 0.5 * std::erfc(-x / std::sqrt(2.0));
    default: return x <= 0 ? 0 : 0.5 * std::erfc(-(std::log(x) - 0.5) / 0.75 / std::sqrt(2.0));
    }
}

// A distance of 1.95 / sqrt(n) is exceeded once in 1000 samples; the seeds are fixed.
static void check_continuous(const char* name, Kind kind, std::vector<double> x) {
    std::sort(x.begin(), x.end());
    double distance = 0;
    for (size_t i = 0; i < x.size(); ++i) {
        const double f = distribution_function(kind, x[i]);
        distance = std::max({distance, f - (double)i / x.size(), (double)(i + 1) / x.size() - f});
    }
    EXPECT(distance < 1.95 / std::sqrt((double)x.size()), "%s %d: %g", name, kind, distance);
    if (kind <= kUniformDouble) EXPECT(x.front() > 0 && x.back() <= 1, "%s", name);
}

static void check_poisson(const char* name, double lambda, const std::vector<double>& x) {
    // Classes of at least 20 expected numbers.
    double p = std::exp(-lambda), expected = 0, chi2 = 0, done = 0;
    std::vector<double> sorted = x;
    std::sort(sorted.begin(), sorted.end());
    size_t at = 0, observed = 0;
    int classes = 0;
    for (double k = 0; k < lambda + 15 * std::sqrt(lambda) + 20; ++k) {
        if (lambda > 500) p = std::exp(k * std::log(lambda) - lambda - std::lgamma(k + 1));
        expected += p * x.size();
        for (; at < sorted.size() && sorted[at] == k; ++at)
            ++observed;
        if (expected >= 20 && x.size() - done - expected >= 20) {
            chi2 += (observed - expected) * (observed - expected) / expected;
            done += expected;
            expected = 0, observed = 0;
            ++classes;
        }
        p *= lambda / (k + 1);
    }
    const double rest = x.size() - done;
    observed += sorted.size() - at;
    chi2 += (observed - rest) * (observed - rest) / rest;
    // Wilson and Hilferty's approximation: a deviate of 3.7 is exceeded once in 10,000.
    const double f = classes,
                 z = (std::cbrt(chi2 / f) - (1 - 2 / (9 * f))) / std::sqrt(2 / (9 * f));
    EXPECT(classes >= 2 && z < 3.7, "%s lambda %g: chi2 %g of %d classes", name, lambda, chi2,
           classes);
}

int main() {
    Buffer<double> out(kCount);
    Buffer<curandStateMtgp32_t> states(kBlocks);
    mtgp32_kernel_params_t* parameters;
    CHECK(cudaMalloc((void**)&parameters, sizeof *parameters));
    EXPECT(curandMakeMTGP32Constants(mtgp32dc_params_fast_11213, parameters) ==
           CURAND_STATUS_SUCCESS);
    EXPECT(curandMakeMTGP32KernelState(states.device(), mtgp32dc_params_fast_11213, parameters,
                                       kBlocks, 1234) == CURAND_STATUS_SUCCESS);
    for (int k = kUniform; k <= kLogNormalDouble; ++k) {
        const Kind kind = (Kind)k;
        fill<curandStateXORWOW_t><<<kBlocks, kThreads>>>(kind, out.device());
        check_continuous("XORWOW", kind, out.download());
        fill<curandStateMRG32k3a_t><<<kBlocks, kThreads>>>(kind, out.device());
        check_continuous("MRG32k3a", kind, out.download());
        fill<curandStatePhilox4_32_10_t><<<kBlocks, kThreads>>>(kind, out.device());
        check_continuous("Philox", kind, out.download());
        fill_fours<<<kBlocks, kThreads>>>(kind, out.device());
        check_continuous("Philox, fours", kind, out.download());
        fill_mtgp<<<kBlocks, kThreads>>>(kind, 0, states.device(), out.device());
        check_continuous("MTGP32", kind, out.download());
        fill_sobol<<<kBlocks, kThreads>>>(kind, 0, out.device());
        check_continuous("Sobol", kind, out.download());
    }
    for (double lambda : {0.3, 4.0, 30.0, 900.0}) {
        fill_poisson<curandStateXORWOW_t><<<kBlocks, kThreads>>>(lambda, out.device());
        check_poisson("XORWOW", lambda, out.download());
        fill_poisson<curandStateMRG32k3a_t><<<kBlocks, kThreads>>>(lambda, out.device());
        check_poisson("MRG32k3a", lambda, out.download());
        fill_poisson<curandStatePhilox4_32_10_t><<<kBlocks, kThreads>>>(lambda, out.device());
        check_poisson("Philox", lambda, out.download());
        fill_mtgp<<<kBlocks, kThreads>>>(kUniform, lambda, states.device(), out.device());
        check_poisson("MTGP32", lambda, out.download());
        fill_sobol<<<kBlocks, kThreads>>>(kUniform, lambda, out.device());
        check_poisson("Sobol", lambda, out.download());
    }
    return finish();
}
