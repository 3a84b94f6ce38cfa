// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __half and __half2, on both sides. Bit conversions: acc_impl/half_bits.h; functions:
// acc_impl/half_functions.inc.
#pragma once
// clang-format off: a table of one-line functions
#define __CUDA_FP16_TYPES_EXIST__
#define __CUDA_FP16_H__ // programs test this name

#include "crt/host_defines.h"
#include "vector_types.h"
#if defined(__CUDACC__)
#include "cuda_runtime.h"
#endif

typedef struct __half_raw {
  unsigned short x;
} __half_raw;
typedef struct __align__(4) __half2_raw {
  unsigned short x, y;
} __half2_raw;

#if defined(__cplusplus)
#include "acc_impl/half_bits.h"
#include "acc_impl/machine_op.h"

/// IEEE binary16.
struct __align__(2) __half {
protected:
  unsigned short __x;

public:
#if __cplusplus >= 201103L
  __half() = default;
#else
  __host__ __device__ __half() {}
#endif
  __ACC_CONSTEXPR __host__ __device__ __half(const __half_raw &r) : __x(r.x) {}
  __host__ __device__ __half &operator=(const __half_raw &r) {
    __x = r.x;
    return *this;
  }
  __host__ __device__ operator __half_raw() const {
    __half_raw r;
    r.x = __x;
    return r;
  }
  __host__ __device__ operator __half_raw() const volatile {
    __half_raw r;
    r.x = __x;
    return r;
  }
  __host__ __device__ volatile __half &operator=(const __half_raw &r) volatile {
    __x = r.x;
    return *this;
  }
  __host__ __device__ volatile __half &operator=(const volatile __half_raw &r) volatile {
    __x = r.x;
    return *this;
  }
#if !defined(__CUDA_NO_HALF_CONVERSIONS__)
#define __ACC_FROM(T)                                                                                                  \
  __host__ __device__ __half(T v) : __x(__acc_double_to_half((double)v)) {}
  __host__ __device__ __half(float v) : __x(__acc_float_to_half(v)) {}
  __host__ __device__ __half(double v) : __x(__acc_double_to_half(v)) {}
  __host__ __device__ operator float() const { return __acc_half_to_float(__x); }
  __ACC_FROM(short)
  __ACC_FROM(unsigned short)
  __ACC_FROM(int)
  __ACC_FROM(unsigned int)
  __ACC_FROM(long)
  __ACC_FROM(unsigned long)
  __ACC_FROM(long long)
  __ACC_FROM(unsigned long long)
#undef __ACC_FROM
#define __ACC_ASSIGN(T)                                                                                                \
  __host__ __device__ __half &operator=(T v) { return *this = __half(v); }
  __ACC_ASSIGN(float)
  __ACC_ASSIGN(double)
  __ACC_ASSIGN(short)
  __ACC_ASSIGN(unsigned short)
  __ACC_ASSIGN(int)
  __ACC_ASSIGN(unsigned int)
  __ACC_ASSIGN(long long)
  __ACC_ASSIGN(unsigned long long)
#undef __ACC_ASSIGN
#if __cplusplus >= 201103L
  // Integers: towards zero. Explicit, so that a value in an arithmetic expression becomes a float and nothing else.
#define __ACC_TO(T)                                                                                                    \
  __host__ __device__ explicit operator T() const { return __acc_to_integer<T>(__acc_half_to_float(__x)); }
  __ACC_TO(char)
  __ACC_TO(signed char)
  __ACC_TO(unsigned char)
  __ACC_TO(short)
  __ACC_TO(unsigned short)
  __ACC_TO(int)
  __ACC_TO(unsigned int)
  __ACC_TO(long)
  __ACC_TO(unsigned long)
  __ACC_TO(long long)
  __ACC_TO(unsigned long long)
#undef __ACC_TO
  __host__ __device__ explicit operator bool() const { return (__x & 0x7fff) != 0; }
#endif
#endif
};

/// Two values in one 32-bit word, x in the low half.
struct __align__(4) __half2 {
  __half x, y;
#if __cplusplus >= 201103L
  __half2() = default;
#else
  __host__ __device__ __half2() {}
#endif
  __ACC_CONSTEXPR __host__ __device__ __half2(const __half &a, const __half &b) : x(a), y(b) {}
  __host__ __device__ __half2(const __half2_raw &r) {
    __half_raw low, high;
    low.x = r.x;
    high.x = r.y;
    x = low;
    y = high;
  }
  __host__ __device__ operator __half2_raw() const {
    __half2_raw r;
    r.x = __half_raw(x).x;
    r.y = __half_raw(y).x;
    return r;
  }
};

typedef __half half;
typedef __half2 half2;
typedef __half nv_half;
typedef __half2 nv_half2;
typedef __half __nv_half;
typedef __half2 __nv_half2;
typedef __half_raw __nv_half_raw;
typedef __half2_raw __nv_half2_raw;

#define __ACC_FN static __inline__ __host__ __device__

// What the shared functions are written in terms of.
__ACC_FN unsigned short __acc_bits(__half a) { return __half_raw(a).x; }
__ACC_FN float __acc_f(__half a) { return __acc_half_to_float(__acc_bits(a)); }
#ifndef __ACC_HALF_TEMPLATES
#define __ACC_HALF_TEMPLATES
template <class T> __ACC_FN T __acc_make(unsigned short bits);
template <class T> __ACC_FN T __acc_r(float v);
template <class T> __ACC_FN T __acc_nan();
#endif
template <> __inline__ __host__ __device__ __half __acc_make<__half>(unsigned short bits) {
  __half_raw r;
  r.x = bits;
  return __half(r);
}
template <> __inline__ __host__ __device__ __half __acc_r<__half>(float v) { return __acc_make<__half>(__acc_float_to_half(v)); }
template <> __inline__ __host__ __device__ __half __acc_nan<__half>() { return __acc_make<__half>(0x7fff); }
__ACC_FN __half __acc_fma(__half a, __half b, __half c) {
  return __acc_make<__half>(__acc_half_fma(__acc_bits(a), __acc_bits(b), __acc_bits(c)));
}

// Conversions. Without a suffix and _rn: nearest even.
__ACC_FN __half __float2half(float v) { return __acc_r<__half>(v); }
__ACC_FN __half __float2half_rn(float v) { return __acc_r<__half>(v); }
__ACC_FN __half __float2half_rz(float v) { return __acc_make<__half>(__acc_round<__acc_half_format>(v, __ACC_RZ)); }
__ACC_FN __half __float2half_ru(float v) { return __acc_make<__half>(__acc_round<__acc_half_format>(v, __ACC_RU)); }
__ACC_FN __half __float2half_rd(float v) { return __acc_make<__half>(__acc_round<__acc_half_format>(v, __ACC_RD)); }
__ACC_FN __half __double2half(double v) { return __acc_make<__half>(__acc_double_to_half(v)); }
__ACC_FN float __half2float(__half a) { return __acc_f(a); }
__ACC_FN short __half2short_rn(__half a) { return (short)__acc_to_integer<short>(__builtin_rintf(__acc_f(a))); }
__ACC_FN short __half2short_rz(__half a) { return (short)__acc_to_integer<short>(__builtin_truncf(__acc_f(a))); }
__ACC_FN short __half2short_ru(__half a) { return (short)__acc_to_integer<short>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN short __half2short_rd(__half a) { return (short)__acc_to_integer<short>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __half __short2half_rn(short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RN)); }
__ACC_FN __half __short2half_rz(short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RZ)); }
__ACC_FN __half __short2half_ru(short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RU)); }
__ACC_FN __half __short2half_rd(short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RD)); }
__ACC_FN unsigned short __half2ushort_rn(__half a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_rintf(__acc_f(a))); }
__ACC_FN unsigned short __half2ushort_rz(__half a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_truncf(__acc_f(a))); }
__ACC_FN unsigned short __half2ushort_ru(__half a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN unsigned short __half2ushort_rd(__half a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __half __ushort2half_rn(unsigned short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RN)); }
__ACC_FN __half __ushort2half_rz(unsigned short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RZ)); }
__ACC_FN __half __ushort2half_ru(unsigned short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RU)); }
__ACC_FN __half __ushort2half_rd(unsigned short v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RD)); }
__ACC_FN int __half2int_rn(__half a) { return (int)__acc_to_integer<int>(__builtin_rintf(__acc_f(a))); }
__ACC_FN int __half2int_rz(__half a) { return (int)__acc_to_integer<int>(__builtin_truncf(__acc_f(a))); }
__ACC_FN int __half2int_ru(__half a) { return (int)__acc_to_integer<int>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN int __half2int_rd(__half a) { return (int)__acc_to_integer<int>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __half __int2half_rn(int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RN)); }
__ACC_FN __half __int2half_rz(int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RZ)); }
__ACC_FN __half __int2half_ru(int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RU)); }
__ACC_FN __half __int2half_rd(int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RD)); }
__ACC_FN unsigned int __half2uint_rn(__half a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_rintf(__acc_f(a))); }
__ACC_FN unsigned int __half2uint_rz(__half a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_truncf(__acc_f(a))); }
__ACC_FN unsigned int __half2uint_ru(__half a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN unsigned int __half2uint_rd(__half a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __half __uint2half_rn(unsigned int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RN)); }
__ACC_FN __half __uint2half_rz(unsigned int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RZ)); }
__ACC_FN __half __uint2half_ru(unsigned int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RU)); }
__ACC_FN __half __uint2half_rd(unsigned int v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RD)); }
__ACC_FN long long __half2ll_rn(__half a) { return (long long)__acc_to_integer<long long>(__builtin_rintf(__acc_f(a))); }
__ACC_FN long long __half2ll_rz(__half a) { return (long long)__acc_to_integer<long long>(__builtin_truncf(__acc_f(a))); }
__ACC_FN long long __half2ll_ru(__half a) { return (long long)__acc_to_integer<long long>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN long long __half2ll_rd(__half a) { return (long long)__acc_to_integer<long long>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __half __ll2half_rn(long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RN)); }
__ACC_FN __half __ll2half_rz(long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RZ)); }
__ACC_FN __half __ll2half_ru(long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RU)); }
__ACC_FN __half __ll2half_rd(long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RD)); }
__ACC_FN unsigned long long __half2ull_rn(__half a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_rintf(__acc_f(a))); }
__ACC_FN unsigned long long __half2ull_rz(__half a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_truncf(__acc_f(a))); }
__ACC_FN unsigned long long __half2ull_ru(__half a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN unsigned long long __half2ull_rd(__half a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __half __ull2half_rn(unsigned long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RN)); }
__ACC_FN __half __ull2half_rz(unsigned long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RZ)); }
__ACC_FN __half __ull2half_ru(unsigned long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RU)); }
__ACC_FN __half __ull2half_rd(unsigned long long v) { return __acc_make<__half>(__acc_round_integer<__acc_half_format>(v, __ACC_RD)); }
__ACC_FN signed char __half2char_rz(__half a) { return __acc_to_integer<signed char>(__acc_f(a)); }
__ACC_FN unsigned char __half2uchar_rz(__half a) { return __acc_to_integer<unsigned char>(__acc_f(a)); }

// Pairs.
__ACC_FN __half2 __halves2half2(__half a, __half b) { return __half2(a, b); }
__ACC_FN __half2 make_half2(__half a, __half b) { return __half2(a, b); }
__ACC_FN __half2 __half2half2(__half a) { return __half2(a, a); }
__ACC_FN __half2 __float2half2_rn(float v) { return __half2(__acc_r<__half>(v), __acc_r<__half>(v)); }
__ACC_FN __half2 __floats2half2_rn(float a, float b) { return __half2(__acc_r<__half>(a), __acc_r<__half>(b)); }
__ACC_FN __half2 __float22half2_rn(float2 v) { return __half2(__acc_r<__half>(v.x), __acc_r<__half>(v.y)); }
__ACC_FN float2 __half22float2(__half2 a) {
  float2 v;
  v.x = __acc_f(a.x);
  v.y = __acc_f(a.y);
  return v;
}
__ACC_FN float __low2float(__half2 a) { return __acc_f(a.x); }
__ACC_FN float __high2float(__half2 a) { return __acc_f(a.y); }
__ACC_FN __half __low2half(__half2 a) { return a.x; }
__ACC_FN __half __high2half(__half2 a) { return a.y; }
__ACC_FN __half2 __low2half2(__half2 a) { return __half2(a.x, a.x); }
__ACC_FN __half2 __high2half2(__half2 a) { return __half2(a.y, a.y); }
__ACC_FN __half2 __lows2half2(__half2 a, __half2 b) { return __half2(a.x, b.x); }
__ACC_FN __half2 __highs2half2(__half2 a, __half2 b) { return __half2(a.y, b.y); }
__ACC_FN __half2 __lowhigh2highlow(__half2 a) { return __half2(a.y, a.x); }

// Reinterpretation.
__ACC_FN short __half_as_short(__half a) { return (short)__acc_bits(a); }
__ACC_FN unsigned short __half_as_ushort(__half a) { return __acc_bits(a); }
__ACC_FN __half __short_as_half(short v) { return __acc_make<__half>((unsigned short)v); }
__ACC_FN __half __ushort_as_half(unsigned short v) { return __acc_make<__half>(v); }
#undef __ACC_FN

#define __ACC_ATOMIC_SM 700
#define __ACC_ATOMIC2_SM 600
#define __ACC_T __half
#define __ACC_T2 __half2
#define __ACC_OPS __acc_half_ops
#define __ACC_FORMAT "f16"
#if !defined(__CUDA_NO_HALF_OPERATORS__)
#define __ACC_HALF_OPERATORS
#endif
#include "acc_impl/half_functions.inc"
#else
typedef __half_raw __half;
#endif
