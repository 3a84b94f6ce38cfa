// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stream-ordered allocation: memory is freed at a point in a stream, and may be given out again to
// work that comes after that point, without the host waiting.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "runtime/core/stream.h"

namespace acc::rt {

class Pool {
  public:
    explicit Pool(Context& context) : context_(context) {}
    Pool(const Pool&) = delete;

    /// Device memory that work in `stream` may use from here on. Throws Error(OutOfMemory).
    uint64_t allocate(Stream& stream, uint64_t bytes);
    /// Frees at the end of the work now in `stream`. False when `va` is not an allocation of this
    /// pool.
    bool release(Stream& stream, uint64_t va);
    /// Frees at once: the caller has waited for everything that uses it. False as above.
    bool release_now(uint64_t va);
    /// Returns unused memory to the device, as far as its work is done, until at most `keep` bytes
    /// are held.
    void trim(uint64_t keep);
    /// As trim with the release threshold; the context calls it when the host has seen that work is
    /// done. Cheap when nothing is unused.
    void synchronized() {
        if (idle_bytes_.load(std::memory_order_relaxed) != 0)
            trim(threshold_.load(std::memory_order_relaxed));
    }

    uint64_t threshold() const { return threshold_; }
    void set_threshold(uint64_t bytes) { threshold_ = bytes; }
    /// Forgets everything; the device's memory is going away.
    void clear();

    uint64_t reserved() const; ///< bytes held: in use and unused
    uint64_t reserved_high() const;
    uint64_t used() const;
    uint64_t used_high() const;
    void reset_reserved_high();
    void reset_used_high();

  private:
    struct Idle {
        uint64_t va = 0;
        Point after;         ///< usable for all when this is reached
        uint64_t stream = 0; ///< usable for this stream at once
    };
    using IdleMap = std::multimap<uint64_t, Idle>; // by size
    IdleMap::iterator find_idle(const Stream& stream, uint64_t bytes);
    void give_back(IdleMap::iterator block);

    Context& context_;
    std::atomic<uint64_t> threshold_{0};
    std::atomic<uint64_t> idle_bytes_{0};
    mutable std::mutex mutex_; // protects what follows; nothing waits while it holds it
    std::unordered_map<uint64_t, uint64_t> used_; // address -> bytes
    IdleMap idle_;
    uint64_t used_bytes_ = 0, used_high_ = 0, reserved_high_ = 0;
};

} // namespace acc::rt
