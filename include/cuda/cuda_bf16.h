// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __nv_bfloat16 and __nv_bfloat162, on both sides. Bit conversions: acc_impl/half_bits.h;
// functions: acc_impl/half_functions.inc.
#pragma once
// clang-format off: a table of one-line functions
#define __CUDA_BF16_TYPES_EXIST__
#define __CUDA_BF16_H__ // programs test this name

#include "crt/host_defines.h"
#include "vector_types.h"
#if defined(__CUDACC__)
#include "cuda_runtime.h"
#endif

typedef struct __nv_bfloat16_raw {
  unsigned short x;
} __nv_bfloat16_raw;
typedef struct __align__(4) __nv_bfloat162_raw {
  unsigned short x, y;
} __nv_bfloat162_raw;

#if defined(__cplusplus)
#include "acc_impl/half_bits.h"
#include "acc_impl/machine_op.h"

/// bfloat16: the upper half of a binary32.
struct __align__(2) __nv_bfloat16 {
protected:
  unsigned short __x;

public:
#if __cplusplus >= 201103L
  __nv_bfloat16() = default;
#else
  __host__ __device__ __nv_bfloat16() {}
#endif
  __ACC_CONSTEXPR __host__ __device__ __nv_bfloat16(const __nv_bfloat16_raw &r) : __x(r.x) {}
  __host__ __device__ __nv_bfloat16 &operator=(const __nv_bfloat16_raw &r) {
    __x = r.x;
    return *this;
  }
  __host__ __device__ operator __nv_bfloat16_raw() const {
    __nv_bfloat16_raw r;
    r.x = __x;
    return r;
  }
  __host__ __device__ operator __nv_bfloat16_raw() const volatile {
    __nv_bfloat16_raw r;
    r.x = __x;
    return r;
  }
  __host__ __device__ volatile __nv_bfloat16 &operator=(const __nv_bfloat16_raw &r) volatile {
    __x = r.x;
    return *this;
  }
  __host__ __device__ volatile __nv_bfloat16 &operator=(const volatile __nv_bfloat16_raw &r) volatile {
    __x = r.x;
    return *this;
  }
#if !defined(__CUDA_NO_BFLOAT16_CONVERSIONS__)
#define __ACC_FROM(T)                                                                                                  \
  __host__ __device__ __nv_bfloat16(T v) : __x(__acc_double_to_bfloat16((double)v)) {}
  __host__ __device__ __nv_bfloat16(float v) : __x(__acc_float_to_bfloat16(v)) {}
  __host__ __device__ __nv_bfloat16(double v) : __x(__acc_double_to_bfloat16(v)) {}
  __host__ __device__ operator float() const { return __acc_bfloat16_to_float(__x); }
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
  __host__ __device__ __nv_bfloat16 &operator=(T v) { return *this = __nv_bfloat16(v); }
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
  __host__ __device__ explicit operator T() const { return __acc_to_integer<T>(__acc_bfloat16_to_float(__x)); }
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
struct __align__(4) __nv_bfloat162 {
  __nv_bfloat16 x, y;
#if __cplusplus >= 201103L
  __nv_bfloat162() = default;
#else
  __host__ __device__ __nv_bfloat162() {}
#endif
  __ACC_CONSTEXPR __host__ __device__ __nv_bfloat162(const __nv_bfloat16 &a, const __nv_bfloat16 &b) : x(a), y(b) {}
  __host__ __device__ __nv_bfloat162(const __nv_bfloat162_raw &r) {
    __nv_bfloat16_raw low, high;
    low.x = r.x;
    high.x = r.y;
    x = low;
    y = high;
  }
  __host__ __device__ operator __nv_bfloat162_raw() const {
    __nv_bfloat162_raw r;
    r.x = __nv_bfloat16_raw(x).x;
    r.y = __nv_bfloat16_raw(y).x;
    return r;
  }
};

typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;

#define __ACC_FN static __inline__ __host__ __device__

// What the shared functions are written in terms of.
__ACC_FN unsigned short __acc_bits(__nv_bfloat16 a) { return __nv_bfloat16_raw(a).x; }
__ACC_FN float __acc_f(__nv_bfloat16 a) { return __acc_bfloat16_to_float(__acc_bits(a)); }
#ifndef __ACC_HALF_TEMPLATES
#define __ACC_HALF_TEMPLATES
template <class T> __ACC_FN T __acc_make(unsigned short bits);
template <class T> __ACC_FN T __acc_r(float v);
template <class T> __ACC_FN T __acc_nan();
#endif
template <> __inline__ __host__ __device__ __nv_bfloat16 __acc_make<__nv_bfloat16>(unsigned short bits) {
  __nv_bfloat16_raw r;
  r.x = bits;
  return __nv_bfloat16(r);
}
template <> __inline__ __host__ __device__ __nv_bfloat16 __acc_r<__nv_bfloat16>(float v) { return __acc_make<__nv_bfloat16>(__acc_float_to_bfloat16(v)); }
template <> __inline__ __host__ __device__ __nv_bfloat16 __acc_nan<__nv_bfloat16>() { return __acc_make<__nv_bfloat16>(0x7fff); }
__ACC_FN __nv_bfloat16 __acc_fma(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c) {
  return __acc_make<__nv_bfloat16>(__acc_bfloat16_fma(__acc_bits(a), __acc_bits(b), __acc_bits(c)));
}

// Conversions. Without a suffix and _rn: nearest even.
__ACC_FN __nv_bfloat16 __float2bfloat16(float v) { return __acc_r<__nv_bfloat16>(v); }
__ACC_FN __nv_bfloat16 __float2bfloat16_rn(float v) { return __acc_r<__nv_bfloat16>(v); }
__ACC_FN __nv_bfloat16 __float2bfloat16_rz(float v) { return __acc_make<__nv_bfloat16>(__acc_round<__acc_bfloat16_format>(v, __ACC_RZ)); }
__ACC_FN __nv_bfloat16 __float2bfloat16_ru(float v) { return __acc_make<__nv_bfloat16>(__acc_round<__acc_bfloat16_format>(v, __ACC_RU)); }
__ACC_FN __nv_bfloat16 __float2bfloat16_rd(float v) { return __acc_make<__nv_bfloat16>(__acc_round<__acc_bfloat16_format>(v, __ACC_RD)); }
__ACC_FN __nv_bfloat16 __double2bfloat16(double v) { return __acc_make<__nv_bfloat16>(__acc_double_to_bfloat16(v)); }
__ACC_FN float __bfloat162float(__nv_bfloat16 a) { return __acc_f(a); }
__ACC_FN short __bfloat162short_rn(__nv_bfloat16 a) { return (short)__acc_to_integer<short>(__builtin_rintf(__acc_f(a))); }
__ACC_FN short __bfloat162short_rz(__nv_bfloat16 a) { return (short)__acc_to_integer<short>(__builtin_truncf(__acc_f(a))); }
__ACC_FN short __bfloat162short_ru(__nv_bfloat16 a) { return (short)__acc_to_integer<short>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN short __bfloat162short_rd(__nv_bfloat16 a) { return (short)__acc_to_integer<short>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __nv_bfloat16 __short2bfloat16_rn(short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RN)); }
__ACC_FN __nv_bfloat16 __short2bfloat16_rz(short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RZ)); }
__ACC_FN __nv_bfloat16 __short2bfloat16_ru(short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RU)); }
__ACC_FN __nv_bfloat16 __short2bfloat16_rd(short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RD)); }
__ACC_FN unsigned short __bfloat162ushort_rn(__nv_bfloat16 a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_rintf(__acc_f(a))); }
__ACC_FN unsigned short __bfloat162ushort_rz(__nv_bfloat16 a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_truncf(__acc_f(a))); }
__ACC_FN unsigned short __bfloat162ushort_ru(__nv_bfloat16 a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN unsigned short __bfloat162ushort_rd(__nv_bfloat16 a) { return (unsigned short)__acc_to_integer<unsigned short>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __nv_bfloat16 __ushort2bfloat16_rn(unsigned short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RN)); }
__ACC_FN __nv_bfloat16 __ushort2bfloat16_rz(unsigned short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RZ)); }
__ACC_FN __nv_bfloat16 __ushort2bfloat16_ru(unsigned short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RU)); }
__ACC_FN __nv_bfloat16 __ushort2bfloat16_rd(unsigned short v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RD)); }
__ACC_FN int __bfloat162int_rn(__nv_bfloat16 a) { return (int)__acc_to_integer<int>(__builtin_rintf(__acc_f(a))); }
__ACC_FN int __bfloat162int_rz(__nv_bfloat16 a) { return (int)__acc_to_integer<int>(__builtin_truncf(__acc_f(a))); }
__ACC_FN int __bfloat162int_ru(__nv_bfloat16 a) { return (int)__acc_to_integer<int>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN int __bfloat162int_rd(__nv_bfloat16 a) { return (int)__acc_to_integer<int>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __nv_bfloat16 __int2bfloat16_rn(int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RN)); }
__ACC_FN __nv_bfloat16 __int2bfloat16_rz(int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RZ)); }
__ACC_FN __nv_bfloat16 __int2bfloat16_ru(int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RU)); }
__ACC_FN __nv_bfloat16 __int2bfloat16_rd(int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RD)); }
__ACC_FN unsigned int __bfloat162uint_rn(__nv_bfloat16 a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_rintf(__acc_f(a))); }
__ACC_FN unsigned int __bfloat162uint_rz(__nv_bfloat16 a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_truncf(__acc_f(a))); }
__ACC_FN unsigned int __bfloat162uint_ru(__nv_bfloat16 a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN unsigned int __bfloat162uint_rd(__nv_bfloat16 a) { return (unsigned int)__acc_to_integer<unsigned int>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __nv_bfloat16 __uint2bfloat16_rn(unsigned int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RN)); }
__ACC_FN __nv_bfloat16 __uint2bfloat16_rz(unsigned int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RZ)); }
__ACC_FN __nv_bfloat16 __uint2bfloat16_ru(unsigned int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RU)); }
__ACC_FN __nv_bfloat16 __uint2bfloat16_rd(unsigned int v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RD)); }
__ACC_FN long long __bfloat162ll_rn(__nv_bfloat16 a) { return (long long)__acc_to_integer<long long>(__builtin_rintf(__acc_f(a))); }
__ACC_FN long long __bfloat162ll_rz(__nv_bfloat16 a) { return (long long)__acc_to_integer<long long>(__builtin_truncf(__acc_f(a))); }
__ACC_FN long long __bfloat162ll_ru(__nv_bfloat16 a) { return (long long)__acc_to_integer<long long>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN long long __bfloat162ll_rd(__nv_bfloat16 a) { return (long long)__acc_to_integer<long long>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __nv_bfloat16 __ll2bfloat16_rn(long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RN)); }
__ACC_FN __nv_bfloat16 __ll2bfloat16_rz(long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RZ)); }
__ACC_FN __nv_bfloat16 __ll2bfloat16_ru(long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RU)); }
__ACC_FN __nv_bfloat16 __ll2bfloat16_rd(long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RD)); }
__ACC_FN unsigned long long __bfloat162ull_rn(__nv_bfloat16 a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_rintf(__acc_f(a))); }
__ACC_FN unsigned long long __bfloat162ull_rz(__nv_bfloat16 a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_truncf(__acc_f(a))); }
__ACC_FN unsigned long long __bfloat162ull_ru(__nv_bfloat16 a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_ceilf(__acc_f(a))); }
__ACC_FN unsigned long long __bfloat162ull_rd(__nv_bfloat16 a) { return (unsigned long long)__acc_to_integer<unsigned long long>(__builtin_floorf(__acc_f(a))); }
__ACC_FN __nv_bfloat16 __ull2bfloat16_rn(unsigned long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RN)); }
__ACC_FN __nv_bfloat16 __ull2bfloat16_rz(unsigned long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RZ)); }
__ACC_FN __nv_bfloat16 __ull2bfloat16_ru(unsigned long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RU)); }
__ACC_FN __nv_bfloat16 __ull2bfloat16_rd(unsigned long long v) { return __acc_make<__nv_bfloat16>(__acc_round_integer<__acc_bfloat16_format>(v, __ACC_RD)); }
__ACC_FN signed char __bfloat162char_rz(__nv_bfloat16 a) { return __acc_to_integer<signed char>(__acc_f(a)); }
__ACC_FN unsigned char __bfloat162uchar_rz(__nv_bfloat16 a) { return __acc_to_integer<unsigned char>(__acc_f(a)); }

// Pairs.
__ACC_FN __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
__ACC_FN __nv_bfloat162 make_bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
__ACC_FN __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 a) { return __nv_bfloat162(a, a); }
__ACC_FN __nv_bfloat162 __float2bfloat162_rn(float v) { return __nv_bfloat162(__acc_r<__nv_bfloat16>(v), __acc_r<__nv_bfloat16>(v)); }
__ACC_FN __nv_bfloat162 __floats2bfloat162_rn(float a, float b) { return __nv_bfloat162(__acc_r<__nv_bfloat16>(a), __acc_r<__nv_bfloat16>(b)); }
__ACC_FN __nv_bfloat162 __float22bfloat162_rn(float2 v) { return __nv_bfloat162(__acc_r<__nv_bfloat16>(v.x), __acc_r<__nv_bfloat16>(v.y)); }
__ACC_FN float2 __bfloat1622float2(__nv_bfloat162 a) {
  float2 v;
  v.x = __acc_f(a.x);
  v.y = __acc_f(a.y);
  return v;
}
__ACC_FN float __low2float(__nv_bfloat162 a) { return __acc_f(a.x); }
__ACC_FN float __high2float(__nv_bfloat162 a) { return __acc_f(a.y); }
__ACC_FN __nv_bfloat16 __low2bfloat16(__nv_bfloat162 a) { return a.x; }
__ACC_FN __nv_bfloat16 __high2bfloat16(__nv_bfloat162 a) { return a.y; }
__ACC_FN __nv_bfloat162 __low2bfloat162(__nv_bfloat162 a) { return __nv_bfloat162(a.x, a.x); }
__ACC_FN __nv_bfloat162 __high2bfloat162(__nv_bfloat162 a) { return __nv_bfloat162(a.y, a.y); }
__ACC_FN __nv_bfloat162 __lows2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(a.x, b.x); }
__ACC_FN __nv_bfloat162 __highs2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(a.y, b.y); }
__ACC_FN __nv_bfloat162 __lowhigh2highlow(__nv_bfloat162 a) { return __nv_bfloat162(a.y, a.x); }

// Reinterpretation.
__ACC_FN short __bfloat16_as_short(__nv_bfloat16 a) { return (short)__acc_bits(a); }
__ACC_FN unsigned short __bfloat16_as_ushort(__nv_bfloat16 a) { return __acc_bits(a); }
__ACC_FN __nv_bfloat16 __short_as_bfloat16(short v) { return __acc_make<__nv_bfloat16>((unsigned short)v); }
__ACC_FN __nv_bfloat16 __ushort_as_bfloat16(unsigned short v) { return __acc_make<__nv_bfloat16>(v); }
#undef __ACC_FN

// nvcc 13 has them for every capability, other than those of half.
#define __ACC_ATOMIC_SM 0
#define __ACC_ATOMIC2_SM 0
#define __ACC_T __nv_bfloat16
#define __ACC_T2 __nv_bfloat162
#define __ACC_OPS __acc_bfloat16_ops
#define __ACC_FORMAT "bf16"
#if !defined(__CUDA_NO_BFLOAT16_OPERATORS__)
#define __ACC_HALF_OPERATORS
#endif
#include "acc_impl/half_functions.inc"
#else
typedef __nv_bfloat16_raw __nv_bfloat16;
#endif
