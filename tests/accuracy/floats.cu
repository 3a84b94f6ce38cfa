// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32: the bounds are those of the mathematical functions appendix of the CUDA C++ Programming
// Guide 12.9.
#include "row.cuh"

// clang-format off: a table
namespace accuracy {
namespace {

// What the options change: -use_fast_math makes calls the fast functions, -prec-div and -prec-sqrt choose approximations.
#if defined(ACCURACY_FAST)
#define FAST(bound, fast) fast
#else
#define FAST(bound, fast) bound
#endif
#if defined(ACCURACY_FAST) || defined(ACCURACY_DIV)
#define DIV(bound, approximate) approximate
#else
#define DIV(bound, approximate) bound
#endif
#if defined(ACCURACY_FAST) || defined(ACCURACY_SQRT)
#define SQRT(bound, approximate) approximate
#else
#define SQRT(bound, approximate) bound
#endif

#define OUT2(name, call)                                                                           \
    __device__ float name##_first(float x) { float a, b; call; return a; }                         \
    __device__ float name##_second(float x) { float a, b; call; return b; }
OUT2(sincos, sincosf(x, &a, &b))
OUT2(sincospi, sincospif(x, &a, &b))
OUT2(fast_sincos, __sincosf(x, &a, &b))
#undef OUT2

F2("x + y", f32, f32, f32, x + y, "add_rn", ulp(0))
F2("x * y", f32, f32, f32, x * y, "mul_rn", ulp(0))
F2("x / y", f32, f32, f32, x / y, "div", FAST(DIV(ulp(0), ulp(2)), ulp_of_ordinary_divisor(2, 1)))
F1("1 / x", f32, f32, 1.0f / x, "rcp", FAST(DIV(ulp(0), ulp(1)), ulp_of_ordinary_divisor(2, 0)))
F2("fdividef", f32, f32, f32, fdividef(x, y), "div", FAST(DIV(ulp(0), ulp(2)), ulp_of_ordinary_divisor(2, 1)))
F1("rsqrtf", f32, f32, rsqrtf(x), "rsqrt", ulp(2))
F1("sqrtf", f32, f32, sqrtf(x), "sqrt", SQRT(ulp(0), ulp(1)))
F1("cbrtf", f32, f32, cbrtf(x), "cbrt", ulp(1))
F1("rcbrtf", f32, f32, rcbrtf(x), "rcbrt", ulp(1))
F2("hypotf", f32, f32, f32, hypotf(x, y), "hypot", ulp(3))
F2("rhypotf", f32, f32, f32, rhypotf(x, y), "rhypot", ulp(2))
F3("norm3df", f32, f32, f32, f32, norm3df(x, y, z), "hypot", ulp(3))
F3("rnorm3df", f32, f32, f32, f32, rnorm3df(x, y, z), "rhypot", ulp(2))
F4("norm4df", f32, f32, f32, f32, f32, norm4df(x, y, z, w), "hypot", ulp(3))
F4("rnorm4df", f32, f32, f32, f32, f32, rnorm4df(x, y, z, w), "rhypot", ulp(2))
F1("expf", f32, f32, expf(x), "exp", FAST(ulp(2), ulp_growing(1.173)))
F1("exp2f", f32, f32, exp2f(x), "exp2", ulp(2))
F1("exp10f", f32, f32, exp10f(x), "exp10", FAST(ulp(2), ulp_growing(2.97)))
F1("expm1f", f32, f32, expm1f(x), "expm1", ulp(1))
F1("logf", f32, f32, logf(x), "log", FAST(ulp(1), absolute_near_one(0x1.8157d9dp-22, 3)))
F1("log2f", f32, f32, log2f(x), "log2", FAST(ulp(1), absolute_near_one(0x1p-22, 2)))
F1("log10f", f32, f32, log10f(x), "log10", FAST(ulp(2), absolute_near_one(0x1p-24, 3)))
F1("log1pf", f32, f32, log1pf(x), "log1p", ulp(1))
F1("sinf", f32, f32, sinf(x), "sin", FAST(ulp(2), absolute_in_period(0x1.8157d9dp-22)))
F1("cosf", f32, f32, cosf(x), "cos", FAST(ulp(2), absolute_in_period(0x1.c0d2771p-22)))
F1("tanf", f32, f32, tanf(x), "tan", FAST(ulp(4), fast_tangent()))
F1("sincosf (sine)", f32, f32, sincos_first(x), "sin", FAST(ulp(2), absolute_in_period(0x1.8157d9dp-22)))
F1("sincosf (cosine)", f32, f32, sincos_second(x), "cos", FAST(ulp(2), absolute_in_period(0x1.c0d2771p-22)))
F1("sinpif", f32, f32, sinpif(x), "sinpi", ulp(1))
F1("cospif", f32, f32, cospif(x), "cospi", ulp(1))
F1("sincospif (sine)", f32, f32, sincospi_first(x), "sinpi", ulp(1))
F1("sincospif (cosine)", f32, f32, sincospi_second(x), "cospi", ulp(1))
F1("asinf", f32, f32, asinf(x), "asin", ulp(2))
F1("acosf", f32, f32, acosf(x), "acos", ulp(2))
F1("atanf", f32, f32, atanf(x), "atan", ulp(2))
F2("atan2f", f32, f32, f32, atan2f(x, y), "atan2", ulp(3))
F1("sinhf", f32, f32, sinhf(x), "sinh", ulp(3))
F1("coshf", f32, f32, coshf(x), "cosh", ulp(2))
F1("tanhf", f32, f32, tanhf(x), "tanh", FAST(ulp(2), relative(0x1p-11)))
F1("asinhf", f32, f32, asinhf(x), "asinh", ulp(3))
F1("acoshf", f32, f32, acoshf(x), "acosh", ulp(4))
F1("atanhf", f32, f32, atanhf(x), "atanh", ulp(3))
F2("powf", f32, f32, f32, powf(x, y), "pow", FAST(ulp(4), fast_power()))
F2("pow (whole exponent)", f32, f32, s32, (float)pow(x, y), "pow", ulp(1))
F1("erff", f32, f32, erff(x), "erf", ulp(2))
F1("erfcf", f32, f32, erfcf(x), "erfc", ulp(4))
F1("erfinvf", f32, f32, erfinvf(x), "erfinv", ulp(2))
F1("erfcinvf", f32, f32, erfcinvf(x), "erfcinv", ulp(4))
F1("erfcxf", f32, f32, erfcxf(x), "erfcx", ulp(4))
F1("normcdff", f32, f32, normcdff(x), "normcdf", ulp(5))
F1("normcdfinvf", f32, f32, normcdfinvf(x), "normcdfinv", ulp(5))
F1("lgammaf", f32, f32, lgammaf(x), "lgamma", ulp_outside(-10.001, -2.264, 6))
F1("tgammaf", f32, f32, tgammaf(x), "tgamma", ulp(5))
F1("j0f", f32, f32, j0f(x), "j0", ulp_below(8, 9, 2.2e-6))
F1("j1f", f32, f32, j1f(x), "j1", ulp_below(8, 9, 2.2e-6))
F1("y0f", f32, f32, y0f(x), "y0", ulp_below(8, 9, 2.2e-6))
F1("y1f", f32, f32, y1f(x), "y1", ulp_below(8, 9, 2.2e-6))
F1("jnf (n = 128)", f32, f32, jnf(128, x), "jn128", absolute_everywhere(2.2e-6))
F2("ynf", f32, s16, f32, ynf(x & 127, y), "yn", second_kind(2.2e-6))
F1("cyl_bessel_i0f", f32, f32, cyl_bessel_i0f(x), "i0", ulp(6))
F1("cyl_bessel_i1f", f32, f32, cyl_bessel_i1f(x), "i1", ulp(6))

// The fast functions.
F2("__fdividef", f32, f32, f32, __fdividef(x, y), "div", ulp_of_ordinary_divisor(2, 1))
F1("__expf", f32, f32, __expf(x), "exp", ulp_growing(1.173))
F1("__exp10f", f32, f32, __exp10f(x), "exp10", ulp_growing(2.97))
F1("__logf", f32, f32, __logf(x), "log", absolute_near_one(0x1.8157d9dp-22, 3))
F1("__log2f", f32, f32, __log2f(x), "log2", absolute_near_one(0x1p-22, 2))
F1("__log10f", f32, f32, __log10f(x), "log10", absolute_near_one(0x1p-24, 3))
F1("__sinf", f32, f32, __sinf(x), "sin", absolute_in_period(0x1.8157d9dp-22))
F1("__cosf", f32, f32, __cosf(x), "cos", absolute_in_period(0x1.c0d2771p-22))
F1("__sincosf (sine)", f32, f32, fast_sincos_first(x), "sin", absolute_in_period(0x1.8157d9dp-22))
F1("__sincosf (cosine)", f32, f32, fast_sincos_second(x), "cos", absolute_in_period(0x1.c0d2771p-22))
F1("__tanf", f32, f32, __tanf(x), "tan", fast_tangent())
F2("__powf", f32, f32, f32, __powf(x, y), "pow", fast_power())
#if defined(__ACC__) || CUDART_VERSION >= 12080
F1("__tanhf", f32, f32, __tanhf(x), "tanh", relative(0x1p-11))
#endif
F1("__frsqrt_rn", f32, f32, __frsqrt_rn(x), "rsqrt", ulp(0))

} // namespace
} // namespace accuracy
