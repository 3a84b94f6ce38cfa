// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The records behind texture and surface objects (docs/host-interface/textures.md), in memory that
// only the host writes.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "acc/spec/acc_texture.h"
#include "runtime/core/memory.h"
#include "runtime/core/queue_set.h"

namespace acc::rt {

class TextureRecords {
  public:
    TextureRecords(MemoryManager& memory, QueueSet& queues) : memory_(memory), queues_(queues) {}
    TextureRecords(const TextureRecords&) = delete;

    /// Device address of a record with these contents, for work submitted from here on. Throws
    /// Error(OutOfMemory).
    uint64_t create(const acc_texture& contents);
    /// The record goes when the work is done that the context now has; later work that reads it
    /// faults.
    void destroy(uint64_t record);
    /// The record stays but is none any more: what it describes is gone. The caller has waited for
    /// the work that uses it.
    void invalidate(uint64_t record);
    /// True when the device reads these contents there.
    bool holds(uint64_t record, const acc_texture& contents);
    /// The device's memory is going away.
    void clear();

  private:
    static constexpr uint64_t kBlockRecords = 256;
    struct Dying {
        uint64_t record = 0;
        std::vector<Point> after;
    };

    acc_texture* host(uint64_t record);
    void add_block();
    void bury();

    MemoryManager& memory_;
    QueueSet& queues_;
    std::mutex mutex_; // protects what follows
    std::vector<Allocation> blocks_;
    std::deque<uint64_t> free_; // the one that has been free for longest is used first
    std::vector<Dying> dying_;
};

} // namespace acc::rt
