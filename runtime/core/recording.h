// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Work that was recorded instead of submitted. It can be submitted any number of times.
#pragma once

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
    /// Another piece in the place of one; the order stays.
    void replace(size_t index, const Work& work);
    /// For addresses and values that are known only when it is submitted.
    Work& operator[](size_t index) { return works_[index]; }

  private:
    struct Own { // by work: what it points to
        std::unique_ptr<uint8_t[]> arguments;
        std::unique_ptr<std::function<void()>> function;
    };
    static void keep(Work& work, Own& own);

    std::mutex mutex_; // protects what follows while streams record
    std::vector<Work> works_;
    std::vector<Own> own_;
};

} // namespace acc::rt
