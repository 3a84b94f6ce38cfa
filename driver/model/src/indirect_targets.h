// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a kernel's calls and jumps through registers have gone so far: nothing in the code says it,
// and the translator makes host code for those places only.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

namespace acc::model {

/// Of one kernel. Noted by all threads that interpret it; addresses are those of the address space.
class IndirectTargets {
  public:
    /// More are not noted; whoever goes there is the interpreter's.
    static constexpr unsigned kMost = 64;
    void note(uint64_t pc, uint64_t target) {
        const unsigned n = count();
        for (unsigned i = 0; i < n; ++i)
            if (jumps_[i].pc == pc && jumps_[i].target == target) return;
        if (n < kMost) add({pc, target});
    }
    /// How many there are; grows.
    unsigned count() const { return count_.load(std::memory_order_acquire); }
    /// Of the instruction at pc, in order of their addresses.
    std::vector<uint64_t> of(uint64_t pc) const {
        std::vector<uint64_t> targets;
        const unsigned n = count();
        for (unsigned i = 0; i < n; ++i)
            if (jumps_[i].pc == pc) targets.push_back(jumps_[i].target);
        std::sort(targets.begin(), targets.end());
        return targets;
    }

  private:
    struct Jump {
        uint64_t pc, target;
        bool operator==(const Jump&) const = default;
    };
    void add(Jump jump) {
        std::lock_guard guard(lock_);
        const unsigned n = count();
        if (n == kMost || std::find(jumps_.begin(), jumps_.begin() + n, jump) != jumps_.begin() + n)
            return;
        jumps_[n] = jump;
        count_.store(n + 1, std::memory_order_release);
    }
    std::array<Jump, kMost> jumps_{}; ///< the first count_ do not change any more
    std::atomic<unsigned> count_{0};
    std::mutex lock_; ///< of who adds one
};

} // namespace acc::model
