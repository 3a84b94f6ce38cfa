// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What random programs (random_programs.py) are written with. A program is compiled twice: as CUDA,
// of which only the device code is used, and as C++, which is the reference. Every function here
// means the same in both: on the device it is CUDA's operation, on the host C++ that says what
// CUDA's programming guide and the PTX manual say, written from them and not from the toolkit's
// headers.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <math.h> // the overloads for float without std::, as CUDA has them

#ifdef __CUDACC__
#define HD __device__
#define NOINLINE __noinline__
#define KERNEL(name, ...) extern "C" __global__ void name(__VA_ARGS__)
#else
#define HD
#define NOINLINE __attribute__((noinline))
#endif

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
union Word {
    uint64_t l;
    uint32_t w[2];
    uint16_t h[4];
    uint8_t b[8];
};
struct Halves {
    __half h;
    __nv_bfloat16 b;
    bool set;
};
struct Nested {
    Three t;
    Pair p;
    float3 v;
};

HD inline __half2 make___half2(__half a, __half b) {
    return __halves2half2(a, b);
}
HD inline __nv_bfloat162 make___nv_bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) {
    return __halves2bfloat162(a, b);
}
HD inline Pair make_Pair(int32_t a, int64_t b, uint8_t c) {
    return Pair{a, b, c};
}
HD inline Wide make_Wide(double d, int32_t a, int64_t b, uint16_t s) {
    return Wide{{d, d + 1, -d}, {a, b, (uint8_t)s}, make_short4((short)s, 1, 2, (short)a)};
}
HD inline Aligned make_Aligned(uint8_t byte, float4 f) {
    return Aligned{byte, f};
}
HD inline Three make_Three(uint8_t r, uint8_t g, uint8_t b) {
    return Three{r, g, b};
}
HD inline Bits make_Bits(uint32_t low, int32_t middle, uint64_t high, bool flag) {
    Bits b = {};
    b.low = low & 31;
    b.middle = (middle & 1023) - 512;
    b.high = high & 0x1fffffffff;
    b.flag = flag;
    return b;
}
HD inline Word make_Word(uint64_t l) {
    Word w;
    w.l = l;
    return w;
}
HD inline Halves make_Halves(__half h, __nv_bfloat16 b, bool set) {
    return Halves{h, b, set};
}
HD inline Nested make_Nested(Three t, Pair p, float3 v) {
    return Nested{t, p, v};
}

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

// What is asked of a value whose sign is not specified.
template <class T>
HD inline T not_nan(T v) {
    return v == v ? v : T(1);
}
template <class T>
HD inline uint32_t is_nan(T v) {
    return std::isnan(v);
}

#include "operations.cuh"
