// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of f16 and bf16, which CUDA documents as correctly rounded. Their result is computed in
// f64 and rounded once, by the caller: rounding an f32 result again goes wrong beside the ties.
// Called by cuda_fp16.h and cuda_bf16.h.
#include "clc.h"
#include "core.h"

namespace {

/// 2^x; what is beyond over- or underflows in every narrower type. NaN passes.
LOCAL double power(double x) {
    return core::exp2(x > 900.0 ? 900.0 : x < -900.0 ? -900.0 : x);
}
/// Of positive, finite numbers; for others lg2 gives what all logarithms give there.
LOCAL double logarithm(float x, double factor) {
    bool ordinary = bits(x) - 1u < 0x7f7fffffu;
    return ordinary ? core::log2(x) * factor : double(__nvvm_lg2_approx_f(x));
}
constexpr float kReducible = 0x1p30f;

} // namespace

NV double __acc_half_exp(float x) {
    return power(double(x) * 0x1.71547652b82fep+0);
}
NV double __acc_half_exp2(float x) {
    return power(x);
}
NV double __acc_half_exp10(float x) {
    return power(double(x) * 0x1.a934f0979a371p+1);
}
NV double __acc_half_log(float x) {
    return logarithm(x, 0x1.62e42fefa39efp-1);
}
NV double __acc_half_log2(float x) {
    return logarithm(x, 1.0);
}
NV double __acc_half_log10(float x) {
    return logarithm(x, 0x1.34413509f79ffp-2);
}
NV double __acc_half_sin(float x) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) return clc_sin(double(x));
    return x == 0 ? double(x) : core::sin_in_quadrant(core::reduce(x));
}
NV double __acc_half_cos(float x) {
    if (__builtin_expect(!(fabs(x) < kReducible), 0)) return clc_cos(double(x));
    core::Reduced a = core::reduce(x);
    return core::sin_in_quadrant({a.r, a.quadrant + 1});
}
/// (t - 1) / (t + 1), t = e^2|x|, and Taylor's series where the difference would cost accuracy.
NV double __acc_half_tanh(float x) {
    double magnitude = fabs(double(x)), z = magnitude * magnitude;
    double t = power((magnitude > 20.0 ? 20.0 : magnitude) * 0x1.71547652b82fep+1);
    double large = (t - 1.0) / (t + 1.0);
    double small = fma(z,
                       fma(z, fma(z, -0x1.ba1ba1ba1ba1cp-5, 0x1.1111111111111p-3),
                           -0x1.5555555555555p-2),
                       1.0) *
                   magnitude;
    return copysign(magnitude < 0.0625 ? small : large, double(x));
}
