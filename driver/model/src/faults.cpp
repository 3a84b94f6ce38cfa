// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/faults.h"

namespace acc::model {

void FaultFifo::push(const acc_fault_record& record) {
    std::lock_guard lock(mutex_);
    if (count_ == kCapacity) {
        overflows_++;
        return;
    }
    records_[(first_ + count_++) % kCapacity] = record;
}

bool FaultFifo::pop(acc_fault_record& out) {
    std::lock_guard lock(mutex_);
    if (count_ == 0) return false;
    out = records_[first_];
    first_ = (first_ + 1) % kCapacity;
    count_--;
    return true;
}

uint64_t FaultFifo::overflows() const {
    std::lock_guard lock(mutex_);
    return overflows_;
}

} // namespace acc::model
