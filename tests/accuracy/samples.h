// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which arguments a row is measured at.
#pragma once

#include "format.h"

#include <random>

namespace accuracy {

/// Arguments of a row: every value when that is asked for, else first the special ones (zeros,
/// infinities, NaN, subnormals, ends of the range, powers of two, small integers and multiples of
/// pi, each with its neighbours) in all combinations, then random ones of several kinds.
class Samples {
  public:
    Samples(const Row& row, bool all, uint64_t wanted, uint64_t seed);
    /// How many there will be.
    uint64_t total() const { return total_; }
    /// The next n, at most; operands[i][k] is operand i of sample k. Returns how many.
    unsigned next(unsigned n, uint64_t* const* operands);

  private:
    uint64_t random_operand(int i, const uint64_t* before);
    double random_value(Type type, int i, const uint64_t* before);

    const Row& row_;
    bool all_;
    uint64_t total_, done_ = 0, special_ = 1;
    std::vector<uint64_t> specials_[kMostOperands];
    std::mt19937_64 random_;
};

} // namespace accuracy
