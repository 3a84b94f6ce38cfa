// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that are defined to the last bit. f32 and f64 by the host's arithmetic in the named
// rounding mode (this file is compiled with -frounding-math), f16 and bf16 by MPFR.
#include "references.h"

#include <cfenv>
#include <cmath>
#include <limits>
#include <map>

namespace accuracy {
namespace {

enum class Op { add, sub, mul, div, fma, sqrt, rcp };

constexpr int kHostModes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};

template <class T>
T compute(Op op, T a, T b, T c) {
    volatile T x = a, y = b, z = c;
    switch (op) {
    case Op::add: return x + y;
    case Op::sub: return x - y;
    case Op::mul: return x * y;
    case Op::div: return x / y;
    case Op::fma: return std::fma(x, y, z);
    case Op::sqrt: return std::sqrt(x);
    case Op::rcp: return T(1) / x;
    }
    return 0;
}

template <class T>
uint64_t by_host(Type type, Op op, Mode mode, const double* x) {
    fesetround(kHostModes[static_cast<int>(mode)]);
    volatile T result = compute<T>(op, static_cast<T>(x[0]), static_cast<T>(x[1]),
                                   static_cast<T>(x[2]));
    fesetround(FE_TONEAREST);
    return encode(type, result);
}

/// 600 bits hold every sum and product of f16 and bf16; a quotient or root cannot lie that close to
/// a tie.
uint64_t by_mpfr(Type type, Op op, Mode mode, const double* x) {
    static thread_local struct Numbers {
        mpfr_t a, b, c, r;
        Numbers() { mpfr_inits2(600, a, b, c, r, static_cast<mpfr_ptr>(nullptr)); }
        ~Numbers() { mpfr_clears(a, b, c, r, static_cast<mpfr_ptr>(nullptr)); }
    } n;
    mpfr_set_d(n.a, x[0], MPFR_RNDN);
    mpfr_set_d(n.b, x[1], MPFR_RNDN);
    mpfr_set_d(n.c, x[2], MPFR_RNDN);
    switch (op) {
    case Op::add: mpfr_add(n.r, n.a, n.b, MPFR_RNDN); break;
    case Op::sub: mpfr_sub(n.r, n.a, n.b, MPFR_RNDN); break;
    case Op::mul: mpfr_mul(n.r, n.a, n.b, MPFR_RNDN); break;
    case Op::div: mpfr_div(n.r, n.a, n.b, MPFR_RNDN); break;
    case Op::fma: mpfr_fma(n.r, n.a, n.b, n.c, MPFR_RNDN); break;
    case Op::sqrt: mpfr_sqrt(n.r, n.a, MPFR_RNDN); break;
    case Op::rcp: mpfr_ui_div(n.r, 1, n.a, MPFR_RNDN); break;
    }
    return round_to(type, n.r, mode);
}

void operands(const Row& row, const uint64_t* words, double* x) {
    for (int i = 0; i < kMostOperands; ++i)
        x[i] = i < row.count ? decode(row.operands[i], words[i]) : 0;
}

template <Op op, Mode mode>
uint64_t arithmetic(const Row& row, const uint64_t* words) {
    double x[kMostOperands];
    operands(row, words, x);
    if (row.result == Type::f64) return by_host<double>(row.result, op, mode, x);
    if (row.result == Type::f32) return by_host<float>(row.result, op, mode, x);
    return by_mpfr(row.result, op, mode, x);
}
/// Clamped to [0, 1]; NaN gives +0.
uint64_t clamped(Type type, uint64_t word) {
    double value = decode(type, word);
    return encode(type, value > 0 ? value < 1 ? value : 1.0 : 0.0);
}
template <Op op>
uint64_t saturated(const Row& row, const uint64_t* words) {
    return clamped(row.result, arithmetic<op, Mode::nearest>(row, words));
}
uint64_t saturate(const Row& row, const uint64_t* words) {
    return clamped(row.result, words[0]);
}
uint64_t fma_relu(const Row& row, const uint64_t* words) {
    uint64_t word = arithmetic<Op::fma, Mode::nearest>(row, words);
    return decode(row.result, word) < 0 ? 0 : word;
}

/// A function of floats whose result is one of the numbers of the type, whatever the rounding.
template <double (*function)(double)>
uint64_t of_one(const Row& row, const uint64_t* words) {
    return encode(row.result, function(decode(row.operands[0], words[0])));
}
template <double (*function)(double, double)>
uint64_t of_two(const Row& row, const uint64_t* words) {
    return encode(row.result,
                  function(decode(row.operands[0], words[0]), decode(row.operands[1], words[1])));
}
double negated(double x) {
    return -x;
}
/// A zero has the sign of x (C99, 7.12.10.2), which the C library forgets for some large quotients.
double remainder_of(double x, double y) {
    double rest = std::remainder(x, y);
    return rest == 0 ? std::copysign(rest, x) : rest;
}
/// -0 is below +0; NaN loses, also a signalling one, which the C library would hand on.
double least(double x, double y) {
    if (std::isnan(x) || std::isnan(y)) return std::isnan(x) ? y : x;
    return x == y ? std::signbit(x) ? x : y : std::fmin(x, y);
}
double most(double x, double y) {
    if (std::isnan(x) || std::isnan(y)) return std::isnan(x) ? y : x;
    return x == y ? std::signbit(x) ? y : x : std::fmax(x, y);
}
double least_nan(double x, double y) {
    return std::isnan(x) || std::isnan(y) ? std::numeric_limits<double>::quiet_NaN() : least(x, y);
}
double most_nan(double x, double y) {
    return std::isnan(x) || std::isnan(y) ? std::numeric_limits<double>::quiet_NaN() : most(x, y);
}
double fraction_of(double x) {
    double whole;
    return std::modf(x, &whole);
}
double significand_of(double x) {
    int exponent;
    return std::frexp(x, &exponent);
}
int last_bits(int quotient, bool negative) {
    int size = (quotient < 0 ? -quotient : quotient) & 7;
    return (negative ? -size : size) & 7;
}
/// The low three bits of the quotient, with its sign, in two's complement. Of what has no remainder
/// CUDA defines none.
uint64_t quotient(const Row& row, const uint64_t* words) {
    double x = decode(row.operands[0], words[0]), y = decode(row.operands[1], words[1]);
    int n = 0;
    std::remquo(x, y, &n);
    if (!std::isfinite(x) || y == 0 || std::isnan(y) || std::isinf(y)) n = 0;
    return static_cast<uint64_t>(last_bits(n, n < 0));
}
uint64_t difference(const Row& row, const uint64_t* words) {
    double x = decode(row.operands[0], words[0]), y = decode(row.operands[1], words[1]);
    if (row.result == Type::f32)
        return encode(row.result, std::fdim(static_cast<float>(x), static_cast<float>(y)));
    return encode(row.result, std::fdim(x, y));
}
uint64_t next_after(const Row& row, const uint64_t* words) {
    double x = decode(row.operands[0], words[0]), y = decode(row.operands[1], words[1]);
    if (row.result == Type::f32)
        return encode(row.result, std::nextafter(static_cast<float>(x), static_cast<float>(y)));
    return encode(row.result, std::nextafter(x, y));
}
uint64_t scaled(const Row& row, const uint64_t* words) {
    double x = decode(row.operands[0], words[0]);
    int64_t n = row.operands[1] == Type::s64 ? static_cast<int64_t>(words[1])
                                             : static_cast<int32_t>(words[1]);
    int by = static_cast<int>(std::min<int64_t>(std::max<int64_t>(n, -5000), 5000));
    if (row.result == Type::f32) return encode(row.result, std::ldexp(static_cast<float>(x), by));
    return encode(row.result, std::ldexp(x, by));
}
uint64_t exponent_of(const Row& row, const uint64_t* words) {
    double x = decode(row.operands[0], words[0]);
    int exponent = 0;
    if (std::isfinite(x)) std::frexp(x, &exponent);
    return static_cast<uint32_t>(exponent);
}
/// Of zero and NaN INT_MIN, of infinity INT_MAX, as CUDA documents.
uint64_t integer_logarithm(const Row& row, const uint64_t* words) {
    double x = decode(row.operands[0], words[0]);
    if (x == 0 || std::isnan(x)) return 0x80000000u;
    return static_cast<uint32_t>(std::isinf(x) ? std::numeric_limits<int>::max() : std::ilogb(x));
}

template <bool (*function)(double)>
uint64_t classified(const Row& row, const uint64_t* words) {
    return function(decode(row.operands[0], words[0]));
}
bool is_nan(double x) {
    return std::isnan(x);
}
bool is_infinite(double x) {
    return std::isinf(x);
}
bool is_finite(double x) {
    return std::isfinite(x);
}
bool is_negative(double x) {
    return std::signbit(x);
}
#define COMPARISON(NAME, OPERATOR)                                                                 \
    template <bool unordered>                                                                      \
    uint64_t NAME(const Row& row, const uint64_t* words) {                                         \
        double x = decode(row.operands[0], words[0]), y = decode(row.operands[1], words[1]);       \
        return std::isnan(x) || std::isnan(y) ? unordered : x OPERATOR y;                          \
    }
COMPARISON(eq, ==)
COMPARISON(ne, !=)
COMPARISON(lt, <)
COMPARISON(le, <=)
COMPARISON(gt, >)
COMPARISON(ge, >=)
#undef COMPARISON

template <Mode mode>
long double to_whole(long double x) {
    switch (mode) {
    case Mode::nearest: return std::nearbyint(x);
    case Mode::zero: return std::trunc(x);
    case Mode::up: return std::ceil(x);
    case Mode::down: return std::floor(x);
    }
}
/// Clamped to the type. NaN: 0, and the largest power of two for 64-bit results and f64 operands
/// (PTX, cvt).
uint64_t to_integer(const Row& row, long double whole) {
    int bits = width(row.result);
    bool is_signed = row.result == Type::s16 || row.result == Type::s32 || row.result == Type::s64;
    uint64_t mask = bits == 64 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1, top = uint64_t(1)
                                                                                 << (bits - 1);
    if (std::isnan(whole)) return bits == 64 || row.operands[0] == Type::f64 ? top : 0;
    long double limit = std::ldexp(1.0L, is_signed ? bits - 1 : bits);
    if (whole >= limit) return is_signed ? top - 1 : mask;
    if (is_signed)
        return whole <= -limit ? top : static_cast<uint64_t>(static_cast<int64_t>(whole)) & mask;
    return whole <= 0 ? 0 : static_cast<uint64_t>(whole);
}
template <Mode mode>
uint64_t to(const Row& row, const uint64_t* words) {
    return to_integer(row, to_whole<mode>(decode(row.operands[0], words[0])));
}
uint64_t to_away(const Row& row, const uint64_t* words) {
    return to_integer(row, std::round(static_cast<long double>(decode(row.operands[0], words[0]))));
}
/// From any type to a float type.
template <Mode mode>
uint64_t from(const Row& row, const uint64_t* words) {
    return round_to(row.result, decode_wide(row.operands[0], words[0]), mode);
}

#define MODES(NAME, F)                                                                             \
    {NAME "_rn", F<Mode::nearest>}, {NAME "_rz", F<Mode::zero>}, {NAME "_ru", F<Mode::up>}, {      \
        NAME "_rd", F<Mode::down>                                                                  \
    }
#define ARITHMETIC(NAME)                                                                           \
    {#NAME "_rn", arithmetic<Op::NAME, Mode::nearest>},                                            \
        {#NAME "_rz", arithmetic<Op::NAME, Mode::zero>},                                           \
        {#NAME "_ru", arithmetic<Op::NAME, Mode::up>}, {                                           \
        #NAME "_rd", arithmetic<Op::NAME, Mode::down>                                              \
    }
#define COMPARE(NAME)                                                                              \
    {#NAME, NAME<false>}, {                                                                        \
        #NAME "u", NAME<true>                                                                      \
    }

} // namespace

ExactFunction find_exact(const std::string& name) {
    static const std::map<std::string, ExactFunction> functions = {
        ARITHMETIC(add),
        ARITHMETIC(sub),
        ARITHMETIC(mul),
        ARITHMETIC(div),
        ARITHMETIC(fma),
        ARITHMETIC(sqrt),
        ARITHMETIC(rcp),
        MODES("to", to),
        MODES("from", from),
        MODES("narrow", from),
        COMPARE(eq),
        COMPARE(ne),
        COMPARE(lt),
        COMPARE(le),
        COMPARE(gt),
        COMPARE(ge),
        {"add_sat", saturated<Op::add>},
        {"sub_sat", saturated<Op::sub>},
        {"mul_sat", saturated<Op::mul>},
        {"fma_sat", saturated<Op::fma>},
        {"fma_relu", fma_relu},
        {"saturate", saturate},
        {"widen", from<Mode::nearest>},
        {"to_round", to_away},
        {"fmod", of_two<std::fmod>},
        {"remainder", of_two<remainder_of>},
        {"quotient", quotient},
        {"fdim", difference},
        {"fmin", of_two<least>},
        {"fmax", of_two<most>},
        {"fmin_nan", of_two<least_nan>},
        {"fmax_nan", of_two<most_nan>},
        {"copysign", of_two<std::copysign>},
        {"nextafter", next_after},
        {"trunc", of_one<std::trunc>},
        {"ceil", of_one<std::ceil>},
        {"floor", of_one<std::floor>},
        {"rint", of_one<std::rint>},
        {"nearbyint", of_one<std::nearbyint>},
        {"round", of_one<std::round>},
        {"fabs", of_one<std::fabs>},
        {"neg", of_one<negated>},
        {"logb", of_one<std::logb>},
        {"ldexp", scaled},
        {"ilogb", integer_logarithm},
        {"frexp", of_one<significand_of>},
        {"frexp_exponent", exponent_of},
        {"modf", of_one<fraction_of>},
        {"isnan", classified<is_nan>},
        {"isinf", classified<is_infinite>},
        {"isfinite", classified<is_finite>},
        {"signbit", classified<is_negative>}};
    auto found = functions.find(name);
    return found == functions.end() ? nullptr : found->second;
}

} // namespace accuracy
