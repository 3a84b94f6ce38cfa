// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long the interpreter takes for a kernel: a warp's addition takes 2 ns, a gather or a division
// of 64 bits fifty times as long. Measured now and then, in processor time of the thread.
#pragma once

#include <algorithm>
#include <cstdint>

namespace acc::model::interp {

class Pace {
  public:
    /// Of so many instructions of warps, by what was measured last.
    uint64_t nanoseconds(uint64_t instructions) {
        since_ += instructions;
        return static_cast<uint64_t>(static_cast<double>(instructions) * each_);
    }
    /// The next turns should be measured.
    bool is_due() const { return since_ >= kEvery; }
    /// Turns may be so short that the clock says little of one.
    void measured(uint64_t instructions, uint64_t nanoseconds) {
        instructions_ += instructions;
        nanoseconds_ += nanoseconds;
        if (instructions_ < kEnough) return;
        each_ = std::clamp(static_cast<double>(nanoseconds_) / static_cast<double>(instructions_),
                           1.0, 1000.0);
        since_ = instructions_ = nanoseconds_ = 0;
    }

  private:
    static constexpr uint64_t kEvery = 1 << 16, kFirst = 1 << 12, kEnough = 1000;
    uint64_t since_ = kEvery - kFirst;
    uint64_t instructions_ = 0, nanoseconds_ = 0; ///< of this measurement so far
    double each_ = 3;
};

} // namespace acc::model::interp
