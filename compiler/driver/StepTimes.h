// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -time: how long each step of a run took, as the table that nvcc writes.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace acc::driver {

class StepTimes {
  public:
    using Clock = std::chrono::steady_clock;

    /// A step that started at `began` is over. From any thread.
    void add(Clock::time_point began, const std::string& source, const std::string& step,
             const std::string& input, const std::string& output, const std::string& arch);
    /// Appends the table to a file, with headings when it is empty; "-" is standard output. An
    /// error text when it cannot be written.
    std::string write(const std::string& file) const;

  private:
    std::mutex mutex_;
    std::vector<std::string> lines_;
};

} // namespace acc::driver
