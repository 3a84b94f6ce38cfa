// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_functions.h"

#include <pthread.h>

#include <algorithm>

#include "runtime/core/context.h"
#include "runtime/core/own_threads.h"

namespace acc::rt {
namespace {

/// How long to wait for one queue before looking whether another one was first.
constexpr uint64_t kLookNs = 1'000'000;

} // namespace

HostFunctions::HostFunctions(Context& context) : context_(context), thread_([this] { run(); }) {}

HostFunctions::~HostFunctions() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

HostFunctions::Calls HostFunctions::prepare(const std::shared_ptr<UserQueue>& queue,
                                            std::span<const Work> works) {
    Calls calls;
    for (const Work& work : works)
        if (const auto* call = std::get_if<work::HostCall>(&work.what))
            calls.push_back({{queue, 0}, *call->function, call->even_after_fault});
    return calls;
}

void HostFunctions::add_first(Calls& prepared, uint64_t number) noexcept {
    prepared.front().after.sequence = number;
    {
        std::lock_guard lock(mutex_);
        calls_.splice(calls_.end(), prepared, prepared.begin());
    }
    changed_.notify_all();
}

/// A call that may run. Of the calls of one queue only the first can: the others' points come after
/// a wait for it. The caller holds the lock.
HostFunctions::Calls::iterator HostFunctions::ready() {
    const bool lost = context_.queues().known_halted();
    return std::find_if(calls_.begin(), calls_.end(),
                        [&](const Call& call) { return lost || call.after.reached(); });
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

void HostFunctions::run() {
    enter_own_thread();
    pthread_setname_np(pthread_self(), "acc-host-func");
    std::unique_lock lock(mutex_);
    while (true) {
        if (const auto next = ready(); next != calls_.end()) {
            Calls one;
            one.splice(one.begin(), calls_, next);
            lock.unlock();
            Call& call = one.front();
            finish(call, !call.after.reached());
            one.clear(); // what the function holds goes without the lock
            lock.lock();
        } else if (stop_) {
            return;
        } else if (calls_.empty()) {
            changed_.wait(lock);
        } else {
            const Point after = calls_.front().after;
            lock.unlock();
            after.queue->wait(after.sequence, kLookNs);
            lock.lock();
        }
    }
}

} // namespace acc::rt
