// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events of several processes. Their state lies in a page that all of them map: how often the event
// has been recorded, and of the last records whether they are done, which the device that records
// writes and the devices that wait look at.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "runtime/core/memory.h"
#include "runtime/core/stream.h"

namespace acc::rt {

/// Ticks at which a process was started; 0: there is no such process (any more). With the number it
/// says which process is meant, for all time.
uint64_t process_start(uint32_t process);

class SharedEvent {
  public:
    struct State;
    static constexpr uint64_t kBytes = 4096;

    /// `va` and `host`: the page, which `keep` keeps. A new one is all zeros.
    SharedEvent(uint64_t va, uint8_t* host, std::shared_ptr<void> keep);
    ~SharedEvent();

    void record(Stream& stream);
    /// True when never recorded, or the last record is done, or will never be because its process
    /// is gone.
    bool complete() const;
    void synchronize(Context& context) const;
    void wait_on(Stream& stream) const;
    uint64_t va() const { return va_; }

  private:
    struct Last {
        uint64_t number = 0;
        std::atomic<uint64_t>* done = nullptr;
        uint64_t va = 0;
        uint32_t process = 0;
        uint64_t started = 0;
    };
    std::optional<Last> pending() const;
    uint64_t address_of(const std::atomic<uint64_t>& word) const;

    const uint64_t va_;
    State& state_;
    const std::shared_ptr<void> keep_;
};

} // namespace acc::rt
