// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A floating-point type of N = 8, 6 or 4 bits, its pair and its four, WIDTH bits apart. The format
// gives __acc_to_TYPE(float or double) and __acc_TYPE_value(code, with bits of its neighbours
// above).
#pragma once
#ifndef __CUDACC_RTC__
#include <assert.h> // NVIDIA's headers of these types have it, and programs count on that
#endif

#include "small_float_bits.h"

// clang-format off: tables of one-line functions
#define __ACC_HD __host__ __device__
#define __ACC_SMALL_FLOAT_FROM(T, N, TYPE) explicit __ACC_HD __nv_fp##N##_##TYPE(T v) : __x(__acc_to_##TYPE((double)v)) {}
#define __ACC_SMALL_FLOAT_TO(T, TYPE, LOW, HIGH)                                                                \
  explicit __ACC_HD operator T() const { return __acc_small_float_to_integer<T>((float)__acc_##TYPE##_value(__x), LOW, HIGH); }
#define __ACC_SMALL_FLOAT_CHAR_LOW (char(-1) < 0 ? -128.0 : 0.0)
#define __ACC_SMALL_FLOAT_CHAR_HIGH (char(-1) < 0 ? 127.0 : 255.0)

#define __ACC_SMALL_FLOAT_TYPES(N, WIDTH, TYPE)                                                                 \
  struct __nv_fp##N##_##TYPE {                                                                                  \
    __nv_fp##N##_storage_t __x;                                                                                 \
    __nv_fp##N##_##TYPE() = default;                                                                            \
    explicit __ACC_HD __nv_fp##N##_##TYPE(__half v) : __x(__acc_to_##TYPE(__half2float(v))) {}                  \
    explicit __ACC_HD __nv_fp##N##_##TYPE(__nv_bfloat16 v) : __x(__acc_to_##TYPE(__bfloat162float(v))) {}       \
    explicit __ACC_HD __nv_fp##N##_##TYPE(float v) : __x(__acc_to_##TYPE(v)) {}                                 \
    explicit __ACC_HD __nv_fp##N##_##TYPE(double v) : __x(__acc_to_##TYPE(v)) {}                                \
    __ACC_SMALL_FLOAT_FROM(short, N, TYPE)                                                                      \
    __ACC_SMALL_FLOAT_FROM(unsigned short, N, TYPE)                                                             \
    __ACC_SMALL_FLOAT_FROM(int, N, TYPE)                                                                        \
    __ACC_SMALL_FLOAT_FROM(unsigned, N, TYPE)                                                                   \
    __ACC_SMALL_FLOAT_FROM(long, N, TYPE)                                                                       \
    __ACC_SMALL_FLOAT_FROM(unsigned long, N, TYPE)                                                              \
    __ACC_SMALL_FLOAT_FROM(long long, N, TYPE)                                                                  \
    __ACC_SMALL_FLOAT_FROM(unsigned long long, N, TYPE)                                                         \
    explicit __ACC_HD operator __half() const { return __float2half((float)__acc_##TYPE##_value(__x)); }        \
    explicit __ACC_HD operator __nv_bfloat16() const { return __float2bfloat16((float)__acc_##TYPE##_value(__x)); } \
    explicit __ACC_HD operator float() const { return (float)__acc_##TYPE##_value(__x); }                       \
    explicit __ACC_HD operator double() const { return (double)__acc_##TYPE##_value(__x); }                     \
    explicit __ACC_HD operator bool() const { return __acc_##TYPE##_value(__x) != 0; }                          \
    __ACC_SMALL_FLOAT_TO(char, TYPE, __ACC_SMALL_FLOAT_CHAR_LOW, __ACC_SMALL_FLOAT_CHAR_HIGH)                   \
    __ACC_SMALL_FLOAT_TO(signed char, TYPE, -128.0, 127.0)                                                      \
    __ACC_SMALL_FLOAT_TO(unsigned char, TYPE, 0.0, 255.0)                                                       \
    __ACC_SMALL_FLOAT_TO(short, TYPE, -32768.0, 32767.0)                                                        \
    __ACC_SMALL_FLOAT_TO(unsigned short, TYPE, 0.0, 65535.0)                                                    \
    __ACC_SMALL_FLOAT_TO(int, TYPE, -2147483648.0, 2147483647.0)                                                \
    __ACC_SMALL_FLOAT_TO(unsigned, TYPE, 0.0, 4294967295.0)                                                     \
    __ACC_SMALL_FLOAT_TO(long, TYPE, -9223372036854775808.0, 9223372036854775808.0)                             \
    __ACC_SMALL_FLOAT_TO(unsigned long, TYPE, 0.0, 18446744073709551616.0)                                      \
    __ACC_SMALL_FLOAT_TO(long long, TYPE, -9223372036854775808.0, 9223372036854775808.0)                        \
    __ACC_SMALL_FLOAT_TO(unsigned long long, TYPE, 0.0, 18446744073709551616.0)                                 \
  };                                                                                                            \
  struct __attribute__((aligned(sizeof(__nv_fp##N##x2_storage_t)))) __nv_fp##N##x2_##TYPE {                     \
    __nv_fp##N##x2_storage_t __x;                                                                               \
    __nv_fp##N##x2_##TYPE() = default;                                                                          \
    template <typename T>                                                                                       \
    static __ACC_HD __nv_fp##N##x2_storage_t __of(T low, T high) {                                              \
      return (__nv_fp##N##x2_storage_t)(__acc_to_##TYPE(low) | __acc_to_##TYPE(high) << WIDTH);                 \
    }                                                                                                           \
    explicit __ACC_HD __nv_fp##N##x2_##TYPE(__half2 v) : __x(__of(__low2float(v), __high2float(v))) {}          \
    explicit __ACC_HD __nv_fp##N##x2_##TYPE(__nv_bfloat162 v) : __x(__of(__low2float(v), __high2float(v))) {}   \
    explicit __ACC_HD __nv_fp##N##x2_##TYPE(float2 v) : __x(__of(v.x, v.y)) {}                                  \
    explicit __ACC_HD __nv_fp##N##x2_##TYPE(double2 v) : __x(__of(v.x, v.y)) {}                                 \
    explicit __ACC_HD operator float2() const {                                                                 \
      float2 v = {(float)__acc_##TYPE##_value((__nv_fp##N##_storage_t)__x),                                     \
                  (float)__acc_##TYPE##_value((__nv_fp##N##_storage_t)(__x >> WIDTH))};                         \
      return v;                                                                                                 \
    }                                                                                                           \
    explicit __ACC_HD operator __half2() const { return __float22half2_rn((float2) * this); }                   \
    explicit __ACC_HD operator __nv_bfloat162() const { return __float22bfloat162_rn((float2) * this); }        \
  };                                                                                                            \
  struct __attribute__((aligned(sizeof(__nv_fp##N##x4_storage_t)))) __nv_fp##N##x4_##TYPE {                     \
    __nv_fp##N##x4_storage_t __x;                                                                               \
    __nv_fp##N##x4_##TYPE() = default;                                                                          \
    static __ACC_HD __nv_fp##N##x4_storage_t __of(__nv_fp##N##x2_##TYPE low, __nv_fp##N##x2_##TYPE high) {      \
      return low.__x | (__nv_fp##N##x4_storage_t)high.__x << 2 * WIDTH;                                         \
    }                                                                                                           \
    explicit __ACC_HD __nv_fp##N##x4_##TYPE(__half2 low, __half2 high)                                          \
        : __x(__of(__nv_fp##N##x2_##TYPE(low), __nv_fp##N##x2_##TYPE(high))) {}                                 \
    explicit __ACC_HD __nv_fp##N##x4_##TYPE(__nv_bfloat162 low, __nv_bfloat162 high)                            \
        : __x(__of(__nv_fp##N##x2_##TYPE(low), __nv_fp##N##x2_##TYPE(high))) {}                                 \
    explicit __ACC_HD __nv_fp##N##x4_##TYPE(float4 v)                                                           \
        : __x(__of(__nv_fp##N##x2_##TYPE(make_float2(v.x, v.y)), __nv_fp##N##x2_##TYPE(make_float2(v.z, v.w)))) {} \
    explicit __ACC_HD __nv_fp##N##x4_##TYPE(double4 v)                                                          \
        : __x(__of(__nv_fp##N##x2_##TYPE(make_double2(v.x, v.y)), __nv_fp##N##x2_##TYPE(make_double2(v.z, v.w)))) {} \
    explicit __ACC_HD operator float4() const {                                                                 \
      float4 v = {(float)__acc_##TYPE##_value((__nv_fp##N##_storage_t)__x),                                     \
                  (float)__acc_##TYPE##_value((__nv_fp##N##_storage_t)(__x >> WIDTH)),                          \
                  (float)__acc_##TYPE##_value((__nv_fp##N##_storage_t)(__x >> 2 * WIDTH)),                      \
                  (float)__acc_##TYPE##_value((__nv_fp##N##_storage_t)(__x >> 3 * WIDTH))};                     \
      return v;                                                                                                 \
    }                                                                                                           \
  };
// clang-format on
