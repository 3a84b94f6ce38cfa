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
    void measured(uint64_t instructions, uint64_t nanoseconds) {
        if (instructions < kFewest) return; // the clock takes time itself
        each_ = std::clamp(static_cast<double>(nanoseconds) / static_cast<double>(instructions),
                           1.0, 1000.0);
        since_ = 0;
    }

  private:
    static constexpr uint64_t kEvery = 1 << 14, kFewest = 200;
    uint64_t since_ = 0;
    double each_ = 3;
};

} // namespace acc::model::interp
