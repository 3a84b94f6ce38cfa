// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Complex numbers as pairs: cuFloatComplex is float2, cuDoubleComplex double2. Division and modulus
// scale by the larger component, so that no intermediate over- or underflows where the result does
// not.
#pragma once
#define CU_COMPLEX_H_ // programs test this name
#include <math.h>

#include "vector_functions.h"
#include "vector_types.h"

#if defined(__cplusplus)
extern "C" {
#define __ACC_COMPLEX static __inline__ __host__ __device__
#else
#define __ACC_COMPLEX static __inline__
#endif

typedef float2 cuFloatComplex;
typedef double2 cuDoubleComplex;
typedef cuFloatComplex cuComplex;

__ACC_COMPLEX float cuCrealf(cuFloatComplex x) {
    return x.x;
}
__ACC_COMPLEX float cuCimagf(cuFloatComplex x) {
    return x.y;
}
__ACC_COMPLEX cuFloatComplex make_cuFloatComplex(float r, float i) {
    cuFloatComplex z;
    z.x = r;
    z.y = i;
    return z;
}
__ACC_COMPLEX cuFloatComplex cuConjf(cuFloatComplex x) {
    return make_cuFloatComplex(x.x, -x.y);
}
__ACC_COMPLEX cuFloatComplex cuCaddf(cuFloatComplex x, cuFloatComplex y) {
    return make_cuFloatComplex(x.x + y.x, x.y + y.y);
}
__ACC_COMPLEX cuFloatComplex cuCsubf(cuFloatComplex x, cuFloatComplex y) {
    return make_cuFloatComplex(x.x - y.x, x.y - y.y);
}
__ACC_COMPLEX cuFloatComplex cuCmulf(cuFloatComplex x, cuFloatComplex y) {
    return make_cuFloatComplex(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);
}
__ACC_COMPLEX cuFloatComplex cuCdivf(cuFloatComplex x, cuFloatComplex y) {
    const float scale = fabsf(y.x) + fabsf(y.y), inverse = 1.0f / scale;
    const float ar = x.x * inverse, ai = x.y * inverse, br = y.x * inverse, bi = y.y * inverse;
    const float over = 1.0f / (br * br + bi * bi);
    return make_cuFloatComplex((ar * br + ai * bi) * over, (ai * br - ar * bi) * over);
}
__ACC_COMPLEX float cuCabsf(cuFloatComplex x) {
    return hypotf(x.x, x.y);
}
__ACC_COMPLEX cuFloatComplex cuCfmaf(cuFloatComplex x, cuFloatComplex y, cuFloatComplex d) {
    return make_cuFloatComplex(x.x * y.x + d.x - x.y * y.y, x.x * y.y + d.y + x.y * y.x);
}

__ACC_COMPLEX double cuCreal(cuDoubleComplex x) {
    return x.x;
}
__ACC_COMPLEX double cuCimag(cuDoubleComplex x) {
    return x.y;
}
__ACC_COMPLEX cuDoubleComplex make_cuDoubleComplex(double r, double i) {
    cuDoubleComplex z;
    z.x = r;
    z.y = i;
    return z;
}
__ACC_COMPLEX cuDoubleComplex cuConj(cuDoubleComplex x) {
    return make_cuDoubleComplex(x.x, -x.y);
}
__ACC_COMPLEX cuDoubleComplex cuCadd(cuDoubleComplex x, cuDoubleComplex y) {
    return make_cuDoubleComplex(x.x + y.x, x.y + y.y);
}
__ACC_COMPLEX cuDoubleComplex cuCsub(cuDoubleComplex x, cuDoubleComplex y) {
    return make_cuDoubleComplex(x.x - y.x, x.y - y.y);
}
__ACC_COMPLEX cuDoubleComplex cuCmul(cuDoubleComplex x, cuDoubleComplex y) {
    return make_cuDoubleComplex(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);
}
__ACC_COMPLEX cuDoubleComplex cuCdiv(cuDoubleComplex x, cuDoubleComplex y) {
    const double scale = fabs(y.x) + fabs(y.y), inverse = 1.0 / scale;
    const double ar = x.x * inverse, ai = x.y * inverse, br = y.x * inverse, bi = y.y * inverse;
    const double over = 1.0 / (br * br + bi * bi);
    return make_cuDoubleComplex((ar * br + ai * bi) * over, (ai * br - ar * bi) * over);
}
__ACC_COMPLEX double cuCabs(cuDoubleComplex x) {
    return hypot(x.x, x.y);
}
__ACC_COMPLEX cuDoubleComplex cuCfma(cuDoubleComplex x, cuDoubleComplex y, cuDoubleComplex d) {
    return make_cuDoubleComplex(x.x * y.x + d.x - x.y * y.y, x.x * y.y + d.y + x.y * y.x);
}

__ACC_COMPLEX cuComplex make_cuComplex(float x, float y) {
    return make_cuFloatComplex(x, y);
}
__ACC_COMPLEX cuDoubleComplex cuComplexFloatToDouble(cuFloatComplex c) {
    return make_cuDoubleComplex(c.x, c.y);
}
__ACC_COMPLEX cuFloatComplex cuComplexDoubleToFloat(cuDoubleComplex c) {
    return make_cuFloatComplex((float)c.x, (float)c.y);
}
#undef __ACC_COMPLEX

#if defined(__cplusplus)
}
#endif
