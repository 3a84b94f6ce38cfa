// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "measurement.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace accuracy {
namespace {

constexpr double kInfinite = HUGE_VAL;
constexpr uint64_t kMostConfirmed = 200; // wrong results of one row; what is suspect beyond counts
                                         // as wrong

/// How far the quick reference may be off, in ulp of the result.
double uncertainty(Type type) {
    return type == Type::f64 ? 0x1p-9 : type == Type::f32 ? 0x1p-20 : 0x1p-30;
}

} // namespace

std::string text_of(Type type, uint64_t word) {
    char text[64];
    if (!is_float(type))
        snprintf(text, sizeof text, type == Type::u64 ? "%llu" : "%lld",
                 static_cast<long long>(decode_wide(type, word)));
    else
        snprintf(text, sizeof text, "%a", decode(type, word));
    return text;
}

Measure::Measure(const Row& row)
    : row_(row), reference_(find_reference(row.reference)), exact_(find_exact(row.reference)) {
    if (is_float(row.result)) {
        format_ = &format(row.result);
        limit_ = std::ldexp(2.0L, format_->highest); // infinite for f64
    }
    if (!reference_ && !exact_) {
        fprintf(stderr, "accuracy: no reference %s\n", row.reference);
        exit(2);
    }
}

void Measure::add(unsigned n, const uint64_t* const* operands, const uint64_t* results) {
    for (unsigned k = 0; k < n; ++k) {
        uint64_t words[kMostOperands] = {};
        for (int i = 0; i < row_.count; ++i)
            words[i] = operands[i][k];
        if (reference_)
            check(words, results[k]);
        else
            check_exact(words, results[k]);
    }
    result.samples += n;
}

void Measure::wrong(const uint64_t* words, uint64_t got, const std::string& expected) {
    if (result.wrong++) return;
    for (int i = 0; i < kMostOperands; ++i)
        result.first_wrong.operands[i] = words[i];
    result.first_wrong.got = got;
    result.expected = expected;
}

/// -ftz=true flushes subnormal f32 results.
bool Measure::flushed(double got, double reference) const {
    return flushes() && row_.result == Type::f32 && got == 0 &&
           std::fabs(reference) <= 0x1.000002p-126;
}

/// Calls `try_operands` with the operands, and under -ftz with each way to take subnormal ones for
/// zero, until it returns true.
template <class F>
static bool with_flushed(const Row& row, const double* x, F try_operands) {
    int subnormal = 0;
    if (flushes())
        for (int i = 0; i < row.count; ++i)
            if (row.operands[i] == Type::f32 && is_subnormal_float(x[i])) subnormal |= 1 << i;
    for (int mask = 0; mask <= subnormal; ++mask) {
        if (mask & ~subnormal) continue;
        double y[kMostOperands];
        for (int i = 0; i < kMostOperands; ++i)
            y[i] = mask >> i & 1 ? std::copysign(0.0, x[i]) : x[i];
        if (try_operands(y)) return true;
    }
    return false;
}

void Measure::check_exact(const uint64_t* words, uint64_t got) {
    uint64_t mask = width(row_.result) == 64 ? ~uint64_t(0)
                                             : (uint64_t(1) << width(row_.result)) - 1;
    got &= mask;
    uint64_t expected = exact_(row_, words) & mask;
    auto same = [&](uint64_t want) {
        if (got == want) return true;
        if (!format_) return false;
        double g = decode(row_.result, got), w = decode(row_.result, want);
        return (std::isnan(g) && std::isnan(w)) || flushed(g, w);
    };
    if (same(expected)) return;
    double x[kMostOperands] = {};
    for (int i = 0; i < row_.count; ++i)
        x[i] = decode(row_.operands[i], words[i]);
    bool good = with_flushed(row_, x, [&](const double* y) {
        uint64_t other[kMostOperands];
        for (int i = 0; i < kMostOperands; ++i)
            other[i] = i < row_.count && is_float(row_.operands[i]) ? encode(row_.operands[i], y[i])
                                                                    : words[i];
        return same(exact_(row_, other) & mask);
    });
    if (!good) wrong(words, got, text_of(row_.result, expected));
}

/// `difference` is got - exact where both are finite.
Measure::Error Measure::compare(double got, double exact, double difference) const {
    if (std::isnan(exact) || std::isnan(got)) {
        bool bad = std::isnan(exact) != std::isnan(got);
        return {bad ? kInfinite : 0, bad ? kInfinite : 0, exact, bad};
    }
    if (got == exact && (exact != 0 || std::signbit(got) == std::signbit(exact)))
        return {0, 0, exact, false};
    if (exact == 0 || std::isinf(exact)) return {kInfinite, kInfinite, exact, true};
    double absolute = std::fabs(difference);
    return {in_units(absolute, last_place(*format_, exact)), absolute, exact, false};
}

Measure::Error Measure::quick_error(const double* x, uint64_t word) const {
    double got = decode(row_.result, word);
    // An infinite result is off by as much as the number beyond the largest is.
    if (row_.result == Type::f64) {
        long double wide[kMostOperands];
        for (int i = 0; i < kMostOperands; ++i)
            wide[i] = x[i];
        long double exact = reference_->wide(wide, row_.count, got);
        double as_double = static_cast<double>(exact);
        if (std::isinf(as_double) && std::isinf(got) && as_double == got)
            return {0, 0, as_double, false};
        if (exact != 0 && as_double == 0) // below the subnormals
            return {static_cast<double>(std::fabs(got - exact) / 0x1p-1074L), std::fabs(got),
                    as_double, std::signbit(got) != std::signbit(as_double)};
        long double value = std::isinf(got) ? std::copysign(std::ldexp(2.0L, 1023),
                                                            static_cast<long double>(got))
                                            : got;
        if (std::isinf(as_double) && !std::isinf(exact))
            as_double = std::copysign(0x1.fffffffffffffp1023, as_double);
        return compare(got, as_double, static_cast<double>(value - exact));
    }
    double exact = reference_->narrow(x, row_.count, got);
    if (std::isinf(got)) {
        double beyond = limit_ * (1 - std::ldexp(1.0, -format_->digits - 1));
        bool right = std::fabs(exact) >= beyond && std::signbit(got) == std::signbit(exact);
        return right ? Error{0, 0, exact, false}
                     : compare(got, exact, std::copysign(limit_, got) - exact);
    }
    return compare(got, exact, got - exact);
}

Measure::Error Measure::exact_error(const double* x, uint64_t word, double& distance,
                                    std::string& expected) const {
    double got = decode(row_.result, word);
    mpfr_t numbers[kMostOperands], exact, difference;
    mpfr_ptr pointers[kMostOperands];
    for (int i = 0; i < kMostOperands; ++i) {
        mpfr_init2(numbers[i], 64);
        mpfr_set_d(numbers[i], x[i], MPFR_RNDN);
        pointers[i] = numbers[i];
    }
    mpfr_inits2(kPrecision, exact, difference, static_cast<mpfr_ptr>(nullptr));
    reference_->exact(exact, pointers, row_.count);
    uint64_t rounded = round_to(row_.result, exact, Mode::nearest);
    double rounded_value = decode(row_.result, rounded);
    char text[80];
    mpfr_snprintf(text, sizeof text, "%.25Rg", exact);
    expected = text_of(row_.result, rounded) + " (" + text + ")";

    Error error;
    double near = std::isinf(got) ? std::copysign(limit_, got) : got;
    if (std::isnan(rounded_value) || std::isnan(got) || mpfr_zero_p(exact) || mpfr_inf_p(exact)) {
        error = compare(got, rounded_value, 0);
        distance = error.special ? kInfinite : 0;
    } else {
        mpfr_d_sub(difference, near, exact, MPFR_RNDN);
        double absolute = std::fabs(mpfr_get_d(difference, MPFR_RNDN));
        distance = std::fabs(
            static_cast<double>(ordinal(row_.result, word) - ordinal(row_.result, rounded)));
        double size = mpfr_get_d(exact, MPFR_RNDZ);
        if (std::isinf(got) && std::isinf(rounded_value) && got == rounded_value) absolute = 0;
        error = {in_units(absolute, last_place(*format_, size)), absolute, size, false};
        // A zero of the wrong sign, instead of a number that is too small.
        if (got == 0 && rounded_value == 0 && std::signbit(got) != std::signbit(rounded_value))
            error.special = true, distance = kInfinite;
    }
    for (mpfr_ptr number : pointers)
        mpfr_clear(number);
    mpfr_clears(exact, difference, static_cast<mpfr_ptr>(nullptr));
    return error;
}

void Measure::check(const uint64_t* words, uint64_t got) {
    double x[kMostOperands] = {};
    for (int i = 0; i < row_.count; ++i)
        x[i] = decode(row_.operands[i], words[i]);
    Error quick = quick_error(x, got);
    Limit limit = row_.bound.at(row_.bound, x, quick.reference);
    if (limit.kind == Limit::none) return;
    bool by_ulp = limit.kind == Limit::ulp;
    double error = by_ulp ? quick.ulp : quick.absolute;
    // Half a unit may lie between the exact and the correctly rounded result.
    bool suspect = quick.special || (by_ulp ? error > limit.value + 0.5 - uncertainty(row_.result)
                                            : error > limit.value);
    double& screened = by_ulp ? screened_ulp_ : screened_absolute_;
    if (!suspect && error <= screened) return;
    if (result.wrong >= kMostConfirmed) {
        if (suspect) wrong(words, got, "");
        return;
    }
    // Of what -ftz=true leaves open, the best.
    double best_error = kInfinite;
    std::string expected, first_expected;
    bool good = with_flushed(row_, x, [&](const double* y) {
        double distance;
        Error exact = exact_error(y, got, distance, expected);
        if (first_expected.empty()) first_expected = expected;
        if (flushed(decode(row_.result, got), exact.reference)) {
            best_error = 0;
            return true;
        }
        bool fits = !exact.special &&
                    (by_ulp ? distance <= limit.value : exact.absolute <= limit.value);
        if (!exact.special) best_error = std::min(best_error, by_ulp ? exact.ulp : exact.absolute);
        return fits;
    });
    if (!good) wrong(words, got, first_expected);
    if (std::isfinite(error) && error > screened) screened = error;
    Worst& worst = by_ulp ? result.ulp : result.absolute;
    if (std::isfinite(best_error) && best_error > worst.error) {
        worst.error = best_error;
        for (int i = 0; i < kMostOperands; ++i)
            worst.operands[i] = words[i];
        worst.got = got;
    }
}

} // namespace accuracy
