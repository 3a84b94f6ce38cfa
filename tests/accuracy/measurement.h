// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Measures a row: its results at many arguments against the references.
#pragma once

#include "references.h"

namespace accuracy {

struct Worst {
    double error = -1; ///< by MPFR; in ulp of the exact result, or absolute
    uint64_t operands[kMostOperands] = {};
    uint64_t got = 0;
};

struct Measurement {
    uint64_t samples = 0, wrong = 0;
    bool all = false;
    Worst ulp, absolute; ///< where the documented bound is of that kind
    Worst first_wrong;
    std::string expected; ///< of first_wrong
};

class Measure {
  public:
    explicit Measure(const Row& row);
    /// results[k] belongs to operands[i][k].
    void add(unsigned n, const uint64_t* const* operands, const uint64_t* results);
    Measurement result;

  private:
    void check_exact(const uint64_t* words, uint64_t got);
    void check(const uint64_t* words, uint64_t got);
    /// |got - reference| in ulp and absolutely at these operands; reference 0 is the quick one.
    struct Error {
        double ulp, absolute, reference;
        bool special; ///< NaN, infinity or zero is wanted, and something else was got
    };
    Error quick_error(const double* x, uint64_t got) const;
    /// By MPFR. `distance`: how many floats lie between the correctly rounded result and `got`.
    Error exact_error(const double* x, uint64_t got, double& distance, std::string& expected) const;
    Error compare(double got, double exact, double difference) const;
    bool flushed(double got, double reference) const;
    void wrong(const uint64_t* words, uint64_t got, const std::string& expected);

    const Row& row_;
    const Format* format_ = nullptr;
    double limit_ = 0; ///< twice the largest power of two: what infinity is taken for
    const Reference* reference_;
    ExactFunction exact_;
    double screened_ulp_ = 0, screened_absolute_ = 0;
};

std::string text_of(Type type, uint64_t word);

} // namespace accuracy
