// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What random programs (random_programs.py) are written with. Every function here means the same on
// the host and on the device: on the device it is CUDA's operation, on the host C++ that says what
// CUDA's programming guide says, written from the guide and not from the toolkit's headers.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <vector>

#define HD __host__ __device__

// Structures of every shape that calls and copies treat differently.
struct Pair {
    int32_t a;
    int64_t b;
    uint8_t c;
};
struct Bits {
    uint32_t low : 5;
    int32_t middle : 11;
    uint64_t high : 37;
    bool flag : 1;
};
struct Wide {
    double d[3];
    Pair p;
    short4 s;
};
struct alignas(16) Aligned {
    uint8_t byte;
    float4 f;
};
struct Three {
    uint8_t r, g, b;
};

// The value as bits, one NaN for all (CUDA does not say which NaN comes out).
HD inline uint64_t bits(float f) {
    if (f != f) return 0x7fc00000;
    uint32_t r;
    memcpy(&r, &f, 4);
    return r;
}
HD inline uint64_t bits(double f) {
    if (f != f) return 0x7ff8000000000000;
    uint64_t r;
    memcpy(&r, &f, 8);
    return r;
}
HD inline uint64_t bits(__half h) {
    return bits(__half2float(h));
}
HD inline uint64_t bits(__nv_bfloat16 h) {
    return bits(__bfloat162float(h));
}
template <class T>
HD inline uint64_t bits(T v) {
    return (uint64_t)v;
}

// The next random number: xorshift64 (Marsaglia, 2003), from a state that is not 0.
inline uint64_t next(uint64_t& state) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

// Addition that wraps for every type.
template <class T>
HD inline void add(T& to, uint64_t v) {
    to = (T)((uint64_t)to + v);
}

// Conversions whose result C++ defines.
HD inline int32_t f2i(float f) {
    return f > -2e9f && f < 2e9f ? (int32_t)f : 7;
}
HD inline uint32_t f2u(float f) {
    return f >= 0.0f && f < 4e9f ? (uint32_t)f : 9;
}
HD inline int64_t d2l(double f) {
    return f > -9e18 && f < 9e18 ? (int64_t)f : 11;
}

// A minimum of equal values may be either zero.
HD inline float least(float a, float b) {
    return a == b ? a : fminf(a, b);
}
HD inline float most(float a, float b) {
    return a == b ? a : fmaxf(a, b);
}
HD inline double least(double a, double b) {
    return a == b ? a : fmin(a, b);
}
HD inline double most(double a, double b) {
    return a == b ? a : fmax(a, b);
}

HD inline uint32_t popc(uint64_t v) {
#ifdef __CUDA_ARCH__
    return __popcll(v);
#else
    uint32_t n = 0;
    for (; v; v &= v - 1)
        ++n;
    return n;
#endif
}

HD inline uint32_t clz(uint32_t v) {
#ifdef __CUDA_ARCH__
    return __clz((int)v);
#else
    uint32_t n = 0;
    while (n < 32 && !(v >> (31 - n) & 1))
        ++n;
    return n;
#endif
}

HD inline uint32_t first_set(uint64_t v) {
#ifdef __CUDA_ARCH__
    return __ffsll((long long)v);
#else
    for (uint32_t n = 0; n < 64; ++n)
        if (v >> n & 1) return n + 1;
    return 0;
#endif
}

HD inline uint64_t brev(uint64_t v) {
#ifdef __CUDA_ARCH__
    return __brevll(v);
#else
    uint64_t r = 0;
    for (int i = 0; i < 64; ++i)
        r |= (v >> i & 1) << (63 - i);
    return r;
#endif
}

HD inline uint64_t high_product(uint64_t a, uint64_t b) {
#ifdef __CUDA_ARCH__
    return __umul64hi(a, b);
#else
    return (uint64_t)((unsigned __int128)a * b >> 64);
#endif
}

HD inline int64_t high_product_signed(int64_t a, int64_t b) {
#ifdef __CUDA_ARCH__
    return __mul64hi(a, b);
#else
    return (int64_t)((__int128)a * b >> 64);
#endif
}

HD inline uint32_t byte_perm(uint32_t a, uint32_t b, uint32_t s) {
#ifdef __CUDA_ARCH__
    return __byte_perm(a, b, s);
#else
    uint64_t both = (uint64_t)b << 32 | a;
    uint32_t r = 0;
    for (int i = 0; i < 4; ++i)
        r |= (uint32_t)(both >> ((s >> 4 * i & 7) * 8) & 255) << 8 * i;
    return r;
#endif
}

HD inline uint32_t funnel(uint32_t low, uint32_t high, uint32_t shift) {
#ifdef __CUDA_ARCH__
    return __funnelshift_l(low, high, shift);
#else
    return (uint32_t)((((uint64_t)high << 32 | low) << (shift & 31)) >> 32);
#endif
}

HD inline int32_t dot4(int32_t a, int32_t b, int32_t c) {
#ifdef __CUDA_ARCH__
    return __dp4a(a, b, c);
#else
    uint32_t sum = (uint32_t)c;
    for (int i = 0; i < 4; ++i)
        sum += (uint32_t)((int32_t)(int8_t)(a >> 8 * i) * (int8_t)(b >> 8 * i));
    return (int32_t)sum;
#endif
}

HD inline uint32_t add_bytes(uint32_t a, uint32_t b) {
#ifdef __CUDA_ARCH__
    return __vadd4(a, b);
#else
    uint32_t r = 0;
    for (int i = 0; i < 4; ++i)
        r |= ((a >> 8 * i) + (b >> 8 * i) & 255) << 8 * i;
    return r;
#endif
}

HD inline uint32_t difference_of_bytes(uint32_t a, uint32_t b) {
#ifdef __CUDA_ARCH__
    return __vabsdiffu4(a, b);
#else
    uint32_t r = 0;
    for (int i = 0; i < 4; ++i) {
        int x = a >> 8 * i & 255, y = b >> 8 * i & 255;
        r |= (uint32_t)(x < y ? y - x : x - y) << 8 * i;
    }
    return r;
#endif
}

// Calls with structures by value, and one that calls itself.
HD __noinline__ inline Wide widen(double d, int32_t i) {
    return Wide{{d, d * 2, -d},
                {i, (int64_t)i * 3, (uint8_t)i},
                make_short4((short)i, 2, (short)(i >> 3), 4)};
}
HD __noinline__ inline Aligned align(Wide w, float f) {
    return Aligned{w.p.c, make_float4(f, (float)w.d[0], (float)w.s.x, f)};
}
HD inline Three mix(Aligned a, Three t) {
    return Three{t.g, (uint8_t)(t.r + a.byte), (uint8_t)(a.f.x > 0)};
}
HD __noinline__ inline uint64_t descend(int depth, uint64_t v) {
    return depth <= 0 ? v : descend(depth - 1, v * 3 + (uint64_t)depth) ^ (v >> depth);
}
