// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The eight-bit floating-point types, on host and device, against the formats' definition: values
// by formula, conversions to them by a search for the nearest one.
#include "../common/check.h"

#include <cuda_fp8.h>

#include <algorithm>
#include <cmath>

namespace {

struct Format {
    int mantissa, bias, largest; ///< bits; exponent bias; code of the largest number
};
const Format kFormats[] = {{3, 7, 0x7e}, {2, 15, 0x7b}};

double value_of(const Format& f, int code) {
    const int exponent = (code & 0x7f) >> f.mantissa, fraction = code & ((1 << f.mantissa) - 1);
    const double one = 1 << f.mantissa;
    const double magnitude = exponent == 0 ? std::ldexp(fraction / one, 1 - f.bias)
                                           : std::ldexp(1.0 + fraction / one, exponent - f.bias);
    return code & 0x80 ? -magnitude : magnitude;
}

/// Nearest even, as if there were one more number beyond the largest.
int nearest(const Format& f, double x, bool saturate) {
    if (std::isnan(x)) return 0x7f;
    const int sign = std::signbit(x) ? 0x80 : 0;
    const double magnitude = std::fabs(x);
    const int beyond = saturate ? f.largest : f.mantissa == 3 ? 0x7f : 0x7c;
    const double limit = value_of(f, f.largest) +
                         (value_of(f, f.largest) - value_of(f, f.largest - 1)) / 2;
    // A tie goes to an even code: the largest of e4m3 is even, that of e5m2 is odd.
    if (magnitude > limit || (magnitude == limit && (f.largest & 1))) return sign | beyond;
    int best = 0;
    for (int code = 1; code <= f.largest; ++code) {
        const double here = std::fabs(value_of(f, code) - magnitude),
                     there = std::fabs(value_of(f, best) - magnitude);
        if (here < there || (here == there && code % 2 == 0)) best = code;
    }
    return sign | best;
}

struct Result {
    unsigned char code[2][2]; ///< format, saturation
    unsigned char as_double[2], as_half[2], up, down;
};

__host__ __device__ void convert(float x, Result* r) {
    for (int f = 0; f < 2; ++f) {
        for (int s = 0; s < 2; ++s)
            r->code[f][s] = __nv_cvt_float_to_fp8(x, __nv_saturation_t(s),
                                                  __nv_fp8_interpretation_t(f));
        r->as_double[f] = __nv_cvt_double_to_fp8(x, __NV_SATFINITE, __nv_fp8_interpretation_t(f));
    }
    r->as_half[0] = __nv_fp8_e4m3(__float2half(x)).__x;
    r->as_half[1] = __nv_fp8_e5m2(__float2half(x)).__x;
    r->down = __nv_cvt_float_to_e8m0(x, __NV_SATFINITE, cudaRoundZero);
    r->up = __nv_fp8_e8m0(x).__x;
}

__global__ void convert_all(const float* in, Result* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) convert(in[i], &out[i]);
}

/// code -> float by each way, and to an integer.
struct Values {
    float single[2], pair[2], four[2], power;
    signed char narrow;
    unsigned long long wide;
};

__host__ __device__ void expand(unsigned code, Values* v) {
    __nv_fp8_e4m3 a;
    __nv_fp8_e5m2 b;
    __nv_fp8_e8m0 c;
    a.__x = b.__x = c.__x = (unsigned char)code;
    v->single[0] = float(a);
    v->single[1] = float(b);
    v->power = float(c);
    v->narrow = (signed char)a;
    v->wide = (unsigned long long)b;
    __nv_fp8x2_e4m3 a2;
    __nv_fp8x2_e5m2 b2;
    a2.__x = b2.__x = (unsigned short)(code << 8);
    v->pair[0] = float2(a2).y;
    v->pair[1] = __high2float(__half2(b2));
    __nv_fp8x4_e4m3 a4;
    __nv_fp8x4_e5m2 b4;
    a4.__x = b4.__x = code << 24;
    v->four[0] = float4(a4).w;
    v->four[1] = float4(b4).w;
}

__global__ void expand_all(Values* out) {
    expand(threadIdx.x, &out[threadIdx.x]);
}

bool same(float a, double b) {
    return std::isnan(b) ? std::isnan(a) : a == b && std::signbit(a) == std::signbit(b);
}

void check_result(const char* side, float x, const Result& r) {
    const float half = __half2float(__float2half(x));
    for (int f = 0; f < 2; ++f) {
        for (int s = 0; s < 2; ++s)
            EXPECT(r.code[f][s] == nearest(kFormats[f], x, s), "%s: %a: %02x", side, x,
                   r.code[f][s]);
        EXPECT(r.as_double[f] == nearest(kFormats[f], x, true), "%s: %a", side, x);
        EXPECT(r.as_half[f] == nearest(kFormats[f], half, true), "%s: %a", side, x);
    }
    if (std::isnan(x) || x == 0) return;
    int exponent = 0;
    const double fraction = std::isinf(x) ? 0.75 : std::frexp(std::fabs((double)x), &exponent);
    if (std::isinf(x)) exponent = 1000;
    // |x| = fraction * 2^exponent with fraction in [0.5, 1): the powers around it.
    const int down = exponent - 1 + 127, up = fraction == 0.5 ? down : down + 1;
    EXPECT(r.down == std::min(std::max(down, 0), 0xfe), "%s: %a: %02x", side, x, r.down);
    EXPECT(r.up == std::min(std::max(up, 0), 0xfe), "%s: %a: %02x", side, x, r.up);
}

void check_values(const char* side, int code, const Values& v) {
    for (int f = 0; f < 2; ++f) {
        const int magnitude = code & 0x7f, largest = kFormats[f].largest;
        double expected = value_of(kFormats[f], code);
        if (magnitude > largest) expected = NAN;
        if (f == 1 && magnitude == 0x7c) expected = code & 0x80 ? -INFINITY : INFINITY;
        EXPECT(same(v.single[f], expected), "%s: %02x: %a", side, code, v.single[f]);
        EXPECT(same(v.pair[f], expected), "%s: %02x: %a", side, code, v.pair[f]);
        EXPECT(same(v.four[f], expected), "%s: %02x: %a", side, code, v.four[f]);
        if (f == 0) {
            const double whole = std::isnan(expected) ? 0 : std::trunc(expected);
            EXPECT(v.narrow == std::min(std::max(whole, -128.0), 127.0), "%s: %02x", side, code);
        } else {
            const unsigned long long whole = std::isnan(expected) || expected < 0 ? 0
                                             : std::isinf(expected) ? ~0ull
                                                                    : (unsigned long long)expected;
            EXPECT(v.wide == whole, "%s: %02x: %llu", side, code, v.wide);
        }
    }
    EXPECT(same(v.power, code == 0xff ? NAN : std::ldexp(1.0, code - 127)), "%s: %02x", side, code);
}

} // namespace

int main() {
    std::vector<float> in = {0.0f,   -0.0f,    1e-30f,   1e-40f,    448.0f, 464.0f,  464.1f,
                             480.0f, 61439.f,  61440.0f, -61440.0f, 1e38f,  3.4e38f, NAN,
                             -1e10f, INFINITY, 57344.f,  -INFINITY, 1e-6f,  7.6e-6f, 7.63e-6f};
    for (const Format& f : kFormats)
        for (int code = 0; code < f.largest; ++code) { // numbers, the middle of two, beside it
            const double a = value_of(f, code), b = value_of(f, code + 1), middle = (a + b) / 2;
            for (double x : {a, -middle, middle, std::nextafter(float(middle), 0.0f) + 0.0,
                             -(std::nextafter(float(middle), 1e30f) + 0.0)})
                in.push_back(float(x));
        }
    const int n = int(in.size());
    Buffer<float> d(in);
    Buffer<Result> results(n);
    convert_all<<<(n + 127) / 128, 128>>>(d.device(), results.device(), n);
    Buffer<Values> values(256);
    expand_all<<<1, 256>>>(values.device());
    SYNC();
    results.download();
    values.download();
    for (int i = 0; i < n; ++i) {
        check_result("device", in[i], results[i]);
        Result here;
        convert(in[i], &here);
        check_result("host", in[i], here);
    }
    for (int code = 0; code < 256; ++code) {
        check_values("device", code, values[code]);
        Values here;
        expand(code, &here);
        check_values("host", code, here);
    }
    return finish();
}
