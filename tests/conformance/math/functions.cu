// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Math functions against the host's long double functions. The bounds, in units in the last place,
// are those of the CUDA C++ programming guide's tables of maximum errors; special values follow C's
// Annex F.
#include "../common/check.h"

#include <cfloat>
#include <cmath>

static const int kSamples = 4000;

enum Op {
    Exp,
    Exp2,
    Exp10,
    Expm1,
    Log,
    Log2,
    Log10,
    Log1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Sqrt,
    Rsqrt,
    Cbrt,
    Erf,
    Erfc,
    Tgamma,
    Lgamma,
    Floor,
    Ceil,
    Trunc,
    Round,
    Rint,
    Fabs,
    OneCount,
    Pow,
    Atan2,
    Hypot,
    Fmod,
    Remainder,
    Fmin,
    Fmax,
    Fdim,
    Copysign,
    Nextafter,
    Div,
    AllCount
};

struct Row {
    Op op;
    const char* name;
    double low, high;    // arguments are drawn from here
    double ulps, ulps_f; // allowed error, double and float
};

static const Row kRows[] = {
    {Exp, "exp", -80, 80, 1, 2},          {Exp2, "exp2", -100, 100, 1, 2},
    {Exp10, "exp10", -35, 35, 1, 2},      {Expm1, "expm1", -5, 50, 1, 1},
    {Log, "log", 1e-30, 1e30, 1, 1},      {Log2, "log2", 1e-30, 1e30, 1, 1},
    {Log10, "log10", 1e-30, 1e30, 1, 2},  {Log1p, "log1p", -0.9, 100, 1, 1},
    {Sin, "sin", -1000, 1000, 2, 2},      {Cos, "cos", -1000, 1000, 2, 2},
    {Tan, "tan", -1000, 1000, 2, 4},      {Asin, "asin", -1, 1, 2, 2},
    {Acos, "acos", -1, 1, 2, 2},          {Atan, "atan", -100, 100, 2, 2},
    {Sinh, "sinh", -50, 50, 2, 3},        {Cosh, "cosh", -50, 50, 1, 2},
    {Tanh, "tanh", -10, 10, 1, 2},        {Asinh, "asinh", -1000, 1000, 3, 3},
    {Acosh, "acosh", 1, 1000, 3, 4},      {Atanh, "atanh", -0.99, 0.99, 2, 3},
    {Sqrt, "sqrt", 0, 1e30, 0, 0},        {Rsqrt, "rsqrt", 1e-20, 1e20, 1, 2},
    {Cbrt, "cbrt", -1e20, 1e20, 1, 1},    {Erf, "erf", -4, 4, 2, 2},
    {Erfc, "erfc", -3, 9, 5, 4},          {Tgamma, "tgamma", 0.1, 30, 10, 5},
    {Lgamma, "lgamma", 3, 100, 4, 6},     {Floor, "floor", -1e6, 1e6, 0, 0},
    {Ceil, "ceil", -1e6, 1e6, 0, 0},      {Trunc, "trunc", -1e6, 1e6, 0, 0},
    {Round, "round", -1e3, 1e3, 0, 0},    {Rint, "rint", -1e3, 1e3, 0, 0},
    {Fabs, "fabs", -10, 10, 0, 0},        {Pow, "pow", 0.01, 20, 2, 4},
    {Atan2, "atan2", -10, 10, 2, 3},      {Hypot, "hypot", -1e10, 1e10, 2, 3},
    {Fmod, "fmod", -1000, 1000, 0, 0},    {Remainder, "remainder", -1000, 1000, 0, 0},
    {Fmin, "fmin", -5, 5, 0, 0},          {Fmax, "fmax", -5, 5, 0, 0},
    {Fdim, "fdim", -5, 5, 0, 0},          {Copysign, "copysign", -5, 5, 0, 0},
    {Div, "division", -1e10, 1e10, 0, 0},
};

__device__ double run(Op op, double x, double y) {
    switch (op) {
    case Exp: return exp(x);
    case Exp2: return exp2(x);
    case Exp10: return exp10(x);
    case Expm1: return expm1(x);
    case Log: return log(x);
    case Log2: return log2(x);
    case Log10: return log10(x);
    case Log1p: return log1p(x);
    case Sin: return sin(x);
    case Cos: return cos(x);
    case Tan: return tan(x);
    case Asin: return asin(x);
    case Acos: return acos(x);
    case Atan: return atan(x);
    case Sinh: return sinh(x);
    case Cosh: return cosh(x);
    case Tanh: return tanh(x);
    case Asinh: return asinh(x);
    case Acosh: return acosh(x);
    case Atanh: return atanh(x);
    case Sqrt: return sqrt(x);
    case Rsqrt: return rsqrt(x);
    case Cbrt: return cbrt(x);
    case Erf: return erf(x);
    case Erfc: return erfc(x);
    case Tgamma: return tgamma(x);
    case Lgamma: return lgamma(x);
    case Floor: return floor(x);
    case Ceil: return ceil(x);
    case Trunc: return trunc(x);
    case Round: return round(x);
    case Rint: return rint(x);
    case Fabs: return fabs(x);
    case Pow: return pow(x, y);
    case Atan2: return atan2(x, y);
    case Hypot: return hypot(x, y);
    case Fmod: return fmod(x, y);
    case Remainder: return remainder(x, y);
    case Fmin: return fmin(x, y);
    case Fmax: return fmax(x, y);
    case Fdim: return fdim(x, y);
    case Copysign: return copysign(x, y);
    case Div: return x / y;
    default: return 0;
    }
}

__device__ float run(Op op, float x, float y) {
    switch (op) {
    case Exp: return expf(x);
    case Exp2: return exp2f(x);
    case Exp10: return exp10f(x);
    case Expm1: return expm1f(x);
    case Log: return logf(x);
    case Log2: return log2f(x);
    case Log10: return log10f(x);
    case Log1p: return log1pf(x);
    case Sin: return sinf(x);
    case Cos: return cosf(x);
    case Tan: return tanf(x);
    case Asin: return asinf(x);
    case Acos: return acosf(x);
    case Atan: return atanf(x);
    case Sinh: return sinhf(x);
    case Cosh: return coshf(x);
    case Tanh: return tanhf(x);
    case Asinh: return asinhf(x);
    case Acosh: return acoshf(x);
    case Atanh: return atanhf(x);
    case Sqrt: return sqrtf(x);
    case Rsqrt: return rsqrtf(x);
    case Cbrt: return cbrtf(x);
    case Erf: return erff(x);
    case Erfc: return erfcf(x);
    case Tgamma: return tgammaf(x);
    case Lgamma: return lgammaf(x);
    case Floor: return floorf(x);
    case Ceil: return ceilf(x);
    case Trunc: return truncf(x);
    case Round: return roundf(x);
    case Rint: return rintf(x);
    case Fabs: return fabsf(x);
    case Pow: return powf(x, y);
    case Atan2: return atan2f(x, y);
    case Hypot: return hypotf(x, y);
    case Fmod: return fmodf(x, y);
    case Remainder: return remainderf(x, y);
    case Fmin: return fminf(x, y);
    case Fmax: return fmaxf(x, y);
    case Fdim: return fdimf(x, y);
    case Copysign: return copysignf(x, y);
    case Div: return x / y;
    default: return 0;
    }
}

static long double reference(Op op, long double x, long double y) {
    switch (op) {
    case Exp: return expl(x);
    case Exp2: return exp2l(x);
    case Exp10: return powl(10.0L, x);
    case Expm1: return expm1l(x);
    case Log: return logl(x);
    case Log2: return log2l(x);
    case Log10: return log10l(x);
    case Log1p: return log1pl(x);
    case Sin: return sinl(x);
    case Cos: return cosl(x);
    case Tan: return tanl(x);
    case Asin: return asinl(x);
    case Acos: return acosl(x);
    case Atan: return atanl(x);
    case Sinh: return sinhl(x);
    case Cosh: return coshl(x);
    case Tanh: return tanhl(x);
    case Asinh: return asinhl(x);
    case Acosh: return acoshl(x);
    case Atanh: return atanhl(x);
    case Sqrt: return sqrtl(x);
    case Rsqrt: return 1.0L / sqrtl(x);
    case Cbrt: return cbrtl(x);
    case Erf: return erfl(x);
    case Erfc: return erfcl(x);
    case Tgamma: return tgammal(x);
    case Lgamma: return lgammal(x);
    case Floor: return floorl(x);
    case Ceil: return ceill(x);
    case Trunc: return truncl(x);
    case Round: return roundl(x);
    case Rint: return rintl(x);
    case Fabs: return fabsl(x);
    case Pow: return powl(x, y);
    case Atan2: return atan2l(x, y);
    case Hypot: return hypotl(x, y);
    case Fmod: return fmodl(x, y);
    case Remainder: return remainderl(x, y);
    case Fmin: return fminl(x, y);
    case Fmax: return fmaxl(x, y);
    case Fdim: return fdiml(x, y);
    case Copysign: return copysignl(x, y);
    case Div: return x / y;
    default: return 0;
    }
}

template <class T>
__global__ void evaluate(Op op, const T* x, const T* y, T* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = run(op, x[i], y[i]);
}

static unsigned long long random_bits() {
    static unsigned long long state = 12345;
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return state >> 11;
}

static double uniform() {
    return (double)random_bits() / (double)(1ull << 53);
}

/// Half of the samples evenly over the range, half evenly over the exponents.
static double sample(double low, double high) {
    if (random_bits() % 2 || low <= 0) return low + (high - low) * uniform();
    return low * std::pow(high / low, uniform());
}

/// Distance from the exact result in units of the last place of T's result.
template <class T>
static double error_in_ulps(T got, long double exact) {
    const T rounded = (T)exact;
    if (got == rounded || (std::isnan(got) && std::isnan(rounded))) return 0;
    if (std::isinf(rounded) || std::isnan(got) || std::isinf(got)) return 1e9;
    T next = std::nextafter(std::fabs(rounded), std::numeric_limits<T>::infinity());
    const long double ulp = (long double)next - std::fabs((long double)rounded);
    return (double)(std::fabs((long double)got - exact) / ulp);
}

template <class T>
static void check_row(const Row& row, double allowed) {
    Buffer<T> x(kSamples), y(kSamples), out(kSamples);
    for (int i = 0; i < kSamples; ++i) {
        x[i] = (T)sample(row.low, row.high);
        y[i] = (T)(row.op == Pow ? -5 + 15 * uniform() : sample(row.low, row.high));
    }
    x.upload();
    y.upload();
    evaluate<T>
        <<<(kSamples + 127) / 128, 128>>>(row.op, x.device(), y.device(), out.device(), kSamples);
    SYNC();
    out.download();
    double worst = 0;
    int at = 0;
    for (int i = 0; i < kSamples; ++i) {
        const double error = error_in_ulps<T>(out[i], reference(row.op, x[i], y[i]));
        if (error > worst) {
            worst = error;
            at = i;
        }
    }
    // Half a unit for the rounding of what is exact up to the bound.
    EXPECT(worst <= allowed + 0.5, "%s (%zu bytes): %.3f ulp, allowed %g; at %.17g, %.17g: %.17g",
           row.name, sizeof(T), worst, allowed, (double)x[at], (double)y[at], (double)out[at]);
}

static void special_values() {
    const double inf = INFINITY, nan = NAN;
    struct Case {
        Op op;
        double x, y, expected;
    } cases[] = {
        {Exp, -inf, 0, 0},      {Exp, inf, 0, inf},     {Exp, 0, 0, 1},
        {Log, 0, 0, -inf},      {Log, -1, 0, nan},      {Log, 1, 0, 0},
        {Sqrt, -1, 0, nan},     {Sqrt, -0.0, 0, -0.0},  {Sin, inf, 0, nan},
        {Sin, -0.0, 0, -0.0},   {Tan, -0.0, 0, -0.0},   {Pow, 0, 0, 1},
        {Pow, nan, 0, 1},       {Pow, 1, nan, 1},       {Pow, -8, 3, -512},
        {Pow, -8, 0.5, nan},    {Pow, 0, -1, inf},      {Atan2, 0, -1, 3.14159265358979323846},
        {Atan2, -0.0, 1, -0.0}, {Fmin, nan, 3, 3},      {Fmax, 3, nan, 3},
        {Fmod, 5, 0, nan},      {Fmod, -5, 3, -2},      {Remainder, 5, 3, -1},
        {Round, 2.5, 0, 3},     {Round, -0.5, 0, -1},   {Rint, 2.5, 0, 2},
        {Rint, 3.5, 0, 4},      {Hypot, inf, nan, inf}, {Tanh, 100, 0, 1},
        {Acos, 2, 0, nan},      {Cbrt, -27, 0, -3},     {Div, 1, 0, inf},
        {Div, 0, 0, nan}};
    for (const Case& c : cases) {
        Buffer<double> x(1, c.x), y(1, c.y), out(1);
        Buffer<float> xf(1, (float)c.x), yf(1, (float)c.y), outf(1);
        evaluate<double><<<1, 1>>>(c.op, x.device(), y.device(), out.device(), 1);
        evaluate<float><<<1, 1>>>(c.op, xf.device(), yf.device(), outf.device(), 1);
        SYNC();
        const double got = out.download()[0];
        const float gotf = outf.download()[0];
        const bool same = std::isnan(c.expected)
                              ? std::isnan(got)
                              : got == c.expected && std::signbit(got) == std::signbit(c.expected);
        const float wanted = (float)c.expected;
        const bool samef = std::isnan(wanted)
                               ? std::isnan(gotf)
                               : gotf == wanted && std::signbit(gotf) == std::signbit(wanted);
        EXPECT(same, "operation %d(%g, %g) = %.17g, expected %.17g", c.op, c.x, c.y, got,
               c.expected);
        EXPECT(samef, "operation %d(%g, %g) = %.9g in float, expected %.9g", c.op, c.x, c.y, gotf,
               wanted);
    }
}

int main() {
    for (const Row& row : kRows) {
        check_row<double>(row, row.ulps);
        Row narrow = row;
        if (narrow.low < -1e18 || narrow.high > 1e18) { // squares must fit
            narrow.low = narrow.low < 0 ? -1e18 : narrow.low;
            narrow.high = 1e18;
        }
        check_row<float>(narrow, row.ulps_f);
    }
    special_values();
    return finish();
}
