// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the native side is written with: OpenMP for threads and SIMD loops. Compiled with -O3
// -march=native -fopenmp; floating point as written, but for sums that a loop declares as
// reductions and for a * b + c, which may be fused, as in CUDA.

#pragma once

#include "../problems.h"

// Values with what they hold at the start.
template <typename T>
class Array {
  public:
    explicit Array(size_t count) : values_(count), start_() {}
    explicit Array(const std::vector<T>& values) : values_(values), start_(values) {}

    void reset() {
        if (start_.empty())
            std::memset(static_cast<void*>(values_.data()), 0xcd, values_.size() * sizeof(T));
        else
            values_ = start_;
    }
    const std::vector<T>& read() const { return values_; }
    T* get() { return values_.data(); }

  private:
    std::vector<T> values_, start_;
};

// e^x in float, one unit in the last place or two; plain arithmetic, so loops with it become vector
// code of any width.
inline float simd_exp(float x) {
    x = x > 88.7f ? 88.7f : x;
    x = x < -87.3f ? -87.3f : x;
    const float k = __builtin_rintf(x * 1.44269504f);
    float r = x - k * 0.693359375f;
    r = r + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return p * __builtin_bit_cast(float, (static_cast<int>(k) + 127) << 23);
}

// Sixteen floats, for loops whose lanes are written out.
typedef float float16 __attribute__((vector_size(64)));

inline float16 splat(float value) {
    return value - float16{};
}
