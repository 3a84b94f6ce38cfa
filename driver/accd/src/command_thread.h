// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace acc::accd {

/// Does what would keep a register access waiting. Jobs run one after the other, in the order in
/// which they are due.
class CommandThread {
  public:
    CommandThread();
    ~CommandThread() { stop(); }
    /// Ends the thread after the job it is at; the others are dropped, and so is what is posted
    /// later.
    void stop();

    using Clock = std::chrono::steady_clock;
    void post(std::function<void()> job, Clock::duration delay = {});
    /// Ahead of everything that waits.
    void post_first(std::function<void()> job);

  private:
    void run();

    std::mutex mutex_; ///< jobs_, stop_
    std::condition_variable wake_;
    std::multimap<Clock::time_point, std::function<void()>> jobs_; ///< by due time
    bool stop_ = false;
    std::thread thread_;
};

} // namespace acc::accd
