// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lengths of vectors and their reciprocals, without overflow or underflow on the way.
#include "clc.h"

namespace {

/// Squares of f32 numbers are exact in f64 and can neither overflow nor vanish.
LOCAL float root(double sum) {
    return float(sqrt(sum));
}
LOCAL double square(float a) {
    return double(a) * double(a);
}

/// f64: scaled by a power of two so that the largest component is near 1.
struct Scale {
    double down, up;
};
LOCAL Scale scale_for(double largest) {
    u64 exponent = bits(largest) >> 52;
    exponent = exponent < 1 ? 1 : exponent > 2045 ? 2045 : exponent;
    return {as_double((2046 - exponent) << 52), as_double(exponent << 52)};
}
LOCAL double larger(double a, double b) {
    return a > b ? a : b;
}

/// 1 / sqrt(sum + rest), refined by one step of Newton's method.
LOCAL double inverse_root(double sum, double rest) {
    double y = 1.0 / sqrt(sum);
    double root = sum * y, root_rest = fma(sum, y, -root);
    double residual = fma(-root, y, 1.0) - (root_rest + rest * y) * y;
    return fma(0.5 * y, residual, y);
}

template <int n>
LOCAL double norm_of(const double* v, bool reciprocal) {
    double largest = 0;
    bool infinite = false, nan = false;
#pragma unroll
    for (int i = 0; i < n; ++i) {
        largest = larger(fabs(v[i]), largest);
        infinite |= fabs(v[i]) == kInf;
        nan |= v[i] != v[i];
    }
    if (infinite) return reciprocal ? 0.0 : kInf; // also beside NaN
    if (nan) return as_double(0xfff8000000000000ull);
    if (largest == 0) return reciprocal ? kInf : 0.0;
    Scale s = scale_for(largest);
    // Sum of squares in two parts, so that the root is all that rounds.
    double sum = 0, rest = 0;
#pragma unroll
    for (int i = 0; i < n; ++i) {
        double scaled = v[i] * s.down;
        double square = scaled * scaled, total = sum + square;
        rest += fma(scaled, scaled, -square) + (square - (total - sum)) +
                (sum - (total - (total - sum)));
        sum = total;
    }
    return reciprocal ? inverse_root(sum, rest) * s.down : sqrt(sum + rest) * s.up;
}

LOCAL float guard(float value, bool infinite, bool reciprocal) {
    return infinite ? (reciprocal ? 0.0f : kInfF) : value;
}
LOCAL bool is_infinite(float a) {
    return fabs(a) == kInfF;
}

} // namespace

// The squares of infinity and NaN do the right thing, except that infinity wins over NaN.
NV float __nv_hypotf(float a, float b) {
    return guard(root(square(a) + square(b)), is_infinite(a) || is_infinite(b), false);
}
NV float __nv_norm3df(float a, float b, float c) {
    return guard(root(square(a) + square(b) + square(c)),
                 is_infinite(a) || is_infinite(b) || is_infinite(c), false);
}
NV float __nv_norm4df(float a, float b, float c, float d) {
    return guard(root(square(a) + square(b) + square(c) + square(d)),
                 is_infinite(a) || is_infinite(b) || is_infinite(c) || is_infinite(d), false);
}
NV float __nv_rhypotf(float a, float b) {
    return guard(float(1.0 / sqrt(square(a) + square(b))), is_infinite(a) || is_infinite(b), true);
}
NV float __nv_rnorm3df(float a, float b, float c) {
    return guard(float(1.0 / sqrt(square(a) + square(b) + square(c))),
                 is_infinite(a) || is_infinite(b) || is_infinite(c), true);
}
NV float __nv_rnorm4df(float a, float b, float c, float d) {
    return guard(float(1.0 / sqrt(square(a) + square(b) + square(c) + square(d))),
                 is_infinite(a) || is_infinite(b) || is_infinite(c) || is_infinite(d), true);
}

NV_CALL double __nv_hypot(double a, double b) {
    double v[] = {a, b};
    return norm_of<2>(v, false);
}
NV_CALL double __nv_norm3d(double a, double b, double c) {
    double v[] = {a, b, c};
    return norm_of<3>(v, false);
}
NV_CALL double __nv_norm4d(double a, double b, double c, double d) {
    double v[] = {a, b, c, d};
    return norm_of<4>(v, false);
}
NV_CALL double __nv_rhypot(double a, double b) {
    double v[] = {a, b};
    return norm_of<2>(v, true);
}
NV_CALL double __nv_rnorm3d(double a, double b, double c) {
    double v[] = {a, b, c};
    return norm_of<3>(v, true);
}
NV_CALL double __nv_rnorm4d(double a, double b, double c, double d) {
    double v[] = {a, b, c, d};
    return norm_of<4>(v, true);
}

// Of arrays of any length.
NV_OUT float __nv_normf(int n, const float* v) {
    double sum = 0;
    bool infinite = false;
    for (int i = 0; i < n; ++i) {
        sum += square(v[i]);
        infinite |= is_infinite(v[i]);
    }
    return guard(root(sum), infinite, false);
}
NV_OUT float __nv_rnormf(int n, const float* v) {
    double sum = 0;
    bool infinite = false;
    for (int i = 0; i < n; ++i) {
        sum += square(v[i]);
        infinite |= is_infinite(v[i]);
    }
    return guard(float(1.0 / sqrt(sum)), infinite, true);
}
NV_OUT double __nv_norm(int n, const double* v) {
    double result = 0;
    for (int i = 0; i < n; ++i)
        result = __nv_hypot(result, v[i]);
    return result;
}
NV_OUT double __nv_rnorm(int n, const double* v) {
    double length = __nv_norm(n, v);
    return length == 0 ? kInf : 1.0 / length;
}
