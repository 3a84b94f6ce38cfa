// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Host definitions of the functions that CUDA adds to <math.h>. nvcc provides them on both sides;
// the device versions come from clang's <__clang_cuda_math.h>. Intermediate results are long double
// (64-bit significand), so that the double results stay within CUDA's documented error bounds.
#pragma once

#define __ACC_HOST static __inline__ __host__

__ACC_HOST double rsqrt(double x) {
    return (double)(1.0L / __builtin_sqrtl((long double)x));
}
__ACC_HOST double rcbrt(double x) {
    return (double)(1.0L / __builtin_cbrtl((long double)x));
}
__ACC_HOST double fdivide(double x, double y) {
    return x / y;
}
__ACC_HOST double rhypot(double x, double y) {
    return (double)(1.0L / __builtin_hypotl(x, y));
}

// Euclidean norms. Scaled by the largest magnitude, so no square over- or underflows; an infinity
// wins over a NaN.
__ACC_HOST long double __acc_norm(int count, const double* v) {
    long double largest = 0, sum = 0;
    bool nan = false;
    for (int i = 0; i < count; ++i) {
        if (__builtin_isinf(v[i])) return (long double)__builtin_inf();
        nan |= __builtin_isnan(v[i]) != 0;
        const long double magnitude = __builtin_fabsl((long double)v[i]);
        largest = magnitude > largest ? magnitude : largest;
    }
    if (nan) return (long double)__builtin_nan("");
    if (largest == 0) return 0;
    for (int i = 0; i < count; ++i)
        sum += (v[i] / largest) * (v[i] / largest);
    return largest * __builtin_sqrtl(sum);
}
__ACC_HOST double norm3d(double a, double b, double c) {
    const double v[] = {a, b, c};
    return (double)__acc_norm(3, v);
}
__ACC_HOST double norm4d(double a, double b, double c, double d) {
    const double v[] = {a, b, c, d};
    return (double)__acc_norm(4, v);
}
__ACC_HOST double rnorm3d(double a, double b, double c) {
    const double v[] = {a, b, c};
    return (double)(1.0L / __acc_norm(3, v));
}
__ACC_HOST double rnorm4d(double a, double b, double c, double d) {
    const double v[] = {a, b, c, d};
    return (double)(1.0L / __acc_norm(4, v));
}
__ACC_HOST double norm(int dim, const double* v) {
    return (double)__acc_norm(dim, v);
}
__ACC_HOST double rnorm(int dim, const double* v) {
    return (double)(1.0L / __acc_norm(dim, v));
}

// sin and cos of pi * x: reduced exactly to |r| <= 1/4 before multiplying by pi. Zeros and signs as
// documented.
__ACC_HOST void sincospi(double x, double* s, double* c) {
    const long double pi = 3.14159265358979323846264338327950288L;
    if (!__builtin_isfinite(x)) {
        *s = *c = __builtin_nan("");
        return;
    }
    const double folded = __builtin_fmod(x, 2.0);
    const double quarter = __builtin_rint(folded * 2.0);
    const long double r = ((long double)folded - (long double)quarter * 0.5L) * pi;
    const double sr = (double)__builtin_sinl(r), cr = (double)__builtin_cosl(r);
    const int q = (int)quarter & 3;
    const double sine = q == 0 ? sr : q == 1 ? cr : q == 2 ? -sr : -cr;
    const double cosine = q == 0 ? cr : q == 1 ? -sr : q == 2 ? -cr : sr;
    *s = sine == 0 ? __builtin_copysign(0.0, x) : sine;
    *c = cosine == 0 ? 0.0 : cosine;
}
__ACC_HOST double sinpi(double x) {
    double s, c;
    sincospi(x, &s, &c);
    return s;
}
__ACC_HOST double cospi(double x) {
    double s, c;
    sincospi(x, &s, &c);
    return c;
}

/// exp(x * x) * erfc(x). Beyond 50 six terms of the asymptotic series (A&S 7.1.23) are exact to
/// double.
__ACC_HOST double erfcx(double x) {
    const long double v = x, root_pi = 1.77245385090551602729816748334114518L;
    if (x < 50) return (double)(__builtin_expl(v * v) * __builtin_erfcl(v));
    const long double t = 1 / (2 * v * v);
    return (double)((1 - t * (1 - 3 * t * (1 - 5 * t * (1 - 7 * t * (1 - 9 * t))))) /
                    (v * root_pi));
}

/// Inverse of erfc on (0, 2): a start from the tail's asymptotic form or the centre's slope, then
/// Newton steps on log(erfc), which converge from either side for every double in range.
__ACC_HOST long double __acc_erfcinv(long double y) {
    const long double root_pi = 1.77245385090551602729816748334114518L;
    if (y > 1) return -__acc_erfcinv(2 - y);
    if (y == 1) return 0;
    const long double log_y = __builtin_logl(y);
    long double x = y > 0.5L ? (1 - y) * root_pi / 2
                             : __builtin_sqrtl(-log_y - 0.5L * __builtin_logl(-log_y * 3.1416L));
    if (!(x > 0)) x = 0.4L;
    for (int i = 0; i < 12; ++i) {
        const long double tail = __builtin_erfcl(x);
        const long double slope = -2 / root_pi * __builtin_expl(-x * x) / tail;
        const long double step = (__builtin_logl(tail) - log_y) / slope;
        x -= step;
        if (__builtin_fabsl(step) < 1e-19L * x) break;
    }
    return x;
}
__ACC_HOST double erfcinv(double y) {
    if (!(y >= 0 && y <= 2)) return __builtin_nan("");
    if (y == 0) return __builtin_inf();
    return y == 2 ? -__builtin_inf() : (double)__acc_erfcinv(y);
}
/// Inverse of erf on (-1, 1); near 0 Newton on erf itself, since 1 - y would lose the digits.
__ACC_HOST double erfinv(double y) {
    const long double root_pi = 1.77245385090551602729816748334114518L;
    if (!(y >= -1 && y <= 1)) return __builtin_nan("");
    if (y == 1 || y == -1) return __builtin_copysign(__builtin_inf(), y);
    if (__builtin_fabs(y) > 0.5)
        return (double)(y > 0 ? __acc_erfcinv(1 - (long double)y)
                              : -__acc_erfcinv(1 + (long double)y));
    long double x = y * root_pi / 2;
    for (int i = 0; i < 8; ++i)
        x -= (__builtin_erfl(x) - y) * root_pi / 2 * __builtin_expl(x * x);
    return y == 0 ? y : (double)x;
}
__ACC_HOST double normcdf(double x) {
    return (double)(0.5L *
                    __builtin_erfcl(-(long double)x * 0.707106781186547524400844362104849039L));
}
__ACC_HOST double normcdfinv(double p) {
    if (!(p >= 0 && p <= 1)) return __builtin_nan("");
    if (p == 0 || p == 1) return p == 0 ? -__builtin_inf() : __builtin_inf();
    return (double)(-1.41421356237309504880168872420969808L * __acc_erfcinv(2 * (long double)p));
}

/// Modified Bessel functions of the first kind, order 0 and 1: the power series (all terms
/// positive, so no cancellation) up to 40, the asymptotic series beyond (Abramowitz & Stegun 9.6.10
/// and 9.7.1).
__ACC_HOST double __acc_bessel_i(int order, double x) {
    const long double a = __builtin_fabsl((long double)x), mu = 4.0L * order * order;
    long double sum = 1, term = 1;
    if (a <= 40) {
        const long double q = a * a / 4;
        for (int k = 1; k < 200 && term > sum * 1e-20L; ++k)
            sum += term *= q / ((long double)k * (k + order));
        sum *= order ? a / 2 : 1;
    } else {
        for (int k = 1; k < 30 && __builtin_fabsl(term) > 1e-20L; ++k)
            sum += term *= -(mu - (2.0L * k - 1) * (2.0L * k - 1)) / (k * 8.0L * a);
        sum *= __builtin_expl(a) / __builtin_sqrtl(6.28318530717958647692528676655900577L * a);
    }
    return (double)(order && x < 0 ? -sum : sum);
}
__ACC_HOST double cyl_bessel_i0(double x) {
    return __acc_bessel_i(0, x);
}
__ACC_HOST double cyl_bessel_i1(double x) {
    return __acc_bessel_i(1, x);
}

// Single precision: the double result rounded once.
__ACC_HOST float rsqrtf(float x) {
    return (float)rsqrt((double)x);
}
__ACC_HOST float rcbrtf(float x) {
    return (float)rcbrt((double)x);
}
__ACC_HOST float fdividef(float x, float y) {
    return x / y;
}
__ACC_HOST float rhypotf(float x, float y) {
    return (float)rhypot((double)x, (double)y);
}
__ACC_HOST float norm3df(float a, float b, float c) {
    return (float)norm3d(a, b, c);
}
__ACC_HOST float norm4df(float a, float b, float c, float d) {
    return (float)norm4d(a, b, c, d);
}
__ACC_HOST float rnorm3df(float a, float b, float c) {
    return (float)rnorm3d(a, b, c);
}
__ACC_HOST float rnorm4df(float a, float b, float c, float d) {
    return (float)rnorm4d(a, b, c, d);
}
__ACC_HOST float normf(int dim, const float* v) {
    double sum = 0;
    for (int i = 0; i < dim; ++i)
        sum += (double)v[i] * v[i];
    return (float)__builtin_sqrt(sum);
}
__ACC_HOST float rnormf(int dim, const float* v) {
    double sum = 0;
    for (int i = 0; i < dim; ++i)
        sum += (double)v[i] * v[i];
    return (float)(1.0 / __builtin_sqrt(sum));
}
__ACC_HOST void sincospif(float x, float* s, float* c) {
    double sd, cd;
    sincospi((double)x, &sd, &cd);
    *s = (float)sd;
    *c = (float)cd;
}
__ACC_HOST float sinpif(float x) {
    return (float)sinpi((double)x);
}
__ACC_HOST float cospif(float x) {
    return (float)cospi((double)x);
}
__ACC_HOST float erfcxf(float x) {
    return (float)erfcx((double)x);
}
__ACC_HOST float erfcinvf(float y) {
    return (float)erfcinv((double)y);
}
__ACC_HOST float erfinvf(float y) {
    return (float)erfinv((double)y);
}
__ACC_HOST float normcdff(float x) {
    return (float)normcdf((double)x);
}
__ACC_HOST float normcdfinvf(float p) {
    return (float)normcdfinv((double)p);
}
__ACC_HOST float cyl_bessel_i0f(float x) {
    return (float)cyl_bessel_i0((double)x);
}
__ACC_HOST float cyl_bessel_i1f(float x) {
    return (float)cyl_bessel_i1((double)x);
}
#undef __ACC_HOST
