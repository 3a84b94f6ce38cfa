// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that launch kernels, by records in memory as device code writes them: order, completion,
// and what is wrong in memory that kernels write.
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

constexpr uint64_t kHeapAt = 0x200000, kAreaAt = 0x201000, kRecordsAt = 0x210000;
constexpr uint32_t kRecordBytes = 256, kRecords = 1000;

class LaunchTest : public testing::Test {
  protected:
    LaunchTest() {
        rig.vram<acc_kernel_descriptor>(0)->flags = ACC_KD_LAUNCHES;
        *rig.vram<uint64_t>(kHeapAt + ACC_LAUNCH_AREA_IN_HEAP) = kVramVa + kAreaAt;
        area = rig.vram<acc_launch_area>(kAreaAt);
        for (acc_launch_pool& pool : area->pools)
            pool = {0, 0, kVramVa + kRecordsAt, kRecords, kRecordBytes};
        rig.chip->queue_set_service(queue.id(), 0, kVramVa + kHeapAt);
    }

    /// A record that nobody has used.
    acc_launch_record& record(FakeBlock& by, uint32_t kind, uint64_t stream = 0) {
        const uint64_t number = next++;
        auto* r = rig.vram<acc_launch_record>(kRecordsAt + number * kRecordBytes);
        *r = {};
        r->kind = kind;
        r->grid = by.launch->grid_id;
        r->block = by.x;
        r->stream = stream;
        r->pool = 2;
        return *r;
    }
    uint64_t va(const acc_launch_record& r) {
        return kVramVa +
               static_cast<uint64_t>(reinterpret_cast<const uint8_t*>(&r) - rig.vram<uint8_t>(0));
    }
    void link(acc_launch_record& r) {
        std::atomic_ref<uint64_t> head(area->submitted[queue.id()]);
        r.next = head.load();
        while (!head.compare_exchange_weak(r.next, va(r))) {
        }
    }
    void work(FakeBlock& by, const Packet& packet, uint64_t stream = 0) {
        acc_launch_record& r = record(by, ACC_LAUNCH_WORK, stream);
        Packet p = packet;
        p.header.flags = 0;
        std::memcpy(r.packet, &p, sizeof p);
        link(r);
    }
    /// A kernel that notes a number, after some turns.
    uint64_t note(int number, uint64_t slices = 0) {
        return rig.kernels.add([=, this](FakeBlock& b, acc_fault_record&) {
            if (b.slice < slices) return RunResult::Yield;
            std::lock_guard lock(mutex);
            notes.push_back(number);
            return RunResult::Done;
        });
    }
    uint64_t free_records() {
        uint64_t count = 0;
        const uint64_t mask = 0xffff'ffff'ffff;
        for (uint64_t at = area->pools[2].free & mask; at != 0; count++)
            at = rig.vram<acc_launch_record>(at - kVramVa)->next & mask;
        return count;
    }

    Rig rig;
    UserQueue queue{rig, 7};
    acc_launch_area* area = nullptr;
    std::atomic<uint64_t> next{0};
    std::mutex mutex;
    std::vector<int> notes; ///< guarded by mutex
};

TEST_F(LaunchTest, TheParentIsCompleteWhenItsChildrenAre) {
    const uint64_t slow = note(2, 20), quick = note(1);
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        work(b, dispatch(slow, 1));
        return RunResult::Done;
    });
    queue.put(dispatch(parent, 1));
    ASSERT_TRUE(queue.run(dispatch(quick, 1)));
    EXPECT_EQ(notes, (std::vector{2, 1}));
    EXPECT_EQ(free_records(), 1u);
}

TEST_F(LaunchTest, AStreamKeepsOrderAndTheTailComesLast) {
    const uint64_t kernels[] = {note(0, 30), note(1), note(2, 5), note(3)};
    const uint64_t tail = note(9), copied = kVramVa + 0x300000;
    *rig.vram<uint64_t>(0x300000) = 77;
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        work(b, dispatch(tail, 1), ACC_LAUNCH_STREAM_TAIL);
        for (uint64_t kernel : kernels)
            work(b, dispatch(kernel, 1), 0x505);
        work(b, copy(copied + 64, copied, 8), 0x605);
        return RunResult::Done;
    });
    ASSERT_TRUE(queue.run(dispatch(parent, 1)));
    EXPECT_EQ(notes, (std::vector{0, 1, 2, 3, 9}));
    EXPECT_EQ(*rig.vram<uint64_t>(0x300040), 77u);
    EXPECT_EQ(free_records(), 6u);
}

TEST_F(LaunchTest, MarksHoldOtherStreamsUp) {
    const uint64_t slow = note(1, 30), second = note(2);
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        work(b, dispatch(slow, 1), 0x105);
        acc_launch_record& mark = record(b, ACC_LAUNCH_MARK, 0x105);
        mark.event = 0x306;
        link(mark);
        acc_launch_record& wait = record(b, ACC_LAUNCH_WAIT, 0x205);
        wait.event = 0x306;
        link(wait);
        work(b, dispatch(second, 1), 0x205);
        return RunResult::Done;
    });
    ASSERT_TRUE(queue.run(dispatch(parent, 1)));
    EXPECT_EQ(notes, (std::vector{1, 2}));
    EXPECT_EQ(free_records(), 4u);
}

TEST_F(LaunchTest, JoinWaitsForTheBlockAndLetsOthersRun) {
    const uint64_t child = note(1, 50);
    std::atomic<uint64_t> joined{0};
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.slice == 0) {
            work(b, dispatch(child, 1));
            acc_launch_record& join = record(b, ACC_LAUNCH_JOIN);
            b.scratch = va(join);
            link(join);
            return RunResult::Waiting;
        }
        auto* join = rig.vram<acc_launch_record>(b.scratch - kVramVa);
        if (std::atomic_ref<uint32_t>(join->done).load() == 0) return RunResult::Waiting;
        joined++;
        return RunResult::Done;
    });
    ASSERT_TRUE(queue.run(dispatch(parent, 200)));
    EXPECT_EQ(joined, 200u);
    EXPECT_EQ(notes.size(), 200u);
}

TEST_F(LaunchTest, AFaultOfAChildNamesItAndTheQueuesPacket) {
    *rig.vram<acc_kernel_descriptor>(0x1000) = *rig.vram<acc_kernel_descriptor>(0);
    const uint64_t bad = rig.kernels.add([](FakeBlock&, acc_fault_record& fault) {
        fault = {};
        fault.cause = ACC_FAULT_TRAP;
        fault.info = 5;
        return RunResult::Fault;
    });
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        Packet p = dispatch(bad, 1);
        p.dispatch.kernel = kVramVa + 0x1000;
        work(b, p);
        return RunResult::Done;
    });
    queue.put(dispatch(note(1), 1));
    EXPECT_FALSE(queue.run(dispatch(parent, 1)));
    EXPECT_EQ(queue.status(), ACC_QUEUE_ERROR);
    acc_fault_record record{};
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_TRAP);
    EXPECT_EQ(record.kernel, kVramVa + 0x1000);
    EXPECT_EQ(record.packet_index, 1u);
}

TEST_F(LaunchTest, AFaultOfACopyNamesTheQueuesPacket) {
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.slice == 0) {
            work(b, copy(0x1000, kVramVa, 8));
            return RunResult::Yield;
        }
        return b.launch->abort ? RunResult::Stopped : RunResult::Yield;
    });
    queue.put(dispatch(note(1), 1));
    EXPECT_FALSE(queue.run(dispatch(parent, 1)));
    acc_fault_record record{};
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record.packet_index, 1u);
}

/// The command processor holds only so much at a time.
TEST_F(LaunchTest, TheSameRecordsWithoutEnd) {
    const uint64_t busy = rig.kernels.add([](FakeBlock& b, acc_fault_record&) {
        return b.launch->abort ? RunResult::Stopped : RunResult::Yield;
    });
    uint64_t newest = 0;
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.launch->abort) return RunResult::Stopped;
        if (b.slice == 0) {
            work(b, dispatch(busy, 1));
            return RunResult::Yield;
        }
        std::atomic_ref<uint64_t> head(area->submitted[queue.id()]);
        if (head.load() != 0) return RunResult::Yield;
        while (next < kRecords) {
            acc_launch_record& join = record(b, ACC_LAUNCH_JOIN);
            join.next = newest;
            newest = va(join);
        }
        head.store(newest);
        return b.slice < 100'000 ? RunResult::Yield : RunResult::Done;
    });
    EXPECT_FALSE(queue.run(dispatch(parent, 1)));
    acc_fault_record fault{};
    ASSERT_TRUE(rig.chip->fault_pop(fault));
    EXPECT_EQ(fault.cause, ACC_FAULT_INVALID_PACKET);
    EXPECT_EQ(fault.info, offsetof(acc_launch_record, next));
}

/// Compute units look for records without the queue's lock: who takes memory away waits for them.
TEST_F(LaunchTest, WhoLooksForRecordsPassesTheGate) {
    bool held = false;
    const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        const auto& d = static_cast<const Dispatch&>(*b.launch);
        Gate& gate = b.launch->vm->gate;
        std::atomic<uint64_t> looks{0};
        std::atomic<bool> end{false};
        gate.enter();
        std::thread looks_for_records([&] {
            for (; !end; looks++)
                Launches::submitted(d, queue.id());
        });
        while (looks == 0)
            std::this_thread::yield();
        std::thread changes_memory([&] { gate.drain(); });
        for (int i = 0; i < 50 && !held; i++) {
            const uint64_t before = looks;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            held = looks == before;
        }
        end = true;
        gate.leave();
        looks_for_records.join();
        changes_memory.join();
        return RunResult::Done;
    });
    EXPECT_TRUE(queue.run(dispatch(parent, 1)));
    EXPECT_TRUE(held);
}

TEST_F(LaunchTest, ARunningTreeCanBeStopped) {
    uint64_t again = 0;
    again = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.launch->abort) return RunResult::Stopped;
        if (b.slice == 0 && next < kRecords - 10) work(b, dispatch(again, 2), 0x105);
        return b.slice < 1000 ? RunResult::Yield : RunResult::Done;
    });
    queue.submit(dispatch(again, 4));
    EXPECT_FALSE(queue.wait(20'000'000));
    EXPECT_TRUE(rig.stop(queue.id()));
}

/// Whatever lies in the memory of records: the queue halts with a record, or goes on.
TEST_F(LaunchTest, RandomRecords) {
    std::mt19937_64 random{77};
    for (int round = 0; round < 300; round++) {
        UserQueue own{rig, 8};
        rig.chip->queue_set_service(own.id(), 0, kVramVa + kHeapAt);
        const uint64_t quick = note(0);
        const uint64_t parent = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
            acc_launch_record& r = record(b, 1 + uint32_t(random() % 5), random() % 6);
            Packet p = dispatch(quick, 1);
            p.header.flags = 0;
            std::memcpy(r.packet, &p, sizeof p);
            r.next = random() % 4 == 0 ? random() : random() % 8 == 0 ? va(r) : 0;
            if (random() % 2) reinterpret_cast<uint8_t*>(&r)[random() % 128] = uint8_t(random());
            if (random() % 4 == 0) area->pools[2].free = random();
            std::atomic_ref<uint64_t>(area->submitted[own.id()])
                .store(random() % 10 == 0 ? random() : va(r));
            return RunResult::Done;
        });
        own.submit(dispatch(parent, 1));
        const bool completed = own.wait(200'000'000);
        EXPECT_TRUE(completed || own.status() == ACC_QUEUE_ERROR) << round;
        acc_fault_record record{};
        while (rig.chip->fault_pop(record)) {
        }
        area->pools[2].free = 0;
        area->submitted[own.id()] = 0;
        next = 0;
    }
}

} // namespace
} // namespace acc::model::test
