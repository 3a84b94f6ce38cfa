// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Creating and destroying chips, idleness, fork.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

using namespace std::chrono_literals;

unsigned threads_of_this_process() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("Threads:", 0) == 0)
            return static_cast<unsigned>(std::stoul(line.substr(8)));
    return 0;
}

TEST(Lifetime, BadVramSizesThrow) {
    SystemMemory system(1 << 20);
    for (uint64_t bytes : std::initializer_list<uint64_t>{0, 4096, (2ull << 20) + 1}) {
        ChipConfig config;
        config.vram_bytes = bytes;
        EXPECT_THROW(make_chip(config, system, nullptr, {}), std::system_error) << bytes;
    }
}

TEST(Lifetime, ComputeUnitsDefaultToHostThreads) {
    SystemMemory system(1 << 20);
    auto chip = make_chip({}, system, nullptr, {});
    EXPECT_EQ(chip->compute_units(), std::max(1u, std::thread::hardware_concurrency()));
    EXPECT_EQ(chip->vram_bytes(), 4ull << 30);
}

TEST(Lifetime, ThreadsStartWithTheFirstQueueAndEndWithTheChip) {
    std::thread([] {}).join(); // sanitizers start a thread of their own with the first one
    unsigned before = threads_of_this_process();
    {
        Rig rig(3);
        EXPECT_EQ(threads_of_this_process(), before);
        UserQueue queue{rig, 0};
        EXPECT_EQ(threads_of_this_process(), before + 3);
    }
    EXPECT_EQ(threads_of_this_process(), before);
}

TEST(Lifetime, AChipMayBeDestroyedWhileItWorks) {
    for (int round = 0; round < 20; round++) {
        Rig rig(2);
        std::atomic<bool> began{false};
        uint64_t endless = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
            began = true;
            return RunResult::Yield;
        });
        UserQueue queue{rig, 0};
        queue.submit(dispatch(endless, 100));
        while (!began)
            std::this_thread::yield();
        rig.chip.reset();
    }
}

TEST(Lifetime, AForkedChildExitsAndTheParentGoesOn) {
    Rig rig(2);
    UserQueue queue{rig, 0};
    std::atomic<bool> stop{false};
    uint64_t busy = rig.kernels.add(
        [&](FakeBlock&, acc_fault_record&) { return stop ? RunResult::Done : RunResult::Yield; });
    queue.submit(dispatch(busy, 100));
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(20); // a hang is a failure
            rig.chip->doorbell(0, 5);
            acc_fault_record record{};
            bool dead = !rig.chip->wait(0, &queue.signal(), 1, UINT64_MAX) &&
                        !rig.chip->fault_pop(record) && !rig.chip->vm_enable(9, 0, kVa, kVaBytes);
            rig.chip->tlb_invalidate(1, 0, 0);
            rig.stop(0);
            rig.chip->vm_disable(1);
            rig.chip.reset();
            _exit(dead ? 0 : 1);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    stop = true;
    EXPECT_TRUE(queue.wait());
}

TEST(Lifetime, AProcessMayExitWhileTheChipWorks) {
    EXPECT_EXIT(
        {
            alarm(20);             // a hang is a failure
            Rig* rig = new Rig(2); // never destroyed, as a library's global may be
            UserQueue* queue = new UserQueue(*rig, 0);
            std::atomic<bool>* began = new std::atomic<bool>(false);
            queue->submit(dispatch(rig->kernels.add([=](FakeBlock&, acc_fault_record&) {
                *began = true;
                return RunResult::Yield;
            }),
                                   100));
            while (!*began)
                std::this_thread::yield();
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
}

TEST(Lifetime, HostSignalsAreNotDeliveredToWorkers) {
    static std::atomic<pid_t> handled_by{0};
    struct sigaction action{}, before{};
    action.sa_handler = [](int) { handled_by = gettid(); };
    sigaction(SIGUSR1, &action, &before);
    Rig rig(2);
    UserQueue queue{rig, 0};
    EXPECT_TRUE(queue.run(write_value(kVramVa + 0x1000, 1)));
    for (int i = 0; i < 50; i++) {
        handled_by = 0;
        kill(getpid(), SIGUSR1);
        while (handled_by == 0)
            std::this_thread::yield();
        EXPECT_EQ(handled_by, getpid());
    }
    sigaction(SIGUSR1, &before, nullptr);
}

TEST(Lifetime, AnIdleChipSleeps) {
    Rig rig(2);
    UserQueue queue{rig, 0};
    EXPECT_TRUE(queue.run(write_value(kVramVa + 0x1000, 1)));
    std::this_thread::sleep_for(30ms); // spinning and napping are over
    timespec began{}, ended{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    std::this_thread::sleep_for(200ms);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    double used = static_cast<double>(ended.tv_sec - began.tv_sec) +
                  static_cast<double>(ended.tv_nsec - began.tv_nsec) * 1e-9;
    RecordProperty("cpu_microseconds", std::to_string(used * 1e6));
    EXPECT_LT(used, 0.1) << "workers spin for ever";
}

} // namespace
} // namespace acc::model::test
