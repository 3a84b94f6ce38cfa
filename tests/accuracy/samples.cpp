// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "samples.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace accuracy {
namespace {

/// Words of a float type near a value: itself and `around` neighbours on each side.
void add_near(std::vector<uint64_t>& words, Type type, double value, int around) {
    uint64_t top = uint64_t(1) << (width(type) - 1);
    int64_t at = ordinal(type, round_to(type, static_cast<long double>(value), Mode::nearest));
    for (int64_t k = at - around; k <= at + around; ++k)
        words.push_back(k < 0 ? static_cast<uint64_t>(-k) | top : static_cast<uint64_t>(k));
}

std::vector<uint64_t> special_floats(Type type, bool few) {
    const Format& f = format(type);
    uint64_t top = uint64_t(1) << (width(type) - 1);
    std::vector<uint64_t> words;
    const double ends[] = {std::ldexp(1.0, f.lowest), std::ldexp(1.0, f.highest), 1.0, 2.0, 0.5};
    for (double value : ends)
        add_near(words, type, value, few ? 1 : 3);
    add_near(words, type, std::ldexp(1.0, f.lowest - f.digits + 1), 0);
    words.push_back(encode(type, std::ldexp(2.0 - std::ldexp(1.0, 1 - f.digits), f.highest)));
    for (double value : {3.0, 4.0, 5.0, 7.0, 8.0, 10.0, 1.5, 2.5, 0.25, 0.75, 100.0})
        add_near(words, type, value, few ? 0 : 1);
    if (!few) {
        for (int exponent = f.lowest - f.digits + 1; exponent <= f.highest;
             exponent += width(type) == 64 ? 13 : 2)
            add_near(words, type, std::ldexp(1.0, exponent), 1);
        for (int k = 1; k <= 64; ++k) {
            add_near(words, type, k * 0.78539816339744830962, 1);
            add_near(words, type, k * 0.5, 1);
        }
        for (double value : {88.722839,
                             103.97208,
                             709.782713,
                             745.13322,
                             0.34657359,
                             0.70710678,
                             1.4142136,
                             2.2644,
                             10.001,
                             23.0001,
                             26.5,
                             2.404825557695773,
                             5.520078110286311,
                             0.8935769662791675,
                             3.957678419314858,
                             2.197141326031017,
                             5.429681040794135,
                             171.624,
                             1e10,
                             1e22})
            add_near(words, type, value, 3);
    }
    size_t positive = words.size();
    for (size_t i = 0; i < positive; ++i)
        words.push_back(words[i] ^ top);
    words.push_back(0);
    words.push_back(top);
    words.push_back(encode(type, HUGE_VAL));
    words.push_back(encode(type, -HUGE_VAL));
    words.push_back(encode(type, std::nan("")));
    return words;
}

std::vector<uint64_t> special_integers(Type type) {
    std::vector<uint64_t> words;
    int bits = width(type);
    uint64_t mask = bits == 64 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1;
    for (int k = 0; k < bits; ++k)
        for (int64_t d = -2; d <= 2; ++d) {
            words.push_back(((uint64_t(1) << k) + static_cast<uint64_t>(d)) & mask);
            words.push_back((0 - (uint64_t(1) << k) + static_cast<uint64_t>(d)) & mask);
        }
    for (int64_t d = -300; d <= 300; d += 7)
        words.push_back(static_cast<uint64_t>(d) & mask);
    return words;
}

} // namespace

Samples::Samples(const Row& row, bool all, uint64_t wanted, uint64_t seed)
    : row_(row), all_(all), total_(wanted), random_(seed) {
    if (all) {
        int bits = 0;
        for (int i = 0; i < row.count; ++i)
            bits += width(row.operands[i]);
        total_ = uint64_t(1) << std::min(bits, 40);
        special_ = 0;
        return;
    }
    for (int i = 0; i < row.count; ++i) {
        Type type = row.operands[i];
        specials_[i] = is_float(type) ? special_floats(type, row.count > 1)
                                      : special_integers(type);
        special_ *= specials_[i].size();
    }
    special_ = std::min(special_, wanted / 2);
}

double Samples::random_value(Type type, int i, const uint64_t* before) {
    const Format& f = format(type);
    double unit = static_cast<double>(random_() >> 11) * 0x1p-53, sign = random_() & 1 ? -1 : 1;
    switch (random_() % 8) {
    case 0: return sign * std::ldexp(1 + unit, static_cast<int>(random_() % 17) - 8);
    case 1: return sign * std::ldexp(1 + unit, static_cast<int>(random_() % 81) - 40);
    case 2: return (unit * 2 - 1) * 32;
    case 3: return (unit * 2 - 1) * (random_() & 1 ? 1 : width(type) == 64 ? 800 : 130);
    case 4:
        return sign * (static_cast<double>(random_() % 4096) / 2) *
               (random_() & 1 ? 1 : 1.57079632679489661923);
    case 5:
        return 1 + sign * std::ldexp(
                              1 + unit,
                              -static_cast<int>(random_() % static_cast<uint64_t>(f.digits)) - 1);
    case 6:
        return sign * std::ldexp(1.0 + static_cast<double>(random_() % 8) / 8,
                                 static_cast<int>(random_() %
                                                  static_cast<uint64_t>(f.highest - f.lowest)) +
                                     f.lowest);
    default: break;
    }
    if (i == 0) return sign * std::ldexp(1 + unit, static_cast<int>(random_() % 400) - 200);
    // Related to the operand before.
    double other = decode(row_.operands[i - 1], before[i - 1]);
    switch (random_() % 4) {
    case 0:
        return other *
               (1 + sign * std::ldexp(unit, -static_cast<int>(random_() %
                                                              static_cast<uint64_t>(f.digits))));
    case 1: return sign * std::ldexp(other, static_cast<int>(random_() % 41) - 20);
    case 2: return sign * other;
    default: // for pow: an exponent that keeps the result within the range
        other = std::log2(std::fabs(other));
        return (unit * 2 - 1) * 1.1 * f.highest / (other == 0 || !std::isfinite(other) ? 1 : other);
    }
}

uint64_t Samples::random_operand(int i, const uint64_t* before) {
    Type type = row_.operands[i];
    uint64_t bits = random_();
    uint64_t mask = width(type) == 64 ? ~uint64_t(0) : (uint64_t(1) << width(type)) - 1;
    if (!is_float(type))
        return (bits >> (random_() % 2 ? 0 : random_() % 64)) * (random_() & 1 ? 1 : ~uint64_t(0)) &
               mask;
    if (random_() % 3 == 0) return bits & mask;
    double value = random_value(type, i, before);
    if (width(type) > 16) return encode(type, value);
    return round_to(type, static_cast<long double>(value), Mode::nearest);
}

unsigned Samples::next(unsigned n, uint64_t* const* operands) {
    unsigned k = 0;
    for (; k < n && done_ < total_; ++k, ++done_) {
        uint64_t words[kMostOperands] = {};
        if (all_) {
            uint64_t rest = done_;
            for (int i = 0; i < row_.count; ++i) {
                int bits = width(row_.operands[i]);
                words[i] = rest & ((uint64_t(1) << bits) - 1);
                rest >>= bits;
            }
        } else if (done_ < special_) {
            uint64_t rest = done_;
            for (int i = 0; i < row_.count; ++i) {
                words[i] = specials_[i][rest % specials_[i].size()];
                rest /= specials_[i].size();
            }
        } else {
            for (int i = 0; i < row_.count; ++i)
                words[i] = random_operand(i, words);
        }
        for (int i = 0; i < row_.count; ++i)
            operands[i][k] = words[i];
    }
    return k;
}

} // namespace accuracy
