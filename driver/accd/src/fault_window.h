// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>

#include "acc/model/chip.h"
#include "driver/accd/src/register_table.h"

namespace acc::accd {

/// The FAULTS block. The chip's FIFO can only be taken from; the window lets a driver look before
/// it takes. So records move here as soon as the driver looks (and up to 64 more find room in the
/// chip meanwhile).
class FaultWindow {
  public:
    explicit FaultWindow(model::Chip& chip) : chip_(chip) {}
    uint64_t read(Register, uint32_t index);
    void pop();
    void reset();

  private:
    void take();
    model::Chip& chip_;
    std::mutex mutex_; ///< taken_
    std::deque<acc_fault_record> taken_;
};

} // namespace acc::accd
