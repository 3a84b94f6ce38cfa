// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// f32 and f64 under one interface, and their operations with every rounding, from the exact
// results.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "tests/isa/exact_float.h"
#include "tests/isa/reference.h"

namespace acc::test {

inline constexpr uint32_t kNan32 = 0x7fffffff;
inline constexpr uint64_t kNan64 = 0x7fffffffffffffff;

// The two formats under one interface.
struct Single {
    using F = float;
    using U = uint32_t;
    static constexpr Kind kind = Kind::F32;
    static constexpr U nan = kNan32;
    static constexpr const char* name = "f32";
};
struct Double {
    using F = double;
    using U = uint64_t;
    static constexpr Kind kind = Kind::F64;
    static constexpr U nan = kNan64;
    static constexpr const char* name = "f64";
};
template <class T>
typename T::F as(uint64_t x) {
    return std::bit_cast<typename T::F>(static_cast<typename T::U>(x));
}
template <class T>
uint64_t bits(typename T::F x) {
    return std::isnan(x) ? T::nan : std::bit_cast<typename T::U>(x);
}

template <class F>
F flush(F x) {
    return std::abs(x) < std::numeric_limits<F>::min() ? std::copysign(F{0}, x) : x;
}

/// The rounded value of an exact one; zeros have sign `zero_sign` (what IEEE 754 says for the
/// operation).
template <class T>
uint64_t finish(const Exact& x, Rounding mode, bool negative_zero) {
    if (x.value == 0 && x.rest == 0)
        return bits<T>(negative_zero ? -typename T::F{0} : typename T::F{0});
    return bits<T>(round_to<typename T::F, typename T::U>(x, mode));
}
/// Sign of an exact zero sum of two numbers.
template <class F>
bool zero_sum_negative(F a, F b, Rounding mode) {
    if (std::signbit(a) == std::signbit(b)) return std::signbit(a);
    return mode == kDown;
}
template <class T>
uint64_t add(typename T::F a, typename T::F b, Rounding mode) {
    if (!std::isfinite(a) || !std::isfinite(b)) return bits<T>(a + b);
    return finish<T>(exact_sum(a, b), mode, zero_sum_negative(a, b, mode));
}
template <class T>
uint64_t mul(typename T::F a, typename T::F b, Rounding mode) {
    if (!std::isfinite(a) || !std::isfinite(b)) return bits<T>(a * b);
    return finish<T>({static_cast<quad>(a) * b}, mode, std::signbit(a) != std::signbit(b));
}
template <class T>
uint64_t fma(typename T::F a, typename T::F b, typename T::F c, Rounding mode) {
    using F = typename T::F;
    if (!std::isfinite(a) || !std::isfinite(b) || !std::isfinite(c))
        return bits<T>(std::isfinite(a) && std::isfinite(b) ? c : a * b + c);
    const quad product = static_cast<quad>(a) * b;
    const F product_sign = std::signbit(a) != std::signbit(b) ? F{-1} : F{1};
    const Exact sum = exact_sum(product, c);
    return finish<T>(sum, mode, zero_sum_negative(product_sign, c, mode));
}
template <class T>
uint64_t divide(typename T::F a, typename T::F b, Rounding mode) {
    if (!std::isfinite(a) || !std::isfinite(b) || b == 0) return bits<T>(a / b);
    // 113 bits tell a quotient of 53-bit numbers from every boundary between results that it is not
    // on.
    return finish<T>({static_cast<quad>(a) / b}, mode, std::signbit(a) != std::signbit(b));
}
template <class T>
uint64_t root(typename T::F a, Rounding mode) {
    if (!(a > 0) || !std::isfinite(a))
        return bits<T>(a == 0 ? a : a > 0 ? a : std::numeric_limits<typename T::F>::quiet_NaN());
    quad s = sqrtl(static_cast<long double>(a));
    s = s + (static_cast<quad>(a) - s * s) / (2 * s);
    const quad error = static_cast<quad>(a) - s * s;
    return finish<T>({s, error > 0 ? 1 : error < 0 ? -1 : 0}, mode, false);
}
template <class T>
uint64_t extreme(typename T::F a, typename T::F b, bool max, bool propagate) {
    if (std::isnan(a) || std::isnan(b)) {
        if (propagate || (std::isnan(a) && std::isnan(b))) return T::nan;
        return bits<T>(std::isnan(a) ? b : a);
    }
    if (a == b) return bits<T>(std::signbit(a) != max ? a : b); // -0 below +0
    return bits<T>((a < b) != max ? a : b);
}

} // namespace acc::test
