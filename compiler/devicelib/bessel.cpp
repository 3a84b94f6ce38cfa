// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bessel functions. Documented bounds: J0, J1, Y0, Y1 7 ulp (f32: 9) below 8 and an absolute error
// of 5e-12 (2.2e-6) beyond; I0, I1 6 ulp; Jn and Yn by recurrence, an absolute error. Every
// polynomial runs over a table, so that threads with arguments from different pieces stay together.
#include "bessel_tables.h"
#include "clc.h"

extern "C" double __nv_log(double);

namespace {

constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;

template <int n>
LOCAL double polynomial(const __attribute__((address_space(1))) double (&c)[n], double x) {
    double r = c[n - 1];
    for (int i = n - 2; i >= 0; --i)
        r = fma(r, x, c[i]);
    return r;
}

template <int n, int count>
LOCAL double in_pieces(const __attribute__((address_space(1))) Piece<n> (&pieces)[count],
                       double x) {
    int i = 0;
    while (i < count - 1 && x > pieces[i].end)
        ++i;
    const double u = (x - pieces[i].center) - pieces[i].center_low;
    const double value = polynomial(pieces[i].c, u);
    return pieces[i].zero ? value * u : value;
}

/// J and Y of order 0 or 1 from 8 on.
struct Far {
    double j, y;
};
LOCAL Far far_from_zero(int order, double x) {
    const double z = 8.0 / x, t = z * z;
    const double p = order == 0 ? polynomial(kP0, t) : polynomial(kP1, t);
    const double q = z * (order == 0 ? polynomial(kQ0, t) : polynomial(kQ1, t));
    // Sine and cosine of x - pi/4, or of x - 3pi/4, times sqrt(2).
    const double s = clc_sin(x), c = clc_cos(x);
    const double cosine = order == 0 ? s + c : s - c, sine = order == 0 ? s - c : -s - c;
    const double scale = sqrt(0x1.45f306dc9c883p-2 / x); // 1 / (pi x)
    return {scale * (p * cosine - q * sine), scale * (p * sine + q * cosine)};
}

/// x >= 0 for J, x > 0 for Y; below infinity.
double j0(double x) {
    if (x <= 1.0) return polynomial(kSmallJ0, x * x);
    return x <= 8.0 ? in_pieces(kJ0, x) : far_from_zero(0, x).j;
}
double j1(double x) {
    if (x <= 2.0) return polynomial(kSmallJ1, x * x) * x;
    return x <= 8.0 ? in_pieces(kJ1, x) : far_from_zero(1, x).j;
}
double y0(double x) {
    if (x <= 0.5) {
        const double t = x * x;
        return fma(kTwoOverPi * __nv_log(x), polynomial(kSmallJ0, t), polynomial(kSmallY0, t));
    }
    return x <= 8.0 ? in_pieces(kY0, x) : far_from_zero(0, x).y;
}
double y1(double x) {
    if (x <= 1.5) {
        const double t = x * x, j = polynomial(kSmallJ1, t) * x;
        const double rest = fma(kTwoOverPi * __nv_log(x), j, polynomial(kSmallY1, t) * x);
        return rest - kTwoOverPi / x;
    }
    return x <= 8.0 ? in_pieces(kY1, x) : far_from_zero(1, x).y;
}

/// Jn for n >= 2 and 0 < x <= n, where the recurrence loses its digits upwards: downwards from an
/// order whose function is as good as zero, scaled by J0 + 2 J2 + 2 J4 + ... = 1.
double jn_downwards(u32 n, double x) {
    const double half = 0.5 * x;
    if (half * half < 0x1p-54) { // the first term of the series, (x/2)^n / n!
        double term = 1.0;
        for (u32 k = 1; k <= n && term != 0; ++k)
            term *= half / k;
        return term;
    }
    // At x = n, the slowest case, J(n + k) falls like the Airy function of k (2/n)^(1/3).
    u32 k = (n + 24 + 12 * u32(clc_cbrt(double(n)))) | 1;
    double above = 0.0, here = 0x1p-900, sum = 0.0, wanted = 0.0; // orders k + 1 and k
    int scalings = 0;                                             // since the wanted one
    for (; k > 0; --k) {
        const double below = k / half * here - above;
        above = here;
        here = below;
        if (fabs(here) > 0x1p+300) { // scaled by a power of two: no digit is lost
            here *= 0x1p-600;
            above *= 0x1p-600;
            sum *= 0x1p-600;
            if (k <= n) ++scalings;
        }
        if (k == n + 1) wanted = here;
        if (k & 1) sum += k == 1 ? here : 2.0 * here;
    }
    wanted /= sum;
    for (; scalings > 0; --scalings)
        wanted *= 0x1p-600;
    return wanted;
}

/// From the orders 0 and 1 to n >= 2.
LOCAL double upwards(u32 n, double x, double zero, double one) {
    for (u32 k = 1; k < n && one != -kInf; ++k) {
        const double next = 2.0 * k / x * one - zero;
        zero = one;
        one = next;
    }
    return one;
}

/// value e^x / sqrt(x); e^x alone may be too large where this is not.
LOCAL double grown(double x, double value) {
    const double power = clc_exp(0.5 * x);
    return value / sqrt(x) * power * power;
}

LOCAL double nan() {
    return as_double(0xfff8000000000000ull);
}

} // namespace

NV_CALL double __nv_j0(double x) {
    x = fabs(x);
    return x == kInf ? 0.0 : j0(x);
}
NV_CALL double __nv_j1(double x) {
    const double a = fabs(x), value = a == kInf ? 0.0 : j1(a);
    return copysign(1.0, x) * value;
}
NV_CALL double __nv_y0(double x) {
    if (!(x > 0.0)) return x == 0.0 ? -kInf : nan();
    return x == kInf ? 0.0 : y0(x);
}
NV_CALL double __nv_y1(double x) {
    if (!(x > 0.0)) return x == 0.0 ? -kInf : nan();
    return x == kInf ? 0.0 : y1(x);
}

NV_CALL double __nv_jn(int n, double x) {
    const double a = fabs(x);
    if (n < 0 || a != a) return nan();
    if (n == 0) return __nv_j0(x);
    if (n == 1) return __nv_j1(x);
    if (a == 0.0 || a == kInf) return 0.0;
    const double value = a > n ? upwards(u32(n), a, j0(a), j1(a)) : jn_downwards(u32(n), a);
    return x < 0.0 && (n & 1) ? -value : value;
}
NV_CALL double __nv_yn(int n, double x) {
    if (n < 0 || !(x > 0.0)) return n >= 0 && x == 0.0 ? -kInf : nan();
    if (n == 0) return __nv_y0(x);
    if (n == 1) return __nv_y1(x);
    return x == kInf ? 0.0 : upwards(u32(n), x, y0(x), y1(x));
}

NV_CALL double __nv_cyl_bessel_i0(double x) {
    const double a = fabs(x);
    if (a <= 8.0) return polynomial(kSmallI0, a * a);
    return a > 720.0 ? a * kInf : grown(a, polynomial(kLargeI0, 16.0 / a - 1.0));
}
NV_CALL double __nv_cyl_bessel_i1(double x) {
    const double a = fabs(x);
    if (a <= 8.0) return polynomial(kSmallI1, a * a) * x;
    return copysign(a > 720.0 ? kInf : grown(a, polynomial(kLargeI1, 16.0 / a - 1.0)), x);
}

#define NV_FLOAT(name)                                                                             \
    NV_CALL float __nv_##name##f(float x) {                                                        \
        return float(__nv_##name(x));                                                              \
    }
NV_FLOAT(j0)
NV_FLOAT(j1)
NV_FLOAT(y0)
NV_FLOAT(y1)
NV_FLOAT(cyl_bessel_i0)
NV_FLOAT(cyl_bessel_i1)
NV_CALL float __nv_jnf(int n, float x) {
    return float(__nv_jn(n, x));
}
NV_CALL float __nv_ynf(int n, float x) {
    return float(__nv_yn(n, x));
}
