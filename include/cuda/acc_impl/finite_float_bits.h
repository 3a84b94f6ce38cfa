// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The formats of six and four bits, which have numbers only: what is too large, infinity and NaN
// (positive) become the largest number. One rounding from the source's value.
#pragma once
#include "small_float_bits.h"

#if defined(__cplusplus)
/// Exponent and mantissa have 5 bits (FP6) or 3 (FP4), the sign stands above them.
__ACC_SMALL unsigned char __acc_to_finite_float(double x, int mantissa, int bias, int largest,
                                                enum cudaRoundMode rounding) {
    if (__acc_is_nan(x)) return (unsigned char)largest;
    const int code = __acc_small_float_code(x, mantissa, bias, rounding);
    const unsigned sign = __acc_sign_bit(x) ? (unsigned)largest + 1 : 0;
    return (unsigned char)(sign | (unsigned)(code > largest ? largest : code));
}

/// Exact. The code's mantissa becomes the upper bits of a half's, which is then too small by the
/// difference of the biases: numbers without the leading one come right, too.
__ACC_SMALL float __acc_finite_float_value(unsigned x, int mantissa, int bias, int largest) {
    const unsigned magnitude = x & (unsigned)largest,
                   sign = x & ((unsigned)largest + 1) ? 0x8000 : 0;
    __half_raw bits;
    bits.x = (unsigned short)(sign | magnitude << (10 - mantissa));
    return __acc_half_value(bits) * (float)(1 << (15 - bias));
}

/// The functions __nv_cvt_* of the types with N bits, which lie WIDTH bits apart in a pair. Before
/// it: __acc_double_to_fpN(x, kind, rounding) and __acc_fpN_value(code, kind).
// clang-format off
#define __ACC_FINITE_FLOAT_CONVERSIONS(N, WIDTH)                                                                \
  __ACC_SMALL __nv_fp##N##_storage_t __nv_cvt_double_to_fp##N(                                                  \
      double x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                              \
    return __acc_double_to_fp##N(x, kind, rounding);                                                            \
  }                                                                                                             \
  __ACC_SMALL __nv_fp##N##x2_storage_t __nv_cvt_double2_to_fp##N##x2(                                           \
      double2 x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                             \
    return (__nv_fp##N##x2_storage_t)(__acc_double_to_fp##N(x.x, kind, rounding) |                              \
                                      __acc_double_to_fp##N(x.y, kind, rounding) << WIDTH);                     \
  }                                                                                                             \
  __ACC_SMALL __nv_fp##N##_storage_t __nv_cvt_float_to_fp##N(                                                   \
      float x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                               \
    return __acc_double_to_fp##N((double)x, kind, rounding);                                                    \
  }                                                                                                             \
  __ACC_SMALL __nv_fp##N##x2_storage_t __nv_cvt_float2_to_fp##N##x2(                                            \
      float2 x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                              \
    const double2 pair = {(double)x.x, (double)x.y};                                                            \
    return __nv_cvt_double2_to_fp##N##x2(pair, kind, rounding);                                                 \
  }                                                                                                             \
  __ACC_SMALL __nv_fp##N##_storage_t __nv_cvt_halfraw_to_fp##N(                                                 \
      __half_raw x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                          \
    return __acc_double_to_fp##N((double)__acc_half_value(x), kind, rounding);                                  \
  }                                                                                                             \
  __ACC_SMALL __nv_fp##N##x2_storage_t __nv_cvt_halfraw2_to_fp##N##x2(                                          \
      __half2_raw x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                         \
    __half_raw low, high;                                                                                       \
    low.x = x.x;                                                                                                \
    high.x = x.y;                                                                                               \
    const double2 pair = {(double)__acc_half_value(low), (double)__acc_half_value(high)};                       \
    return __nv_cvt_double2_to_fp##N##x2(pair, kind, rounding);                                                 \
  }                                                                                                             \
  __ACC_SMALL __nv_fp##N##_storage_t __nv_cvt_bfloat16raw_to_fp##N(                                             \
      __nv_bfloat16_raw x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                   \
    return __acc_double_to_fp##N((double)__acc_bfloat16_value(x), kind, rounding);                              \
  }                                                                                                             \
  __ACC_SMALL __nv_fp##N##x2_storage_t __nv_cvt_bfloat16raw2_to_fp##N##x2(                                      \
      __nv_bfloat162_raw x, __nv_fp##N##_interpretation_t kind, enum cudaRoundMode rounding) {                  \
    __nv_bfloat16_raw low, high;                                                                                \
    low.x = x.x;                                                                                                \
    high.x = x.y;                                                                                               \
    const double2 pair = {(double)__acc_bfloat16_value(low), (double)__acc_bfloat16_value(high)};               \
    return __nv_cvt_double2_to_fp##N##x2(pair, kind, rounding);                                                 \
  }                                                                                                             \
  __ACC_SMALL __half_raw __nv_cvt_fp##N##_to_halfraw(                                                           \
      __nv_fp##N##_storage_t x, __nv_fp##N##_interpretation_t kind) {                                           \
    return __half_raw(__float2half(__acc_fp##N##_value(x, kind)));                                              \
  }                                                                                                             \
  __ACC_SMALL __half2_raw __nv_cvt_fp##N##x2_to_halfraw2(                                                       \
      __nv_fp##N##x2_storage_t x, __nv_fp##N##_interpretation_t kind) {                                         \
    __half2_raw result;                                                                                         \
    result.x = __nv_cvt_fp##N##_to_halfraw((__nv_fp##N##_storage_t)x, kind).x;                                  \
    result.y = __nv_cvt_fp##N##_to_halfraw((__nv_fp##N##_storage_t)(x >> WIDTH), kind).x;                       \
    return result;                                                                                              \
  }
// clang-format on
#endif
