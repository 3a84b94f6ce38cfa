// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/last_thread.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

#include "runtime/core/own_threads.h"
#include "runtime/cuda/process_runtime.h"

namespace acc::cuda {
namespace {

constexpr auto kNap = std::chrono::milliseconds(20);

/// False for a thread that has ended. `stat` is the kernel's line about it: number, (name), state,
/// ….
bool lives(const char* stat) {
    const char* end = std::strrchr(stat, ')');
    if (end == nullptr || end[1] == 0) return false; // it has just gone
    const char state = end[2];
    return state != 'Z' && state != 'X';
}

/// True when the program has a thread left, or nobody can tell.
bool program_goes_on() {
    const std::unique_ptr<DIR, int (*)(DIR*)> tasks(opendir("/proc/self/task"), &closedir);
    if (!tasks) return true;
    while (const dirent* task = readdir(tasks.get())) {
        if (task->d_name[0] == '.' || rt::is_own_thread(std::atoi(task->d_name))) continue;
        const std::string path = std::string("/proc/self/task/") + task->d_name + "/stat";
        const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"),
                                                         &std::fclose);
        char line[512] = {};
        if (file && std::fgets(line, sizeof line, file.get()) != nullptr && lives(line))
            return true;
    }
    return false;
}

[[noreturn]] void wait_for_the_last() {
    rt::enter_own_thread();
    pthread_setname_np(pthread_self(), "acc-last");
    while (program_goes_on())
        std::this_thread::sleep_for(kNap);
    std::exit(0); // what the C library does when the last thread ends
}

/// Runs when the main thread has called pthread_exit, not when the process exits.
void main_thread_ends(void*) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        std::thread(wait_for_the_last).detach();
    } catch (const std::exception&) { // no thread to be had: the process stays
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

/// The library is usually loaded by the main thread, which may never call the API itself. A copy
/// that does not serve the process may be unloaded, and leaves nothing behind.
[[gnu::constructor]] void at_load() {
    if (this_copy_serves()) watch_main_thread();
}

} // namespace

void watch_main_thread() {
    if (syscall(SYS_gettid) != getpid()) return;
    static const pthread_key_t key = [] {
        pthread_key_t made{};
        pthread_key_create(&made, &main_thread_ends);
        return made;
    }();
    static char mark; // anything but null
    pthread_setspecific(key, &mark);
}

} // namespace acc::cuda
