// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The IRQ block: causes, completion bitmaps, and when they become messages.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "driver/accd/src/msix.h"
#include "driver/accd/src/register_table.h"

namespace acc::accd {

/// Any thread may call anything; nothing blocks. The device's threads call completion() and set().
class Interrupts {
  public:
    explicit Interrupts(Msix& msix) : msix_(msix) {}

    /// A register of the IRQ block.
    uint64_t read(Register, uint32_t index);
    void write(Register, uint64_t value);

    /// QUEUE_IRQ_ARM.
    void arm(uint32_t queue);
    void disarm(uint32_t queue);
    /// A packet of `queue` that asked for an interrupt is complete, and its signal is stored.
    void completion(uint32_t queue);
    /// Sets a bit of IRQ_STATUS.
    void set(uint32_t bit);
    /// Everything clear, disabled and disarmed.
    void reset();

  private:
    static constexpr unsigned kWords = ACC_MAX_QUEUES / 64;

    Msix& msix_;
    std::mutex mutex_; ///< status_, enable_
    uint32_t status_ = 0, enable_ = 0;
    std::array<std::atomic<uint64_t>, kWords> armed_{}, completed_{};
};

} // namespace acc::accd
