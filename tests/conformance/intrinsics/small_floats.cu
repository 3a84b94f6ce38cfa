// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The floating-point types of six and four bits, on host and device, against the formats'
// definition: values by formula, conversions to them by a search among all numbers.
#include "../common/check.h"

#include <cuda_fp4.h>
#include <cuda_fp6.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace {

constexpr int kE2m3 = 0, kE3m2 = 1, kE2m1 = 2, kCount = 3;
struct Format {
    const char* name;
    int mantissa, bias, codes; ///< bits; exponent bias; positive codes, which are all numbers
};
const Format kFormats[kCount] = {{"e2m3", 3, 1, 32}, {"e3m2", 2, 3, 32}, {"e2m1", 1, 1, 8}};

double value_of(const Format& f, int code) {
    const int magnitude = code & (f.codes - 1);
    const int exponent = magnitude >> f.mantissa, fraction = magnitude & ((1 << f.mantissa) - 1);
    const double one = 1 << f.mantissa;
    const double value = exponent == 0 ? std::ldexp(fraction / one, 1 - f.bias)
                                       : std::ldexp(1.0 + fraction / one, exponent - f.bias);
    return code & f.codes ? -value : value;
}

/// The code of x: the nearest number, of two the even one, or the next one towards zero.
int expected_code(const Format& f, double x, bool towards_zero) {
    if (std::isnan(x)) return f.codes - 1;
    const double magnitude = std::fabs(x);
    int best = magnitude >= value_of(f, f.codes - 1) ? f.codes - 1 : 0;
    for (int code = 1; best < f.codes - 1 && code < f.codes; ++code) {
        const double value = value_of(f, code);
        if (towards_zero) {
            if (value <= magnitude) best = code;
            continue;
        }
        const double here = std::fabs(value - magnitude),
                     there = std::fabs(value_of(f, best) - magnitude);
        if (here < there || (here == there && code % 2 == 0)) best = code;
    }
    return std::signbit(x) ? best | f.codes : best;
}

/// x by each way: as a double, a float, a half, a bfloat16, alone, in a pair, in a four.
struct Result {
    unsigned char from_double[2], from_float[2], from_half, from_bfloat, upper[4], type[4], four[2];
};

#define CONVERT(BITS, WIDTH, FORMAT, KIND)                                                         \
    __host__ __device__ inline void convert_##FORMAT(double x, float s, Result* r) {               \
        const int mask = (1 << WIDTH) - 1;                                                         \
        const __half half = __float2half(s);                                                       \
        const __nv_bfloat16 bfloat = __float2bfloat16(s);                                          \
        const __half zero_half = __float2half(0.0f);                                               \
        const __nv_bfloat16 zero_bfloat = __float2bfloat16(0.0f);                                  \
        for (int i = 0; i < 2; ++i) {                                                              \
            const cudaRoundMode mode = i ? cudaRoundZero : cudaRoundNearest;                       \
            r->from_double[i] = __nv_cvt_double_to_fp##BITS(x, KIND, mode);                        \
            r->from_float[i] = __nv_cvt_float_to_fp##BITS(s, KIND, mode);                          \
        }                                                                                          \
        r->from_half = __nv_cvt_halfraw_to_fp##BITS(half, KIND, cudaRoundNearest);                 \
        r->from_bfloat = __nv_cvt_bfloat16raw_to_fp##BITS(bfloat, KIND, cudaRoundNearest);         \
        r->upper[0] = (unsigned char)(__nv_cvt_double2_to_fp##BITS##x2(make_double2(0, x), KIND,   \
                                                                       cudaRoundNearest) >>        \
                                      WIDTH);                                                      \
        r->upper[1] = (unsigned char)(__nv_cvt_float2_to_fp##BITS##x2(make_float2(0, s), KIND,     \
                                                                      cudaRoundNearest) >>         \
                                      WIDTH);                                                      \
        r->upper[2] = (unsigned char)(__nv_cvt_halfraw2_to_fp##BITS##x2(                           \
                                          __halves2half2(zero_half, half), KIND,                   \
                                          cudaRoundNearest) >>                                     \
                                      WIDTH);                                                      \
        r->upper[3] = (unsigned char)(__nv_cvt_bfloat16raw2_to_fp##BITS##x2(                       \
                                          __halves2bfloat162(zero_bfloat, bfloat), KIND,           \
                                          cudaRoundNearest) >>                                     \
                                      WIDTH);                                                      \
        r->type[0] = __nv_fp##BITS##_##FORMAT(x).__x;                                              \
        r->type[1] = __nv_fp##BITS##_##FORMAT(s).__x;                                              \
        r->type[2] = __nv_fp##BITS##_##FORMAT(half).__x;                                           \
        r->type[3] = __nv_fp##BITS##_##FORMAT(bfloat).__x;                                         \
        r->four[0] = __nv_fp##BITS##x4_##FORMAT(make_float4(0, 0, s, 0)).__x >> 2 * WIDTH & mask;  \
        r->four[1] = __nv_fp##BITS##x4_##FORMAT(__halves2half2(zero_half, zero_half),              \
                                                __halves2half2(zero_half, half))                   \
                         .__x >>                                                                   \
                     3 * WIDTH;                                                                    \
    }
CONVERT(6, 8, e2m3, __NV_E2M3)
CONVERT(6, 8, e3m2, __NV_E3M2)
CONVERT(4, 4, e2m1, __NV_E2M1)

__host__ __device__ void convert(double x, Result* r) {
    const float s = (float)x;
    convert_e2m3(x, s, &r[kE2m3]);
    convert_e3m2(x, s, &r[kE3m2]);
    convert_e2m1(x, s, &r[kE2m1]);
}

__global__ void convert_all(const double* in, Result* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) convert(in[i], &out[kCount * i]);
}

/// A code as a number, by each way.
struct Values {
    float single, half, bfloat, pair[2], raw, raw_pair, four[4];
    double wide;
    int whole;
    unsigned char narrow;
    bool truth;
};

#define EXPAND(BITS, WIDTH, FORMAT, KIND)                                                          \
    __host__ __device__ inline void expand_##FORMAT(unsigned code, Values* v) {                    \
        __nv_fp##BITS##_##FORMAT one;                                                              \
        __nv_fp##BITS##x2_##FORMAT two;                                                            \
        __nv_fp##BITS##x4_##FORMAT four;                                                           \
        one.__x = (__nv_fp##BITS##_storage_t)code;                                                 \
        two.__x = (__nv_fp##BITS##x2_storage_t)(code | code << WIDTH);                             \
        four.__x = (__nv_fp##BITS##x4_storage_t)(code << WIDTH | code << 3 * WIDTH);               \
        v->single = float(one);                                                                    \
        v->wide = double(one);                                                                     \
        v->half = __half2float(__half(one));                                                       \
        v->bfloat = __bfloat162float(__nv_bfloat16(one));                                          \
        v->whole = int(one);                                                                       \
        v->narrow = (unsigned char)(one);                                                          \
        v->truth = bool(one);                                                                      \
        v->pair[0] = float2(two).x;                                                                \
        v->pair[1] = __high2float(__half2(two));                                                   \
        v->raw = __half2float(__half(__nv_cvt_fp##BITS##_to_halfraw(one.__x, KIND)));              \
        v->raw_pair = __high2float(__half2(__nv_cvt_fp##BITS##x2_to_halfraw2(two.__x, KIND)));     \
        const float4 all(four);                                                                    \
        v->four[0] = all.x;                                                                        \
        v->four[1] = all.y;                                                                        \
        v->four[2] = all.z;                                                                        \
        v->four[3] = all.w;                                                                        \
    }
EXPAND(6, 8, e2m3, __NV_E2M3)
EXPAND(6, 8, e3m2, __NV_E3M2)
EXPAND(4, 4, e2m1, __NV_E2M1)

__host__ __device__ void expand(unsigned code, Values* v) {
    expand_e2m3(code, &v[kE2m3]);
    expand_e3m2(code, &v[kE3m2]);
    if (code < 16) expand_e2m1(code, &v[kE2m1]);
}

__global__ void expand_all(Values* out) {
    expand(threadIdx.x, &out[kCount * threadIdx.x]);
}

/// Every constructor from an integer.
template <class T>
__host__ __device__ void from_integers(int x, unsigned char* out) {
    out[0] = T((short)x).__x;
    out[1] = T((unsigned short)(x < 0 ? 0 : x)).__x;
    out[2] = T(x).__x;
    out[3] = T((unsigned)(x < 0 ? 0 : x)).__x;
    out[4] = T((long)x).__x;
    out[5] = T((unsigned long)(x < 0 ? 0 : x)).__x;
    out[6] = T((long long)x).__x;
    out[7] = T((unsigned long long)(x < 0 ? 0 : x)).__x;
}

bool same(double a, double b) {
    return a == b && std::signbit(a) == std::signbit(b);
}

void check_result(const char* side, double x, const Result* results) {
    const float s = (float)x;
    const double half = __half2float(__float2half(s)),
                 bfloat = __bfloat162float(__float2bfloat16(s));
    for (int i = 0; i < kCount; ++i) {
        const Format& f = kFormats[i];
        const Result& r = results[i];
        const int of_double = expected_code(f, x, false), of_float = expected_code(f, s, false),
                  of_half = expected_code(f, half, false),
                  of_bfloat = expected_code(f, bfloat, false);
        EXPECT(r.from_double[0] == of_double && r.upper[0] == of_double && r.type[0] == of_double,
               "%s %s: %a: %02x", side, f.name, x, r.from_double[0]);
        EXPECT(r.from_float[0] == of_float && r.upper[1] == of_float && r.type[1] == of_float &&
                   r.four[0] == of_float,
               "%s %s: %a: %02x", side, f.name, x, r.from_float[0]);
        EXPECT(r.from_half == of_half && r.upper[2] == of_half && r.type[2] == of_half &&
                   r.four[1] == of_half,
               "%s %s: %a: %02x", side, f.name, x, r.from_half);
        EXPECT(r.from_bfloat == of_bfloat && r.upper[3] == of_bfloat && r.type[3] == of_bfloat,
               "%s %s: %a: %02x", side, f.name, x, r.from_bfloat);
        EXPECT(r.from_double[1] == expected_code(f, x, true), "%s %s: %a towards zero: %02x", side,
               f.name, x, r.from_double[1]);
        EXPECT(r.from_float[1] == expected_code(f, s, true), "%s %s: %a towards zero: %02x", side,
               f.name, x, r.from_float[1]);
    }
}

void check_values(const char* side, int code, const Values* values) {
    for (int i = 0; i < kCount; ++i) {
        const Format& f = kFormats[i];
        if (code >= 2 * f.codes) continue;
        const Values& v = values[i];
        const double x = value_of(f, code);
        bool good = same(v.wide, x) && v.truth == (x != 0) && v.whole == (int)x &&
                    v.narrow == (x < 0 ? 0 : (int)x);
        for (float got : {v.single, v.half, v.bfloat, v.pair[0], v.pair[1], v.raw, v.raw_pair,
                          v.four[1], v.four[3]})
            good &= same(got, x);
        good &= same(v.four[0], 0) && same(v.four[2], 0);
        EXPECT(good, "%s %s: %02x: %a", side, f.name, code, v.single);
    }
}

std::vector<double> inputs() {
    std::vector<double> in = {0.0,   -0.0,   1e-300, -1e-300,   4.9e-324, 1e-40,
                              1e300, -1e300, NAN,    -INFINITY, INFINITY, 7.75,
                              29.9,  30.0,   -1e30,  5.0,       7.0,      -3.5};
    for (const Format& f : kFormats)
        for (int code = 0; code + 1 < f.codes; ++code) { // numbers, the middle of two, beside it
            const double a = value_of(f, code), middle = (a + value_of(f, code + 1)) / 2;
            for (double x : {a, -middle, middle, std::nextafter(middle, 0.0),
                             -std::nextafter(middle, 1e30), (double)std::nextafter((float)a, 0.0f),
                             (double)std::nextafter((float)middle, 1e30f)})
                in.push_back(x);
        }
    std::mt19937_64 random(6);
    std::uniform_real_distribution<double> exponent(-8, 6);
    for (int i = 0; i < 4000; ++i)
        in.push_back(std::exp2(exponent(random)) * (random() & 1 ? 1 : -1));
    return in;
}

void check_integers() {
    for (int x = -40; x <= 40; ++x) {
        unsigned char codes[kCount][8];
        from_integers<__nv_fp6_e2m3>(x, codes[kE2m3]);
        from_integers<__nv_fp6_e3m2>(x, codes[kE3m2]);
        from_integers<__nv_fp4_e2m1>(x, codes[kE2m1]);
        for (int i = 0; i < kCount; ++i)
            for (int way = 0; way < 8; ++way)
                EXPECT(codes[i][way] == expected_code(kFormats[i], way % 2 && x < 0 ? 0 : x, false),
                       "%s(%d), %d", kFormats[i].name, x, way);
    }
}

static_assert(sizeof(__nv_fp6x2_e2m3) == 2 && alignof(__nv_fp6x2_e2m3) == 2, "");
static_assert(sizeof(__nv_fp6x4_e3m2) == 4 && alignof(__nv_fp6x4_e3m2) == 4, "");
static_assert(sizeof(__nv_fp4x2_e2m1) == 1 && sizeof(__nv_fp4x4_e2m1) == 2, "");

} // namespace

int main() {
    const std::vector<double> in = inputs();
    const int n = int(in.size());
    for (int i = 0; i < n; ++i) {
        Result here[kCount];
        convert(in[i], here);
        check_result("host", in[i], here);
    }
    for (int code = 0; code < 64; ++code) {
        Values here[kCount] = {};
        expand(code, here);
        check_values("host", code, here);
    }
    check_integers();

    Buffer<double> d(in);
    Buffer<Result> results(kCount * n);
    convert_all<<<(n + 127) / 128, 128>>>(d.device(), results.device(), n);
    Buffer<Values> values(kCount * 64);
    expand_all<<<1, 64>>>(values.device());
    SYNC();
    results.download();
    values.download();
    for (int i = 0; i < n; ++i)
        check_result("device", in[i], &results[kCount * i]);
    for (int code = 0; code < 64; ++code)
        check_values("device", code, &values[kCount * code]);
    return finish();
}
