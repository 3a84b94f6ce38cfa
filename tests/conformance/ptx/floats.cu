// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 and f64 arithmetic of inline PTX with every modifier against the host.
#include "formats.h"

static float f(double v, Rounding mode = RN) {
    return (float)round_to(v, F32, mode);
}
static float z(double v) {
    return (float)flush_to_zero(v, F32);
}
/// Rounded, then flushed: a result that rounding makes normal stays.
static float fz(double v, Rounding mode = RN) {
    return z(f(v, mode));
}
template <class T, class Op>
static T with_mode(int mode, Op op) {
    std::fesetround(mode);
    volatile T r = op();
    std::fesetround(FE_TONEAREST);
    return r;
}
static int mode_of(Rounding mode) {
    return mode == RN   ? FE_TONEAREST
           : mode == RZ ? FE_TOWARDZERO
           : mode == RM ? FE_DOWNWARD
                        : FE_UPWARD;
}
/// x + y: an exact zero is -0 when rounding down.
static double add(double a, double b, Rounding mode = RN) {
    double s = exact_sum(a, b);
    if (s == 0 && mode == RM && a == -b && !(a == 0 && !std::signbit(a) && !std::signbit(b)))
        return -0.0;
    return s;
}
static float quotient(float a, float b, Rounding mode) {
    volatile float x = a, y = b;
    return with_mode<float>(mode_of(mode), [&] { return x / y; });
}
static double quotient64(double a, double b, Rounding mode) {
    volatile double x = a, y = b;
    return with_mode<double>(mode_of(mode), [&] { return x / y; });
}
static double root(double a, Rounding mode) {
    volatile double x = a;
    return with_mode<double>(mode_of(mode), [&] { return std::sqrt(x); });
}
static float rootf(float a, Rounding mode) {
    volatile float x = a;
    return with_mode<float>(mode_of(mode), [&] { return std::sqrt(x); });
}
static double sum64(double a, double b, Rounding mode) {
    volatile double x = a, y = b;
    return with_mode<double>(mode_of(mode), [&] { return x + y; });
}
static double product64(double a, double b, Rounding mode) {
    volatile double x = a, y = b;
    return with_mode<double>(mode_of(mode), [&] { return x * y; });
}
static double fma64(double a, double b, double c, Rounding mode) {
    volatile double x = a, y = b, w = c;
    return with_mode<double>(mode_of(mode), [&] { return std::fma(x, y, w); });
}
/// The sign is the product's of the signs, the magnitude the smaller or larger one.
static float signs(float a, float b, double magnitude) {
    return (float)(magnitude != magnitude               ? magnitude
                   : std::signbit(a) != std::signbit(b) ? -magnitude
                                                        : magnitude);
}
static double nan_if(double a, double b, double v) {
    return a != a || b != b ? (double)NAN : v;
}

CASE2(add_f32, "add.f32", f32, f32, f32, f(add(a, b)))
CASE2(add_rz, "add.rz.f32", f32, f32, f32, f(add(a, b), RZ))
CASE2(add_rm, "add.rm.f32", f32, f32, f32, f(add(a, b, RM), RM))
CASE2(sub_rp, "sub.rp.f32", f32, f32, f32, f(add(a, -(double)b), RP))
CASE2(add_ftz, "add.rn.ftz.f32", f32, f32, f32, fz(add(z(a), z(b))))
CASE2(sub_sat, "sub.sat.f32", f32, f32, f32, saturate(f(add(a, -(double)b))))
CASE2(mul_rz, "mul.rz.f32", f32, f32, f32, f((double)a* b, RZ))
CASE2(mul_ftz_sat, "mul.ftz.sat.f32", f32, f32, f32, saturate(fz((double)z(a) * z(b))))
CASE3(fma_rn, "fma.rn.f32", f32, f32, f32, f32, f(add((double)a* b, c)))
CASE3(fma_rp, "fma.rp.f32", f32, f32, f32, f32, f(add((double)a* b, c), RP))
CASE3(fma_ftz_sat, "fma.rz.ftz.sat.f32", f32, f32, f32, f32,
      saturate(fz(add((double)z(a) * z(b), z(c)), RZ)))
CASE3(mad_f32, "mad.rn.f32", f32, f32, f32, f32, f(add((double)a* b, c)))
CASE2(div_rn, "div.rn.f32", f32, f32, f32, quotient(a, b, RN))
CASE2(div_rm, "div.rm.f32", f32, f32, f32, quotient(a, b, RM))
CASE2(div_ftz, "div.rn.ftz.f32", f32, f32, f32, z(quotient(z(a), z(b), RN)))
CASE1(rcp_rz, "rcp.rz.f32", f32, f32, quotient(1, a, RZ))
CASE1(rcp_rn_ftz, "rcp.rn.ftz.f32", f32, f32, z(quotient(1, z(a), RN)))
CASE1(sqrt_rn, "sqrt.rn.f32", f32, f32, rootf(a, RN))
CASE1(sqrt_rp_ftz, "sqrt.rp.ftz.f32", f32, f32, rootf(z(a), RP))
CASE2(add_d, "add.f64", f64, f64, f64, a + b)
CASE2(sub_d, "sub.rz.f64", f64, f64, f64, sum64(a, -b, RZ))
CASE2(mul_d, "mul.rm.f64", f64, f64, f64, product64(a, b, RM))
CASE3(fma_d, "fma.rp.f64", f64, f64, f64, f64, fma64(a, b, c, RP))
CASE2(div_d, "div.rz.f64", f64, f64, f64, quotient64(a, b, RZ))
CASE1(rcp_d, "rcp.rp.f64", f64, f64, quotient64(1, a, RP))
CASE1(sqrt_d, "sqrt.rm.f64", f64, f64, root(a, RM))
CASE1(neg_f, "neg.f32", f32, f32, -a)
CASE1(neg_ftz, "neg.ftz.f32", f32, f32, -z(a))
CASE1(abs_ftz, "abs.ftz.f32", f32, f32, std::fabs(z(a)))
CASE1(abs_d, "abs.f64", f64, f64, std::fabs(a))
CASE2(copysign_f, "copysign.f32", f32, f32, f32, std::copysign(b, a))
CASE2(copysign_d, "copysign.f64", f64, f64, f64, std::copysign(b, a))
CASE2(min_f, "min.f32", f32, f32, f32, smaller(a, b))
CASE2(max_ftz, "max.ftz.f32", f32, f32, f32, larger(z(a), z(b)))
CASE2(min_ftz, "min.ftz.f32", f32, f32, f32, smaller(z(a), z(b)))
CASE2(min_nan, "min.NaN.f32", f32, f32, f32, nan_if(a, b, smaller(a, b)))
CASE2(max_ftz_nan, "max.ftz.NaN.f32", f32, f32, f32, nan_if(a, b, larger(z(a), z(b))))
CASE2(max_xorsign, "max.xorsign.abs.f32", f32, f32, f32,
      signs(a, b, larger(std::fabs(a), std::fabs(b))))
CASE2(min_xorsign, "min.ftz.xorsign.abs.f32", f32, f32, f32,
      signs(a, b, smaller(std::fabs(z(a)), std::fabs(z(b)))))
CASE2(min_d, "min.f64", f64, f64, f64, smaller(a, b))
CASE2(max_d, "max.f64", f64, f64, f64, larger(a, b))
#define TESTP(NAME, KIND, CONDITION)                                                               \
    TEXT1(NAME, "{.reg .pred p; testp." KIND ".f32 p, %1; selp.u32 %0, 1, 0, p;}", u32, f32,       \
          (CONDITION) ? 1 : 0)
TESTP(testp_finite, "finite", std::isfinite(a))
TESTP(testp_infinite, "infinite", std::isinf(a))
TESTP(testp_number, "number", a == a)
TESTP(testp_notanumber, "notanumber", a != a)
TESTP(testp_normal, "normal", std::isnormal(a))
TESTP(testp_subnormal, "subnormal", std::fpclassify(a) == FP_SUBNORMAL)

// Approximations: their documented errors are checked in tests/isa; here that each is the function.
__global__ void approximations(float x, float* out, double* wide) {
    asm("rcp.approx.f32 %0, %1;" : "=f"(out[0]) : "f"(x));
    asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(out[1]) : "f"(x));
    asm("rsqrt.approx.f32 %0, %1;" : "=f"(out[2]) : "f"(x));
    asm("sin.approx.f32 %0, %1;" : "=f"(out[3]) : "f"(x));
    asm("cos.approx.ftz.f32 %0, %1;" : "=f"(out[4]) : "f"(x));
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(out[5]) : "f"(x));
    asm("lg2.approx.f32 %0, %1;" : "=f"(out[6]) : "f"(x));
    asm("tanh.approx.f32 %0, %1;" : "=f"(out[7]) : "f"(x));
    asm("div.approx.f32 %0, %1, %2;" : "=f"(out[8]) : "f"(x), "f"(3.0f));
    asm("div.full.ftz.f32 %0, %1, %2;" : "=f"(out[9]) : "f"(x), "f"(7.0f));
    asm("rcp.approx.ftz.f64 %0, %1;" : "=d"(wide[0]) : "d"((double)x));
    asm("rsqrt.approx.f64 %0, %1;" : "=d"(wide[1]) : "d"((double)x));
}

int main() {
    const float x = 1.3f;
    Buffer<float> out(10);
    Buffer<double> wide(2);
    approximations<<<1, 1>>>(x, out.device(), wide.device());
    SYNC();
    out.download();
    wide.download();
    const double want[] = {1 / 1.3,       std::sqrt(1.3), 1 / std::sqrt(1.3), std::sin(1.3),
                           std::cos(1.3), std::exp2(1.3), std::log2(1.3),     std::tanh(1.3),
                           1.3 / 3,       1.3 / 7};
    for (int i = 0; i < 10; ++i)
        EXPECT(std::fabs(out[i] / want[i] - 1) < (i == 7 ? 0x1p-10 : 0x1p-20), "%d: %g", i, out[i]);
    EXPECT(std::fabs(wide[0] * 1.3 - 1) < 0x1p-20 &&
           std::fabs(wide[1] * std::sqrt(1.3) - 1) < 0x1p-20);
    return run_all();
}
