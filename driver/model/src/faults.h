// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fault FIFO: bounded, the oldest records are kept (they name the cause; later ones are usually
// its consequences).
#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "acc/spec/acc_queue.h"

namespace acc::model {

class FaultFifo {
  public:
    static constexpr unsigned kCapacity = 64;

    /// Adds a record, or counts it as lost when the FIFO is full.
    void push(const acc_fault_record& record);
    /// Takes the oldest record; false when there is none.
    bool pop(acc_fault_record& out);
    /// Records lost since the chip was created.
    uint64_t overflows() const;

  private:
    mutable std::mutex mutex_; ///< guards all of it
    std::array<acc_fault_record, kCapacity> records_;
    unsigned first_ = 0, count_ = 0;
    uint64_t overflows_ = 0;
};

} // namespace acc::model
