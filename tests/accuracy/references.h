// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the functions are compared with: a quick reference with more digits than the result has,
// which decides nearly always, and one of arbitrary precision for what is left.
#pragma once

#include "format.h"

#include <string>

namespace accuracy {

struct Reference {
    double (*narrow)(const double* x, int count, double got); ///< for f16, bf16 and f32; inverses
                                                              ///< start from `got`
    long double (*wide)(const long double* x, int count, long double got); ///< for f64
    void (*exact)(mpfr_ptr result, const mpfr_ptr* x, int count);
};
/// Null when the name is that of an exactly defined function.
const Reference* find_reference(const std::string& name);

/// The result's word, exactly.
typedef uint64_t (*ExactFunction)(const Row& row, const uint64_t* x);
ExactFunction find_exact(const std::string& name);

constexpr mpfr_prec_t kPrecision = 240;

} // namespace accuracy
