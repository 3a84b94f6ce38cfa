// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gamma functions. Documented bounds: tgamma 10, lgamma 4, tgammaf 5, lgammaf 6 ulp (lgamma:
// outside the interval around its zeros between -10 and -2.26, where only the absolute error is
// bounded). Polynomials are minimax fits made for this library.
#include "clc.h"

extern "C" double __nv_log(double);
extern "C" double __nv_sinpi(double);

namespace {

constexpr double kPi = 0x1.921fb54442d18p+1;

template <int n>
LOCAL double polynomial(const double (&c)[n], double x) {
    double r = c[n - 1];
#pragma unroll
    for (int i = n - 2; i >= 0; --i)
        r = fma(r, x, c[i]);
    return r;
}

/// Gamma(2 + t), |t| <= 1/2; relative error 2^-56.
LOCAL double gamma_near_2(double t) {
    constexpr double c[] = {0x1p+0,
                            0x1.b0ee6072093c8p-2,
                            0x1.a5b978b96bef5p-2,
                            0x1.4e23998466780p-4,
                            0x1.301fbb0f1f95fp-4,
                            -0x1.17f3747530ef3p-12,
                            0x1.6d7eead26f308p-7,
                            -0x1.75e6e76d55c1bp-9,
                            0x1.13c446be1b087p-9,
                            -0x1.e21f8aefb0443p-11,
                            0x1.011b726b1511fp-11,
                            -0x1.f938f0e82dcbfp-13,
                            0x1.fe2e81e864616p-14,
                            -0x1.ffa253a283154p-15,
                            0x1.00fc859fa695cp-15,
                            -0x1.e75cd53fa55dbp-17,
                            0x1.dbd3b264f618fp-18,
                            -0x1.5a5e49a8fb486p-18,
                            0x1.6f8596b3bbf89p-19};
    return polynomial(c, t);
}

/// ln Gamma(2 + t) / t, |t| <= 1/2; relative error 2^-62.
LOCAL double lgamma_near_2(double t) {
    constexpr double c[] = {0x1.b0ee6072093cep-2,   0x1.4a34cc4a60fa6p-2,   -0x1.13e001a55760ap-4,
                            0x1.51322ac7d84f0p-6,   -0x1.e404fc218dcc7p-8,  0x1.7add6eada7165p-9,
                            -0x1.38ac5c2d3ce15p-10, 0x1.0b36af8e87c7fp-11,  -0x1.d3fd4b6ed60d6p-13,
                            0x1.a127ac1be28f3p-14,  -0x1.78de996971b83p-15, 0x1.580ea6aa93652p-16,
                            -0x1.3cb3e19cce748p-17, 0x1.2580376db630bp-18,  -0x1.1274bbd82ec41p-19,
                            0x1.01fb20486bc37p-20,  -0x1.ce3ca5270ec7ap-22, 0x1.a65997f62ee7ep-23,
                            -0x1.1fc76ba99424fp-23, 0x1.290a9800908ebp-24};
    return polynomial(c, t);
}

/// ln Gamma(1 + u) / u, |u| <= 1/2; relative error 2^-58.
LOCAL double lgamma_near_1(double u) {
    constexpr double c[] = {
        -0x1.2788cfc6fb619p-1, 0x1.a51a6625307d2p-1,  -0x1.9a4d55beab2e0p-2, 0x1.151322ac7dbd2p-2,
        -0x1.a8b9c17aa530cp-3, 0x1.5b40cb0fc30f1p-3,  -0x1.2703a1dd29395p-3, 0x1.010b36c588141p-3,
        -0x1.c80670608e3e1p-4, 0x1.9a01dc0b0fab7p-4,  -0x1.748c32b33c49ep-4, 0x1.556ba1ed95f54p-4,
        -0x1.3b1dcedf1f3abp-4, 0x1.2488731e104d4p-4,  -0x1.110cf6e75f35bp-4, 0x1.00b54e5d7ea45p-4,
        -0x1.e2a986b891d9ep-5, 0x1.babd35e16982ap-5,  -0x1.a735865efa68dp-5, 0x1.e6449fad19160p-5,
        -0x1.bceecda8babccp-5, 0x1.4b05a94cb2159p-8,  -0x1.8f000a3945eeap-7, 0x1.45b5943607e57p-3,
        -0x1.181ce1ef4e32ap-3, -0x1.64171ec3fe752p-3, 0x1.2d5f280b2ad1fp-3,  0x1.dc7d04350f987p-3,
        -0x1.b468b0d3651bbp-3};
    return polynomial(c, u);
}

/// Stirling's series: ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2), for x >= 12 (error below
/// 2^-60).
LOCAL double stirling_rest(double x) {
    constexpr double c[] = {0x1.5555555555555p-4,   -0x1.6c16c16c16c17p-9, 0x1.a01a01a01a01ap-11,
                            -0x1.3813813813814p-11, 0x1.b951e2b18ff23p-11, -0x1.f6ab0d9993c7dp-10,
                            0x1.a41a41a41a41ap-8,   -0x1.e4286cb0f5398p-6};
    double r = 1.0 / x;
    return polynomial(c, r * r) * r;
}

/// Gamma(x) = power^2 * e^(-x) * factor; the power is split, because its square may overflow when
/// the result does not.
struct StirlingProduct {
    double power, exponential, factor;
};
LOCAL StirlingProduct stirling_product(double x) {
    return {clc_pow(x, 0.5 * x - 0.25), clc_exp(-x),
            0x1.40d931ff62706p+1 * clc_exp(stirling_rest(x))};
}

/// x >= 1/2.
double gamma_positive(double x) {
    if (x > 172.0) return kInf;
    if (x > 20.0) {
        StirlingProduct p = stirling_product(x);
        return p.power * p.exponential * p.factor * p.power;
    }
    double product = 1;
    while (x > 2.5) {
        x -= 1.0;
        product *= x;
    }
    if (x < 1.5) return product * gamma_near_2(x - 1.0) / x;
    return product * gamma_near_2(x - 2.0);
}

double lgamma_positive(double x) {
    if (x < 0.5) return fma(lgamma_near_1(x), x, -__nv_log(x));
    if (x < 1.5) return lgamma_near_1(x - 1.0) * (x - 1.0) + 0.0; // +0 at 1
    if (x <= 2.5) return lgamma_near_2(x - 2.0) * (x - 2.0);
    if (x < 12.0) {
        double product = 1;
        while (x > 2.5) {
            x -= 1.0;
            product *= x;
        }
        return fma(lgamma_near_2(x - 2.0), x - 2.0, __nv_log(product));
    }
    return fma(x - 0.5, __nv_log(x) - 1.0, 0x1.acfe390c97d68p-2 + stirling_rest(x)); // ln(2 pi)/2 -
                                                                                     // 1/2
}

LOCAL bool is_negative_integer(double x) {
    return x < 0 && rint(x) == x;
}
LOCAL double nan() {
    return as_double(0xfff8000000000000ull);
}

} // namespace

extern "C" double __nv_tgamma(double x) {
    if (!(fabs(x) < kInf)) return x > 0 ? kInf : nan();
    if (x == 0) return 1.0 / x;
    if (is_negative_integer(x)) return nan();
    if (x >= 0.5) return gamma_positive(x);
    if (x > -0.5) // Gamma(x) = Gamma(2 + x) / (x (1 + x))
        return gamma_near_2(x) / (x * (1.0 + x));
    // Reflection: Gamma(x) = pi / (-x sin(pi x) Gamma(-x))
    double y = -x, scale = kPi / (y * __nv_sinpi(x));
    if (y <= 20.0) return scale / gamma_positive(y);
    if (y > 186.0) return copysign(0.0, scale);
    StirlingProduct p = stirling_product(y);
    return scale / p.power / (p.exponential * p.factor) / p.power;
}

extern "C" double __nv_lgamma(double x) {
    if (!(fabs(x) < kInf)) return x * x; // infinity or NaN
    if (x == 0 || is_negative_integer(x)) return kInf;
    if (x > 0) return lgamma_positive(x);
    double y = -x;
    if (y < 0x1p-60) return -__nv_log(y);
    return __nv_log(kPi / (y * fabs(__nv_sinpi(x)))) - lgamma_positive(y);
}

extern "C" float __nv_tgammaf(float x) {
    return float(__nv_tgamma(x));
}
extern "C" float __nv_lgammaf(float x) {
    return float(__nv_lgamma(x));
}
