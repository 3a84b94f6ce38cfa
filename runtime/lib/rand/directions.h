// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <vector>

namespace acc::rand {

constexpr unsigned int kMaxDimensions = 20000;

/// Direction vectors of the dimensions [0, dimensions): Bits words for each. Word is uint32_t or
/// uint64_t, whose size in bits is the number of words of a dimension.
///
/// Primitive polynomials in the order of their values, with the initial numbers of Joe and Kuo for
/// the first 2048 dimensions, and pseudorandom odd ones of ours beyond. Scrambled ones are
/// multiplied by a random lower triangular matrix for each dimension (J. Matousek, On the
/// L2-discrepancy for anchored boxes, 1998), which is ours.
template <class Word>
std::vector<Word> direction_vectors(unsigned int dimensions, bool scrambled);

/// A constant for each dimension, to start scrambled sequences with; ours.
template <class Word>
std::vector<Word> scramble_constants(unsigned int dimensions);

} // namespace acc::rand
