// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the native side is written with: OpenMP for threads and SIMD loops. Compiled with -O3
// -march=native -fopenmp; floating point as written, but for sums that a loop declares as
// reductions and for a * b + c, which may be fused, as in CUDA.

#pragma once

#include "../problems.h"

#ifdef __AVX512F__
#include <immintrin.h>
#endif

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

// The natural logarithm of a positive, normal float; likewise.
inline float simd_log(float x) {
    const int bits = __builtin_bit_cast(int, x);
    int e = (bits >> 23) - 126;
    float m = __builtin_bit_cast(float, (bits & 0x007fffff) | 0x3f000000);
    const bool small = m < 0.707106781f;
    e = small ? e - 1 : e;
    m = (small ? m + m : m) - 1.0f;
    float p = 7.0376836292e-2f;
    p = p * m - 1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m - 1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m - 1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m - 2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    const float k = static_cast<float>(e);
    return m * m * m * p - 2.12194440e-4f * k - 0.5f * m * m + m + 0.693359375f * k;
}

// Sixteen lanes, for loops that are written out. Masks are whole numbers, 0 or -1.
typedef float float16 __attribute__((vector_size(64)));
typedef int int16 __attribute__((vector_size(64)));
typedef uint32_t uint16 __attribute__((vector_size(64)));

inline float16 splat(float value) {
    return value - float16{};
}
constexpr int16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

template <typename Vector, typename T>
Vector load(const T* from) {
    Vector vector;
    std::memcpy(&vector, from, sizeof vector);
    return vector;
}
template <typename Vector, typename T>
void store(T* to, Vector vector) {
    std::memcpy(to, &vector, sizeof vector);
}

inline bool any(int16 mask) {
    return __builtin_reduce_or(mask) != 0;
}

// 16 x 16 numbers, rows become columns: halves, quarters, ... beside the diagonal are exchanged.
template <int Distance, typename Vector>
void exchange_blocks(Vector rows[16]) {
#define LANE(n) ((n) & Distance ? 16 + (n) - Distance : (n))
#define OTHER(n) ((n) & Distance ? 16 + (n) : (n) + Distance)
#define ALL(f)                                                                                     \
    f(0), f(1), f(2), f(3), f(4), f(5), f(6), f(7), f(8), f(9), f(10), f(11), f(12), f(13), f(14), \
        f(15)
#pragma unroll
    for (int i = 0; i < 16; ++i) {
        if (i & Distance) continue;
        const Vector a = rows[i], b = rows[i + Distance];
        rows[i] = __builtin_shufflevector(a, b, ALL(LANE));
        rows[i + Distance] = __builtin_shufflevector(a, b, ALL(OTHER));
    }
#undef ALL
#undef OTHER
#undef LANE
}
template <typename Vector>
void transpose(Vector rows[16]) {
    exchange_blocks<8>(rows);
    exchange_blocks<4>(rows);
    exchange_blocks<2>(rows);
    exchange_blocks<1>(rows);
}

// The largest of n numbers, n > 0. Four chains, since each comparison waits for the one before.
inline float largest_of(const float* values, int n) {
    float16 largest[4] = {splat(values[0]), splat(values[0]), splat(values[0]), splat(values[0])};
    int i = 0;
    for (; i + 64 <= n; i += 64) {
        for (int k = 0; k < 4; ++k) {
            const float16 v = load<float16>(values + i + 16 * k);
            largest[k] = v > largest[k] ? v : largest[k];
        }
    }
    float result = values[0];
    for (; i < n; ++i)
        result = values[i] > result ? values[i] : result;
    for (const float16& chain : largest)
        for (int lane = 0; lane < 16; ++lane)
            result = chain[lane] > result ? chain[lane] : result;
    return result;
}

// 1 / sqrt(x): the processor's estimate and one step of Newton's, or the exact operations.
inline float16 reciprocal_root(float16 x) {
#ifdef __AVX512F__
    const float16 y = _mm512_rsqrt14_ps(x);
    return y * (splat(1.5f) - splat(0.5f) * x * y * y);
#else
    return splat(1.0f) / __builtin_elementwise_sqrt(x);
#endif
}
