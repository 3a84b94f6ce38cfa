// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that graphs allocate. A block has its addresses from when its node is made to when nobody
// knows the node any more; device memory lies behind them from the first launch on, until it is
// trimmed while nobody uses it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/core/memory.h"
#include "runtime/core/stream.h"

namespace acc::rt {

class GraphMemory;

class GraphBlock {
  public:
    GraphBlock(GraphMemory& of, uint64_t va, uint64_t bytes)
        : memory_(of), va_(va), bytes_(bytes) {}
    ~GraphBlock(); ///< nothing uses it any more
    GraphBlock(const GraphBlock&) = delete;
    uint64_t va() const { return va_; }
    uint64_t bytes() const { return bytes_; } ///< whole pages

    // Graphs' own, under graphs_mutex():
    uint64_t allocated_by = 0;    ///< the last graph that got a node for it, by id
    bool freed_there = false;     ///< that graph frees it
    uint64_t freed_by = 0;        ///< its last node that does, by id
    bool freed_elsewhere = false; ///< another one does

  private:
    friend class GraphMemory;
    GraphMemory& memory_;
    const uint64_t va_, bytes_;
    std::shared_ptr<MemoryObject> behind_; ///< null: no device memory
    bool in_use_ = false;
    Point last_; ///< what may still use it
};

class GraphMemory {
  public:
    explicit GraphMemory(Context& context) : context_(context) {}
    GraphMemory(const GraphMemory&) = delete;

    /// Throws Error(OutOfMemory).
    std::shared_ptr<GraphBlock> reserve(uint64_t bytes);
    /// The block that begins there.
    std::shared_ptr<GraphBlock> find(uint64_t va) const;
    /// Puts device memory behind the block. Throws Error(OutOfMemory).
    void back(GraphBlock& block);

    bool in_use(const GraphBlock& block) const;
    /// A launch allocates it; `back` was called.
    void allocate(const std::shared_ptr<GraphBlock>& block);
    /// It is free once the point is reached.
    void release(const std::shared_ptr<GraphBlock>& block, const Point& after);
    /// The work up to the point may use it.
    void used_until(GraphBlock& block, const Point& point);

    /// Gives device memory back that nobody uses.
    void trim();
    /// The context has seen that work is done. Cheap when nothing waits for that.
    void synchronized() {
        if (any_dying_.load(std::memory_order_relaxed)) bury();
    }
    void clear();

    /// Device memory behind blocks, in bytes, and the most since a high watermark was reset. What
    /// is reserved for graphs is what they have.
    uint64_t bytes() const;
    uint64_t used_high() const;
    uint64_t reserved_high() const;
    void reset_used_high();
    void reset_reserved_high();

  private:
    friend class GraphBlock;
    void enter(const GraphBlock& block);
    void unback(GraphBlock& block);
    void gone(GraphBlock& block);
    void bury();

    Context& context_;
    mutable std::mutex mutex_; // protects what follows, and blocks; nothing waits while it holds it
    std::map<uint64_t, std::weak_ptr<GraphBlock>> blocks_;
    std::map<uint64_t, std::shared_ptr<GraphBlock>> used_; // though no graph may know them any more
    std::vector<std::shared_ptr<GraphBlock>> dying_;       // freed in streams that go on
    std::atomic<bool> any_dying_{false};
    uint64_t bytes_ = 0, used_high_ = 0, reserved_high_ = 0;
};

} // namespace acc::rt
