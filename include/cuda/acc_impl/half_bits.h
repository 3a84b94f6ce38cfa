// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions between the 16-bit formats and float, double and integers, as functions on bits. The
// generic rounding works on integers and serves every format and rounding; the device has
// conversion instructions for the common binary16 ones.
#pragma once

#if defined(__CUDA_ARCH__)
#include "machine_op.h"
extern "C" __ACC_MACHINE_OP(unsigned, __acc_op_cvt_bf16_f32, (float), "cvt.bf16.f32");
#endif

#define __ACC_FN static __inline__ __host__ __device__
#if __cplusplus >= 201103L
#define __ACC_CONSTEXPR constexpr
#else
#define __ACC_CONSTEXPR
#endif

enum __acc_rounding { __ACC_RN, __ACC_RZ, __ACC_RU, __ACC_RD };

/// A format with a sign, `exponent` bits and `mantissa` bits in 16.
template <int Exponent, int Mantissa>
struct __acc_format {
    enum {
        mantissa = Mantissa,
        bias = (1 << (Exponent - 1)) - 1,
        inf = ((1 << Exponent) - 1) << Mantissa
    };
};
typedef __acc_format<5, 10> __acc_half_format;
typedef __acc_format<8, 7> __acc_bfloat16_format;

template <class To, class From>
__ACC_FN To __acc_copy_bits(From from) {
    To to;
    __builtin_memcpy(&to, &from, sizeof(to));
    return to;
}

/// sign * significand * 2^exponent (`sticky`: and a little more) in format Format. significand is
/// below 2^63.
template <class Format>
__ACC_FN unsigned short __acc_encode(unsigned sign, unsigned long long significand, int exponent,
                                     bool sticky, __acc_rounding mode) {
    const unsigned short signed_zero = (unsigned short)(sign << 15);
    if (significand == 0 && !sticky) return signed_zero;
    const int top = significand ? 63 - __builtin_clzll(significand) : 0;
    int e = top + exponent + Format::bias; // biased exponent of the leading bit
    if (e < 1) e = 1;                      // denormal: the unit in the last place no longer shrinks
    const int drop = e - Format::bias - Format::mantissa - exponent; // bits below the last place
    unsigned long long kept, half = 0;
    bool below = sticky;
    if (drop <= 0) {
        kept = significand << -drop;
    } else if (drop > 63) {
        kept = 0;
        below = true;
    } else {
        kept = significand >> drop;
        half = (significand >> (drop - 1)) & 1;
        below |= (significand & ((1ull << (drop - 1)) - 1)) != 0;
    }
    const bool inexact = half || below;
    const bool up = mode == __ACC_RN   ? half && (below || (kept & 1))
                    : mode == __ACC_RU ? inexact && !sign
                    : mode == __ACC_RD ? inexact && sign
                                       : false;
    // A carry out of the mantissa moves into the exponent by itself, from denormal to normal and
    // from normal to infinity.
    unsigned long long magnitude = kept + up;
    if (kept >> Format::mantissa)
        magnitude += (unsigned long long)(e - 1) << Format::mantissa;
    else if (e > 1)
        magnitude += (unsigned long long)e << Format::mantissa;
    if (magnitude >= (unsigned long long)Format::inf) {
        const bool to_inf = mode == __ACC_RN || (mode == __ACC_RU && !sign) ||
                            (mode == __ACC_RD && sign);
        magnitude = to_inf ? Format::inf : Format::inf - 1;
    }
    return (unsigned short)(signed_zero | (unsigned short)magnitude);
}

/// A double (every float is one) in format Format. NaN gives the canonical 0x7fff, as the hardware
/// conversions do.
template <class Format>
__ACC_FN unsigned short __acc_round(double v, __acc_rounding mode) {
    const unsigned long long bits = __acc_copy_bits<unsigned long long>(v);
    const unsigned sign = (unsigned)(bits >> 63), exponent = (unsigned)(bits >> 52) & 0x7ff;
    const unsigned long long fraction = bits & ((1ull << 52) - 1);
    if (exponent == 0x7ff) return fraction ? 0x7fff : (unsigned short)(sign << 15 | Format::inf);
    return __acc_encode<Format>(sign, exponent ? fraction | 1ull << 52 : fraction,
                                (exponent ? (int)exponent : 1) - 1075, false, mode);
}

template <class Format, class Integer>
__ACC_FN unsigned short __acc_round_integer(Integer v, __acc_rounding mode) {
    const bool negative = v < 0;
    unsigned long long magnitude = negative ? 0 - (unsigned long long)v : (unsigned long long)v;
    const bool sticky = (magnitude >> 63) && (magnitude & 1);
    const int shift = (int)(magnitude >> 63);
    return __acc_encode<Format>(negative, magnitude >> shift, shift, sticky, mode);
}

/// An integral float as integer Integer: saturating; NaN is 0, or with 64 bits the top bit alone.
template <class Integer>
__ACC_FN Integer __acc_to_integer(float v) {
    const Integer low = (Integer)((Integer)-1 < (Integer)0 ? (Integer)1 << (sizeof(Integer) * 8 - 1)
                                                           : 0),
                  high = (Integer)~low;
    if (v != v) return sizeof(Integer) == 8 ? (Integer)((unsigned long long)1 << 63) : (Integer)0;
    if (v <= (float)low) return low;
    return v >= (float)high ? high : (Integer)v;
}

// binary16.
__ACC_FN float __acc_half_to_float(unsigned short h) {
#if defined(__CUDA_ARCH__)
    return (float)__builtin_bit_cast(_Float16, h);
#else
    const unsigned sign = (unsigned)(h & 0x8000) << 16, exponent = (h >> 10) & 31,
                   fraction = h & 0x3ff;
    if (exponent == 0) { // zero or denormal: fraction * 2^-24, exact in float
        const float v = (float)fraction * 5.9604644775390625e-08f;
        return sign ? -v : v;
    }
    const unsigned biased = exponent == 31 ? 255 : exponent + 112;
    return __acc_copy_bits<float>(sign | biased << 23 | fraction << 13);
#endif
}
__ACC_FN unsigned short __acc_float_to_half(float v) {
#if defined(__CUDA_ARCH__)
    return __builtin_bit_cast(unsigned short, (_Float16)v);
#else
    return __acc_round<__acc_half_format>(v, __ACC_RN);
#endif
}
__ACC_FN unsigned short __acc_double_to_half(double v) {
    return __acc_round<__acc_half_format>(v, __ACC_RN);
}

// bfloat16.
__ACC_FN float __acc_bfloat16_to_float(unsigned short b) {
    return __acc_copy_bits<float>((unsigned)b << 16);
}
__ACC_FN unsigned short __acc_float_to_bfloat16(float v) {
#if defined(__CUDA_ARCH__)
    return (unsigned short)__acc_op_cvt_bf16_f32(v);
#else
    const unsigned bits = __acc_copy_bits<unsigned>(v);
    if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fff;
    return (unsigned short)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
#endif
}
__ACC_FN unsigned short __acc_double_to_bfloat16(double v) {
    return __acc_round<__acc_bfloat16_format>(v, __ACC_RN);
}

/// a + b with the last bit of the sum set when it is inexact ("round to odd"): rounding that again
/// to a format with at least two bits less gives the correctly rounded sum (Boldo & Melquiond
/// 2008).
__ACC_FN double __acc_add_to_odd(double a, double b) {
    const double sum = a + b, virtual_b = sum - a;
    const double error = (a - (sum - virtual_b)) + (b - virtual_b);
    unsigned long long bits = __acc_copy_bits<unsigned long long>(sum);
    if (!(error == error) || error == 0 || (bits & 1)) return sum;
    bits += (error > 0) == (sum > 0) ? 1 : -1;
    return __acc_copy_bits<double>(bits);
}
__ACC_FN unsigned short __acc_half_fma(unsigned short a, unsigned short b, unsigned short c) {
#if defined(__CUDA_ARCH__)
    return __builtin_bit_cast(unsigned short, __builtin_fmaf16(__builtin_bit_cast(_Float16, a),
                                                               __builtin_bit_cast(_Float16, b),
                                                               __builtin_bit_cast(_Float16, c)));
#else
    const double product = (double)__acc_half_to_float(a) * __acc_half_to_float(b); // exact: 22
                                                                                    // bits
    return __acc_round<__acc_half_format>(__acc_add_to_odd(product, __acc_half_to_float(c)),
                                          __ACC_RN);
#endif
}
__ACC_FN unsigned short __acc_bfloat16_fma(unsigned short a, unsigned short b, unsigned short c) {
    const double product = (double)__acc_bfloat16_to_float(a) *
                           __acc_bfloat16_to_float(b); // exact:
                                                       // 16
                                                       // bits
    return __acc_round<__acc_bfloat16_format>(__acc_add_to_odd(product, __acc_bfloat16_to_float(c)),
                                              __ACC_RN);
}

#undef __ACC_FN
