// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rows of the table: a function as the device computes it, what it is compared with, and the
// error that CUDA documents. Plain C++; floats.cu, doubles.cu, ... register their rows when the
// program starts.
#pragma once

#include <cstdint>
#include <vector>

namespace accuracy {

/// Operands and results travel as 64-bit words, the low bits of which hold a value of one of these
/// types.
enum class Type : uint8_t { f16, bf16, f32, f64, s16, u16, s32, u32, s64, u64 };

constexpr int kMostOperands = 4;

/// What CUDA's documentation allows at one argument. Errors in ulp are differences from the
/// correctly rounded result, as documented; `absolute` and `relative` ones are differences from the
/// exact result.
struct Limit {
    enum Kind { ulp, absolute, none } kind;
    double value;
};

struct Bound {
    const char* text;
    Limit (*at)(const Bound& self, const double* x, double exact);
    double a, b, c;
};
Bound ulp(double n);
/// n ulp for |x| < limit, beyond an absolute error.
Bound ulp_below(double limit, double n, double absolute);
Bound absolute_everywhere(double error);
/// An absolute error in [1/2, 2], n ulp elsewhere.
Bound absolute_near_one(double error, double n);
/// An absolute error in [-pi, pi]; nothing is promised beyond.
Bound absolute_in_period(double error);
/// 2 + floor(|slope x|) ulp.
Bound ulp_growing(double slope);
Bound relative(double error);
/// n ulp outside of [low, high], nothing is promised inside.
Bound ulp_outside(double low, double high, double n);
/// ynf: ceil(2 + 2.5 n) ulp for |x| < n, else an absolute error. yn: an absolute error for |x|
/// > 1.5 n.
Bound second_kind(double absolute);
Bound second_kind_double(double absolute);
/// __fdividef: n ulp where the divisor, an operand, lies in [2^-126, 2^126].
Bound ulp_of_ordinary_divisor(double n, int divisor);
/// __tanf and __powf: what the documented errors of the functions they are made of add up to.
Bound fast_tangent();
Bound fast_power();

struct Row {
    const char* name;
    Type result;
    int count; ///< of operands
    Type operands[kMostOperands];
    const char* reference; ///< a name in references.cpp or exact.cpp
    Bound bound;
    /// Computes results[i] for i < n on the device; the pointers are the device's.
    void (*launch)(unsigned n, const uint64_t* const* operands, uint64_t* results);
};

std::vector<Row>& table();

struct Registered {
    explicit Registered(const Row& row) { table().push_back(row); }
};

/// Compile variants: which options the kernels were compiled with.
#if !defined(ACCURACY_VARIANT)
#define ACCURACY_VARIANT "default"
#endif
extern const char* const kVariant; ///< default, fast, ftz, div, sqrt, nofma
bool flushes();                    ///< -ftz=true or -use_fast_math

} // namespace accuracy
