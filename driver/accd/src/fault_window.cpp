// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/fault_window.h"

#include <cstring>

namespace acc::accd {

namespace {
constexpr size_t kRecords = 64;
static_assert(sizeof(acc_fault_record) == 16 * 8, "FAULTS_RECORD shows it as 16 words");
} // namespace

void FaultWindow::take() {
    acc_fault_record record{};
    while (taken_.size() < kRecords && chip_.fault_pop(record))
        taken_.push_back(record);
}

uint64_t FaultWindow::read(Register id, uint32_t index) {
    if (id == Register::FAULTS_LOST) return chip_.counters().faults_lost;
    std::lock_guard lock(mutex_);
    take();
    if (id == Register::FAULTS_COUNT) return taken_.size();
    uint64_t word = 0;
    if (id == Register::FAULTS_RECORD && !taken_.empty())
        std::memcpy(&word, reinterpret_cast<const char*>(&taken_.front()) + 8 * index, 8);
    return word;
}

void FaultWindow::pop() {
    std::lock_guard lock(mutex_);
    take();
    if (!taken_.empty()) taken_.pop_front();
}

void FaultWindow::reset() {
    std::lock_guard lock(mutex_);
    taken_.clear();
}

} // namespace acc::accd
