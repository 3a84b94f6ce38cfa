// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Correct rounding by definition: the exact result is held as a 113-bit float plus the sign of what
// is missing, its two neighbours in the target format are found, and the mode chooses.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace acc::test {

using quad = __float128;

enum Rounding { kNearest, kZero, kDown, kUp };

/// value + (something too small to hold, of sign `rest`).
struct Exact {
    quad value;
    int rest = 0;
};

inline Exact exact_sum(quad a, quad b) {
    const quad s = a + b;
    const quad part = s - a, error = (a - (s - part)) + (b - part);
    return {s, error > 0 ? 1 : error < 0 ? -1 : 0};
}

/// Chooses between the neighbours low <= x <= high (low < high); low_even: the last bit of low is
/// 0.
inline bool choose_high(const Exact& x, quad low, quad high, bool low_even, bool negative,
                        Rounding mode) {
    switch (mode) {
    case kZero: return negative;
    case kDown: return false;
    case kUp: return true;
    default: break;
    }
    const quad below = x.value - low, above = high - x.value;
    if (below != above) return below > above;
    return x.rest ? x.rest > 0 : !low_even;
}

/// F is float or double, U its bits. x is finite and not zero.
template <class F, class U>
F round_to(const Exact& x, Rounding mode) {
    const F infinity = std::numeric_limits<F>::infinity(), largest = std::numeric_limits<F>::max();
    const quad next = static_cast<quad>(largest) +
                      (static_cast<quad>(largest) -
                       static_cast<quad>(std::nextafter(largest, F{0})));
    const bool negative = x.value < 0 || (x.value == 0 && x.rest < 0);
    F near = static_cast<F>(x.value);
    if (std::isinf(near)) near = near > 0 ? largest : -largest;
    const quad q = near;
    F low = near, high = near;
    if (q > x.value || (q == x.value && x.rest < 0))
        low = std::nextafter(near, -infinity);
    else if (q < x.value || (q == x.value && x.rest > 0))
        high = std::nextafter(near, infinity);
    else
        return near;
    const quad low_value = std::isinf(low) ? -next : static_cast<quad>(low),
               high_value = std::isinf(high) ? next : static_cast<quad>(high);
    if (x.value >= next) return mode == kNearest || mode == kUp ? infinity : largest;
    if (x.value <= -next) return mode == kNearest || mode == kDown ? -infinity : -largest;
    const bool low_even = (std::bit_cast<U>(low) & 1) == 0;
    const F r = choose_high(x, low_value, high_value, low_even, negative, mode) ? high : low;
    return r == 0 && negative ? -F{0} : r;
}

/// Value of an f16 (5 exponent bits) or bf16 (8) number; infinity counts as the next power of two.
inline double half_value(uint32_t bits, bool bf) {
    const int fraction_bits = bf ? 7 : 10, bias = bf ? 127 : 15;
    const int field = static_cast<int>(bits >> fraction_bits) & (bf ? 255 : 31);
    const int fraction = static_cast<int>(bits) & ((1 << fraction_bits) - 1);
    const double magnitude = field ? std::ldexp((1 << fraction_bits) + fraction,
                                                field - bias - fraction_bits)
                                   : std::ldexp(fraction, 1 - bias - fraction_bits);
    return bits & 0x8000 ? -magnitude : magnitude;
}
inline bool half_is_nan(uint32_t bits, bool bf) {
    return (bits & 0x7fff) > (bf ? 0x7f80u : 0x7c00u);
}

/// Searches the numbers of the format.
inline uint32_t round_to_half(const Exact& x, bool bf, Rounding mode) {
    const uint32_t infinity = bf ? 0x7f80 : 0x7c00;
    const bool negative = x.value < 0;
    Exact m{negative ? -x.value : x.value, negative ? -x.rest : x.rest};
    const uint32_t sign = negative ? 0x8000 : 0;
    const Rounding magnitude_mode = !negative       ? mode
                                    : mode == kDown ? kUp
                                    : mode == kUp   ? kDown
                                                    : mode;
    uint32_t low = 0, high = infinity; // low <= m < high
    if (m.value >= half_value(infinity, bf))
        return sign |
               (magnitude_mode == kZero || magnitude_mode == kDown ? infinity - 1 : infinity);
    while (high - low > 1) {
        const uint32_t middle = (low + high) / 2;
        const quad v = half_value(middle, bf);
        (m.value > v || (m.value == v && m.rest >= 0) ? low : high) = middle;
    }
    if (m.value == half_value(low, bf) && m.rest == 0) return sign | low;
    return sign | (choose_high(m, half_value(low, bf), half_value(high, bf), (low & 1) == 0, false,
                               magnitude_mode)
                       ? high
                       : low);
}

} // namespace acc::test
