// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bit operations, integer products, directed-rounding arithmetic and the fast single-precision
// functions. Round-to-nearest forms are plain operations that must not be contracted into an fma.
#pragma once
#include "machine_op.h"
// clang-format off: a table of one-line functions

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))

// Bits.
__ACC_DEV int __clz(int x) { return __builtin_clzg((unsigned)x, 32); }
__ACC_DEV int __clzll(long long x) { return __builtin_clzg((unsigned long long)x, 64); }
__ACC_DEV int __popc(unsigned x) { return __builtin_popcount(x); }
__ACC_DEV int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
__ACC_DEV int __ffs(int x) { return __builtin_ctzg((unsigned)x, -1) + 1; }
__ACC_DEV int __ffsll(long long x) { return __builtin_ctzg((unsigned long long)x, -1) + 1; }
__ACC_DEV unsigned __brev(unsigned x) { return __builtin_bitreverse32(x); }
__ACC_DEV unsigned long long __brevll(unsigned long long x) { return __builtin_bitreverse64(x); }
__ACC_DEV unsigned __byte_perm(unsigned x, unsigned y, unsigned s) { return __nvvm_prmt(x, y, s & 0x7777); }

/// Position of the |offset|-th set bit of mask, counted from bit `base` upwards (offset > 0) or downwards (< 0);
/// offset 0: `base` itself if set; ~0 where there is none.
#if defined(__CUDA_ARCH__)
extern "C" __ACC_MACHINE_OP(unsigned, __acc_op_fns, (unsigned, unsigned, int), "fns");
__ACC_DEV unsigned __fns(unsigned mask, unsigned base, int offset) { return __acc_op_fns(mask, base & 31, offset); }
#else
__ACC_DEV unsigned __fns(unsigned mask, unsigned base, int offset) {
  const int step = offset < 0 ? -1 : 1;
  unsigned left = offset < 0 ? 0u - (unsigned)offset : (unsigned)offset;
  if (offset == 0)
    return (mask >> (base & 31)) & 1 ? base & 31 : ~0u;
  for (int i = (int)(base & 31); i >= 0 && i < 32; i += step)
    if (((mask >> i) & 1) && --left == 0)
      return (unsigned)i;
  return ~0u;
}
#endif

/// Most significant 32 bits of hi:lo << (shift & 31); the c form clamps the shift at 32.
__ACC_DEV unsigned __funnelshift_l(unsigned lo, unsigned hi, unsigned shift) {
  return __builtin_elementwise_fshl(hi, lo, shift);
}
__ACC_DEV unsigned __funnelshift_lc(unsigned lo, unsigned hi, unsigned shift) {
  return shift >= 32 ? lo : __funnelshift_l(lo, hi, shift);
}
/// Least significant 32 bits of hi:lo >> (shift & 31); the c form clamps the shift at 32.
__ACC_DEV unsigned __funnelshift_r(unsigned lo, unsigned hi, unsigned shift) {
  return __builtin_elementwise_fshr(hi, lo, shift);
}
__ACC_DEV unsigned __funnelshift_rc(unsigned lo, unsigned hi, unsigned shift) {
  return shift >= 32 ? hi : __funnelshift_r(lo, hi, shift);
}

// Products, averages, sums of absolute differences.
// The low 32 bits of the 48-bit product: it wraps, which a signed product in C++ must not.
__ACC_DEV int __mul24(int a, int b) {
  const int x = (int)((unsigned)a << 8) >> 8, y = (int)((unsigned)b << 8) >> 8;
  return (int)((unsigned)x * (unsigned)y);
}
__ACC_DEV unsigned __umul24(unsigned a, unsigned b) { return (a & 0xffffff) * (b & 0xffffff); }
__ACC_DEV int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
__ACC_DEV unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
__ACC_DEV long long __mul64hi(long long a, long long b) { return (long long)(((__int128)a * b) >> 64); }
__ACC_DEV unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
__ACC_DEV int __hadd(int a, int b) { return (int)(((long long)a + b) >> 1); }
__ACC_DEV int __rhadd(int a, int b) { return (int)(((long long)a + b + 1) >> 1); }
__ACC_DEV unsigned __uhadd(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a + b) >> 1); }
__ACC_DEV unsigned __urhadd(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a + b + 1) >> 1); }
__ACC_DEV unsigned __sad(int a, int b, unsigned c) { return (a > b ? (unsigned)a - b : (unsigned)b - a) + c; }
__ACC_DEV unsigned __usad(unsigned a, unsigned b, unsigned c) { return (a > b ? a - b : b - a) + c; }

// Reinterpretation.
__ACC_DEV int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
__ACC_DEV unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
__ACC_DEV float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
__ACC_DEV float __uint_as_float(unsigned x) { return __builtin_bit_cast(float, x); }
__ACC_DEV long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
__ACC_DEV double __longlong_as_double(long long x) { return __builtin_bit_cast(double, x); }
__ACC_DEV int __double2hiint(double x) { return (int)(__double_as_longlong(x) >> 32); }
__ACC_DEV int __double2loint(double x) { return (int)__double_as_longlong(x); }
__ACC_DEV double __hiloint2double(int hi, int lo) {
  return __longlong_as_double((long long)(((unsigned long long)(unsigned)hi << 32) | (unsigned)lo));
}

// Classification, under the names <math.h> and clang's <cmath> overloads use.
__ACC_DEV int __finitef(float x) { return __builtin_isfinite(x); }
__ACC_DEV int __finite(double x) { return __builtin_isfinite(x); }
__ACC_DEV int __isfinited(double x) { return __builtin_isfinite(x); }
__ACC_DEV int __isinff(float x) { return __builtin_isinf(x); }
__ACC_DEV int __isinf(double x) { return __builtin_isinf(x); }
__ACC_DEV int __isnanf(float x) { return __builtin_isnan(x); }
__ACC_DEV int __isnan(double x) { return __builtin_isnan(x); }
__ACC_DEV int __signbitf(float x) { return __builtin_signbitf(x); }
__ACC_DEV int __signbitd(double x) { return __builtin_signbit(x); }

// Rounded arithmetic: rn nearest even, rz to zero, ru up, rd down.
__ACC_DEV float __fadd_rn(float a, float b) {
#pragma clang fp contract(off)
  return a + b;
}
__ACC_DEV float __fadd_rz(float a, float b) { return __nvvm_add_rz_f(a, b); }
__ACC_DEV float __fadd_ru(float a, float b) { return __nvvm_add_rp_f(a, b); }
__ACC_DEV float __fadd_rd(float a, float b) { return __nvvm_add_rm_f(a, b); }
__ACC_DEV float __fsub_rn(float a, float b) {
#pragma clang fp contract(off)
  return a - b;
}
__ACC_DEV float __fsub_rz(float a, float b) { return __nvvm_add_rz_f(a, -b); }
__ACC_DEV float __fsub_ru(float a, float b) { return __nvvm_add_rp_f(a, -b); }
__ACC_DEV float __fsub_rd(float a, float b) { return __nvvm_add_rm_f(a, -b); }
__ACC_DEV float __fmul_rn(float a, float b) {
#pragma clang fp contract(off)
  return a * b;
}
__ACC_DEV float __fmul_rz(float a, float b) { return __nvvm_mul_rz_f(a, b); }
__ACC_DEV float __fmul_ru(float a, float b) { return __nvvm_mul_rp_f(a, b); }
__ACC_DEV float __fmul_rd(float a, float b) { return __nvvm_mul_rm_f(a, b); }
// Not written as operators: those -prec-div=false and -prec-sqrt=false may approximate.
__ACC_DEV float __fdiv_rn(float a, float b) { return __nvvm_div_rn_f(a, b); }
__ACC_DEV float __fdiv_rz(float a, float b) { return __nvvm_div_rz_f(a, b); }
__ACC_DEV float __fdiv_ru(float a, float b) { return __nvvm_div_rp_f(a, b); }
__ACC_DEV float __fdiv_rd(float a, float b) { return __nvvm_div_rm_f(a, b); }
__ACC_DEV float __frcp_rn(float x) { return __nvvm_rcp_rn_f(x); }
__ACC_DEV float __fsqrt_rn(float x) { return __nvvm_sqrt_rn_f(x); }
__ACC_DEV float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
__ACC_DEV float __frcp_rz(float x) { return __nvvm_rcp_rz_f(x); }
__ACC_DEV float __fsqrt_rz(float x) { return __nvvm_sqrt_rz_f(x); }
__ACC_DEV float __fmaf_rz(float a, float b, float c) { return __nvvm_fma_rz_f(a, b, c); }
__ACC_DEV float __frcp_ru(float x) { return __nvvm_rcp_rp_f(x); }
__ACC_DEV float __fsqrt_ru(float x) { return __nvvm_sqrt_rp_f(x); }
__ACC_DEV float __fmaf_ru(float a, float b, float c) { return __nvvm_fma_rp_f(a, b, c); }
__ACC_DEV float __frcp_rd(float x) { return __nvvm_rcp_rm_f(x); }
__ACC_DEV float __fsqrt_rd(float x) { return __nvvm_sqrt_rm_f(x); }
__ACC_DEV float __fmaf_rd(float a, float b, float c) { return __nvvm_fma_rm_f(a, b, c); }
__ACC_DEV double __dadd_rn(double a, double b) {
#pragma clang fp contract(off)
  return a + b;
}
__ACC_DEV double __dadd_rz(double a, double b) { return __nvvm_add_rz_d(a, b); }
__ACC_DEV double __dadd_ru(double a, double b) { return __nvvm_add_rp_d(a, b); }
__ACC_DEV double __dadd_rd(double a, double b) { return __nvvm_add_rm_d(a, b); }
__ACC_DEV double __dsub_rn(double a, double b) {
#pragma clang fp contract(off)
  return a - b;
}
__ACC_DEV double __dsub_rz(double a, double b) { return __nvvm_add_rz_d(a, -b); }
__ACC_DEV double __dsub_ru(double a, double b) { return __nvvm_add_rp_d(a, -b); }
__ACC_DEV double __dsub_rd(double a, double b) { return __nvvm_add_rm_d(a, -b); }
__ACC_DEV double __dmul_rn(double a, double b) {
#pragma clang fp contract(off)
  return a * b;
}
__ACC_DEV double __dmul_rz(double a, double b) { return __nvvm_mul_rz_d(a, b); }
__ACC_DEV double __dmul_ru(double a, double b) { return __nvvm_mul_rp_d(a, b); }
__ACC_DEV double __dmul_rd(double a, double b) { return __nvvm_mul_rm_d(a, b); }
__ACC_DEV double __ddiv_rn(double a, double b) {
#pragma clang fp contract(off)
  return a / b;
}
__ACC_DEV double __ddiv_rz(double a, double b) { return __nvvm_div_rz_d(a, b); }
__ACC_DEV double __ddiv_ru(double a, double b) { return __nvvm_div_rp_d(a, b); }
__ACC_DEV double __ddiv_rd(double a, double b) { return __nvvm_div_rm_d(a, b); }
__ACC_DEV double __drcp_rn(double x) { return 1.0 / x; }
__ACC_DEV double __dsqrt_rn(double x) { return __builtin_sqrt(x); }
__ACC_DEV double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
__ACC_DEV double __drcp_rz(double x) { return __nvvm_rcp_rz_d(x); }
__ACC_DEV double __dsqrt_rz(double x) { return __nvvm_sqrt_rz_d(x); }
__ACC_DEV double __fma_rz(double a, double b, double c) { return __nvvm_fma_rz_d(a, b, c); }
__ACC_DEV double __drcp_ru(double x) { return __nvvm_rcp_rp_d(x); }
__ACC_DEV double __dsqrt_ru(double x) { return __nvvm_sqrt_rp_d(x); }
__ACC_DEV double __fma_ru(double a, double b, double c) { return __nvvm_fma_rp_d(a, b, c); }
__ACC_DEV double __drcp_rd(double x) { return __nvvm_rcp_rm_d(x); }
__ACC_DEV double __dsqrt_rd(double x) { return __nvvm_sqrt_rm_d(x); }
__ACC_DEV double __fma_rd(double a, double b, double c) { return __nvvm_fma_rm_d(a, b, c); }
// The ieee forms keep denormals whatever -ftz says; our arithmetic never flushes.
__ACC_DEV float __fmaf_ieee_rn(float a, float b, float c) { return __fmaf_rn(a, b, c); }
__ACC_DEV float __fmaf_ieee_rz(float a, float b, float c) { return __fmaf_rz(a, b, c); }
__ACC_DEV float __fmaf_ieee_ru(float a, float b, float c) { return __fmaf_ru(a, b, c); }
__ACC_DEV float __fmaf_ieee_rd(float a, float b, float c) { return __fmaf_rd(a, b, c); }

// Fast approximations (documented error bounds, no IEEE corner cases).
__ACC_DEV float __frsqrt_rn(float x) { return __nv_frsqrt_rn(x); }
__ACC_DEV float __fdividef(float a, float b) { return __nv_fast_fdividef(a, b); }
__ACC_DEV float __saturatef(float x) { return __nv_saturatef(x); }
__ACC_DEV float __sinf(float x) { return __nv_fast_sinf(x); }
__ACC_DEV float __cosf(float x) { return __nv_fast_cosf(x); }
__ACC_DEV float __tanf(float x) { return __nv_fast_tanf(x); }
__ACC_DEV void __sincosf(float x, float *s, float *c) { __nv_fast_sincosf(x, s, c); }
__ACC_DEV float __expf(float x) { return __nv_fast_expf(x); }
__ACC_DEV float __exp10f(float x) { return __nv_fast_exp10f(x); }
__ACC_DEV float __logf(float x) { return __nv_fast_logf(x); }
__ACC_DEV float __log2f(float x) { return __nv_fast_log2f(x); }
__ACC_DEV float __log10f(float x) { return __nv_fast_log10f(x); }
__ACC_DEV float __powf(float x, float y) { return __nv_fast_powf(x, y); }
__ACC_DEV float __tanhf(float x) { return __nv_tanhf(x); }

// Order of bytes, on both sides.
static __host__ __device__ __inline__ unsigned short __nv_bswap16(unsigned short x) { return __builtin_bswap16(x); }
static __host__ __device__ __inline__ unsigned __nv_bswap32(unsigned x) { return __builtin_bswap32(x); }
static __host__ __device__ __inline__ unsigned long long __nv_bswap64(unsigned long long x) { return __builtin_bswap64(x); }

#undef __ACC_DEV
