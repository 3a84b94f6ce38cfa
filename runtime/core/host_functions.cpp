// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_functions.h"

#include <pthread.h>

#include <algorithm>
#include <system_error>

#include "runtime/core/context.h"
#include "runtime/core/own_threads.h"

namespace acc::rt {
namespace {

/// How long to wait for one queue before looking whether another one, for which there is no thread,
/// was first.
constexpr uint64_t kLookNs = 1'000'000;

constexpr size_t kMaxThreads = 16;

} // namespace

HostFunctions::HostFunctions(Context& context) : context_(context) {
    threads_.reserve(kMaxThreads);
    threads_.emplace_back([this] { run(); });
}

HostFunctions::~HostFunctions() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

HostFunctions::Calls HostFunctions::prepare(const std::shared_ptr<UserQueue>& queue,
                                            std::span<const Work> works) {
    Calls calls;
    for (const Work& work : works)
        if (const auto* call = std::get_if<work::HostCall>(&work.what))
            calls.push_back({{queue, 0}, *call->function, call->even_after_fault, call->internal});
    return calls;
}

void HostFunctions::add_first(Calls& prepared, uint64_t number) noexcept {
    prepared.front().after.sequence = number;
    {
        std::lock_guard lock(mutex_);
        calls_.splice(calls_.end(), prepared, prepared.begin());
        if (idle_ == 0 && threads_.size() < kMaxThreads && unwatched()) {
            try {
                threads_.emplace_back([this] { run(); });
            } catch (const std::system_error&) { // those that there are look after it in turn
            }
        }
    }
    changed_.notify_all();
}

/// A call that may run. Of the calls of one queue only the first can: the others' points come after
/// a wait for it. The caller holds the lock.
HostFunctions::Calls::iterator HostFunctions::ready() {
    const bool lost = context_.queues().known_halted();
    return std::find_if(calls_.begin(), calls_.end(), [&](const Call& call) {
        return (!running_ || call.internal) && (lost || call.after.reached());
    });
}

void HostFunctions::finish(Call& call, bool lost) {
    if (lost) {
        try {
            context_.device_fault(); // a callback is told the error
        } catch (const Error&) {
        }
    }
    if (!lost || call.even_after_fault) call.function();
    call.after.queue->host_call_done(call.after.sequence);
}

/// The point of a call whose queue no thread waits for. The caller holds the lock.
std::optional<Point> HostFunctions::unwatched() const {
    for (const Call& call : calls_)
        if (!call.after.reached() &&
            std::find(watched_.begin(), watched_.end(), call.after.queue.get()) == watched_.end())
            return call.after;
    return std::nullopt;
}

/// Waits a while for the point. The caller holds the lock.
void HostFunctions::watch(std::unique_lock<std::mutex>& lock, const Point& after) {
    watched_.push_back(after.queue.get());
    lock.unlock();
    after.queue->wait(after.sequence, kLookNs);
    lock.lock();
    std::erase(watched_, after.queue.get());
}

/// Runs a function that may run, if there is one. The caller holds the lock.
bool HostFunctions::run_ready(std::unique_lock<std::mutex>& lock) {
    const auto next = ready();
    if (next == calls_.end()) return false;
    Calls one;
    one.splice(one.begin(), calls_, next);
    const bool program = !one.front().internal;
    if (program) running_ = true;
    lock.unlock();
    Call& call = one.front();
    // Of a context that has failed streams may get on that would not have.
    finish(call, !call.after.reached() || context_.sticky() != Status::Success);
    one.clear(); // what the function holds goes without the lock
    lock.lock();
    if (program) running_ = false;
    if (!calls_.empty()) changed_.notify_all();
    return true;
}

void HostFunctions::run() {
    enter_own_thread();
    pthread_setname_np(pthread_self(), "acc-host-func");
    std::unique_lock lock(mutex_);
    while (true) {
        if (run_ready(lock)) continue;
        if (stop_) return;
        if (const auto after = unwatched()) {
            watch(lock, *after);
        } else {
            ++idle_;
            changed_.wait(lock);
            --idle_;
        }
    }
}

} // namespace acc::rt
