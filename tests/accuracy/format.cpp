// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "format.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace accuracy {
namespace {

constexpr Format kFormats[] = {
    {16, 11, -14, 15}, {16, 8, -126, 127}, {32, 24, -126, 127}, {64, 53, -1022, 1023}};

template <class To, class From>
To bits_as(From from) {
    To to;
    memcpy(&to, &from, sizeof to);
    return to;
}

template <class T>
T rounded(T value, Mode mode) {
    switch (mode) {
    case Mode::nearest: return std::nearbyint(value);
    case Mode::zero: return std::trunc(value);
    case Mode::up: return std::ceil(value);
    case Mode::down: return std::floor(value);
    }
    return value;
}

uint64_t overflow(Type type, bool negative, Mode mode) {
    const Format& f = format(type);
    bool infinite = mode == Mode::nearest || (mode == Mode::up && !negative) ||
                    (mode == Mode::down && negative);
    double largest = std::ldexp(2.0 - std::ldexp(1.0, 1 - f.digits), f.highest);
    double value = infinite ? std::numeric_limits<double>::infinity() : largest;
    return encode(type, negative ? -value : value);
}

double power_above(const Format& f) {
    return std::ldexp(1.0, f.highest) * 2;
}

} // namespace

bool is_float(Type type) {
    return type <= Type::f64;
}
const Format& format(Type type) {
    return kFormats[static_cast<int>(type)];
}
int width(Type type) {
    constexpr int kWidths[] = {16, 16, 32, 64, 16, 16, 32, 32, 64, 64};
    return kWidths[static_cast<int>(type)];
}

long double decode_wide(Type type, uint64_t word) {
    if (type == Type::s64) return static_cast<int64_t>(word);
    if (type == Type::u64) return word;
    return decode(type, word);
}

double decode(Type type, uint64_t word) {
    switch (type) {
    case Type::f64: return bits_as<double>(word);
    case Type::f32: return bits_as<float>(static_cast<uint32_t>(word));
    case Type::bf16: return bits_as<float>(static_cast<uint32_t>(word << 16));
    case Type::f16: break;
    case Type::s16: return static_cast<int16_t>(word);
    case Type::u16: return static_cast<uint16_t>(word);
    case Type::s32: return static_cast<int32_t>(word);
    case Type::u32: return static_cast<uint32_t>(word);
    case Type::s64: return static_cast<double>(static_cast<int64_t>(word));
    case Type::u64: return static_cast<double>(word);
    }
    int exponent = word >> 10 & 31, fraction = word & 1023;
    double size = exponent == 31 ? (fraction ? std::numeric_limits<double>::quiet_NaN()
                                             : std::numeric_limits<double>::infinity())
                  : exponent     ? std::ldexp(fraction + 1024, exponent - 25)
                                 : std::ldexp(fraction, -24);
    return word & 0x8000 ? -size : size;
}

uint64_t encode(Type type, double value) {
    switch (type) {
    case Type::f64: return bits_as<uint64_t>(value);
    case Type::f32: return bits_as<uint32_t>(static_cast<float>(value));
    case Type::bf16: return bits_as<uint32_t>(static_cast<float>(value)) >> 16;
    case Type::f16: break;
    default: return static_cast<uint64_t>(static_cast<int64_t>(value));
    }
    uint64_t sign = std::signbit(value) ? 0x8000 : 0;
    double size = std::fabs(value);
    if (std::isnan(value)) return sign | 0x7fff;
    if (std::isinf(value)) return sign | 0x7c00;
    if (size < 0x1p-14) return sign | static_cast<uint64_t>(std::ldexp(size, 24));
    int exponent = std::ilogb(size);
    return sign | (static_cast<uint64_t>(exponent + 14) << 10) +
                      static_cast<uint64_t>(std::ldexp(size, 10 - exponent));
}

int last_place(const Format& f, double value) {
    int exponent = static_cast<int>(bits_as<uint64_t>(value) >> 52 & 0x7ff) - 1023;
    return (exponent < f.lowest ? f.lowest : exponent) - f.digits + 1; // f64's subnormals have
                                                                       // -1023
}

double in_units(double value, int unit) {
    if (unit > -1000 && unit < 1000)
        return value * bits_as<double>(static_cast<uint64_t>(1023 - unit) << 52);
    return std::ldexp(value, -unit);
}

uint64_t round_to(Type type, long double value, Mode mode) {
    const Format& f = format(type);
    if (!std::isfinite(value) || value == 0) return encode(type, static_cast<double>(value));
    int exponent = std::ilogb(value),
        unit = (exponent < f.lowest ? f.lowest : exponent) - f.digits + 1;
    long double whole = rounded(std::ldexp(value, -unit), mode);
    long double result = std::ldexp(whole, unit);
    if (std::fabs(result) >= std::ldexp(2.0L, f.highest)) return overflow(type, value < 0, mode);
    return encode(type, std::copysign(static_cast<double>(result), static_cast<double>(value)));
}

uint64_t round_to(Type type, mpfr_srcptr value, Mode mode) {
    const Format& f = format(type);
    bool negative = mpfr_signbit(value);
    if (mpfr_nan_p(value)) return encode(type, std::numeric_limits<double>::quiet_NaN());
    if (mpfr_inf_p(value) || (!mpfr_zero_p(value) && mpfr_get_exp(value) > f.highest + 1))
        return mpfr_inf_p(value) ? encode(type, negative ? -HUGE_VAL : HUGE_VAL)
                                 : overflow(type, negative, mode);
    if (mpfr_zero_p(value)) return encode(type, negative ? -0.0 : 0.0);
    mpfr_exp_t exponent = mpfr_get_exp(value) - 1;
    int unit = static_cast<int>(exponent < f.lowest ? f.lowest : exponent) - f.digits + 1;
    mpfr_t scaled;
    mpfr_init2(scaled, mpfr_get_prec(value) + 2);
    mpfr_mul_2si(scaled, value, -unit, MPFR_RNDN);
    switch (mode) {
    case Mode::nearest: mpfr_rint(scaled, scaled, MPFR_RNDN); break;
    case Mode::zero: mpfr_rint(scaled, scaled, MPFR_RNDZ); break;
    case Mode::up: mpfr_rint(scaled, scaled, MPFR_RNDU); break;
    case Mode::down: mpfr_rint(scaled, scaled, MPFR_RNDD); break;
    }
    double whole = mpfr_get_d(scaled, MPFR_RNDN); // at most 2^53
    mpfr_clear(scaled);
    double result = std::ldexp(whole, unit);
    if (std::fabs(result) >= power_above(f)) return overflow(type, negative, mode);
    return encode(type, std::copysign(result, negative ? -1.0 : 1.0));
}

int64_t ordinal(Type type, uint64_t word) {
    uint64_t sign = uint64_t(1) << (width(type) - 1), size = word & (sign - 1);
    return word & sign ? -static_cast<int64_t>(size) : static_cast<int64_t>(size);
}

bool is_subnormal_float(double value) {
    return value != 0 && std::fabs(value) < 0x1p-126;
}

} // namespace accuracy
