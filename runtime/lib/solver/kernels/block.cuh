// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the kernels share: a block that works on one matrix.
#pragma once

#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/solver/kernels/dense.h"
#include "runtime/lib/solver/kernels/scale.h"

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

/// The largest of a block's values (at least 0, NaN left out), in every thread.
template <class R>
__device__ R largest_of_block(R value) {
    __shared__ R largest[kThreads];
    largest[threadIdx.x] = value > 0 ? value : R(0);
    __syncthreads();
    for (int half = kThreads / 2; half > 0; half /= 2) {
        if (int(threadIdx.x) < half && largest[threadIdx.x + half] > largest[threadIdx.x])
            largest[threadIdx.x] = largest[threadIdx.x + half];
        __syncthreads();
    }
    return largest[0];
}

#define ACC_FOR_TYPES(MACRO)                                                                       \
    MACRO(float)                                                                                   \
    MACRO(double)                                                                                  \
    MACRO(Complex<float>)                                                                          \
    MACRO(Complex<double>)

} // namespace acc::solver
