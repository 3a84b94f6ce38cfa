// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/interrupts.h"

namespace acc::accd {

namespace {
constexpr uint32_t kStatusBits = ACC_IRQ_STATUS_FAULT_MASK | ACC_IRQ_STATUS_HALT_MASK |
                                 ACC_IRQ_STATUS_ECC_MASK | ACC_IRQ_STATUS_TEST_MASK;
} // namespace

uint64_t Interrupts::read(Register id, uint32_t index) {
    if (id == Register::IRQ_COMPLETION) return completed_[index].exchange(0);
    std::lock_guard lock(mutex_);
    return id == Register::IRQ_STATUS ? status_ : id == Register::IRQ_ENABLE ? enable_ : 0;
}

void Interrupts::write(Register id, uint64_t value) {
    if (id == Register::IRQ_TEST) return set(ACC_IRQ_STATUS_TEST_MASK);
    std::lock_guard lock(mutex_);
    if (id == Register::IRQ_STATUS) status_ &= ~static_cast<uint32_t>(value);
    if (id == Register::IRQ_ENABLE) {
        auto now = static_cast<uint32_t>(value) & kStatusBits;
        bool owed = (now & ~enable_ & status_) != 0;
        enable_ = now;
        if (owed) msix_.raise(ACC_MSIX_EVENT);
    }
}

// Arming and completing are the two halves of a handshake through memory: the driver arms and then
// looks at the value, the device stores the value and then looks whether the queue is armed.
// Sequentially consistent operations on both sides make sure that at least one of them sees the
// other's.
void Interrupts::arm(uint32_t queue) {
    armed_[queue / 64].fetch_or(1ull << (queue % 64), std::memory_order_seq_cst);
}

void Interrupts::disarm(uint32_t queue) {
    armed_[queue / 64].fetch_and(~(1ull << (queue % 64)), std::memory_order_seq_cst);
}

void Interrupts::completion(uint32_t queue) {
    const unsigned n = queue / 64;
    const uint64_t bit = 1ull << (queue % 64);
    // A plain load would do for the common case of a queue nobody waits for, but not for the
    // handshake.
    if (!(armed_[n].fetch_and(~bit, std::memory_order_seq_cst) & bit)) return;
    if (completed_[n].fetch_or(bit) == 0) msix_.raise(ACC_MSIX_COMPLETION + n);
}

void Interrupts::set(uint32_t bit) {
    std::lock_guard lock(mutex_);
    bool fresh = !(status_ & bit);
    status_ |= bit;
    if (fresh && (enable_ & bit)) msix_.raise(ACC_MSIX_EVENT);
}

void Interrupts::reset() {
    std::lock_guard lock(mutex_);
    status_ = enable_ = 0;
    for (auto& word : armed_)
        word = 0;
    for (auto& word : completed_)
        word = 0;
}

} // namespace acc::accd
