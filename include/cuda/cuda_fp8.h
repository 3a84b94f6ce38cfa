// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The eight-bit floating-point types and their pairs and fours, on both sides. Bits and rounding:
// acc_impl/fp8_bits.h. Constructors saturate; what they get is rounded once.
#pragma once
#define __CUDA_FP8_H__ // programs test this name
#include "acc_impl/fp8_bits.h"

#if defined(__cplusplus) && __cplusplus >= 201103L
#define __CUDA_FP8_TYPES_EXIST__
// clang-format off: tables of one-line functions
#define __ACC_HD __host__ __device__

__ACC_FP8 double __acc_e8m0_value(__nv_fp8_storage_t x) { return (double)__acc_bfloat16_value(__nv_cvt_e8m0_to_bf16raw(x)); }
__ACC_FP8 __nv_fp8_storage_t __acc_to_e8m0(double x) { return __nv_cvt_double_to_e8m0(x, __NV_SATFINITE, cudaRoundPosInf); }
__ACC_FP8 __nv_fp8_storage_t __acc_to_e4m3(float x) { return __nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E4M3); }
__ACC_FP8 __nv_fp8_storage_t __acc_to_e4m3(double x) { return __nv_cvt_double_to_fp8(x, __NV_SATFINITE, __NV_E4M3); }
__ACC_FP8 __nv_fp8_storage_t __acc_to_e5m2(float x) { return __nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E5M2); }
__ACC_FP8 __nv_fp8_storage_t __acc_to_e5m2(double x) { return __nv_cvt_double_to_fp8(x, __NV_SATFINITE, __NV_E5M2); }
__ACC_FP8 float __acc_e4m3_value(__nv_fp8_storage_t x) { return __acc_half_value(__nv_cvt_fp8_to_halfraw(x, __NV_E4M3)); }
__ACC_FP8 float __acc_e5m2_value(__nv_fp8_storage_t x) { return __acc_half_value(__nv_cvt_fp8_to_halfraw(x, __NV_E5M2)); }

#define __ACC_FP8_FROM(T, TYPE, TO) explicit __ACC_HD __nv_fp8_##TYPE(T v) : __x(TO((double)v)) {}
#define __ACC_FP8_TO(T, TYPE, LOW, HIGH) \
  explicit __ACC_HD operator T() const { return __acc_fp8_to_integer<T>((float)__acc_##TYPE##_value(__x), LOW, HIGH); }
#define __ACC_FP8_CHAR_LOW (char(-1) < 0 ? -128.0 : 0.0)
#define __ACC_FP8_CHAR_HIGH (char(-1) < 0 ? 127.0 : 255.0)

#define __ACC_FP8_TYPE(TYPE)                                                                        \
  struct __nv_fp8_##TYPE {                                                                          \
    __nv_fp8_storage_t __x;                                                                         \
    __nv_fp8_##TYPE() = default;                                                                    \
    explicit __ACC_HD __nv_fp8_##TYPE(__half v) : __x(__acc_to_##TYPE(__half2float(v))) {}          \
    explicit __ACC_HD __nv_fp8_##TYPE(__nv_bfloat16 v) : __x(__acc_to_##TYPE(__bfloat162float(v))) {} \
    explicit __ACC_HD __nv_fp8_##TYPE(float v) : __x(__acc_to_##TYPE(v)) {}                         \
    explicit __ACC_HD __nv_fp8_##TYPE(double v) : __x(__acc_to_##TYPE(v)) {}                        \
    __ACC_FP8_FROM(short, TYPE, __acc_to_##TYPE)                                                    \
    __ACC_FP8_FROM(unsigned short, TYPE, __acc_to_##TYPE)                                           \
    __ACC_FP8_FROM(int, TYPE, __acc_to_##TYPE)                                                      \
    __ACC_FP8_FROM(unsigned, TYPE, __acc_to_##TYPE)                                                 \
    __ACC_FP8_FROM(long, TYPE, __acc_to_##TYPE)                                                     \
    __ACC_FP8_FROM(unsigned long, TYPE, __acc_to_##TYPE)                                            \
    __ACC_FP8_FROM(long long, TYPE, __acc_to_##TYPE)                                                \
    __ACC_FP8_FROM(unsigned long long, TYPE, __acc_to_##TYPE)                                       \
    explicit __ACC_HD operator __half() const { return __float2half((float)__acc_##TYPE##_value(__x)); } \
    explicit __ACC_HD operator __nv_bfloat16() const { return __float2bfloat16((float)__acc_##TYPE##_value(__x)); } \
    explicit __ACC_HD operator float() const { return (float)__acc_##TYPE##_value(__x); }           \
    explicit __ACC_HD operator double() const { return (double)__acc_##TYPE##_value(__x); }         \
    explicit __ACC_HD operator bool() const { return __acc_##TYPE##_value(__x) != 0; }              \
    __ACC_FP8_TO(char, TYPE, __ACC_FP8_CHAR_LOW, __ACC_FP8_CHAR_HIGH)                               \
    __ACC_FP8_TO(signed char, TYPE, -128.0, 127.0)                                                  \
    __ACC_FP8_TO(unsigned char, TYPE, 0.0, 255.0)                                                   \
    __ACC_FP8_TO(short, TYPE, -32768.0, 32767.0)                                                    \
    __ACC_FP8_TO(unsigned short, TYPE, 0.0, 65535.0)                                                \
    __ACC_FP8_TO(int, TYPE, -2147483648.0, 2147483647.0)                                            \
    __ACC_FP8_TO(unsigned, TYPE, 0.0, 4294967295.0)                                                 \
    __ACC_FP8_TO(long, TYPE, -9223372036854775808.0, 9223372036854775808.0)                         \
    __ACC_FP8_TO(unsigned long, TYPE, 0.0, 18446744073709551616.0)                                  \
    __ACC_FP8_TO(long long, TYPE, -9223372036854775808.0, 9223372036854775808.0)                    \
    __ACC_FP8_TO(unsigned long long, TYPE, 0.0, 18446744073709551616.0)                             \
  };                                                                                                \
  struct __attribute__((aligned(2))) __nv_fp8x2_##TYPE {                                            \
    __nv_fp8x2_storage_t __x;                                                                       \
    __nv_fp8x2_##TYPE() = default;                                                                  \
    template <typename T>                                                                           \
    static __ACC_HD __nv_fp8x2_storage_t __of(T low, T high) {                                      \
      return (__nv_fp8x2_storage_t)(__acc_to_##TYPE(low) | __acc_to_##TYPE(high) << 8);             \
    }                                                                                               \
    explicit __ACC_HD __nv_fp8x2_##TYPE(__half2 v) : __x(__of(__low2float(v), __high2float(v))) {}  \
    explicit __ACC_HD __nv_fp8x2_##TYPE(__nv_bfloat162 v) : __x(__of(__low2float(v), __high2float(v))) {} \
    explicit __ACC_HD __nv_fp8x2_##TYPE(float2 v) : __x(__of(v.x, v.y)) {}                          \
    explicit __ACC_HD __nv_fp8x2_##TYPE(double2 v) : __x(__of(v.x, v.y)) {}                         \
    explicit __ACC_HD operator float2() const {                                                     \
      float2 v = {(float)__acc_##TYPE##_value((__nv_fp8_storage_t)__x),                             \
                  (float)__acc_##TYPE##_value((__nv_fp8_storage_t)(__x >> 8))};                     \
      return v;                                                                                     \
    }                                                                                               \
    explicit __ACC_HD operator __half2() const { return __float22half2_rn((float2) * this); }       \
    explicit __ACC_HD operator __nv_bfloat162() const { return __float22bfloat162_rn((float2) * this); } \
  };                                                                                                \
  struct __attribute__((aligned(4))) __nv_fp8x4_##TYPE {                                            \
    __nv_fp8x4_storage_t __x;                                                                       \
    __nv_fp8x4_##TYPE() = default;                                                                  \
    static __ACC_HD __nv_fp8x4_storage_t __of(__nv_fp8x2_##TYPE low, __nv_fp8x2_##TYPE high) {      \
      return low.__x | (__nv_fp8x4_storage_t)high.__x << 16;                                        \
    }                                                                                               \
    explicit __ACC_HD __nv_fp8x4_##TYPE(__half2 low, __half2 high)                                  \
        : __x(__of(__nv_fp8x2_##TYPE(low), __nv_fp8x2_##TYPE(high))) {}                             \
    explicit __ACC_HD __nv_fp8x4_##TYPE(__nv_bfloat162 low, __nv_bfloat162 high)                    \
        : __x(__of(__nv_fp8x2_##TYPE(low), __nv_fp8x2_##TYPE(high))) {}                             \
    explicit __ACC_HD __nv_fp8x4_##TYPE(float4 v)                                                   \
        : __x(__of(__nv_fp8x2_##TYPE(make_float2(v.x, v.y)), __nv_fp8x2_##TYPE(make_float2(v.z, v.w)))) {} \
    explicit __ACC_HD __nv_fp8x4_##TYPE(double4 v)                                                  \
        : __x(__of(__nv_fp8x2_##TYPE(make_double2(v.x, v.y)), __nv_fp8x2_##TYPE(make_double2(v.z, v.w)))) {} \
    explicit __ACC_HD operator float4() const {                                                     \
      float4 v = {(float)__acc_##TYPE##_value((__nv_fp8_storage_t)__x),                             \
                  (float)__acc_##TYPE##_value((__nv_fp8_storage_t)(__x >> 8)),                      \
                  (float)__acc_##TYPE##_value((__nv_fp8_storage_t)(__x >> 16)),                     \
                  (float)__acc_##TYPE##_value((__nv_fp8_storage_t)(__x >> 24))};                    \
      return v;                                                                                     \
    }                                                                                               \
  };
__ACC_FP8_TYPE(e4m3)
__ACC_FP8_TYPE(e5m2)
__ACC_FP8_TYPE(e8m0)

#undef __ACC_FP8_TYPE
#undef __ACC_FP8_TO
#undef __ACC_FP8_FROM
#undef __ACC_FP8_CHAR_LOW
#undef __ACC_FP8_CHAR_HIGH
#undef __ACC_HD
// clang-format on
#endif
