// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Eight-bit floating point as bits: e4m3 (no infinity), e5m2, and e8m0 (a power of two without a
// sign). One rounding from the source's value; see cuda_fp8.h for the types.
#pragma once
#include "small_float_bits.h"

typedef unsigned char __nv_fp8_storage_t;
typedef unsigned short int __nv_fp8x2_storage_t;
typedef unsigned int __nv_fp8x4_storage_t;

typedef enum __nv_saturation_t { __NV_NOSAT, __NV_SATFINITE } __nv_saturation_t;
typedef enum __nv_fp8_interpretation_t { __NV_E4M3, __NV_E5M2 } __nv_fp8_interpretation_t;

#if defined(__cplusplus)
/// Rounds to nearest even. Too large: the largest number, or what the format has beyond it.
__ACC_SMALL __nv_fp8_storage_t __nv_cvt_double_to_fp8(double x, __nv_saturation_t saturate,
                                                      __nv_fp8_interpretation_t kind) {
    if (__acc_is_nan(x)) return 0x7f;
    const int largest = kind == __NV_E4M3 ? 0x7e : 0x7b;
    int code = __acc_small_float_code(x, kind == __NV_E4M3 ? 3 : 2, kind == __NV_E4M3 ? 7 : 15,
                                      cudaRoundNearest);
    if (code > largest)
        code = saturate == __NV_SATFINITE ? largest : kind == __NV_E4M3 ? 0x7f : 0x7c;
    return (__nv_fp8_storage_t)(__acc_sign_bit(x) << 7 | (unsigned)code);
}

/// Two floats: x becomes the low byte.
__ACC_SMALL __nv_fp8x2_storage_t __nv_cvt_float2_to_fp8x2(float2 x, __nv_saturation_t saturate,
                                                          __nv_fp8_interpretation_t kind) {
#if defined(__CUDA_ARCH__)
    if (saturate == __NV_SATFINITE) { // one instruction
        unsigned short bytes;
        if (kind == __NV_E4M3)
            asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(bytes) : "f"(x.y), "f"(x.x));
        else
            asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(bytes) : "f"(x.y), "f"(x.x));
        return bytes;
    }
#endif
    return (__nv_fp8x2_storage_t)(__nv_cvt_double_to_fp8((double)x.x, saturate, kind) |
                                  __nv_cvt_double_to_fp8((double)x.y, saturate, kind) << 8);
}
__ACC_SMALL __nv_fp8_storage_t __nv_cvt_float_to_fp8(float x, __nv_saturation_t saturate,
                                                     __nv_fp8_interpretation_t kind) {
    const float2 pair = {x, 0.0f};
    return (__nv_fp8_storage_t)__nv_cvt_float2_to_fp8x2(pair, saturate, kind);
}
__ACC_SMALL __nv_fp8x2_storage_t __nv_cvt_double2_to_fp8x2(double2 x, __nv_saturation_t saturate,
                                                           __nv_fp8_interpretation_t kind) {
    return (__nv_fp8x2_storage_t)(__nv_cvt_double_to_fp8(x.x, saturate, kind) |
                                  __nv_cvt_double_to_fp8(x.y, saturate, kind) << 8);
}
__ACC_SMALL __nv_fp8_storage_t __nv_cvt_halfraw_to_fp8(__half_raw x, __nv_saturation_t saturate,
                                                       __nv_fp8_interpretation_t kind) {
    return __nv_cvt_float_to_fp8(__acc_half_value(x), saturate, kind);
}
__ACC_SMALL __nv_fp8x2_storage_t __nv_cvt_halfraw2_to_fp8x2(__half2_raw x,
                                                            __nv_saturation_t saturate,
                                                            __nv_fp8_interpretation_t kind) {
    __half_raw low, high;
    low.x = x.x;
    high.x = x.y;
    const float2 pair = {__acc_half_value(low), __acc_half_value(high)};
    return __nv_cvt_float2_to_fp8x2(pair, saturate, kind);
}
__ACC_SMALL __nv_fp8_storage_t __nv_cvt_bfloat16raw_to_fp8(__nv_bfloat16_raw x,
                                                           __nv_saturation_t saturate,
                                                           __nv_fp8_interpretation_t kind) {
    return __nv_cvt_float_to_fp8(__acc_bfloat16_value(x), saturate, kind);
}
__ACC_SMALL __nv_fp8x2_storage_t __nv_cvt_bfloat16raw2_to_fp8x2(__nv_bfloat162_raw x,
                                                                __nv_saturation_t saturate,
                                                                __nv_fp8_interpretation_t kind) {
    __nv_bfloat16_raw low, high;
    low.x = x.x;
    high.x = x.y;
    const float2 pair = {__acc_bfloat16_value(low), __acc_bfloat16_value(high)};
    return __nv_cvt_float2_to_fp8x2(pair, saturate, kind);
}

/// Exact; a NaN becomes the one NaN 0x7fff.
__ACC_SMALL __half_raw __nv_cvt_fp8_to_halfraw(__nv_fp8_storage_t x,
                                               __nv_fp8_interpretation_t kind) {
    const unsigned sign = (x & 0x80u) << 8, magnitude = x & 0x7fu;
    unsigned bits;
    if (magnitude > (kind == __NV_E4M3 ? 0x7eu : 0x7cu)) {
        bits = 0x7fff;
    } else if (kind == __NV_E5M2) { // the upper byte of a half
        bits = sign | magnitude << 8;
    } else if (magnitude >= 8) { // the exponent's bias is 7 instead of 15
        bits = sign | ((magnitude << 7) + (8u << 10));
    } else { // magnitude * 2^-9, all of them normal numbers of the half
        unsigned exponent = 9, fraction = magnitude;
        while (fraction != 0 && fraction < 8) {
            fraction <<= 1;
            --exponent;
        }
        bits = fraction == 0 ? sign : sign | exponent << 10 | (fraction & 7) << 7;
    }
    __half_raw result;
    result.x = (unsigned short)bits;
    return result;
}
__ACC_SMALL __half2_raw __nv_cvt_fp8x2_to_halfraw2(__nv_fp8x2_storage_t x,
                                                   __nv_fp8_interpretation_t kind) {
    __half2_raw result;
    result.x = __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)x, kind).x;
    result.y = __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)(x >> 8), kind).x;
    return result;
}

/// The power of two next to |x|, downwards or (cudaRoundPosInf) upwards; 0xff is NaN.
__ACC_SMALL __nv_fp8_storage_t __nv_cvt_double_to_e8m0(double x, __nv_saturation_t saturate,
                                                       enum cudaRoundMode rounding) {
    if (__acc_is_nan(x)) return 0xff;
    const unsigned long long magnitude = __acc_double_bits(x) & ~(1ull << 63);
    int result = (int)(magnitude >> 52) - 1023 + 127;
    if (rounding == cudaRoundPosInf && (magnitude & ((1ull << 52) - 1)) != 0) ++result;
    if (result < 0) return 0;
    if (result > 0xfe) return saturate == __NV_SATFINITE ? 0xfe : 0xff;
    return (__nv_fp8_storage_t)result;
}
__ACC_SMALL __nv_fp8_storage_t __nv_cvt_float_to_e8m0(float x, __nv_saturation_t saturate,
                                                      enum cudaRoundMode rounding) {
    return __nv_cvt_double_to_e8m0((double)x, saturate, rounding);
}
__ACC_SMALL __nv_fp8_storage_t __nv_cvt_bfloat16raw_to_e8m0(__nv_bfloat16_raw x,
                                                            __nv_saturation_t saturate,
                                                            enum cudaRoundMode rounding) {
    return __nv_cvt_float_to_e8m0(__acc_bfloat16_value(x), saturate, rounding);
}
__ACC_SMALL __nv_fp8x2_storage_t __nv_cvt_double2_to_e8m0x2(double2 x, __nv_saturation_t saturate,
                                                            enum cudaRoundMode rounding) {
    return (__nv_fp8x2_storage_t)(__nv_cvt_double_to_e8m0(x.x, saturate, rounding) |
                                  __nv_cvt_double_to_e8m0(x.y, saturate, rounding) << 8);
}
__ACC_SMALL __nv_fp8x2_storage_t __nv_cvt_float2_to_e8m0x2(float2 x, __nv_saturation_t saturate,
                                                           enum cudaRoundMode rounding) {
    const double2 pair = {(double)x.x, (double)x.y};
    return __nv_cvt_double2_to_e8m0x2(pair, saturate, rounding);
}
__ACC_SMALL __nv_fp8x2_storage_t __nv_cvt_bfloat162raw_to_e8m0x2(__nv_bfloat162_raw x,
                                                                 __nv_saturation_t saturate,
                                                                 enum cudaRoundMode rounding) {
    __nv_bfloat16_raw low, high;
    low.x = x.x;
    high.x = x.y;
    const float2 pair = {__acc_bfloat16_value(low), __acc_bfloat16_value(high)};
    return __nv_cvt_float2_to_e8m0x2(pair, saturate, rounding);
}
__ACC_SMALL __nv_bfloat16_raw __nv_cvt_e8m0_to_bf16raw(__nv_fp8_storage_t x) {
    __nv_bfloat16_raw result;
    result.x = (unsigned short)(x == 0xff ? 0x7fff : x == 0 ? 0x0040 : x << 7);
    return result;
}
__ACC_SMALL __nv_bfloat162_raw __nv_cvt_e8m0x2_to_bf162raw(__nv_fp8x2_storage_t x) {
    __nv_bfloat162_raw result;
    result.x = __nv_cvt_e8m0_to_bf16raw((__nv_fp8_storage_t)x).x;
    result.y = __nv_cvt_e8m0_to_bf16raw((__nv_fp8_storage_t)(x >> 8)).x;
    return result;
}
#endif
