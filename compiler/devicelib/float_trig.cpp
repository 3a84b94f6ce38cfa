// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32: trigonometric and hyperbolic functions. Documented bounds: sinf 2, cosf 2, sincosf 2, tanf
// 4, sinpif 1, cospif 1, asinf 2, acosf 2, atanf 2, atan2f 3, sinhf 3, coshf 2, tanhf 2, asinhf 3,
// acoshf 4, atanhf 3 ulp.
#include "clc.h"
#include "core.h"

namespace {

/// Below it the two-term reduction is good; above (and for infinity and NaN) libclc's reduction
/// with the digits of 2/pi.
constexpr float kReducible = 0x1p30f;

LOCAL core::Reduced shifted(core::Reduced a, u32 quadrants) {
    return {a.r, a.quadrant + quadrants};
}

/// pi * (x - nearest multiple of 1/2), exact before the product.
LOCAL core::Reduced reduce_pi(float x) {
    double n = rint(double(x) * 2.0);
    double rest = fma(n, -0.5, double(x));
    // From 2^24 on every f32 is even: quadrant 0. The conversion clamps; bits beyond the second do
    // not matter.
    u32 quadrant = fabs(x) < 0x1p24f ? u32(int(n)) : 0;
    return {rest * 0x1.921fb54442d18p+1, quadrant};
}

} // namespace

NV float __nv_sinf(float x) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) return clc_sinf(x);
    float result = float(core::sin_in_quadrant(core::reduce(x)));
    return x == 0 ? x : result; // the reduction loses the sign of zero
}
NV float __nv_cosf(float x) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) return clc_cosf(x);
    return float(core::sin_in_quadrant(shifted(core::reduce(x), 1)));
}
NV_OUT __attribute__((always_inline)) void __nv_sincosf(float x, float* sine, float* cosine) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) {
        *sine = clc_sinf(x);
        *cosine = clc_cosf(x);
        return;
    }
    core::Reduced a = core::reduce(x);
    *sine = x == 0 ? x : float(core::sin_in_quadrant(a));
    *cosine = float(core::sin_in_quadrant(shifted(a, 1)));
}
NV float __nv_tanf(float x) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) return clc_tanf(x);
    core::Reduced a = core::reduce(x);
    double z = a.r * a.r;
    double s = core::sin_kernel(a.r, z), c = core::cos_kernel(z);
    float result = float(a.quadrant & 1 ? -c / s : s / c);
    return x == 0 ? x : result;
}

NV float __nv_sinpif(float x) {
    if (!(fabs(x) < kInfF)) return as_float(0x7fffffffu);
    float value = float(core::sin_in_quadrant(reduce_pi(x)));
    // Integers give a zero with the sign of the argument.
    return value == 0 ? copysign(0.0f, x) : value;
}
NV float __nv_cospif(float x) {
    if (!(fabs(x) < kInfF)) return as_float(0x7fffffffu);
    return float(core::sin_in_quadrant(shifted(reduce_pi(x), 1))) + 0.0f; // never -0
}
NV_OUT void __nv_sincospif(float x, float* sine, float* cosine) {
    *sine = __nv_sinpif(x);
    *cosine = __nv_cospif(x);
}

NV_CALL float __nv_asinf(float x) {
    return clc_asinf(x);
}
NV_CALL float __nv_acosf(float x) {
    return clc_acosf(x);
}
NV_CALL float __nv_atanf(float x) {
    return clc_atanf(x);
}
NV_CALL float __nv_atan2f(float y, float x) {
    return clc_atan2f(y, x);
}
/// e^|x| in f64; beyond 90 both functions have overflowed. NaN passes.
LOCAL double exp_of_magnitude(float x) {
    float magnitude = fabs(x);
    return core::exp2(double(magnitude > 100.0f ? 100.0f : magnitude) * 0x1.71547652b82fep+0);
}
NV float __nv_sinhf(float x) {
    double t = exp_of_magnitude(x), z = double(x) * double(x);
    float large = float(0.5 * t - 0.5 / t);
    // Taylor: below 1/2 the next term is smaller than 2^-26.
    double small = fma(z,
                       fma(z, fma(z, 0x1.a01a01a01a01ap-13, 0x1.1111111111111p-7),
                           0x1.5555555555555p-3),
                       1.0) *
                   fabs(x);
    return copysign(fabs(x) < 0.5f ? float(small) : large, x);
}
NV float __nv_coshf(float x) {
    double t = exp_of_magnitude(x);
    return float(0.5 * t + 0.5 / t);
}
NV_CALL float __nv_asinhf(float x) {
    return clc_asinhf(x);
}
NV_CALL float __nv_acoshf(float x) {
    return clc_acoshf(x);
}
NV_CALL float __nv_atanhf(float x) {
    return clc_atanhf(x);
}

/// tanh x = (t - 1) / (t + 1), t = e^2x. The subtraction costs accuracy for small x, where two
/// terms of the series do.
NV float __nv_tanhf(float x) {
    float magnitude = fabs(x);
    float clamped = magnitude > 10.0f ? 10.0f : magnitude; // tanh 10 rounds to 1; NaN passes
    double t = core::exp2(double(clamped) * 0x1.71547652b82fep+1);
    float large = float((t - 1.0) / (t + 1.0));
    float small = fma(magnitude * magnitude * magnitude, -0x1.555556p-2f, magnitude);
    return copysign(magnitude < 0x1p-7f ? small : large, x);
}

// ---- the fast versions (__sinf & co.)
// ----------------------------------------------------------------------------------------

NV float __nv_fast_sinf(float x) {
    return __nvvm_sin_approx_f(x);
}
NV float __nv_fast_cosf(float x) {
    return __nvvm_cos_approx_f(x);
}
NV float __nv_fast_tanf(float x) {
    return __nvvm_div_approx_f(__nvvm_sin_approx_f(x), __nvvm_cos_approx_f(x));
}
NV_OUT __attribute__((always_inline)) void __nv_fast_sincosf(float x, float* sine, float* cosine) {
    *sine = __nvvm_sin_approx_f(x);
    *cosine = __nvvm_cos_approx_f(x);
}
