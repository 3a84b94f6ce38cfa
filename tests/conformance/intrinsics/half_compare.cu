// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Comparisons, minima, maxima and conversions to integers of the 16-bit types, with NaN, infinity
// and both zeros among the operands. References compare the values as doubles.
#include "check.h"

#include <cmath>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#define EACH(X) X(eq) X(ne) X(lt) X(le) X(gt) X(ge) X(equ) X(neu) X(ltu) X(leu) X(gtu) X(geu)

struct Out {
#define FIELD(name)                                                                                \
    bool name, b##name;                                                                            \
    unsigned name##2, mask_##name;
    EACH(FIELD)
#undef FIELD
    unsigned short min, max, min_nan, max_nan;
    bool isnan;
    int isinf, i32;
    unsigned u32;
    short i16;
    unsigned short u16;
    long long i64;
    unsigned long long u64;
};

template <class T>
__device__ unsigned short bits_of(T v) {
    unsigned short bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}
template <class T2>
__device__ unsigned word_of(T2 v) {
    unsigned word;
    memcpy(&word, &v, sizeof word);
    return word;
}

template <class T, class T2>
__device__ void compare(Out& o, T a, T b) {
    // The pair's second lanes are the operands the other way round.
    const T2 x(a, b), y(b, a);
#define CALL(name)                                                                                 \
    o.name = __h##name(a, b), o.b##name = __hb##name##2(x, y);                                     \
    o.name##2 = word_of(__h##name##2(x, y)), o.mask_##name = __h##name##2_mask(x, y);
    EACH(CALL)
#undef CALL
    o.min = bits_of(__hmin(a, b)), o.max = bits_of(__hmax(a, b));
    o.min_nan = bits_of(__hmin_nan(a, b)), o.max_nan = bits_of(__hmax_nan(a, b));
    o.isnan = __hisnan(a);
}

__global__ void run(const unsigned short* in, Out* halves, Out* bfloats, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n * n) return;
    const unsigned short a = in[i / n], b = in[i % n];
    Out h = {}, f = {};
    compare<__half, __half2>(h, __ushort_as_half(a), __ushort_as_half(b));
    compare<__nv_bfloat16, __nv_bfloat162>(f, __ushort_as_bfloat16(a), __ushort_as_bfloat16(b));
    const __half v = __ushort_as_half(a);
    h.isinf = __hisinf(v), h.i32 = __half2int_rz(v), h.u32 = __half2uint_rz(v);
    h.i16 = __half2short_rz(v), h.u16 = __half2ushort_rz(v);
    h.i64 = __half2ll_rz(v), h.u64 = __half2ull_rz(v);
    const __nv_bfloat16 w = __ushort_as_bfloat16(a);
    f.isinf = __hisinf(w), f.i32 = __bfloat162int_rz(w), f.u32 = __bfloat162uint_rz(w);
    f.i16 = __bfloat162short_rz(w), f.u16 = __bfloat162ushort_rz(w);
    f.i64 = __bfloat162ll_rz(w), f.u64 = __bfloat162ull_rz(w);
    halves[i] = h, bfloats[i] = f;
}

/// The value of a format with `mantissa` fraction bits in 16.
static double value_of(unsigned short bits, int mantissa) {
    const int exponent = (bits & 0x7fff) >> mantissa, top = (1 << (15 - mantissa)) - 1;
    const int fraction = bits & ((1 << mantissa) - 1), bias = top / 2;
    const double sign = bits & 0x8000 ? -1 : 1;
    if (exponent == top) return fraction ? NAN : sign * INFINITY;
    return sign * std::ldexp(exponent ? fraction + (1 << mantissa) : fraction,
                             (exponent ? exponent : 1) - bias - mantissa);
}
/// Saturating; a NaN is 0, or with 64 bits the top bit alone.
template <class I>
static I integer_of(double v) {
    const double low = (I)-1 < 0 ? -std::ldexp(1.0, sizeof(I) * 8 - 1) : 0,
                 high = std::ldexp(1.0, sizeof(I) * 8 - ((I)-1 < 0));
    if (v != v) return sizeof(I) == 8 ? (I)(1ull << 63) : (I)0;
    if (v <= low) return (I)low;
    return v >= high ? (I)((I)-1 < 0 ? (1ull << (sizeof(I) * 8 - 1)) - 1 : ~0ull) : (I)v;
}
static unsigned short smaller(unsigned short a, unsigned short b, double x, double y, bool less) {
    if (x == y) return less == (bool)(a & 0x8000) ? a : b; // -0 is below +0
    return (x < y) == less ? a : b;
}
static void expect_number(const char* what, unsigned short got, unsigned short want, int mantissa,
                          unsigned a, unsigned b) {
    if (std::isnan(value_of(got, mantissa)) && std::isnan(value_of(want, mantissa))) return;
    expect_equal(what, got, want, a, b);
}

static void check(const Out& o, unsigned short a, unsigned short b, int mantissa) {
    const double x = value_of(a, mantissa), y = value_of(b, mantissa);
    const bool nan = x != x || y != y;
    const unsigned one = mantissa == 10 ? 0x3c00 : 0x3f80;
    const bool eq = x == y, lt = x<y, gt = x> y;
    struct {
        bool forward, backward;
    } want;
#define COMPARE(name, FORWARD, BACKWARD)                                                           \
    want = {FORWARD, BACKWARD};                                                                    \
    expect_equal(#name, o.name, want.forward, a, b);                                               \
    expect_equal("both " #name, o.b##name, want.forward&& want.backward, a, b);                    \
    expect_equal("pair " #name, o.name##2,                                                         \
                 (want.forward ? one : 0) | (want.backward ? one << 16 : 0), a, b);                \
    expect_equal("mask " #name, o.mask_##name,                                                     \
                 (want.forward ? 0xffffu : 0) | (want.backward ? 0xffff0000u : 0), a, b);
    COMPARE(eq, eq, eq)
    COMPARE(ne, lt || gt, lt || gt)
    COMPARE(lt, lt, gt)
    COMPARE(le, lt || eq, gt || eq)
    COMPARE(gt, gt, lt)
    COMPARE(ge, gt || eq, lt || eq)
    COMPARE(equ, eq || nan, eq || nan)
    COMPARE(neu, !eq, !eq)
    COMPARE(ltu, lt || nan, gt || nan)
    COMPARE(leu, !gt, !lt)
    COMPARE(gtu, gt || nan, lt || nan)
    COMPARE(geu, !lt, !gt)
#undef COMPARE
    const unsigned short some_nan = 0x7fff,
                         least = x != x   ? b
                                 : y != y ? a
                                          : smaller(a, b, x, y, true),
                         most = x != x   ? b
                                : y != y ? a
                                         : smaller(a, b, x, y, false);
    expect_number("min", o.min, least, mantissa, a, b);
    expect_number("max", o.max, most, mantissa, a, b);
    expect_number("min_nan", o.min_nan, nan ? some_nan : least, mantissa, a, b);
    expect_number("max_nan", o.max_nan, nan ? some_nan : most, mantissa, a, b);
    expect_equal("isnan", o.isnan, x != x, a);
    expect_equal("isinf", o.isinf, std::isinf(x) ? (x > 0 ? 1 : -1) : 0, a);
    expect_equal("to int", o.i32, integer_of<int>(x), a);
    expect_equal("to unsigned", o.u32, integer_of<unsigned>(x), a);
    expect_equal("to short", o.i16, integer_of<short>(x), a);
    expect_equal("to unsigned short", o.u16, integer_of<unsigned short>(x), a);
    expect_equal("to long long", o.i64, integer_of<long long>(x), a);
    expect_equal("to unsigned long long", o.u64, integer_of<unsigned long long>(x), a);
}

int main() {
    const unsigned short edges[] = {0x0000, 0x8000, 0x0001, 0x8001, 0x3c00, 0xbc00, 0x3f80,
                                    0xbf80, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7c01, 0x7e00,
                                    0xfe00, 0x7f7f, 0x7f80, 0xff80, 0x7f81, 0x7fc0, 0x7fff,
                                    0xffff, 0x4f00, 0x5f00, 0xdf00, 0x4b80, 0x7800, 0xf800};
    const int count = sizeof edges / sizeof *edges, n = count + 36;
    Array<unsigned short> in(n);
    Array<Out> halves(n * n), bfloats(n * n);
    for (int i = 0; i < n; ++i)
        in[i] = i < count ? edges[i] : (unsigned short)next_random();
    in.upload();
    run<<<(n * n + 127) / 128, 128>>>(in.device(), halves.device(), bfloats.device(), n);
    wait_for_kernel();
    halves.download();
    bfloats.download();
    for (int i = 0; i < n * n; ++i) {
        check(halves[i], in[i / n], in[i % n], 10);
        check(bfloats[i], in[i / n], in[i % n], 7);
    }
    return finish();
}
