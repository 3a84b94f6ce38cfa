// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the kernels share: a block that works on one matrix.
#pragma once

#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/solver/kernels/dense.h"

namespace acc::solver {

inline constexpr int kThreads = 256;
inline constexpr int kWarps = kThreads / 32;

template <class T>
__device__ inline T* matrix_of(const Matrices<T>& m, int64_t i) {
    return m.pointers != nullptr ? m.pointers[i] : m.first + i * m.stride;
}

__device__ inline int lane() {
    return int(threadIdx.x) % 32;
}
__device__ inline int warp() {
    return int(threadIdx.x) / 32;
}

template <class T>
__device__ inline T sum_of_warp(T value) {
    for (int mask = 16; mask > 0; mask /= 2)
        value += lib::shuffle_xor(value, mask);
    return value;
}

/// The sum of a block's values, in every thread; the order is always the same.
template <class R>
__device__ R sum_of_block(R value) {
    __shared__ R sums[kWarps];
    value = sum_of_warp(value);
    __syncthreads();
    if (lane() == 0) sums[warp()] = value;
    __syncthreads();
    R total = 0;
    for (int i = 0; i < kWarps; ++i)
        total += sums[i];
    return total;
}

template <class R>
struct Epsilon;
template <>
struct Epsilon<float> {
    __host__ __device__ static constexpr float value() { return 1.1920929e-7f; }
    __host__ __device__ static constexpr float tiny() { return 1.1754944e-38f; }
};
template <>
struct Epsilon<double> {
    __host__ __device__ static constexpr double value() { return 2.220446049250313e-16; }
    __host__ __device__ static constexpr double tiny() { return 2.2250738585072014e-308; }
};

#define ACC_FOR_TYPES(MACRO)                                                                       \
    MACRO(float)                                                                                   \
    MACRO(double)                                                                                  \
    MACRO(Complex<float>)                                                                          \
    MACRO(Complex<double>)

} // namespace acc::solver
