// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/own_threads.h"

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

pid_t number() {
    return static_cast<pid_t>(syscall(SYS_gettid));
}

std::set<pid_t> threads() {
    std::set<pid_t> all;
    DIR* tasks = opendir("/proc/self/task");
    while (const dirent* task = readdir(tasks))
        if (task->d_name[0] != '.') all.insert(std::atoi(task->d_name));
    closedir(tasks);
    return all;
}

TEST(OwnThreads, AThreadIsOneUntilItEnds) {
    pid_t one = 0;
    std::thread([&] {
        enter_own_thread();
        one = number();
        EXPECT_TRUE(is_own_thread(one));
        std::thread([] { EXPECT_FALSE(is_own_thread(number())); }).join(); // not inherited
    }).join();
    EXPECT_FALSE(is_own_thread(one));
    EXPECT_FALSE(is_own_thread(number()));
}

TEST(OwnThreads, TheDevicesThreadsAre) {
    const auto before = threads();
    Rig rig;
    rig.read(rig.allocate(16), 16); // makes the device work
    int fresh = 0;
    for (const pid_t thread : threads()) {
        if (before.contains(thread)) continue;
        ++fresh;
        for (int i = 0; i < 10000 && !is_own_thread(thread); ++i) // it may just be beginning
            usleep(1000);
        EXPECT_TRUE(is_own_thread(thread)) << thread;
    }
    EXPECT_GT(fresh, 0);
}

} // namespace
} // namespace acc::rt::test
