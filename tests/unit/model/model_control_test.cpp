// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a register front end needs of the chip: state of queues, resets, injected faults.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

using namespace std::chrono_literals;

class ControlTest : public testing::Test {
  protected:
    Rig rig;
    UserQueue queue{rig, 3};
    acc_fault_record record{};
    std::atomic<bool> open{false};
    std::atomic<uint64_t> slices{0};

    QueueState state(uint32_t id = 3) { return rig.chip->queue_state(id); }

    /// A kernel whose blocks end when `open` is set.
    uint64_t gated() {
        return rig.kernels.add([this](FakeBlock& b, acc_fault_record&) {
            slices++;
            if (b.launch->abort) return RunResult::Stopped;
            return open ? RunResult::Done : RunResult::Yield;
        });
    }
    /// Submits an endless dispatch and returns when it runs.
    void run_gated(UserQueue& q, uint32_t blocks = 4) {
        uint64_t before = slices;
        q.submit(dispatch(gated(), blocks));
        while (slices == before)
            std::this_thread::yield();
    }
    /// Waits until the queue has not got on for a while: what was under way has come to its end.
    uint64_t settle(uint32_t id = 3) {
        uint64_t progress = state(id).progress;
        for (auto since = std::chrono::steady_clock::now();
             std::chrono::steady_clock::now() - since < 50ms;) {
            std::this_thread::sleep_for(1ms);
            if (state(id).progress == progress) continue;
            progress = state(id).progress;
            since = std::chrono::steady_clock::now();
        }
        return progress;
    }
    /// After a reset of everything: a driver starts anew.
    void start_again() {
        ASSERT_TRUE(rig.chip->vm_enable(1, rig.tables->root(), kVa, kVaBytes));
        UserQueue q{rig, 3};
        ASSERT_TRUE(q.enabled);
        EXPECT_TRUE(q.run(write_value(kVramVa + 0x1000, 77)));
        EXPECT_EQ(*rig.vram<uint64_t>(0x1000), 77u);
    }
};

TEST_F(ControlTest, StateOfAQueue) {
    EXPECT_FALSE(state(4).enabled);
    EXPECT_EQ(state(4).progress, 0u);
    EXPECT_FALSE(state(256).enabled);
    EXPECT_TRUE(state().enabled);
    EXPECT_FALSE(state().active);
    ASSERT_TRUE(queue.run(write_value(kVramVa + 0x1000, 1)));
    EXPECT_EQ(state().read_index, 1u);
    EXPECT_FALSE(state().active);
    uint64_t runtime = state().runtime_ns;
    ASSERT_TRUE(queue.run(copy(kVramVa + 0x100000, kVramVa + 0x200000, 0x100000)));
    EXPECT_GT(state().runtime_ns, runtime);
    run_gated(queue);
    EXPECT_TRUE(state().active);
    EXPECT_FALSE(state().halted);
    QueueState before = state();
    while (state().progress == before.progress || state().runtime_ns == before.runtime_ns)
        std::this_thread::yield(); // hangs if it never gets on
    open = true;
    ASSERT_TRUE(queue.wait());
    EXPECT_FALSE(state().active);
    EXPECT_EQ(state().read_index, 3u);
    before = state();
    EXPECT_TRUE(rig.stop(3));
    EXPECT_FALSE(state().enabled);
    EXPECT_EQ(state().progress, before.progress);
}

TEST_F(ControlTest, AQueueThatHaltedSaysSo) {
    queue.submit(make_packet(77));
    EXPECT_FALSE(queue.wait());
    EXPECT_TRUE(state().halted);
    EXPECT_TRUE(state().enabled);
    EXPECT_FALSE(state().active);
    while (rig.sink.halted_queue != 3)
        std::this_thread::yield();
}

TEST_F(ControlTest, WaitingForAValueIsProgress) {
    auto* word = rig.vram<std::atomic<uint64_t>>(0x1000);
    *word = 0;
    queue.submit(wait_value(kVramVa + 0x1000, 1));
    for (int i = 0; i < 3; i++) {
        uint64_t before = state().progress;
        while (state().progress == before)
            std::this_thread::yield();
        EXPECT_TRUE(state().active);
    }
    *word = 1;
    EXPECT_TRUE(queue.wait());
}

TEST_F(ControlTest, WaitingForItsTurnIsNoStall) {
    // One unit; 30 queues whose slices take long, and one that comes last. However long it waits
    // for its turn, it does not stall: looked at all the time until it has had five turns.
    Rig one{1};
    std::atomic<uint64_t> turns{0};
    std::atomic<bool> stop{false};
    auto kernel = [&](bool counts) {
        return one.kernels.add([&, counts](FakeBlock&, acc_fault_record&) {
            auto end = std::chrono::steady_clock::now() + 3ms;
            while (std::chrono::steady_clock::now() < end) {
            }
            if (counts) turns++;
            return stop ? RunResult::Done : RunResult::Yield;
        });
    };
    std::vector<std::unique_ptr<UserQueue>> others;
    for (uint32_t id = 1; id <= 30; id++) {
        others.push_back(std::make_unique<UserQueue>(one, id, 2));
        others.back()->submit(dispatch(kernel(false), 1));
    }
    UserQueue last{one, 31, 1};
    last.submit(dispatch(kernel(true), 1));
    uint64_t stood_still = 0, before = one.chip->queue_state(31).progress;
    for (uint64_t seen = 0; seen < 5;) {
        const QueueState now = one.chip->queue_state(31);
        ASSERT_EQ(now.stalled_ns, 0u);
        stood_still += now.progress == before;
        before = now.progress;
        seen = turns;
        std::this_thread::yield();
    }
    EXPECT_GT(stood_still, 0u) << "its progress tells nothing";
    stop = true;
    EXPECT_TRUE(last.wait());
}

TEST_F(ControlTest, AHungQueueStallsOnceItHasSomethingToDo) {
    UserQueue other{rig, 4};
    const auto stalls = [&](uint32_t id) { // hangs if it does not
        const uint64_t before = state(id).stalled_ns;
        while (state(id).stalled_ns < before + 2'000'000)
            std::this_thread::yield();
    };
    EXPECT_TRUE(rig.chip->inject_queue_hang(3));
    EXPECT_EQ(state().stalled_ns, 0u) << "nothing to do";
    queue.submit(write_value(kVramVa + 0x1000, 1));
    stalls(3);
    EXPECT_TRUE(other.run(write_value(kVramVa + 0x1008, 1)));
    EXPECT_EQ(state(4).stalled_ns, 0u);
    EXPECT_TRUE(rig.reset_queue(3));
    EXPECT_EQ(state().stalled_ns, 0u);
    // One that hangs in the middle of something, and one that has nothing to do but to stop.
    UserQueue again{rig, 3};
    run_gated(again);
    EXPECT_TRUE(rig.chip->inject_queue_hang(3));
    stalls(3);
    EXPECT_TRUE(rig.reset_queue(3));
    EXPECT_TRUE(rig.chip->inject_queue_hang(4));
    EXPECT_FALSE(rig.chip->queue_disable(4));
    stalls(4);
    EXPECT_TRUE(rig.reset_queue(4));
}

TEST_F(ControlTest, AllBusyQueuesOfAHungDeviceStall) {
    UserQueue idle{rig, 4};
    run_gated(queue);
    rig.chip->inject_device_hang();
    while (state().stalled_ns < 2'000'000)
        std::this_thread::yield();
    EXPECT_EQ(state(4).stalled_ns, 0u);
    idle.submit(write_value(kVramVa + 0x1008, 1));
    while (state(4).stalled_ns < 2'000'000)
        std::this_thread::yield();
    ASSERT_TRUE(rig.reset_device());
    EXPECT_EQ(state().stalled_ns, 0u);
    start_again();
}

TEST_F(ControlTest, PriorityChangesWhileBlocksRun) {
    Rig one{1};
    std::atomic<uint64_t> share[2] = {0, 0};
    auto kernel = [&](int which) {
        return one.kernels.add([&, which](FakeBlock& b, acc_fault_record&) {
            auto end = std::chrono::steady_clock::now() + 20us;
            while (std::chrono::steady_clock::now() < end) {
            }
            share[which]++;
            return b.launch->abort ? RunResult::Stopped : RunResult::Yield;
        });
    };
    UserQueue a{one, 1, 0}, b{one, 2, 3};
    a.submit(dispatch(kernel(0), 1));
    b.submit(dispatch(kernel(1), 1));
    auto measure = [&](int most) { // slices of the other one until this one has had 1000
        uint64_t from = share[most], other = share[1 - most];
        while (share[most] < from + 1000)
            std::this_thread::sleep_for(1ms);
        return share[1 - most] - other;
    };
    measure(1); // both run now
    EXPECT_LT(measure(1), 300u);
    EXPECT_TRUE(one.chip->queue_set_priority(1, 3));
    EXPECT_TRUE(one.chip->queue_set_priority(2, 0));
    measure(0);
    EXPECT_LT(measure(0), 300u);
    EXPECT_FALSE(one.chip->queue_set_priority(1, 4));
    EXPECT_FALSE(one.chip->queue_set_priority(9, 1));
    EXPECT_FALSE(one.chip->queue_set_priority(256, 1));
}

TEST_F(ControlTest, DisableOfABlockThatDoesNotStopReturnsAndCanBeRepeated) {
    std::atomic<bool> stubborn{true}, inside{false};
    queue.submit(dispatch(rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        inside = true;
        while (stubborn)
            std::this_thread::yield();
        return RunResult::Stopped;
    }),
                          1));
    while (!inside)
        std::this_thread::yield();
    EXPECT_FALSE(rig.chip->queue_disable(3));
    EXPECT_FALSE(rig.chip->queue_reset(3));
    EXPECT_FALSE(rig.chip->vm_disable(1));
    EXPECT_FALSE(rig.chip->device_reset());
    EXPECT_FALSE(rig.chip->queue_enable(5, 1, kSystemVa, 64, kSystemVa + 0x8000, 0)) << "resetting";
    stubborn = false;
    EXPECT_TRUE(rig.reset_device());
    EXPECT_FALSE(state().enabled);
    start_again();
}

TEST_F(ControlTest, AnAddressSpaceThatAResetOvertakesIsNotEnabled) {
    int resets = 0;
    rig.system.on_reach = [&] {
        if (resets++ == 0) rig.reset_device(); // begins and ends while the table is being read
    };
    EXPECT_FALSE(rig.chip->vm_enable(2, rig.tables->root(), kVa, kVaBytes));
    EXPECT_GT(resets, 0);
    EXPECT_TRUE(rig.chip->vm_enable(2, rig.tables->root(), kVa, kVaBytes)) << "the number is free";
}

TEST_F(ControlTest, AHungQueueStopsAndIsRecoveredByItsReset) {
    UserQueue other{rig, 4};
    run_gated(queue, 1);
    EXPECT_FALSE(rig.chip->inject_queue_hang(256));
    EXPECT_TRUE(rig.chip->inject_queue_hang(3));
    queue.submit(write_value(kVramVa + 0x1000, 1));
    open = true; // the block ends, but nobody takes notice
    uint64_t progress = settle();
    EXPECT_EQ(rig.chip->counters().blocks, 1u);
    EXPECT_TRUE(state().active);
    EXPECT_EQ(state().read_index, 0u);
    EXPECT_FALSE(rig.chip->queue_disable(3));
    EXPECT_TRUE(other.run(write_value(kVramVa + 0x1008, 1))) << "others are not affected";
    EXPECT_EQ(state().progress, progress);
    EXPECT_FALSE(rig.chip->vm_disable(1));
    EXPECT_FALSE(state(4).enabled) << "those that could be stopped are";
    EXPECT_TRUE(rig.reset_queue(3));
    EXPECT_FALSE(state().enabled);
    EXPECT_EQ(*rig.vram<uint64_t>(0x1000), 0u);
    UserQueue again{rig, 3};
    EXPECT_TRUE(again.run(write_value(kVramVa + 0x1000, 2)));
}

TEST_F(ControlTest, AQueueThatIsNotEnabledHangsLater) {
    EXPECT_TRUE(rig.chip->inject_queue_hang(9));
    UserQueue q{rig, 9};
    q.submit(write_value(kVramVa + 0x1000, 1));
    EXPECT_FALSE(q.wait(20'000'000));
    EXPECT_TRUE(rig.reset_queue(9));
}

TEST_F(ControlTest, AHungDeviceIsRecoveredByDeviceResetOnly) {
    UserQueue other{rig, 4}, waiting{rig, 5};
    waiting.submit(wait_value(kVramVa + 0x1000, 1));
    run_gated(queue, 8);
    rig.chip->inject_device_hang();
    other.submit(write_value(kVramVa + 0x1008, 1));
    uint64_t progress = settle(), polls = settle(5), count = slices;
    *rig.vram<std::atomic<uint64_t>>(0x1000) = 1;
    EXPECT_FALSE(other.wait(20'000'000));
    EXPECT_EQ(state().progress, progress);
    EXPECT_EQ(state(5).progress, polls);
    EXPECT_EQ(slices, count);
    for (uint32_t id : {3u, 4u, 5u}) {
        EXPECT_TRUE(state(id).active);
        EXPECT_FALSE(rig.chip->queue_disable(id));
        EXPECT_FALSE(rig.chip->queue_reset(id));
    }
    ASSERT_TRUE(rig.reset_device());
    for (uint32_t id : {3u, 4u, 5u})
        EXPECT_FALSE(state(id).enabled);
    EXPECT_FALSE(rig.chip->queue_enable(3, 1, kSystemVa, 64, kSystemVa + 0x8000, 0))
        << "the address space is gone";
    start_again();
}

TEST_F(ControlTest, AChipMayBeDestroyedWhileItHangs) {
    run_gated(queue);
    rig.chip->inject_device_hang();
    rig.chip.reset();
}

TEST_F(ControlTest, DeviceResetStopsEverythingAndKeepsVram) {
    std::atomic<uint64_t>& word = *rig.vram<std::atomic<uint64_t>>(0x4000);
    uint64_t counter = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        word++;
        slices++;
        return b.launch->abort ? RunResult::Stopped : RunResult::Yield;
    });
    UserQueue filler{rig, 4}, waiting{rig, 5}, broken{rig, 6};
    rig.chip->queue_set_service(3, 0x1000, 0x2000);
    broken.submit(make_packet(77));
    EXPECT_FALSE(broken.wait());
    queue.submit(dispatch(counter, 100));
    for (unsigned i = 0; i < 32; i++)
        filler.put(copy(kVramVa + (4 << 20), kVramVa + (10 << 20), 4 << 20));
    filler.ring();
    waiting.submit(wait_value(kVramVa + 0x1000, 1));
    while (slices < 100)
        std::this_thread::yield();
    *rig.vram<uint64_t>(0x5000) = 1234;
    EXPECT_TRUE(rig.reset_device());
    uint64_t count = word;
    EXPECT_FALSE(rig.chip->fault_pop(record)) << "the FIFO is empty";
    for (uint32_t id : {3u, 4u, 5u, 6u})
        EXPECT_FALSE(state(id).enabled);
    uint64_t* copied = rig.vram<uint64_t>(4 << 20);
    std::memset(copied, 0x55, 4 << 20);
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(word, count) << "nothing runs any more";
    for (unsigned i = 0; i < (4 << 20) / 8; i++)
        ASSERT_EQ(copied[i], 0x5555555555555555u);
    EXPECT_EQ(*rig.vram<uint64_t>(0x5000), 1234u);
    std::atomic<uint64_t> printf_buffer{1};
    start_again();
    UserQueue q{rig, 3};
    EXPECT_FALSE(q.enabled && q.written()) << "indices start at the control block's";
    EXPECT_TRUE(q.run(dispatch(rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        printf_buffer = b.launch->printf_buffer;
        return RunResult::Done;
    }),
                               1)));
    EXPECT_EQ(printf_buffer, 0u) << "service addresses are set back";
}

TEST_F(ControlTest, PoisonedPagesFaultThroughEveryMapping) {
    Chip& c = *rig.chip;
    EXPECT_FALSE(c.poison_vram(c.vram_bytes()));
    // Page 0 of VRAM is mapped at kVramVa and, read-only, at kReadOnlyVa; page 1 has one mapping.
    EXPECT_TRUE(c.poison_vram(0x123));
    uint32_t id = 10;
    for (uint64_t va : {kVramVa, kReadOnlyVa}) {
        UserQueue q{rig, id++};
        q.submit(copy(kSystemVa, va + 64, 8));
        EXPECT_FALSE(q.wait());
        ASSERT_TRUE(c.fault_pop(record));
        EXPECT_EQ(record.cause, ACC_FAULT_ECC);
        EXPECT_EQ(record.access, ACC_ACCESS_READ);
        EXPECT_EQ(record.address, va + 64);
    }
    queue.submit(write_value(kVramVa + 8, 1));
    EXPECT_FALSE(queue.wait());
    ASSERT_TRUE(c.fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_ECC);
    EXPECT_EQ(c.counters().ecc_uncorrected, 3u);
    EXPECT_EQ(rig.sink.eccs, 3u);
    UserQueue q{rig, id++};
    EXPECT_TRUE(q.run(copy(kSystemVa, kVramVa + 0x1000, 64))) << "its neighbour is not affected";
    // A mapping made later sees it, too; scrubbing ends it everywhere.
    rig.tables->map(kUnmappedVa, 0, ACC_PAGE_BYTES, ACC_PTE_WRITE);
    c.tlb_invalidate(1, kUnmappedVa, ACC_PAGE_BYTES);
    q.submit(copy(kSystemVa, kUnmappedVa, 64));
    EXPECT_FALSE(q.wait());
    c.unpoison_vram(0xfff);
    UserQueue last{rig, id};
    for (uint64_t va : {kVramVa, kReadOnlyVa, kUnmappedVa})
        EXPECT_TRUE(last.run(copy(kSystemVa, va, 64)));
}

TEST_F(ControlTest, DeviceResetScrubs) {
    EXPECT_TRUE(rig.chip->poison_vram(0x1000));
    EXPECT_TRUE(rig.reset_device());
    start_again();
}

TEST_F(ControlTest, CorrectedErrorsAreCounted) {
    rig.chip->inject_corrected_ecc(5);
    rig.chip->inject_corrected_ecc(2);
    EXPECT_EQ(rig.chip->counters().ecc_corrected, 7u);
    EXPECT_EQ(rig.chip->counters().ecc_uncorrected, 0u);
    EXPECT_EQ(rig.sink.eccs, 2u);
}

} // namespace
} // namespace acc::model::test
