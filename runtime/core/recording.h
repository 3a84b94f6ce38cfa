// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Work that was recorded instead of submitted. It can be submitted any number of times.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "runtime/core/work.h"

namespace acc::rt {

class Recording final : public Recorder {
  public:
    void record(std::span<const Work> works) override;
    /// In the order of recording. Kernel arguments and host functions are the recording's own
    /// copies, as they were when they were recorded; what copies read and write is looked at when
    /// they run.
    std::span<const Work> works() const { return works_; }

  private:
    void keep(KernelArguments& arguments);
    void keep(work::HostCall& call);

    std::mutex mutex_; // protects what follows while streams record
    std::vector<Work> works_;
    std::vector<std::unique_ptr<uint8_t[]>> buffers_; // arguments
    std::deque<std::function<void()>> functions_;     // host calls
};

} // namespace acc::rt
