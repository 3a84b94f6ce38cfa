// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The watchdog. Time is real here: a test that expects a hang waits for it, one that expects none
// gives the device several times the limit in total, but no block more than a part of it.
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <thread>

#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kLimit = 200; ///< milliseconds: far more than the host ever keeps a thread
                                 ///< waiting in a slice of a test

class WatchdogTest : public testing::TestWithParam<unsigned> {
  protected:
    Rig rig{GetParam()};
    UserQueue queue{rig, 3};
    acc_fault_record record{};

    /// Burns time of the thread, not of the clock.
    static void burn(std::chrono::microseconds time) {
        timespec t{};
        auto now = [&] {
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
            return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
        };
        for (auto end = now() + time; now() < end;) {
        }
    }
    /// Every block takes `slices` slices of a millisecond.
    uint64_t kernel(uint64_t slices) {
        return rig.kernels.add([slices](FakeBlock& b, acc_fault_record&) {
            if (b.launch->abort) return RunResult::Stopped;
            burn(1ms);
            return b.slice + 1 < slices ? RunResult::Yield : RunResult::Done;
        });
    }
    void expect_hang(uint32_t blocks = 1) {
        EXPECT_FALSE(queue.wait());
        EXPECT_EQ(queue.status(), ACC_QUEUE_ERROR);
        EXPECT_EQ(queue.control().error_cause, ACC_FAULT_HANG);
        ASSERT_TRUE(rig.chip->fault_pop(record));
        EXPECT_EQ(record.cause, ACC_FAULT_HANG);
        EXPECT_EQ(record.kernel, kVramVa);
        EXPECT_EQ(record.queue, 3u);
        EXPECT_LT(record.block[0], blocks);
        EXPECT_EQ(record.block[1], 0u);
    }
};

TEST_P(WatchdogTest, StopsABlockThatNeverEnds) {
    rig.chip->queue_set_watchdog(3, kLimit);
    queue.submit(dispatch(kernel(~0ull), 2));
    expect_hang(2);
}

TEST_P(WatchdogTest, ManyResidentBlocksDoNotMakeItSlow) {
    std::atomic<uint64_t> slices{0};
    rig.chip->queue_set_watchdog(3, kLimit);
    queue.submit(dispatch(rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.launch->abort) return RunResult::Stopped;
        burn(1ms);
        slices++;
        return RunResult::Yield;
    }),
                          500));
    expect_hang(500);
    EXPECT_LT(slices, 8u * kLimit * GetParam()); // 32 blocks on a unit, each with its limit, would
                                                 // be 32 times
}

TEST_P(WatchdogTest, NamesTheBlockThatHangs) {
    rig.chip->queue_set_watchdog(3, kLimit);
    queue.submit(dispatch(rig.kernels.add([](FakeBlock& b, acc_fault_record&) {
        if (b.launch->abort) return RunResult::Stopped;
        burn(100us);
        return b.x == 37 ? RunResult::Yield : RunResult::Done;
    }),
                          50));
    expect_hang(50);
    EXPECT_EQ(record.block[0], 37u);
}

TEST_P(WatchdogTest, StopsBlocksThatWaitForEver) {
    rig.chip->queue_set_watchdog(3, kLimit);
    queue.submit(dispatch(rig.kernels.add([](FakeBlock& b, acc_fault_record&) {
        return b.launch->abort ? RunResult::Stopped : RunResult::Waiting;
    }),
                          4));
    expect_hang(4);
}

TEST_P(WatchdogTest, MayBeSetWhileTheKernelRuns) {
    queue.submit(dispatch(kernel(~0ull), 1));
    EXPECT_FALSE(queue.wait(20'000'000));
    rig.chip->queue_set_watchdog(3, kLimit);
    expect_hang();
}

TEST_P(WatchdogTest, LeavesLongGridsAlone) {
    rig.chip->queue_set_watchdog(3, kLimit);
    // 128 blocks of 10 ms that take turns: the grid needs 1.3 s on one unit, and all resident
    // blocks end late.
    EXPECT_TRUE(queue.run(dispatch(kernel(10), 128)));
}

TEST_P(WatchdogTest, LeavesABlockAloneAsLongAsOthersEnd) {
    rig.chip->queue_set_watchdog(3, kLimit);
    std::atomic<uint32_t> ended{0};
    queue.submit(dispatch(rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.launch->abort) return RunResult::Stopped;
        burn(b.x == 0 ? 5ms : 500us);
        if (b.x == 0) return ended < 500 ? RunResult::Yield : RunResult::Done;
        ended++;
        return RunResult::Done;
    }),
                          501));
    EXPECT_TRUE(queue.wait());
}

TEST_P(WatchdogTest, IsOffUnlessSet) {
    EXPECT_TRUE(queue.run(dispatch(kernel(300), 1)));
    rig.chip->queue_set_watchdog(3, 1);
    rig.chip->queue_set_watchdog(3, 0);
    EXPECT_TRUE(queue.run(dispatch(kernel(300), 1)));
}

TEST_P(WatchdogTest, WaitingForItsTurnIsNoHang) {
    // A queue of the lowest priority gets a small part of the time beside an endless one of the
    // highest.
    UserQueue endless{rig, 4, 3}, slow{rig, 5, 0};
    rig.chip->queue_set_watchdog(5, kLimit);
    for (unsigned i = 0; i < GetParam(); i++)
        endless.put(dispatch(kernel(~0ull), 4, 32, 0));
    endless.ring();
    EXPECT_TRUE(slow.run(dispatch(kernel(10), 1)));
    rig.stop(4);
}

INSTANTIATE_TEST_SUITE_P(Units, WatchdogTest, testing::Values(1u, 2u));

} // namespace
} // namespace acc::model::test
