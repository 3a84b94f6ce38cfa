// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// float and double to integers, in every rounding, at the ends of the ranges and beyond. PTX's rule
// for cvt: out-of-range values saturate; NaN gives the value with only the top bit set when the
// source is double or the result has 64 bits, else 0.
#include "check.h"

#include <cmath>

#define ROUNDINGS(X) X(rn) X(rz) X(ru) X(rd)

struct Out {
#define FIELDS(r)                                                                                  \
    int fi_##r, di_##r;                                                                            \
    unsigned fu_##r, du_##r;                                                                       \
    long long fl_##r, dl_##r;                                                                      \
    unsigned long long ful_##r, dul_##r;
    ROUNDINGS(FIELDS)
#undef FIELDS
    int cast_fi, cast_di;
    unsigned cast_fu, cast_du;
    long long cast_fl, cast_dl;
    unsigned long long cast_ful, cast_dul;
};

__global__ void run(const double* in, Out* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const double d = in[i];
    const float f = (float)d;
    Out o;
#define CALLS(r)                                                                                   \
    o.fi_##r = __float2int_##r(f), o.di_##r = __double2int_##r(d);                                 \
    o.fu_##r = __float2uint_##r(f), o.du_##r = __double2uint_##r(d);                               \
    o.fl_##r = __float2ll_##r(f), o.dl_##r = __double2ll_##r(d);                                   \
    o.ful_##r = __float2ull_##r(f), o.dul_##r = __double2ull_##r(d);
    ROUNDINGS(CALLS)
#undef CALLS
    o.cast_fi = (int)f, o.cast_di = (int)d, o.cast_fu = (unsigned)f, o.cast_du = (unsigned)d;
    o.cast_fl = (long long)f, o.cast_dl = (long long)d;
    o.cast_ful = (unsigned long long)f, o.cast_dul = (unsigned long long)d;
    out[i] = o;
}

static double whole(double v, char mode) {
    return mode == 'n'   ? std::nearbyint(v)
           : mode == 'z' ? std::trunc(v)
           : mode == 'u' ? std::ceil(v)
                         : std::floor(v);
}
template <class I>
static I integer_of(double v, char mode, bool from_double) {
    const bool is_signed = (I)-1 < 0;
    const int bits = sizeof(I) * 8;
    if (v != v) return from_double || bits == 64 ? (I)(1ull << (bits - 1)) : (I)0;
    v = whole(v, mode);
    const double low = is_signed ? -std::ldexp(1.0, bits - 1) : 0,
                 end = std::ldexp(1.0, bits - is_signed);
    if (v <= low) return (I)(is_signed ? 1ull << (bits - 1) : 0);
    return v >= end ? (I)(is_signed ? (1ull << (bits - 1)) - 1 : ~0ull) : (I)v;
}

int main() {
    const double edges[] = {0.0,          0.4999999,
                            0.5,          0.75,
                            1.0,          1.5,
                            2.5,          2147483646.5,
                            2147483647.0, 2147483647.5,
                            2147483648.0, 2147483648.5,
                            4294967294.5, 4294967295.0,
                            4294967295.5, 4294967296.0,
                            0x1p62,       0x1.fffffffffffffp62,
                            0x1p63,       0x1.fffffffffffffp63,
                            0x1p64,       1e30,
                            1e300,        INFINITY,
                            NAN,          1e-310};
    const int count = sizeof edges / sizeof *edges, n = 4096;
    Array<double> in(n);
    Array<Out> out(n);
    for (int i = 0; i < n; ++i)
        in[i] = i < 2 * count
                    ? std::copysign(edges[i / 2], i % 2 ? -1.0 : 1.0)
                    : std::ldexp((double)(long long)next_random(), (int)(next_random() % 80) - 75);
    in.upload();
    run<<<n / 128, 128>>>(in.device(), out.device(), n);
    wait_for_kernel();
    out.download();
    for (int i = 0; i < n; ++i) {
        const double d = in[i];
        const float f = (float)d;
        const Out& o = out[i];
        unsigned long long bits;
        std::memcpy(&bits, &d, sizeof bits);
#define COMPARE(r)                                                                                 \
    {                                                                                              \
        const char mode = #r[1];                                                                   \
        expect_equal("__float2int_" #r, o.fi_##r, integer_of<int>(f, mode, false), bits);          \
        expect_equal("__float2uint_" #r, o.fu_##r, integer_of<unsigned>(f, mode, false), bits);    \
        expect_equal("__float2ll_" #r, o.fl_##r, integer_of<long long>(f, mode, false), bits);     \
        expect_equal("__float2ull_" #r, o.ful_##r, integer_of<unsigned long long>(f, mode, false), \
                     bits);                                                                        \
        expect_equal("__double2int_" #r, o.di_##r, integer_of<int>(d, mode, true), bits);          \
        expect_equal("__double2uint_" #r, o.du_##r, integer_of<unsigned>(d, mode, true), bits);    \
        expect_equal("__double2ll_" #r, o.dl_##r, integer_of<long long>(d, mode, true), bits);     \
        expect_equal("__double2ull_" #r, o.dul_##r, integer_of<unsigned long long>(d, mode, true), \
                     bits);                                                                        \
    }
        ROUNDINGS(COMPARE)
#undef COMPARE
        expect_equal("(int)float", o.cast_fi, integer_of<int>(f, 'z', false), bits);
        expect_equal("(unsigned)float", o.cast_fu, integer_of<unsigned>(f, 'z', false), bits);
        expect_equal("(long long)float", o.cast_fl, integer_of<long long>(f, 'z', false), bits);
        expect_equal("(unsigned long long)float", o.cast_ful,
                     integer_of<unsigned long long>(f, 'z', false), bits);
        expect_equal("(int)double", o.cast_di, integer_of<int>(d, 'z', true), bits);
        expect_equal("(unsigned)double", o.cast_du, integer_of<unsigned>(d, 'z', true), bits);
        expect_equal("(long long)double", o.cast_dl, integer_of<long long>(d, 'z', true), bits);
        expect_equal("(unsigned long long)double", o.cast_dul,
                     integer_of<unsigned long long>(d, 'z', true), bits);
    }
    return finish();
}
