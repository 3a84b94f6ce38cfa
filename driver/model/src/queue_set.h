// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A set of hardware queue numbers that any thread may change and scan without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "acc/model/chip.h"

namespace acc::model {

class QueueSet {
  public:
    void add(uint32_t queue) { word(queue).fetch_or(bit(queue), std::memory_order_seq_cst); }
    void remove(uint32_t queue) { word(queue).fetch_and(~bit(queue), std::memory_order_seq_cst); }
    bool has(uint32_t queue) const {
        return words_[queue / 64].load(std::memory_order_seq_cst) & bit(queue);
    }
    bool any() const {
        uint64_t all = 0;
        for (const auto& w : words_)
            all |= w.load(std::memory_order_seq_cst);
        return all != 0;
    }
    bool more_than_one() const {
        int count = 0;
        for (const auto& w : words_)
            count += __builtin_popcountll(w.load(std::memory_order_relaxed));
        return count > 1;
    }
    /// Calls visit(queue number) for every member of a snapshot.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (uint32_t i = 0; i < words_.size(); i++)
            for (uint64_t w = words_[i].load(std::memory_order_seq_cst); w; w &= w - 1)
                visit(i * 64 + static_cast<uint32_t>(__builtin_ctzll(w)));
    }

  private:
    static uint64_t bit(uint32_t queue) { return 1ull << (queue % 64); }
    std::atomic<uint64_t>& word(uint32_t queue) { return words_[queue / 64]; }

    std::array<std::atomic<uint64_t>, kMaxQueues / 64> words_{};
};

} // namespace acc::model
