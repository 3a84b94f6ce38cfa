// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Math functions at zeros, infinities, NaN, the ends of the range and subnormal numbers, for one
// and two operands. The reference is the host's C library (Annex F of the C standard), where CUDA
// says nothing else; what is neither zero, infinite nor NaN has to be near.
#include "../common/check.h"

#include <cfloat>
#include <cmath>

// Not in the C library: what CUDA documents for them, in long double.
static long double ref_rsqrt(long double x) {
    return 1 / sqrtl(x);
}
static long double ref_rcbrt(long double x) {
    return 1 / cbrtl(x);
}
static long double ref_exp10(long double x) {
    return powl(10, x);
}
static long double ref_sinpi(long double x) {
    if (std::isinf(x)) return NAN;
    const long double r = fmodl(x, 2); // exact
    return r == truncl(r) ? copysignl(0, x) : sinl(r * 3.14159265358979323846264338327950288L);
}
static long double ref_cospi(long double x) {
    if (std::isinf(x)) return NAN;
    const long double r = fabsl(fmodl(x, 2));
    return r == 0.5L || r == 1.5L ? 0 : cosl(r * 3.14159265358979323846264338327950288L);
}
static long double ref_tgamma(long double x) {
    return x < 0 && x == floorl(x) && !std::isinf(x) ? NAN : tgammal(x);
}
// glibc's powl(-inf, -2^63) is infinite.
static long double ref_pow(long double x, long double y) {
    return std::pow((double)x, (double)y);
}
static long double ref_rhypot(long double x, long double y) {
    return 1 / hypotl(x, y);
}
// A NaN loses, and of two zeros the negative one is less.
static long double ref_fmin(long double x, long double y) {
    return x == y ? (std::signbit(x) ? x : y) : fminl(x, y);
}
static long double ref_fmax(long double x, long double y) {
    return x == y ? (std::signbit(x) ? y : x) : fmaxl(x, y);
}

#define UNARY(X)                                                                                   \
    X(sqrt, sqrtl)                                                                                 \
    X(rsqrt, ref_rsqrt)                                                                            \
    X(cbrt, cbrtl)                                                                                 \
    X(rcbrt, ref_rcbrt)                                                                            \
    X(exp, expl)                                                                                   \
    X(exp2, exp2l)                                                                                 \
    X(exp10, ref_exp10)                                                                            \
    X(expm1, expm1l)                                                                               \
    X(log, logl)                                                                                   \
    X(log2, log2l)                                                                                 \
    X(log10, log10l)                                                                               \
    X(log1p, log1pl)                                                                               \
    X(logb, logbl)                                                                                 \
    X(sin, sinl)                                                                                   \
    X(cos, cosl)                                                                                   \
    X(tan, tanl)                                                                                   \
    X(sinpi, ref_sinpi)                                                                            \
    X(cospi, ref_cospi)                                                                            \
    X(asin, asinl)                                                                                 \
    X(acos, acosl)                                                                                 \
    X(atan, atanl)                                                                                 \
    X(sinh, sinhl)                                                                                 \
    X(cosh, coshl)                                                                                 \
    X(tanh, tanhl)                                                                                 \
    X(asinh, asinhl)                                                                               \
    X(acosh, acoshl)                                                                               \
    X(atanh, atanhl)                                                                               \
    X(erf, erfl)                                                                                   \
    X(erfc, erfcl)                                                                                 \
    X(tgamma, ref_tgamma)                                                                          \
    X(lgamma, lgammal)                                                                             \
    X(floor, floorl)                                                                               \
    X(ceil, ceill)                                                                                 \
    X(trunc, truncl)                                                                               \
    X(round, roundl)                                                                               \
    X(rint, rintl)                                                                                 \
    X(nearbyint, nearbyintl)                                                                       \
    X(fabs, fabsl)
#define BINARY(X)                                                                                  \
    X(pow, ref_pow)                                                                                \
    X(atan2, atan2l)                                                                               \
    X(hypot, hypotl)                                                                               \
    X(rhypot, ref_rhypot)                                                                          \
    X(fmod, fmodl)                                                                                 \
    X(remainder, remainderl)                                                                       \
    X(fmin, ref_fmin)                                                                              \
    X(fmax, ref_fmax)                                                                              \
    X(fdim, fdiml)                                                                                 \
    X(copysign, copysignl)

enum Function {
#define NAME(f, reference) k_##f,
    UNARY(NAME) kUnary, // nextafter, whose result depends on the type
    BINARY(NAME) kCount
#undef NAME
};
typedef long double (*Reference)(long double, long double);
static const struct {
    const char* name;
    Reference reference;
} kFunctions[] = {
#define ROW(f, reference)                                                                          \
    {#f, [](long double x, long double) -> long double { return reference(x); }},
    UNARY(ROW)
#undef ROW
        {"", nullptr},
#define ROW(f, reference)                                                                          \
    {#f, [](long double x, long double y) -> long double { return reference(x, y); }},
    BINARY(ROW)
#undef ROW
};

__global__ void run_double(const double* in, double* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const double x = in[2 * i], y = in[2 * i + 1];
    double* o = out + i;
#define CALL(name, reference) o[(size_t)k_##name * n] = name(x);
    UNARY(CALL)
#undef CALL
#define CALL(name, reference) o[(size_t)k_##name * n] = name(x, y);
    BINARY(CALL)
#undef CALL
    o[(size_t)kUnary * n] = nextafter(x, y);
}
__global__ void run_float(const double* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const float x = (float)in[2 * i], y = (float)in[2 * i + 1];
    float* o = out + i;
#define CALL(name, reference) o[(size_t)k_##name * n] = name##f(x);
    UNARY(CALL)
#undef CALL
#define CALL(name, reference) o[(size_t)k_##name * n] = name##f(x, y);
    BINARY(CALL)
#undef CALL
    o[(size_t)kUnary * n] = nextafterf(x, y);
}

/// Near: within 16 units in the last place; the exact errors are another test's business.
template <class T>
static bool agrees(T got, T want, T least, T epsilon) {
    if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got);
    if (std::isinf(want) || std::isinf(got)) return got == want;
    if (want == 0) return got == 0 && std::signbit(got) == std::signbit(want);
    return std::fabs(got - want) <= 16 * (std::fabs(want) * epsilon + least);
}

template <class T>
static void check(const char* type, int f, T x, T y, T got, T least, T epsilon) {
    const T want = f == kUnary ? std::nextafter(x, y) : (T)kFunctions[f].reference(x, y);
    EXPECT(agrees(got, want, least, epsilon), "%s %s(%a, %a) = %a, expected %a", type,
           f == kUnary ? "nextafter" : kFunctions[f].name, (double)x, (double)y, (double)got,
           (double)want);
}

int main() {
    const double values[] = {0.0,      0.25,     0.5,     1.0,       1.5,        2.0,     2.5,
                             3.0,      1e-3,     1e-10,   0x1p-24,   0x1p24,     0x1p31,  0x1p53,
                             0x1p63,   0x1p64,   1e5,     1e20,      FLT_MAX,    FLT_MIN, 0x1p-149,
                             0x1p-130, INFINITY, NAN,     0x1p127,   88.75,      -88.75,  710.0,
                             1e300,    DBL_MAX,  DBL_MIN, 0x1p-1074, 0x1.8p-1030};
    const int count = sizeof values / sizeof *values, all = 2 * count, n = all * all;
    Buffer<double> in(2 * n);
    for (int i = 0; i < n; ++i) {
        const int a = i / all, b = i % all;
        in[2 * i] = a % 2 ? -values[a / 2] : values[a / 2];
        in[2 * i + 1] = b % 2 ? -values[b / 2] : values[b / 2];
    }
    in.upload();
    Buffer<double> doubles((size_t)n * kCount);
    Buffer<float> floats((size_t)n * kCount);
    run_double<<<(n + 63) / 64, 64>>>(in.device(), doubles.device(), n);
    run_float<<<(n + 63) / 64, 64>>>(in.device(), floats.device(), n);
    SYNC();
    doubles.download();
    floats.download();
    for (int f = 0; f < kCount; ++f)
        for (int i = 0; i < n; ++i) {
            if (f < kUnary && i % all) continue; // the second operand does not matter
            const double x = in[2 * i], y = in[2 * i + 1];
            check<double>("double", f, x, y, doubles[(size_t)f * n + i], 0x1p-1074, 0x1p-52);
            // A NaN loses its sign on the way to float.
            if (f == k_copysign && y != y) continue;
            check<float>("float", f, (float)x, (float)y, floats[(size_t)f * n + i], 0x1p-149f,
                         0x1p-23f);
        }
    return finish();
}
