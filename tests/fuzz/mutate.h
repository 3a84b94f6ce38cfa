// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Deterministic mutations of valid inputs: the same seed gives the same bytes on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace acc::fuzz {

class Mutator {
  public:
    explicit Mutator(uint64_t seed) : state_(seed) {}
    /// A copy of `seed` with 1 to 8 changes: flipped bits, replaced bytes and integers, copied,
    /// removed and repeated stretches, truncation. Half of the changes fall on the first and last
    /// 512 bytes, where files keep their tables.
    std::vector<uint8_t> mutate(const std::vector<uint8_t>& seed);

  private:
    uint64_t next();
    uint64_t below(uint64_t n) { return next() % n; }
    size_t position(size_t size);
    void change(std::vector<uint8_t>& bytes);
    void replace_integer(std::vector<uint8_t>& bytes);
    void move_stretch(std::vector<uint8_t>& bytes);

    uint64_t state_;
};

} // namespace acc::fuzz
