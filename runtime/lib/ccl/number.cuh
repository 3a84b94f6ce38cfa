// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements as they are added up: floats of up to 32 bits in float, integers in 64 bits, so that a
// result is rounded, or wraps, once.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#include <nccl.h>

#include <cstdint>

namespace acc::ccl {

template <class T>
struct AccumulatorOf {
    using type = float;
};
template <>
struct AccumulatorOf<double> {
    using type = double;
};
template <>
struct AccumulatorOf<int8_t> {
    using type = int64_t;
};
template <>
struct AccumulatorOf<int32_t> {
    using type = int64_t;
};
template <>
struct AccumulatorOf<int64_t> {
    using type = int64_t;
};
template <>
struct AccumulatorOf<uint8_t> {
    using type = uint64_t;
};
template <>
struct AccumulatorOf<uint32_t> {
    using type = uint64_t;
};
template <>
struct AccumulatorOf<uint64_t> {
    using type = uint64_t;
};
template <class T>
using Accumulator = typename AccumulatorOf<T>::type;

template <class T>
__device__ Accumulator<T> load(T value) {
    return static_cast<Accumulator<T>>(value);
}
template <class T>
__device__ T store(Accumulator<T> value) {
    return static_cast<T>(value);
}

/// Signed numbers wrap: they are computed as unsigned ones.
__device__ inline int64_t sum(int64_t a, int64_t b) {
    return int64_t(uint64_t(a) + uint64_t(b));
}
__device__ inline int64_t product(int64_t a, int64_t b) {
    return int64_t(uint64_t(a) * uint64_t(b));
}
template <class A>
__device__ A sum(A a, A b) {
    return a + b;
}
template <class A>
__device__ A product(A a, A b) {
    return a * b;
}

/// Of a NaN and a number, the number.
__device__ inline float largest(float a, float b) {
    return fmaxf(a, b);
}
__device__ inline double largest(double a, double b) {
    return fmax(a, b);
}
__device__ inline float least(float a, float b) {
    return fminf(a, b);
}
__device__ inline double least(double a, double b) {
    return fmin(a, b);
}
template <class A>
__device__ A largest(A a, A b) {
    return a < b ? b : a;
}
template <class A>
__device__ A least(A a, A b) {
    return b < a ? b : a;
}

template <int op, class A>
__device__ A combine(A a, A b) {
    if constexpr (op == ncclProd)
        return product(a, b);
    else if constexpr (op == ncclMax)
        return largest(a, b);
    else if constexpr (op == ncclMin)
        return least(a, b);
    else
        return sum(a, b);
}

template <class A>
__device__ A mean(A sum, uint32_t ranks) {
    return sum / A(ranks);
}

} // namespace acc::ccl
