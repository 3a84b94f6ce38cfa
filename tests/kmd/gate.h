// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dma-fence of somebody else that signals when the test says so.
#pragma once

#include <utility>

#include "tests/kmd/sync.h"

namespace acc::kmd {

/// Made by the kernel's own test drivers: sw_sync where the kernel has it, else vgem, whose fences
/// signal by themselves after ten seconds (so a test must not take that long before it opens it).
class Gate {
  public:
    Gate();
    Gate(Gate&& other) noexcept
        : driver_(std::exchange(other.driver_, -1)), fence_(other.fence_),
          sync_file_(std::exchange(other.sync_file_, -1)) {}
    Gate(const Gate&) = delete;
    ~Gate(); ///< opens it

    /// A sync file of the fence; belongs to the gate.
    int sync_file() const { return sync_file_; }
    /// The fence as a sync object.
    Syncobj object(const Device& device) const;
    /// Signals the fence.
    void open();

  private:
    bool make_with_sw_sync();
    void make_with_vgem();
    int driver_ = -1;
    uint32_t fence_ = 0; ///< vgem's number; 0: sw_sync
    int sync_file_ = -1;
};

} // namespace acc::kmd
