// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scaled error function and inverses. Documented bounds: erfcx 4, erfinv 5, erfcinv 6, normcdfinv
// 7, erfcxf 4, erfinvf 2, erfcinvf 4, normcdfinvf 5 ulp.
#include "clc.h"

extern "C" double __nv_log(double);

namespace {

LOCAL double nan() {
    return as_double(0xfff8000000000000ull);
}
constexpr double kTwoOverRootPi = 0x1.20dd750429b6dp+0;

/// e^(x^2) with the square in two parts.
LOCAL double exp_of_square(double x) {
    double square = x * x, rest = fma(x, x, -square), power = clc_exp(square);
    return power < kInf ? fma(power, rest, power) : power;
}

/// Start of the iteration for erfinv: M. Giles, Approximating the erfinv function, GPU Computing
/// Gems 2011, with w = -ln((1-y)(1+y)), w < 5: x = y * polynomial(w - 2.5); relative error 1e-7.
LOCAL double giles_central(double w) {
    w -= 2.5;
    double p = 2.81022636e-08;
    p = fma(p, w, 3.43273939e-07);
    p = fma(p, w, -3.5233877e-06);
    p = fma(p, w, -4.39150654e-06);
    p = fma(p, w, 0.00021858087);
    p = fma(p, w, -0.00125372503);
    p = fma(p, w, -0.00417768164);
    p = fma(p, w, 0.246640727);
    return fma(p, w, 1.50140941);
}

/// Positive x with erfc(x) = c, for 0 < c <= 1/2: asymptotic start, then Halley's method on ln
/// erfc, which is almost quadratic.
double erfcinv_tail(double c) {
    double l = __nv_log(c);
    double w = -l, x = sqrt(w - 0.5 * __nv_log(w * 3.141592653589793 + 1.0));
    for (int i = 0; i < 4; ++i) {
        double f = clc_erfc(x);
        double slope = kTwoOverRootPi / exp_of_square(x); // -f'
        double step = (f - c) / slope;
        // Second derivative over first: -2x.
        x += step / (1.0 + x * step);
    }
    return x;
}

/// |y| < 0.9 or so.
double erfinv_central(double y) {
    double w = -__nv_log((1.0 - y) * (1.0 + y));
    double x = giles_central(w) * y;
    double step = (clc_erf(x) - y) / (kTwoOverRootPi / exp_of_square(x));
    return x - step / (1.0 + x * step);
}

} // namespace

extern "C" double __nv_erfinv(double y) {
    double magnitude = fabs(y);
    if (!(magnitude < 1)) return magnitude == 1 ? copysign(kInf, y) : nan();
    if (magnitude < 0x1p-30) return y * 0x1.c5bf891b4ef6bp-1; // sqrt(pi) / 2
    return magnitude < 0.75 ? erfinv_central(y) : copysign(erfcinv_tail(1.0 - magnitude), y);
}

extern "C" double __nv_erfcinv(double c) {
    if (!(c > 0 && c < 2)) return c == 0 ? kInf : c == 2 ? -kInf : nan();
    if (c < 0.25) return erfcinv_tail(c);
    return c > 1.75 ? -erfcinv_tail(2.0 - c) : __nv_erfinv(1.0 - c);
}

/// The x below which the normal distribution has p: -sqrt(2) erfcinv(2p).
extern "C" double __nv_normcdfinv(double p) {
    return fma(-0x1.6a09e667f3bcdp+0, __nv_erfcinv(2.0 * p), 0.0); // +0 for 1/2
}

extern "C" double __nv_erfcx(double x) {
    if (x < 12.0) return x < -27.0 ? kInf : exp_of_square(x) * clc_erfc(x);
    // Asymptotic series: sum of (-1)^k (2k-1)!! / (2 x^2)^k, over x sqrt(pi).
    double t = 0.5 / (x * x), sum = 1;
#pragma unroll
    for (int k = 12; k >= 1; --k)
        sum = fma(-t * double(2 * k - 1), sum, 1.0);
    return sum * 0x1.20dd750429b6dp-1 / x;
}

extern "C" float __nv_erfinvf(float y) {
    return float(__nv_erfinv(y));
}
extern "C" float __nv_erfcinvf(float c) {
    return float(__nv_erfcinv(c));
}
extern "C" float __nv_normcdfinvf(float p) {
    return float(__nv_normcdfinv(p));
}
extern "C" float __nv_erfcxf(float x) {
    return float(__nv_erfcx(x));
}
