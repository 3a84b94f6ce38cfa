// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a run has going on outside of its own memory, so that another thread can end it: programs,
// temporary directories, outputs that are not finished.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace acc::driver {

class RunningJobs {
  public:
    /// Ends everything: what runs gets SIGTERM, with the programs that it started itself (after two
    /// seconds SIGKILL); temporary directories and unfinished outputs are removed; nothing new
    /// starts, so that the run fails soon. Returns when that is done. From any thread but never
    /// from a signal handler; some thread must be waiting for the programs, as the run does.
    void cancel();
    bool cancelled() const;

    // ---- for the classes that start and make things

    /// Holds the lock while a program is started, so that cancel() misses none.
    /// start: returns the process id, or -1. Returns -1 without calling it after cancel().
    template <typename Start>
    int start(Start start) {
        std::lock_guard lock(mutex_);
        int pid = cancelled_ ? -1 : start();
        if (pid > 0) processes_.insert(pid);
        return pid;
    }
    /// Waits for the program and returns the raw status of waitpid.
    int wait_for(int pid);

    void add_directory(const std::string& path);
    void remove_directory(const std::string& path);
    void add_output(const std::string& path);
    void remove_output(const std::string& path);

  private:
    mutable std::mutex mutex_; ///< everything below
    std::condition_variable changed_;
    std::set<int> processes_; ///< not yet reaped: their ids cannot belong to anybody else
    std::set<std::string> directories_;
    std::set<std::string> outputs_;
    bool cancelled_ = false;
};

} // namespace acc::driver
