// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scales that keep squares within a type's range, for the host and the device.
#pragma once

#include <cuda_runtime_api.h>

#include <cmath>

namespace acc::solver {

template <class R>
struct Epsilon;
template <>
struct Epsilon<float> {
    __host__ __device__ static constexpr float value() { return 1.1920929e-7f; }
    __host__ __device__ static constexpr float tiny() { return 1.1754944e-38f; }
    static constexpr int exponents = 126; ///< of powers of two, both ways
};
template <>
struct Epsilon<double> {
    __host__ __device__ static constexpr double value() { return 2.220446049250313e-16; }
    __host__ __device__ static constexpr double tiny() { return 2.2250738585072014e-308; }
    static constexpr int exponents = 1022;
};

/// A power of two (and with `back` its inverse) that brings numbers of which this is the largest
/// near one, where squares neither overflow nor get lost; 1 when there is nothing or no end to it.
template <class R>
__host__ __device__ R scale_for(R largest, bool back) {
    if (!(largest > 0) || largest - largest != 0) return 1;
    int exponent = ilogb(largest);
    constexpr int most = Epsilon<R>::exponents;
    exponent = exponent > most ? most : exponent < -most ? -most : exponent;
    return R(ldexp(R(1), back ? exponent : -exponent));
}

} // namespace acc::solver
