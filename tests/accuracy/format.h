// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values of the table's types as words, and rounding to them.
#pragma once

#include "table.h"

#include <mpfr.h>

namespace accuracy {

enum class Mode { nearest, zero, up, down };

struct Format {
    int bits, digits, lowest, highest; ///< exponents of the smallest normal and of the largest
                                       ///< number
};
bool is_float(Type type);
const Format& format(Type type); ///< of a float type
int width(Type type);            ///< in bits, of any type

/// The value of a word; exact, NaN as NaN. 64-bit integers need the second.
double decode(Type type, uint64_t word);
long double decode_wide(Type type, uint64_t word);
/// The word of a value that the type has (also infinities and NaN).
uint64_t encode(Type type, double value);

/// Rounds to a float type, subnormals and overflow as IEEE 754 says.
uint64_t round_to(Type type, long double value, Mode mode);
uint64_t round_to(Type type, mpfr_srcptr value, Mode mode);

/// Exponent of the last place of a number of this size.
int last_place(const Format& f, double value);
/// value / 2^unit
double in_units(double value, int unit);

/// Where a float lies among all floats of its type: neighbours differ by one, both zeros are 0.
int64_t ordinal(Type type, uint64_t word);

/// An f32 that -ftz=true may take for zero.
bool is_subnormal_float(double value);

} // namespace accuracy
