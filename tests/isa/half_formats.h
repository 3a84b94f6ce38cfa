// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// f16 and bf16 numbers as doubles, which hold them, their products and their sums' neighbours
// exactly enough to round from.
#pragma once

#include "tests/isa/exact_float.h"

namespace acc::test {

/// Value of the low 16 bits, with infinities and NaN.
inline double half_number(uint64_t x, bool bf) {
    const auto h = static_cast<uint32_t>(x & 0xffff), infinity = bf ? 0x7f80u : 0x7c00u;
    if (half_is_nan(h, bf)) return std::nan("");
    if ((h & 0x7fff) == infinity) return h & 0x8000 ? -HUGE_VAL : HUGE_VAL;
    return half_value(h, bf);
}
/// Bits of an exact value; `x` says what it is when it is no finite number, and its sign when it is
/// zero.
inline uint32_t half_bits(const Exact& exact, double x, bool bf, Rounding mode = kNearest) {
    if (std::isnan(x)) return 0x7fff;
    if (std::isinf(x)) return (bf ? 0x7f80u : 0x7c00u) | (x < 0 ? 0x8000u : 0);
    if (exact.value == 0 && exact.rest == 0) return std::signbit(x) ? 0x8000 : 0;
    return round_to_half(exact, bf, mode);
}
inline uint32_t half_bits(double x, bool bf, Rounding mode = kNearest) {
    return half_bits({x}, x, bf, mode);
}
inline uint32_t half_fma(double a, double b, double c, bool bf) {
    const double p = a * b; // exact
    return half_bits(std::isfinite(p + c) ? exact_sum(p, c) : Exact{0}, p + c, bf);
}
inline uint32_t half_add(double a, double b, bool bf) {
    return half_bits(std::isfinite(a + b) ? exact_sum(a, b) : Exact{0}, a + b, bf);
}
inline uint32_t half_flush(uint32_t h, bool bf) {
    return (h & 0x7fff) < (bf ? 0x80u : 0x400u) ? h & 0x8000 : h;
}

} // namespace acc::test
