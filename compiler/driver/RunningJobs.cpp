// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/RunningJobs.h"

#include "compiler/driver/OutputFile.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>

namespace acc::driver {
namespace {

/// The program and everything it has started. Children first: a parent that dies leaves them to
/// init, where nobody finds them.
void signal_tree(int pid, int signal) {
    const std::string id = std::to_string(pid);
    std::ifstream children("/proc/" + id + "/task/" + id + "/children");
    for (int child; children >> child;)
        signal_tree(child, signal);
    kill(pid, signal);
}

} // namespace

void RunningJobs::cancel() {
    std::unique_lock lock(mutex_);
    cancelled_ = true;
    for (int signal : {SIGTERM, SIGKILL}) {
        for (int pid : processes_)
            signal_tree(pid, signal);
        if (changed_.wait_for(lock, std::chrono::seconds(2), [&] { return processes_.empty(); }))
            break;
    }
    std::error_code ignored;
    for (const std::string& path : directories_)
        std::filesystem::remove_all(path, ignored);
    for (const std::string& path : outputs_)
        remove_regular_file(path);
}

bool RunningJobs::cancelled() const {
    std::lock_guard lock(mutex_);
    return cancelled_;
}

int RunningJobs::wait_for(int pid) {
    siginfo_t info;
    // First without reaping: until it is out of the list its id must stay its own.
    while (waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    std::lock_guard lock(mutex_);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    processes_.erase(pid);
    changed_.notify_all();
    return status;
}

void RunningJobs::add_directory(const std::string& path) {
    std::lock_guard lock(mutex_);
    directories_.insert(path);
}

void RunningJobs::remove_directory(const std::string& path) {
    std::lock_guard lock(mutex_);
    directories_.erase(path);
}

void RunningJobs::add_output(const std::string& path) {
    std::lock_guard lock(mutex_);
    outputs_.insert(path);
}

void RunningJobs::remove_output(const std::string& path) {
    std::lock_guard lock(mutex_);
    outputs_.erase(path);
}

} // namespace acc::driver
