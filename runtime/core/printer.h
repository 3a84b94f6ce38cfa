// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Device printf and assert messages: the buffer that kernels append records to (docs/printf.md),
// read and printed when the host synchronises.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "runtime/core/backend.h"
#include "runtime/core/memory.h"

namespace acc::rt {

class Context;
class Module;

class Printer {
  public:
    explicit Printer(Context& context) : context_(context) {}
    ~Printer();

    /// Makes the buffer when there is none. Called when a module whose kernels print is loaded.
    void enable();
    /// Device address of the buffer (sr_printf); 0 when there is none.
    uint64_t address() const { return enabled_.load(std::memory_order_acquire) ? buffer_.va : 0; }
    /// Prints the records that are complete. Cheap when nothing prints.
    void flush();
    /// As flush, for a process that exits while kernels may be running: waits for nobody.
    void print_complete();
    /// Held (shared) while a kernel that prints is being submitted, so that flush() does not rewind
    /// the buffer under it.
    std::shared_mutex& submit_mutex() { return submit_mutex_; }

  private:
    bool print_records();
    uint64_t written() const;
    void print_one(const uint8_t* record, uint32_t size);
    void rewind_when_idle();
    std::string device_string(uint64_t va);
    std::string format(const std::string& format, const uint8_t* arguments, uint32_t bytes,
                       uint32_t message_bytes);

    Context& context_;
    std::atomic<bool> enabled_{false};
    std::mutex mutex_; // protects what follows
    std::shared_mutex submit_mutex_;
    Allocation buffer_;
    uint64_t capacity_ = 0; // bytes for records. The header in the buffer says so, too, but kernels
                            // can write there: the host believes nothing that it has not checked
    uint64_t consumed_ = 0;
};

} // namespace acc::rt
