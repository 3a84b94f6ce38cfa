// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies and fills, done in steps so that a large one can be stopped and shares its thread with
// other queues.
#pragma once

#include <cstdint>

#include "driver/model/src/address_space.h"
#include "driver/model/src/packet.h"

namespace acc::model {

/// A memory access of the command processor that failed.
struct AccessFault {
    uint32_t cause = ACC_FAULT_NONE;
    uint32_t access = ACC_ACCESS_READ; ///< ACC_ACCESS_*
    uint64_t address = 0;
    uint32_t bytes = 0;
};

enum class StepResult { Done, More, Fault };

/// One copy, copy_rect or fill packet in progress.
class CopyJob {
  public:
    /// Begins the packet (validated; one of the three types).
    void start(const Packet& packet);
    /// Moves about `budget` bytes. Rows count for at least a cache line each, so that many short
    /// rows are bounded, too.
    StepResult step(const Vm& vm, uint64_t budget, AccessFault& fault);
    /// Bytes written so far.
    uint64_t moved() const { return moved_; }

  private:
    uint64_t move_piece(const Vm& vm, uint64_t dst, uint64_t src, uint64_t n,
                        AccessFault& fault) const;

    bool fill_ = false;
    uint32_t pattern_ = 0; ///< fill: the element repeated to four bytes
    uint64_t dst_ = 0, src_ = 0;
    uint64_t width_ = 0, height_ = 0, depth_ = 0;
    uint64_t dst_pitch_ = 0, src_pitch_ = 0, dst_slice_ = 0, src_slice_ = 0; ///< bytes
    uint64_t x_ = 0, y_ = 0, z_ = 0;                                         ///< what comes next
    uint64_t moved_ = 0;
};

} // namespace acc::model
