// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The block scheduler: every block once, progress of all resident blocks, fairness, faults,
// lending.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <thread>

#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

using namespace std::chrono_literals;

/// Burns host time, as a slice of a real block does.
void burn(std::chrono::nanoseconds time) {
    auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

class ScheduleTest : public testing::TestWithParam<unsigned> {
  protected:
    Rig rig{GetParam()};
    UserQueue queue{rig, 0};
    unsigned units() const { return GetParam(); }
};

TEST_P(ScheduleTest, EveryBlockRunsExactlyOnce) {
    for (auto [gx, gy, gz] : std::vector<std::array<uint32_t, 3>>{
             {1, 1, 1}, {7, 1, 1}, {5, 3, 2}, {1000, 7, 3}, {1, 100, 100}}) {
        std::vector<std::atomic<uint32_t>> seen(uint64_t{gx} * gy * gz);
        uint64_t kernel = rig.kernels.add([&, gx = gx, gy = gy](FakeBlock& b, acc_fault_record&) {
            if (b.slice == 0 && b.x % 5 == 4) return RunResult::Yield;
            if (b.slice <= 1 && b.x % 7 == 6) return RunResult::Waiting;
            seen[(uint64_t{b.z} * gy + b.y) * gx + b.x]++;
            return RunResult::Done;
        });
        Packet p = dispatch(kernel, gx);
        p.dispatch.grid[1] = gy, p.dispatch.grid[2] = gz;
        ASSERT_TRUE(queue.run(p));
        for (auto& count : seen)
            ASSERT_EQ(count, 1u);
    }
}

TEST_P(ScheduleTest, LaunchIsWhatThePacketSays) {
    rig.chip->queue_set_service(0, 0x111000, 0x222000);
    auto* k = rig.vram<acc_kernel_descriptor>(0x1000);
    *k = *rig.vram<acc_kernel_descriptor>(0);
    k->entry = -0x1000 + 0x40;
    k->shared_bytes = 100;
    std::atomic<bool> ok{false};
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        const Launch& l = *b.launch;
        ok = l.grid[0] == 2 && l.block[0] == 48 && l.threads == 48 && l.warps == 2 &&
             l.kernel_address == kVramVa + 0x1000 && l.entry == kVramVa + 0x40 &&
             l.shared_bytes == 112 + 64 && l.dyn_shared_offset == 112 && !l.cooperative &&
             l.printf_buffer == 0x111000 && l.heap == 0x222000 && l.num_cus == units() &&
             l.total_blocks == 2 && b.compute_unit < units() && l.kernel.shared_bytes == 100 &&
             l.vm->base == kVa;
        return RunResult::Done;
    });
    Packet p = dispatch(kernel, 2, 48);
    p.dispatch.kernel = kVramVa + 0x1000;
    p.dispatch.dynamic_shared = 64;
    EXPECT_TRUE(queue.run(p));
    EXPECT_TRUE(ok);
}

TEST_P(ScheduleTest, ResidencyIsTheOccupancy) {
    // 512 threads: four blocks fit on a unit. Blocks wait until as many as can be resident have
    // started.
    const uint32_t capacity = 4 * units();
    std::atomic<uint32_t> started{0}, most{0};
    std::atomic<int32_t> resident{0};
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.slice == 0) {
            uint32_t now = static_cast<uint32_t>(++resident);
            for (uint32_t old = most; old < now && !most.compare_exchange_weak(old, now);) {
            }
            started++; // last: it lets the others go
        }
        if (started < capacity) return RunResult::Yield; // a hand-written barrier that spins
        resident--;
        return RunResult::Done;
    });
    ASSERT_TRUE(queue.run(dispatch(kernel, 3 * capacity, 512)));
    EXPECT_EQ(started, 3 * capacity);
    EXPECT_EQ(most, capacity);
}

/// A host thread has borrowed a compute unit, and copies, when work comes; then it goes without a
/// look at it, while the unit's worker spins or is in one of its naps. With one unit that worker is
/// the only one left.
TEST_P(ScheduleTest, WorkThatComesWhileAUnitIsBorrowedIsDone) {
    UserQueue other{rig, 1}, waiting{rig, 2};
    waiting.submit(wait_value(waiting.signal_va(1), 1, ACC_WAIT_GEU)); // naps, no parking
    const uint64_t nothing = rig.kernels.add(
        [](FakeBlock&, acc_fault_record&) { return RunResult::Done; });
    for (uint64_t round = 1; round <= 400; ++round) {
        std::atomic<bool> ready{false};
        std::thread borrower([&] {
            ready = true;
            rig.chip->wait(queue.id(), &queue.signal(), round, kForever);
        });
        while (!ready)
            std::this_thread::yield();
        burn(20us); // it spins now, with the unit
        queue.submit(copy(kVramVa + (4 << 20), kVramVa + (8 << 20), round * 4096));
        burn(2us);
        other.submit(dispatch(nothing, 1));
        borrower.join();
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (other.signal().load(std::memory_order_acquire) < round &&
               std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(100us);
        ASSERT_EQ(other.signal().load(), round) << "nobody does the work";
    }
    waiting.signal(1) = 1;
    EXPECT_TRUE(waiting.wait());
}

TEST_P(ScheduleTest, BlocksThatSpinOnEarlierBlocksProgress) {
    // Decoupled look-back: block i waits for block i - 1, block 0 is the slowest.
    constexpr uint32_t blocks = 300;
    std::vector<std::atomic<bool>> done(blocks);
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.x == 0 ? b.slice < 20 : !done[b.x - 1])
            return b.x % 2 ? RunResult::Yield : RunResult::Waiting;
        done[b.x] = true;
        return RunResult::Done;
    });
    ASSERT_TRUE(queue.run(dispatch(kernel, blocks, 64)));
    EXPECT_TRUE(done[blocks - 1]);
}

TEST_P(ScheduleTest, CooperativeGridIsResidentTogether) {
    const uint32_t blocks = 8 * units(); // 256 threads: eight on a unit
    std::atomic<uint32_t> arrived{0}, phase{0};
    constexpr uint32_t phases = 50;
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        for (;;) { // scratch: phases this block has arrived in
            if (b.scratch > phase) return RunResult::Waiting;
            if (b.scratch == phases) return RunResult::Done;
            b.scratch++;
            if (arrived.fetch_add(1) + 1 == blocks) {
                arrived = 0;
                phase++;
            }
        }
    });
    Packet p = dispatch(kernel, blocks, 256, ACC_PKT_F_BARRIER | ACC_PKT_F_COOPERATIVE);
    ASSERT_TRUE(queue.run(p));
    EXPECT_EQ(phase, phases);
}

TEST_P(ScheduleTest, CooperativeGridThatDoesNotFitIsRefused) {
    uint64_t kernel = rig.kernels.add(
        [](FakeBlock&, acc_fault_record&) { return RunResult::Done; });
    EXPECT_FALSE(queue.run(
        dispatch(kernel, 8 * units() + 1, 256, ACC_PKT_F_BARRIER | ACC_PKT_F_COOPERATIVE)));
    EXPECT_EQ(queue.control().error_cause, ACC_FAULT_INVALID_LAUNCH);
}

TEST_P(ScheduleTest, ASpinningKernelDoesNotBlockAnotherQueue) {
    // The spinner has every residency slot of the chip and waits for a kernel in another queue of
    // lower priority.
    UserQueue high{rig, 1, 3}, low{rig, 2, 0};
    std::atomic<bool> released{false};
    uint64_t spin = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        if (released) return RunResult::Done;
        burn(20us);
        return RunResult::Yield;
    });
    uint64_t release = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        released = true;
        return RunResult::Done;
    });
    high.submit(dispatch(spin, 64 * units(), 1024));
    std::this_thread::sleep_for(2ms);
    low.submit(dispatch(release, 1));
    EXPECT_TRUE(high.wait());
    EXPECT_TRUE(low.wait());
}

TEST_P(ScheduleTest, BusynessLeavesNoDebt) {
    // What a queue got while it was alone does not count against it when another one comes,
    // although nothing ran in between.
    std::atomic<bool> stop{false};
    std::atomic<unsigned> slices{0};
    uint64_t work = rig.kernels.add([](FakeBlock&, acc_fault_record&) {
        burn(1ms);
        return RunResult::Done;
    });
    uint64_t spin = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        burn(1ms);
        slices++;
        return stop ? RunResult::Done : RunResult::Yield;
    });
    const unsigned much = 200 * units();
    ASSERT_TRUE(queue.run(dispatch(work, much)));
    UserQueue other{rig, 1};
    other.submit(dispatch(spin, 64));
    while (slices == 0)
        std::this_thread::sleep_for(1ms);
    // Without a host thread that waits and so runs its own queue first.
    queue.submit(dispatch(work, 1));
    while (queue.signal() < queue.written() && slices < much)
        std::this_thread::sleep_for(1ms);
    EXPECT_LT(slices, much / 2) << "time that the late queue got first";
    stop = true;
    EXPECT_TRUE(other.wait());
}

TEST_P(ScheduleTest, QueuesOfAllPrioritiesProgressTogether) {
    std::vector<std::unique_ptr<UserQueue>> queues;
    std::array<std::atomic<uint64_t>, 4> slices{};
    auto everybody_ran = [&] {
        return std::all_of(slices.begin(), slices.end(), [](auto& n) { return n > 20; });
    };
    for (uint32_t i = 0; i < 4; i++) {
        uint64_t kernel = rig.kernels.add([&, i](FakeBlock&, acc_fault_record&) {
            slices[i]++;
            burn(5us);
            return everybody_ran() ? RunResult::Done : RunResult::Yield;
        });
        queues.push_back(std::make_unique<UserQueue>(rig, 1 + i, i));
        queues.back()->submit(dispatch(kernel, 16 * units(), 512));
    }
    for (auto& q : queues)
        EXPECT_TRUE(q->wait());
}

TEST_P(ScheduleTest, AFaultStopsTheDispatchAndNamesTheBlock) {
    uint64_t kernel = rig.kernels.add([](FakeBlock& b, acc_fault_record& fault) {
        if (b.x != 5) return RunResult::Yield; // for ever
        fault.cause = ACC_FAULT_TRAP;
        fault.info = 77;
        fault.block[0] = b.x;
        fault.pc = 0x1230;
        return RunResult::Fault;
    });
    uint64_t index = queue.submit(dispatch(kernel, 8));
    EXPECT_FALSE(queue.wait());
    acc_fault_record record{};
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_TRAP);
    EXPECT_EQ(record.info, 77u);
    EXPECT_EQ(record.block[0], 5u);
    EXPECT_EQ(record.pc, 0x1230u);
    EXPECT_EQ(record.kernel, kVramVa);
    EXPECT_EQ(record.packet_index, index);
    EXPECT_EQ(record.queue, 0u);
    EXPECT_LT(record.compute_unit, units());
    EXPECT_FALSE(rig.chip->fault_pop(record));
    EXPECT_EQ(queue.status(), ACC_QUEUE_ERROR);
    EXPECT_EQ(queue.signal(), 0u);
}

TEST_P(ScheduleTest, NothingRunsOnceTheErrorIsVisible) {
    for (int round = 0; round < 20; round++) {
        UserQueue q{rig, 7};
        std::atomic<uint64_t> slices{0};
        uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record& fault) {
            slices++;
            if (b.x != 30 || b.slice < 2) return RunResult::Yield;
            fault.cause = ACC_FAULT_UNMAPPED;
            return RunResult::Fault;
        });
        EXPECT_FALSE(q.run(dispatch(kernel, 1000, 32)));
        uint64_t before = slices;
        std::this_thread::sleep_for(1ms);
        EXPECT_EQ(slices, before);
    }
}

TEST_P(ScheduleTest, QueueDisableStopsEndlessKernels) {
    std::atomic<uint64_t> slices{0};
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        slices++;
        burn(5us);
        if (b.launch->abort) return RunResult::Stopped;
        return b.x % 3 ? RunResult::Yield : RunResult::Waiting;
    });
    for (uint32_t flags : {uint32_t{ACC_PKT_F_BARRIER}, 0u}) {
        UserQueue q{rig, 7};
        q.put(dispatch(kernel, 1000, 32, 0));
        q.put(dispatch(kernel, 1, 32, static_cast<uint16_t>(flags)));
        q.ring();
        while (slices < 100)
            std::this_thread::yield();
        rig.stop(7);
        uint64_t before = slices;
        std::this_thread::sleep_for(1ms);
        EXPECT_EQ(slices, before);
        slices = 0;
    }
    EXPECT_TRUE(queue.run(write_value(kVramVa + 0x1000, 1)));
}

TEST_P(ScheduleTest, OutOfHostMemoryIsALaunchFault) {
    class Failing final : public Executor {
        const char* name() const override { return "failing"; }
        std::unique_ptr<Block> make_block() override { throw std::bad_alloc(); }
    };
    Rig failing(GetParam(), std::make_unique<Failing>());
    UserQueue q{failing, 0};
    EXPECT_FALSE(q.run(dispatch(16, 4)));
    acc_fault_record record{};
    ASSERT_TRUE(failing.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_INVALID_LAUNCH);
    EXPECT_EQ(record.info, 28u);
}

TEST_P(ScheduleTest, ManyQueuesAndHostThreads) {
    constexpr int threads = 4, rounds = 200;
    std::vector<std::thread> hosts;
    std::atomic<uint64_t> blocks{0};
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if ((b.x + b.slice) % 4 == 0 && b.slice < 3) return RunResult::Yield;
        blocks++;
        return RunResult::Done;
    });
    for (int t = 0; t < threads; t++) {
        hosts.emplace_back([&, t] {
            UserQueue q{rig, static_cast<uint32_t>(10 + t), static_cast<uint32_t>(t % 4)};
            for (int i = 0; i < rounds; i++) {
                q.put(dispatch(kernel, 1 + static_cast<uint32_t>(i) % 70));
                q.submit(
                    copy(kVramVa + 0x100000 + 0x1000u * static_cast<unsigned>(t), kSystemVa, 4096));
                if (i % 3) ASSERT_TRUE(q.wait());
                while (q.written() - q.read_index() > kRingPackets - 2)
                    std::this_thread::yield();
            }
            ASSERT_TRUE(q.wait());
        });
    }
    for (auto& host : hosts)
        host.join();
    uint64_t expected = 0;
    for (int i = 0; i < rounds; i++)
        expected += 1 + static_cast<uint64_t>(i) % 70;
    EXPECT_EQ(blocks, threads * expected);
}

TEST_P(ScheduleTest, CrossQueueDependenciesAmongKernels) {
    UserQueue a{rig, 1}, b{rig, 2};
    std::atomic<uint64_t> order{0};
    std::atomic<bool> wrong{false};
    uint64_t event = kVramVa + 0x4000;
    constexpr uint64_t rounds = 10;
    for (uint64_t i = 0; i < rounds; i++) {
        auto step = [&, i](uint64_t which) {
            return rig.kernels.add([&, i, which](FakeBlock&, acc_fault_record&) {
                if (order.exchange(2 * i + which + 1) != 2 * i + which) wrong = true;
                return RunResult::Done;
            });
        };
        a.put(wait_value(event, 2 * i));
        a.put(dispatch(step(0), 1));
        a.put(write_value(event, 2 * i + 1));
        b.put(wait_value(event, 2 * i + 1));
        b.put(dispatch(step(1), 1));
        b.put(write_value(event, 2 * i + 2));
    }
    b.ring();
    a.ring();
    EXPECT_TRUE(b.wait());
    EXPECT_TRUE(a.wait());
    EXPECT_FALSE(wrong);
    EXPECT_EQ(order, 2 * rounds);
}

INSTANTIATE_TEST_SUITE_P(Units, ScheduleTest, testing::Values(1u, 2u, 5u));

/// The scheduler's choices alone, with made-up times: no thread of the chip runs.
class FairnessTest : public testing::Test {
  protected:
    static ChipConfig config() {
        ChipConfig c;
        c.compute_units = 1;
        c.vram_bytes = 64ull << 20;
        return c;
    }
    FakeKernels kernels;
    SystemMemory system{1 << 20};
    Machine machine{config(), system, nullptr,
                    Rig::list_of(std::make_unique<FakeExecutor>(kernels))};
    Aperture aperture{machine.vram.fd(), machine.vram.bytes()};
    PageTableWriter tables{aperture, 32ull << 20};
    std::vector<std::unique_ptr<Dispatch>> dispatches;
    std::shared_ptr<Vm> vm;

    void SetUp() override {
        tables.map(kVa, 0, 64 * ACC_PAGE_BYTES, ACC_PTE_WRITE);
        vm = client(1);
        ASSERT_TRUE(machine.cus[0]->try_own());
    }
    /// Another address space with the same memory.
    std::shared_ptr<Vm> client(uint32_t vmid) {
        auto created = Vm::create(vmid, machine.vram, system, machine.maps, tables.root(), kVa,
                                  kVaBytes);
        EXPECT_TRUE(created);
        return created;
    }
    /// A queue of the given priority with an endless supply of blocks.
    Queue* busy_queue(uint32_t id, uint32_t priority) { return busy_queue(id, priority, vm); }
    Queue* busy_queue(uint32_t id, uint32_t priority, const std::shared_ptr<Vm>& of) {
        Queue* queue = machine.make_queue(id);
        EXPECT_TRUE(queue->enable({of, kVa, kVa + ACC_PAGE_BYTES * (1 + id), 64, priority}));
        dispatches.push_back(std::make_unique<Dispatch>());
        dispatches.back()->queue = queue;
        dispatches.back()->total_blocks = 1ull << 40;
        dispatches.back()->blocks_per_cu = 8;
        machine.scheduler.activate(*dispatches.back(), nullptr);
        return queue;
    }
    /// Who is picked, each turn taking a millisecond.
    std::map<const Queue*, int> turns(int count, const Queue* favoured = nullptr) {
        std::map<const Queue*, int> result;
        ComputeUnit& cu = *machine.cus[0];
        for (int i = 0; i < count; i++) {
            bool stalled = false;
            Share* share = machine.scheduler.pick(cu, favoured, stalled);
            result[share->dispatch->queue]++;
            cu.charged = share->dispatch->queue;
            cu.charged_ns = 1'000'000;
        }
        return result;
    }
};

TEST_F(FairnessTest, EqualPrioritiesGetEqualTime) {
    Queue *a = busy_queue(0, 2), *b = busy_queue(1, 2), *c = busy_queue(2, 2);
    auto got = turns(300);
    for (Queue* q : {a, b, c})
        EXPECT_NEAR(got[q], 100, 1);
}

TEST_F(FairnessTest, EachPriorityGetsFourTimesTheTimeOfTheOneBelow) {
    Queue *p0 = busy_queue(0, 0), *p1 = busy_queue(1, 1), *p2 = busy_queue(2, 2),
          *p3 = busy_queue(3, 3);
    auto got = turns(85 * 20); // 1 + 4 + 16 + 64
    EXPECT_NEAR(got[p0], 20, 2);
    EXPECT_NEAR(got[p1], 80, 4);
    EXPECT_NEAR(got[p2], 320, 8);
    EXPECT_NEAR(got[p3], 1280, 16);
}

TEST_F(FairnessTest, IdlenessEarnsNoCredit) {
    Queue* a = busy_queue(0, 2);
    turns(1000);
    Queue* late = busy_queue(1, 2);
    auto got = turns(100);
    EXPECT_NEAR(got[a], 50, 1);
    EXPECT_NEAR(got[late], 50, 1);
}

TEST_F(FairnessTest, ClientsGetEqualTimeWhateverNumberOfQueuesTheyHave) {
    std::vector<Queue*> many;
    for (uint32_t id = 0; id < 32; id++)
        many.push_back(busy_queue(id, 1));
    Queue* single = busy_queue(32, 1, client(2));
    auto got = turns(640);
    EXPECT_NEAR(got[single], 320, 1);
    for (Queue* q : many)
        EXPECT_NEAR(got[q], 10, 1);
}

TEST_F(FairnessTest, PrioritiesShareOutTheTimeOfTheirClientOnly) {
    Queue *normal = busy_queue(0, 1), *high = busy_queue(1, 2);
    Queue* low = busy_queue(2, 0, client(2));
    auto got = turns(1000);
    EXPECT_NEAR(got[low], 500, 2) << "the neighbour's high priority is no affair of its";
    EXPECT_NEAR(got[high], 400, 2);
    EXPECT_NEAR(got[normal], 100, 2);
}

TEST_F(FairnessTest, OnlyTheHighestPriorityTakesFromOtherClients) {
    Queue *urgent = busy_queue(0, 3), *other = busy_queue(1, 1, client(2));
    auto got = turns(1000);
    EXPECT_NEAR(got[urgent], 800, 2);
    EXPECT_NEAR(got[other], 200, 2);
}

TEST_F(FairnessTest, AClientThatComesLateGetsItsShareAndNoMore) {
    Queue* a = busy_queue(0, 1);
    turns(1000);
    auto second = client(2);
    Queue *b = busy_queue(1, 1, second), *c = busy_queue(2, 1, second);
    auto got = turns(200);
    EXPECT_NEAR(got[a], 100, 1);
    EXPECT_NEAR(got[b], 50, 1);
    EXPECT_NEAR(got[c], 50, 1);
}

TEST_F(FairnessTest, ANewOwnerOfAQueueNumberInheritsNoDebt) {
    machine.make_queue(1)->virtual_time = 1'000'000'000'000; // somebody has used it for long
    Queue *a = busy_queue(0, 1), *b = busy_queue(1, 1);
    auto got = turns(100);
    EXPECT_NEAR(got[a], 50, 1);
    EXPECT_NEAR(got[b], 50, 1);
}

TEST_F(FairnessTest, TheQueueOfAWaitingThreadGoesFirst) {
    busy_queue(0, 3);
    Queue* mine = busy_queue(1, 0);
    EXPECT_EQ(turns(10, mine)[mine], 10);
}

TEST(Lending, ASmallLaunchRunsOnTheThreadThatWaits) {
    Rig rig(2);
    UserQueue queue{rig, 0};
    std::thread::id self = std::this_thread::get_id();
    std::atomic<uint32_t> here{0}, elsewhere{0};
    uint64_t kernel = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        (std::this_thread::get_id() == self ? here : elsewhere)++;
        return RunResult::Done;
    });
    for (int i = 0; i < 1000; i++)
        ASSERT_TRUE(queue.run(dispatch(kernel, 1)));
    EXPECT_EQ(here + elsewhere, 1000u);
    EXPECT_GT(here, elsewhere) << "workers take what nobody waits for, not this";
}

TEST(Lending, BlocksLeftBehindAreFinishedByWorkers) {
    Rig rig(1);
    UserQueue queue{rig, 0}, other{rig, 1};
    std::atomic<bool> go{false}, done{false};
    uint64_t kernel = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        if (!go) return RunResult::Yield;
        done = true;
        return RunResult::Done;
    });
    queue.submit(dispatch(kernel, 3));
    EXPECT_FALSE(queue.wait(2'000'000)); // lent for a while, then gave up
    go = true;
    while (!done)
        std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(queue.wait());
}

TEST(Lending, TheHostThreadReturnsAsSoonAsItsValueIsThere) {
    Rig rig(1);
    UserQueue queue{rig, 0}, busy{rig, 1};
    std::atomic<bool> stop{false};
    uint64_t endless = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        burn(5us);
        return stop ? RunResult::Done : RunResult::Yield;
    });
    uint64_t shorter = rig.kernels.add(
        [](FakeBlock&, acc_fault_record&) { return RunResult::Done; });
    busy.submit(dispatch(endless, 4));
    for (int i = 0; i < 10; i++)
        EXPECT_TRUE(queue.run(dispatch(shorter, 2)));
    EXPECT_EQ(busy.signal(), 0u);
    stop = true;
    EXPECT_TRUE(busy.wait());
}

TEST(Lending, AThreadThatWaitsForASpinningKernelRunsWhatTheKernelWaitsFor) {
    Rig rig(1);
    for (int i = 0; i < 20; i++) {
        UserQueue spinning{rig, 0, 3}, other{rig, 1, 0};
        std::atomic<bool> released{false};
        uint64_t spin = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
            return released ? RunResult::Done : RunResult::Yield;
        });
        uint64_t release = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
            released = true;
            return RunResult::Done;
        });
        spinning.submit(dispatch(spin, 100));
        other.submit(dispatch(release, 1));
        EXPECT_TRUE(spinning.wait());
        EXPECT_TRUE(other.wait());
    }
}

} // namespace
} // namespace acc::model::test
