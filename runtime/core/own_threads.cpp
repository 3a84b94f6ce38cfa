// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/own_threads.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>
#include <unordered_set>

namespace acc::rt {
namespace {

struct OwnThreads {
    std::mutex mutex; // protects what follows
    std::unordered_set<pid_t> numbers;
};

/// Never destroyed: threads end late.
OwnThreads& own_threads() {
    static OwnThreads* const all = [] {
        auto* made = new OwnThreads;
        // None of them is in a child of fork(), where the kernel may use their numbers again.
        pthread_atfork([] { own_threads().mutex.lock(); }, [] { own_threads().mutex.unlock(); },
                       [] {
                           own_threads().numbers.clear();
                           own_threads().mutex.unlock();
                       });
        return made;
    }();
    return *all;
}

struct Membership {
    const pid_t number = static_cast<pid_t>(syscall(SYS_gettid));
    Membership() {
        std::lock_guard lock(own_threads().mutex);
        own_threads().numbers.insert(number);
    }
    ~Membership() {
        std::lock_guard lock(own_threads().mutex);
        own_threads().numbers.erase(number);
    }
};

} // namespace

void enter_own_thread() {
    thread_local Membership membership;
    static_cast<void>(&membership);
}

bool is_own_thread(pid_t thread) {
    std::lock_guard lock(own_threads().mutex);
    return own_threads().numbers.contains(thread);
}

} // namespace acc::rt
