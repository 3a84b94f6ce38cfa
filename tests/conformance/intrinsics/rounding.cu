// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arithmetic and conversions with a stated rounding against the host's own rounding modes. Order
// everywhere: nearest, towards zero, up, down.
#include "check.h"

#include <cfenv>
#include <cmath>

static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};

template <class T>
struct Out {
    T add[4], sub[4], mul[4], div[4], fma[4], sqrt[4], rcp[4];
    int to_int[4];
    unsigned to_uint[4];
    long long to_ll[4];
    unsigned long long to_ull[4];
    T from_ll[4], from_ull[4];
    float narrowed[4];
};

#define FOUR(FIELD, NAME, ...)                                                                     \
    o.FIELD[0] = NAME##_rn(__VA_ARGS__), o.FIELD[1] = NAME##_rz(__VA_ARGS__),                      \
    o.FIELD[2] = NAME##_ru(__VA_ARGS__), o.FIELD[3] = NAME##_rd(__VA_ARGS__)

__global__ void single(const float* in, const long long* integers, Out<float>* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const float a = in[3 * i], b = in[3 * i + 1], c = in[3 * i + 2];
    Out<float> o = {};
    FOUR(add, __fadd, a, b);
    FOUR(sub, __fsub, a, b);
    FOUR(mul, __fmul, a, b);
    FOUR(div, __fdiv, a, b);
    FOUR(fma, __fmaf, a, b, c);
    FOUR(sqrt, __fsqrt, a);
    FOUR(rcp, __frcp, a);
    FOUR(to_int, __float2int, a);
    FOUR(to_uint, __float2uint, a);
    FOUR(to_ll, __float2ll, a);
    FOUR(to_ull, __float2ull, a);
    FOUR(from_ll, __ll2float, integers[i]);
    FOUR(from_ull, __ull2float, (unsigned long long)integers[i]);
    out[i] = o;
}

__global__ void twice(const double* in, const long long* integers, Out<double>* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const double a = in[3 * i], b = in[3 * i + 1], c = in[3 * i + 2];
    Out<double> o = {};
    FOUR(add, __dadd, a, b);
    FOUR(sub, __dsub, a, b);
    FOUR(mul, __dmul, a, b);
    FOUR(div, __ddiv, a, b);
    FOUR(fma, __fma, a, b, c);
    FOUR(sqrt, __dsqrt, a);
    FOUR(rcp, __drcp, a);
    FOUR(to_int, __double2int, a);
    FOUR(to_uint, __double2uint, a);
    FOUR(to_ll, __double2ll, a);
    FOUR(to_ull, __double2ull, a);
    FOUR(from_ll, __ll2double, integers[i]);
    FOUR(from_ull, __ull2double, (unsigned long long)integers[i]);
    FOUR(narrowed, __double2float, a);
    out[i] = o;
}

/// An integral value as I: saturating; NaN is the top bit alone from double and in 64 bits, else 0.
template <class I, class T>
I saturated(T value) {
    const double v = value;
    const bool is_signed = (I)-1 < (I)0;
    const int bits = sizeof(I) * 8;
    if (v != v) return bits == 32 && sizeof(T) == 4 ? (I)0 : (I)(1ull << (bits - 1));
    const double high = std::ldexp(1.0, is_signed ? bits - 1 : bits), low = is_signed ? -high : 0.0;
    if (v >= high) return is_signed ? (I)((1ull << (bits - 1)) - 1) : (I)~0ull;
    return v <= low ? (is_signed ? (I)(1ull << (bits - 1)) : (I)0) : (I)v;
}

/// NaNs only have to be NaNs.
template <class T>
void expect_same(const char* what, T got, T want, T a, T b) {
    unsigned long long x = 0, y = 0;
    std::memcpy(&x, &a, sizeof(a));
    std::memcpy(&y, &b, sizeof(b));
    if (got == got || want == want) expect_equal(what, got, want, x, y);
}

template <class T>
T hidden(T v) {
    volatile T copy = v; // no folding across the change of the rounding mode
    return copy;
}

template <class T>
void check(const Out<T>& o, T a, T b, T c, long long integer) {
    for (int mode = 0; mode < 4; ++mode) {
        std::fesetround(modes[mode]);
        const T x = hidden(a), y = hidden(b), z = hidden(c);
        const T add = hidden(x + y), sub = hidden(x - y), mul = hidden(x * y), div = hidden(x / y);
        const T fma = hidden(std::fma(x, y, z)), sqrt = hidden(std::sqrt(x)),
                rcp = hidden((T)1 / x);
        const T whole = hidden((T)std::rint(x));
        volatile long long signed_integer = integer;
        volatile unsigned long long unsigned_integer = (unsigned long long)integer;
        // x86 converts unsigned 64-bit numbers with a subtraction, which makes -0 of 0 when
        // rounding down.
        const T from_ll = hidden((T)signed_integer),
                from_ull = integer ? hidden((T)unsigned_integer) : (T)0;
        const float narrowed = hidden((float)x);
        std::fesetround(FE_TONEAREST);
        expect_same("add", o.add[mode], add, a, b);
        expect_same("sub", o.sub[mode], sub, a, b);
        expect_same("mul", o.mul[mode], mul, a, b);
        expect_same("div", o.div[mode], div, a, b);
        expect_same("fma", o.fma[mode], fma, a, b);
        expect_same("sqrt", o.sqrt[mode], sqrt, a, b);
        expect_same("rcp", o.rcp[mode], rcp, a, b);
        unsigned long long bits = 0;
        std::memcpy(&bits, &a, sizeof(a));
        expect_equal("to int", o.to_int[mode], saturated<int>(whole), bits, mode);
        expect_equal("to unsigned", o.to_uint[mode], saturated<unsigned>(whole), bits, mode);
        expect_equal("to long long", o.to_ll[mode], saturated<long long>(whole), bits, mode);
        expect_equal("to unsigned long long", o.to_ull[mode], saturated<unsigned long long>(whole),
                     bits, mode);
        expect_equal("from long long", o.from_ll[mode], from_ll, integer, mode);
        expect_equal("from unsigned long long", o.from_ull[mode], from_ull, integer, mode);
        if (sizeof(T) == 8) expect_same("narrowed", o.narrowed[mode], narrowed, (float)a, 0.0f);
    }
}

template <class T, class Kernel>
void test(Kernel kernel) {
    const int n = 1 << 13;
    Array<T> in(3 * n);
    Array<long long> integers(n);
    Array<Out<T>> out(n);
    const T edges[] = {0,
                       -(T)0,
                       1,
                       -1,
                       (T)INFINITY,
                       -(T)INFINITY,
                       (T)NAN,
                       (T)2147483648.0,
                       (T)-2147483648.0,
                       (T)4294967296.0,
                       (T)0.5,
                       (T)-0.5,
                       (T)1.5,
                       (T)9223372036854775808.0,
                       (T)18446744073709551616.0,
                       (T)1e-40};
    for (int i = 0; i < 3 * n; ++i)
        in[i] = i % 3 != 2 && i < 3 * 256 ? edges[i % 3 ? i / 3 % 16 : i / 48]
                                          : (T)std::ldexp((double)(long long)next_random(),
                                                          (int)(next_random() % 90) - 100);
    for (int i = 0; i < n; ++i)
        integers[i] = (long long)next_random() >> (next_random() % 64);
    in.upload();
    integers.upload();
    kernel<<<n / 128, 128>>>(in.device(), integers.device(), out.device(), n);
    wait_for_kernel();
    out.download();
    for (int i = 0; i < n; ++i)
        check(out[i], in[3 * i], in[3 * i + 1], in[3 * i + 2], integers[i]);
}

int main() {
    test<float>(single);
    test<double>(twice);
    return finish();
}
