// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f64: the bounds are those of the mathematical functions appendix of the CUDA C++ Programming
// Guide 12.9.
#include "row.cuh"

// clang-format off: a table
namespace accuracy {
namespace {

#define OUT2(name, call)                                                                           \
    __device__ double name##_first(double x) { double a, b; call; return a; }                      \
    __device__ double name##_second(double x) { double a, b; call; return b; }
OUT2(sincos, sincos(x, &a, &b))
OUT2(sincospi, sincospi(x, &a, &b))
#undef OUT2

F2("x + y", f64, f64, f64, x + y, "add_rn", ulp(0))
F2("x * y", f64, f64, f64, x * y, "mul_rn", ulp(0))
F2("x / y", f64, f64, f64, x / y, "div_rn", ulp(0))
F1("1 / x", f64, f64, 1.0 / x, "rcp_rn", ulp(0))
F1("sqrt", f64, f64, sqrt(x), "sqrt_rn", ulp(0))
F1("rsqrt", f64, f64, rsqrt(x), "rsqrt", ulp(1))
F1("cbrt", f64, f64, cbrt(x), "cbrt", ulp(1))
F1("rcbrt", f64, f64, rcbrt(x), "rcbrt", ulp(1))
F2("hypot", f64, f64, f64, hypot(x, y), "hypot", ulp(2))
F2("rhypot", f64, f64, f64, rhypot(x, y), "rhypot", ulp(1))
F3("norm3d", f64, f64, f64, f64, norm3d(x, y, z), "hypot", ulp(2))
F3("rnorm3d", f64, f64, f64, f64, rnorm3d(x, y, z), "rhypot", ulp(1))
F4("norm4d", f64, f64, f64, f64, f64, norm4d(x, y, z, w), "hypot", ulp(2))
F4("rnorm4d", f64, f64, f64, f64, f64, rnorm4d(x, y, z, w), "rhypot", ulp(1))
F1("exp", f64, f64, exp(x), "exp", ulp(1))
F1("exp2", f64, f64, exp2(x), "exp2", ulp(1))
F1("exp10", f64, f64, exp10(x), "exp10", ulp(1))
F1("expm1", f64, f64, expm1(x), "expm1", ulp(1))
F1("log", f64, f64, log(x), "log", ulp(1))
F1("log2", f64, f64, log2(x), "log2", ulp(1))
F1("log10", f64, f64, log10(x), "log10", ulp(1))
F1("log1p", f64, f64, log1p(x), "log1p", ulp(1))
F1("sin", f64, f64, sin(x), "sin", ulp(2))
F1("cos", f64, f64, cos(x), "cos", ulp(2))
F1("tan", f64, f64, tan(x), "tan", ulp(2))
F1("sincos (sine)", f64, f64, sincos_first(x), "sin", ulp(2))
F1("sincos (cosine)", f64, f64, sincos_second(x), "cos", ulp(2))
F1("sinpi", f64, f64, sinpi(x), "sinpi", ulp(2))
F1("cospi", f64, f64, cospi(x), "cospi", ulp(2))
F1("sincospi (sine)", f64, f64, sincospi_first(x), "sinpi", ulp(2))
F1("sincospi (cosine)", f64, f64, sincospi_second(x), "cospi", ulp(2))
F1("asin", f64, f64, asin(x), "asin", ulp(2))
F1("acos", f64, f64, acos(x), "acos", ulp(2))
F1("atan", f64, f64, atan(x), "atan", ulp(2))
F2("atan2", f64, f64, f64, atan2(x, y), "atan2", ulp(2))
F1("sinh", f64, f64, sinh(x), "sinh", ulp(2))
F1("cosh", f64, f64, cosh(x), "cosh", ulp(1))
F1("tanh", f64, f64, tanh(x), "tanh", ulp(1))
F1("asinh", f64, f64, asinh(x), "asinh", ulp(3))
F1("acosh", f64, f64, acosh(x), "acosh", ulp(3))
F1("atanh", f64, f64, atanh(x), "atanh", ulp(2))
F2("pow", f64, f64, f64, pow(x, y), "pow", ulp(2))
F2("pow (whole exponent)", f64, f64, s32, pow(x, y), "pow", ulp(2))
F1("erf", f64, f64, erf(x), "erf", ulp(2))
F1("erfc", f64, f64, erfc(x), "erfc", ulp(5))
F1("erfinv", f64, f64, erfinv(x), "erfinv", ulp(5))
F1("erfcinv", f64, f64, erfcinv(x), "erfcinv", ulp(6))
F1("erfcx", f64, f64, erfcx(x), "erfcx", ulp(4))
F1("normcdf", f64, f64, normcdf(x), "normcdf", ulp(5))
F1("normcdfinv", f64, f64, normcdfinv(x), "normcdfinv", ulp(8))
F1("lgamma", f64, f64, lgamma(x), "lgamma", ulp_outside(-23.0001, -2.2637, 4))
F1("tgamma", f64, f64, tgamma(x), "tgamma", ulp(10))
F1("j0", f64, f64, j0(x), "j0", ulp_below(8, 7, 5e-12))
F1("j1", f64, f64, j1(x), "j1", ulp_below(8, 7, 5e-12))
F1("y0", f64, f64, y0(x), "y0", ulp_below(8, 7, 5e-12))
F1("y1", f64, f64, y1(x), "y1", ulp_below(8, 7, 5e-12))
F1("jn (n = 128)", f64, f64, jn(128, x), "jn128", absolute_everywhere(5e-12))
F2("yn", f64, s16, f64, yn(x & 127, y), "yn", second_kind_double(5e-12))
F1("cyl_bessel_i0", f64, f64, cyl_bessel_i0(x), "i0", ulp(6))
F1("cyl_bessel_i1", f64, f64, cyl_bessel_i1(x), "i1", ulp(6))

} // namespace
} // namespace accuracy
