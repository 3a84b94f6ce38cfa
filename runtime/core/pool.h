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
#include <vector>

#include "runtime/core/memory.h"
#include "runtime/core/stream.h"

namespace acc::rt {

/// What a pool may give out again before the host has seen work done.
struct PoolReuse {
    std::atomic<bool> follow_events{true};  ///< kept and read back
    std::atomic<bool> opportunistic{true};  ///< what another stream has freed, once that is done
    std::atomic<bool> internal_waits{true}; ///< kept and read back: the pool inserts none
};

class Pool {
  public:
    /// `most`: bytes that it may hold; 0: any number. `shareable`: other processes may get it.
    /// `file`: the pool is another process's, whose memory lies there; closed with the pool.
    explicit Pool(Context& context, uint64_t most = 0, bool shareable = false, int file = -1);
    ~Pool();
    Pool(const Pool&) = delete;

    Context& context() const { return context_; }
    bool shareable() const { return shareable_; }
    /// It is another process's: nothing can be allocated here.
    bool imported() const { return file_ >= 0; }
    int file() const { return file_; }
    PoolReuse& reuse() { return reuse_; }

    /// Device memory that work in `stream`, which may be another device's, may use from here on.
    /// Throws Error(OutOfMemory).
    uint64_t allocate(Stream& stream, uint64_t bytes);
    /// Frees at the end of the work now in `stream`. False when `va` is not an allocation of this
    /// pool.
    bool release(Stream& stream, uint64_t va);
    /// Frees at once: the caller has waited for everything that uses it. False as above.
    bool release_now(uint64_t va);
    bool has(uint64_t va) const;
    /// Returns unused memory to the device, as far as its work is done, until at most `keep` bytes
    /// are held.
    void trim(uint64_t keep);
    /// As trim with the release threshold; the context calls it when the host has seen that work is
    /// done. Cheap when nothing is unused.
    void synchronized() {
        if (idle_bytes_.load(std::memory_order_relaxed) != 0)
            trim(threshold_.load(std::memory_order_relaxed));
    }

    /// What the pool's memory is to another context.
    void set_access(Context& other, GroupAccess access);
    GroupAccess access(Context& other) const;

    uint64_t threshold() const { return threshold_; }
    void set_threshold(uint64_t bytes) { threshold_ = bytes; }
    /// Forgets everything; the device's memory is going away.
    void clear();
    /// The queues of another context, which have done their work, go away.
    void forget(const QueueSet& queues);

    bool holds_unused() const { return idle_bytes_.load(std::memory_order_relaxed) != 0; }
    uint64_t reserved() const; ///< bytes held: in use and unused
    uint64_t reserved_high() const;
    uint64_t used() const;
    uint64_t used_high() const;
    void reset_reserved_high();
    void reset_used_high();

  private:
    struct Idle {
        uint64_t va = 0;
        Point after;                 ///< usable for all when this is reached; without a queue: now
        const Context* of = nullptr; ///< usable for the stream of this context ...
        uint64_t stream = 0;         ///< ... at once
        bool done() const { return after.queue == nullptr || after.reached(); }
    };
    using IdleMap = std::multimap<uint64_t, Idle>; // by size
    IdleMap::iterator find_idle(const Stream& stream, uint64_t bytes);
    void give_back(IdleMap::iterator block);
    uint64_t take(uint64_t bytes);

    Context& context_;
    const unsigned group_;
    const uint64_t most_;
    const bool shareable_;
    const int file_;
    PoolReuse reuse_;
    std::atomic<uint64_t> threshold_{0};
    std::atomic<uint64_t> idle_bytes_{0};
    mutable std::mutex mutex_; // protects what follows; nothing waits while it holds it
    std::unordered_map<uint64_t, uint64_t> used_; // address -> bytes
    IdleMap idle_;
    uint64_t used_bytes_ = 0, used_high_ = 0, reserved_high_ = 0;
};

/// The pools of a context: the default one, and those that the program makes.
class Pools {
  public:
    explicit Pools(Context& context) : context_(context), default_(context, 0, false) {}
    Pools(const Pools&) = delete;

    Pool& standard() { return default_; }
    Pool& create(uint64_t most, bool shareable, int file = -1);
    /// It goes when nothing of it is in use any more; its allocations stay valid. False for the
    /// default one.
    bool destroy(Pool& pool);

    /// The pool's own functions, for whichever pool has the allocation.
    bool release(Stream& stream, uint64_t va);
    bool release_now(uint64_t va);
    /// The pool that has the allocation; null: none.
    Pool* owner(uint64_t va);
    void synchronized() {
        default_.synchronized();
        if (any_.load(std::memory_order_acquire)) others_synchronized();
    }
    /// True when a pool holds memory that nobody uses.
    bool hold_unused() const;
    /// All that is unused goes back. The caller has waited for the device.
    void trim_all();
    void forget(const QueueSet& queues);
    void clear();

  private:
    struct Made {
        std::shared_ptr<Pool> pool;
        bool dying = false;
    };
    void others_synchronized();
    std::vector<std::shared_ptr<Pool>> others() const;

    Context& context_;
    Pool default_;
    std::atomic<bool> any_{false};
    mutable std::mutex mutex_; // protects made_; a pool's own comes after it
    std::vector<Made> made_;
};

} // namespace acc::rt
