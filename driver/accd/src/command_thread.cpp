// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/command_thread.h"

namespace acc::accd {

CommandThread::CommandThread() : thread_([this] { run(); }) {}

void CommandThread::stop() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void CommandThread::post(std::function<void()> job, Clock::duration delay) {
    std::lock_guard lock(mutex_);
    jobs_.emplace(Clock::now() + delay, std::move(job));
    wake_.notify_one();
}

void CommandThread::post_first(std::function<void()> job) {
    std::lock_guard lock(mutex_);
    jobs_.emplace(Clock::time_point::min(), std::move(job));
    wake_.notify_one();
}

void CommandThread::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        if (jobs_.empty()) {
            wake_.wait(lock);
            continue;
        }
        auto next = jobs_.begin();
        if (next->first > Clock::now()) {
            wake_.wait_until(lock, next->first);
            continue;
        }
        auto job = std::move(next->second);
        jobs_.erase(next);
        lock.unlock();
        job();
        lock.lock();
    }
}

} // namespace acc::accd
