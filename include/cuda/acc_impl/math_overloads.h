// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// min, max and the other overloads that CUDA adds in the global namespace, on both sides, and the
// float overloads of the functions that are CUDA's own (rsqrt, sinpi, ...).
#pragma once
// clang-format off: a table of one-line functions

#include "acc_impl/host_math.h"

#define __ACC_BOTH static __inline__ __host__ __device__

__ACC_BOTH int min(int a, int b) { return b < a ? b : a; }
__ACC_BOTH int max(int a, int b) { return a < b ? b : a; }
__ACC_BOTH unsigned int min(unsigned int a, unsigned int b) { return b < a ? b : a; }
__ACC_BOTH unsigned int max(unsigned int a, unsigned int b) { return a < b ? b : a; }
__ACC_BOTH unsigned int min(int a, unsigned int b) { return min((unsigned int)a, (unsigned int)b); }
__ACC_BOTH unsigned int max(int a, unsigned int b) { return max((unsigned int)a, (unsigned int)b); }
__ACC_BOTH unsigned int min(unsigned int a, int b) { return min((unsigned int)a, (unsigned int)b); }
__ACC_BOTH unsigned int max(unsigned int a, int b) { return max((unsigned int)a, (unsigned int)b); }
__ACC_BOTH long min(long a, long b) { return b < a ? b : a; }
__ACC_BOTH long max(long a, long b) { return a < b ? b : a; }
__ACC_BOTH unsigned long min(unsigned long a, unsigned long b) { return b < a ? b : a; }
__ACC_BOTH unsigned long max(unsigned long a, unsigned long b) { return a < b ? b : a; }
__ACC_BOTH unsigned long min(long a, unsigned long b) { return min((unsigned long)a, (unsigned long)b); }
__ACC_BOTH unsigned long max(long a, unsigned long b) { return max((unsigned long)a, (unsigned long)b); }
__ACC_BOTH unsigned long min(unsigned long a, long b) { return min((unsigned long)a, (unsigned long)b); }
__ACC_BOTH unsigned long max(unsigned long a, long b) { return max((unsigned long)a, (unsigned long)b); }
__ACC_BOTH long long min(long long a, long long b) { return b < a ? b : a; }
__ACC_BOTH long long max(long long a, long long b) { return a < b ? b : a; }
__ACC_BOTH unsigned long long min(unsigned long long a, unsigned long long b) { return b < a ? b : a; }
__ACC_BOTH unsigned long long max(unsigned long long a, unsigned long long b) { return a < b ? b : a; }
__ACC_BOTH unsigned long long min(long long a, unsigned long long b) { return min((unsigned long long)a, (unsigned long long)b); }
__ACC_BOTH unsigned long long max(long long a, unsigned long long b) { return max((unsigned long long)a, (unsigned long long)b); }
__ACC_BOTH unsigned long long min(unsigned long long a, long long b) { return min((unsigned long long)a, (unsigned long long)b); }
__ACC_BOTH unsigned long long max(unsigned long long a, long long b) { return max((unsigned long long)a, (unsigned long long)b); }
__ACC_BOTH float min(float a, float b) { return __builtin_fminf(a, b); }
__ACC_BOTH float max(float a, float b) { return __builtin_fmaxf(a, b); }
__ACC_BOTH double min(double a, double b) { return __builtin_fmin(a, b); }
__ACC_BOTH double max(double a, double b) { return __builtin_fmax(a, b); }
__ACC_BOTH double min(float a, double b) { return min((double)a, (double)b); }
__ACC_BOTH double max(float a, double b) { return max((double)a, (double)b); }
__ACC_BOTH double min(double a, float b) { return min((double)a, (double)b); }
__ACC_BOTH double max(double a, float b) { return max((double)a, (double)b); }

__ACC_BOTH unsigned int umin(unsigned int a, unsigned int b) { return b < a ? b : a; }
__ACC_BOTH unsigned int umax(unsigned int a, unsigned int b) { return a < b ? b : a; }
__ACC_BOTH long long llmin(long long a, long long b) { return b < a ? b : a; }
__ACC_BOTH long long llmax(long long a, long long b) { return a < b ? b : a; }
__ACC_BOTH unsigned long long ullmin(unsigned long long a, unsigned long long b) { return b < a ? b : a; }
__ACC_BOTH unsigned long long ullmax(unsigned long long a, unsigned long long b) { return a < b ? b : a; }

#define __ACC_FLOAT_OVERLOAD(NAME)                                                                                     \
  __ACC_BOTH float NAME(float x) { return NAME##f(x); }
__ACC_FLOAT_OVERLOAD(rsqrt)
__ACC_FLOAT_OVERLOAD(rcbrt)
__ACC_FLOAT_OVERLOAD(sinpi)
__ACC_FLOAT_OVERLOAD(cospi)
__ACC_FLOAT_OVERLOAD(erfinv)
__ACC_FLOAT_OVERLOAD(erfcinv)
__ACC_FLOAT_OVERLOAD(erfcx)
__ACC_FLOAT_OVERLOAD(normcdf)
__ACC_FLOAT_OVERLOAD(normcdfinv)
__ACC_FLOAT_OVERLOAD(exp10)
__ACC_FLOAT_OVERLOAD(j0)
__ACC_FLOAT_OVERLOAD(j1)
__ACC_FLOAT_OVERLOAD(y0)
__ACC_FLOAT_OVERLOAD(y1)
#undef __ACC_FLOAT_OVERLOAD
__ACC_BOTH void sincos(float x, float *s, float *c) { sincosf(x, s, c); }
__ACC_BOTH float jn(int n, float x) { return jnf(n, x); }
__ACC_BOTH float yn(int n, float x) { return ynf(n, x); }
#if defined(__CUDACC__)
static __inline__ __device__ float cyl_bessel_i0(float x) { return cyl_bessel_i0f(x); }
static __inline__ __device__ float cyl_bessel_i1(float x) { return cyl_bessel_i1f(x); }
#endif
__ACC_BOTH void sincospi(float x, float *s, float *c) { sincospif(x, s, c); }
#undef __ACC_BOTH
