// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cores of the f32 functions, evaluated in f64. One f64 instruction costs little more than an f32
// one on acc, and in f64 neither subnormals nor cancellation nor overflow of intermediate results
// need branches. Coefficients are minimax fits (Remez) made for this library; each comment gives
// the relative error of the fit.
#pragma once

#include "device.h"

namespace core {

/// ln(1+f) = s * (2 + z R(z)) with s = f / (2 + f), z = s^2, for sqrt(1/2) <= 1+f < sqrt(2).
struct LogParts {
    double exponent; ///< x = 2^exponent * (1 + f)
    double s, z;
};

/// x: positive, normal as f64.
LOCAL LogParts log_parts(double x) {
    u32 high = u32(bits(x) >> 32);
    // Subtracting sqrt(1/2)'s high word puts the cut at sqrt(1/2) * 2^k; the shift then floors to
    // k.
    int exponent = int(high - 0x3fe6a09eu) >> 20;
    double m = as_double((u64(high - (u32(exponent) << 20)) << 32) | u32(bits(x)));
    double f = m - 1.0;
    double s = f / (f + 2.0);
    return {double(exponent), s, s * s};
}

/// Natural logarithm of a positive number, relative error 2^-37.
LOCAL double log(double x) {
    LogParts p = log_parts(x);
    double r = fma(p.z, 0x1.e2f8b3c4fe023p-3, 0x1.2438c8ff7f985p-2);
    r = fma(p.z, r, 0x1.999a7ac14b7bep-2);
    r = fma(p.z, r, 0x1.555554fd80848p-1);
    r = fma(p.z, r, 2.0) * p.s;
    return fma(p.exponent, 0x1.62e42fefa39efp-1, r);
}

/// Binary logarithm of a positive number, relative error 2^-44 (of the part without the exponent).
LOCAL double log2(double x) {
    LogParts p = log_parts(x);
    double r = fma(p.z, 0x1.21537157dffd6p-2, 0x1.479ce3cb90e77p-2);
    r = fma(p.z, r, 0x1.a619f61da8440p-2);
    r = fma(p.z, r, 0x1.2776c2efcc5f1p-1);
    r = fma(p.z, r, 0x1.ec709dc4c276ap-1);
    r = fma(p.z, r, 0x1.71547652b82fep+1);
    return fma(r, p.s, p.exponent);
}

/// 2^x for |x| < 1000, relative error 2^-34.
LOCAL double exp2(double x) {
    double whole = rint(x);
    double g = x - whole;
    double r = fma(g, 0x1.00f7b64b9dc85p-16, 0x1.446c7d8ffb16dp-13);
    r = fma(g, r, 0x1.5d8715aa35c67p-10);
    r = fma(g, r, 0x1.3b29d8b5d98dap-7);
    r = fma(g, r, 0x1.c6b08e06f9f31p-5);
    r = fma(g, r, 0x1.ebfbe0aa0b0a7p-3);
    r = fma(g, r, 0x1.62e42fef6cd0fp-1);
    r = fma(g, r, 0x1.ffffffffa70dap-1);
    return as_double(bits(r) + (u64(u32(int(whole)) << 20) << 32));
}

/// x minus the nearest multiple of pi/2, which is `quadrant` (modulo 4). For |x| < 2^30: fma keeps
/// the difference exact until one rounding, so the result has at least 2^-48 relative accuracy for
/// every f32 x.
struct Reduced {
    double r;
    u32 quadrant;
};
LOCAL Reduced reduce(double x) {
    double n = rint(x * 0x1.45f306dc9c883p-1);
    double r = fma(n, -0x1.921fb54442d18p+0, x);
    r = fma(n, -0x1.1a62633145c07p-54, r);
    return {r, u32(int(n))};
}

/// For |r| <= pi/4: relative error 2^-37 and 2^-34.
LOCAL double sin_kernel(double r, double z) {
    double p = fma(z, 0x1.6cd879e7d6fe6p-19, -0x1.a00f9e3251db6p-13);
    p = fma(z, p, 0x1.11110896f92a4p-7);
    p = fma(z, p, -0x1.5555554cbadd6p-3);
    return fma(p * z, r, r);
}
LOCAL double cos_kernel(double z) {
    double p = fma(z, 0x1.99342f8e784f5p-16, -0x1.6c087e8864228p-10);
    p = fma(z, p, 0x1.55553e106cf28p-5);
    p = fma(z, p, -0x1.ffffffd0c660dp-2);
    return fma(p, z, 1.0);
}

/// Sine of a number in the given quadrant; cosine with quadrant + 1.
LOCAL double sin_in_quadrant(Reduced a) {
    double z = a.r * a.r;
    double value = a.quadrant & 1 ? cos_kernel(z) : sin_kernel(a.r, z);
    return a.quadrant & 2 ? -value : value;
}

} // namespace core
