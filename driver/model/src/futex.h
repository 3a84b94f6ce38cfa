// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The futex system call: sleeping on a 32-bit word with a timeout, which std::atomic::wait lacks.
#pragma once

#include <atomic>
#include <cstdint>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace acc::model {

/// Sleeps while `word` is `expected`, at most `timeout_ns` (UINT64_MAX: forever). May return early
/// for no reason.
inline void futex_wait(std::atomic<uint32_t>& word, uint32_t expected, uint64_t timeout_ns) {
    timespec limit{};
    timespec* at_most = nullptr;
    if (timeout_ns != UINT64_MAX) {
        limit.tv_sec = static_cast<time_t>(timeout_ns / 1'000'000'000);
        limit.tv_nsec = static_cast<long>(timeout_ns % 1'000'000'000);
        at_most = &limit;
    }
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, at_most, nullptr, 0);
}

/// Wakes one thread that sleeps on `word`.
inline void futex_wake(std::atomic<uint32_t>& word) {
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

} // namespace acc::model
