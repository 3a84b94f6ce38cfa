// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mutex of one word, for the launch path: taking and leaving it when nobody else wants it are one
// atomic operation each, inline (half of what pthread's costs). Whoever has to wait sleeps.
// After Drepper, "Futexes Are Tricky" (2011), section 6, mutex 2.
#pragma once

#include <atomic>
#include <cstdint>

namespace acc::rt {

/// For std::lock_guard and std::unique_lock.
class WordMutex {
  public:
    void lock() {
        uint32_t seen = kFree;
        if (word_.compare_exchange_strong(seen, kTaken, std::memory_order_acquire)) [[likely]]
            return;
        // From here on the word says that somebody may sleep; one wake-up too many is harmless.
        while (word_.exchange(kWanted, std::memory_order_acquire) != kFree)
            word_.wait(kWanted, std::memory_order_relaxed);
    }
    void unlock() {
        if (word_.exchange(kFree, std::memory_order_release) == kWanted) [[unlikely]]
            word_.notify_one();
    }

  private:
    static constexpr uint32_t kFree = 0, kTaken = 1, kWanted = 2;
    std::atomic<uint32_t> word_{kFree};
};

} // namespace acc::rt
