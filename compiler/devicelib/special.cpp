// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Error functions and the normal distribution. Documented bounds: erff 2, erfcf 4, erf 2, erfc 5
// ulp.
#include "clc.h"

NV_CALL float __nv_erff(float x) {
    return clc_erff(x);
}
/// In f64, because libclc's f32 version loses the subnormal results.
NV_CALL float __nv_erfcf(float x) {
    return float(clc_erfc(x));
}
NV_CALL double __nv_erf(double x) {
    return x == 0 ? x : clc_erf(x); // it loses the sign of zero
}
NV_CALL double __nv_erfc(double x) {
    return clc_erfc(x);
}

/// The part of the normal distribution below x: erfc(-x / sqrt 2) / 2. The rounding of x / sqrt 2
/// is undone to first order, because erfc amplifies relative errors of its argument by 2 x^2.
NV_CALL double __nv_normcdf(double x) {
    double t = x * -0x1.6a09e667f3bcdp-1;
    double rest = fma(x, -0x1.6a09e667f3bcdp-1, -t) + x * 0x1.bdd3413b26456p-55;
    double value = clc_erfc(t);
    double slope = -0x1.20dd750429b6dp+0 * clc_exp(-t * t); // -2/sqrt(pi) e^(-t^2)
    double corrected = fma(slope, rest, value);
    return 0.5 * (fabs(t) < 27.5 ? corrected : value);
}
NV_CALL float __nv_normcdff(float x) {
    return float(__nv_normcdf(x));
}
