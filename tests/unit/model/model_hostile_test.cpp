// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Queues fed with garbage: whatever user mode writes, the chip answers with a fault or does what
// the packet says, and the host process and other queues live on. Run with sanitizers for full
// value.
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

class HostileTest : public testing::Test {
  protected:
    Rig rig;
    std::mt19937_64 random{2024};
    uint64_t kernel = rig.kernels.add(
        [](FakeBlock&, acc_fault_record&) { return RunResult::Done; });

    uint64_t pick(std::initializer_list<uint64_t> values) {
        return values.begin()[random() % values.size()];
    }
    uint64_t address() {
        return pick({kVramVa + 0x100000, kVramVa + kMapped - 8, kSystemVa, kReadOnlyVa, kPoisonVa,
                     kUnmappedVa, 0, ~0ull, ACC_SHARED_APERTURE, kVa - 8, kVa + kVaBytes - 8}) +
               pick({0, 0, 0, 1, 4, 8, 4096});
    }

    /// The device must answer: either the packet completes or the queue halts with a record.
    void expect_answer(const Packet& p) {
        UserQueue q{rig, 5};
        ASSERT_TRUE(q.enabled);
        q.put_raw(p);
        q.ring();
        Packet last = make_packet(ACC_PKT_WRITE_VALUE);
        last.write_value.address = kVramVa + 0x9000;
        last.write_value.size = 8;
        q.submit(last);
        bool completed = q.wait(20'000'000);
        acc_fault_record record{};
        if (q.status() == ACC_QUEUE_ERROR) {
            EXPECT_FALSE(completed && q.signal() < 2);
            ASSERT_TRUE(rig.chip->fault_pop(record));
            EXPECT_NE(record.cause, ACC_FAULT_NONE);
            if (record.cause == ACC_FAULT_INVALID_PACKET) EXPECT_LT(record.info, ACC_PACKET_BYTES);
        } else if (!completed) {
            // A wait that nobody satisfies, or a copy of astronomical size: must be stoppable,
            // which ~UserQueue shows.
            EXPECT_NE(p.header.type, ACC_PKT_WRITE_VALUE);
            EXPECT_NE(p.header.type, ACC_PKT_TIMESTAMP);
            EXPECT_NE(p.header.type, ACC_PKT_CACHE);
        }
    }
};

TEST_F(HostileTest, RandomBytes) {
    for (int i = 0; i < 2000; i++) {
        Packet p;
        uint64_t words[8];
        for (uint64_t& w : words)
            w = random();
        std::memcpy(&p, words, sizeof p);
        if (i % 2)
            p.header = {static_cast<uint16_t>(random() % 12), static_cast<uint16_t>(random() % 8)};
        expect_answer(p);
    }
}

TEST_F(HostileTest, PlausiblePacketsWithWildFields) {
    for (int i = 0; i < 1500; i++) {
        Packet p{};
        p.header = {static_cast<uint16_t>(1 + random() % 10), static_cast<uint16_t>(random() % 4)};
        uint32_t small = static_cast<uint32_t>(pick({0, 1, 2, 3, 4, 8, 100, 0xffffffff}));
        switch (p.header.type) {
        case ACC_PKT_DISPATCH:
            for (int d = 0; d < 3; d++) {
                p.dispatch.grid[d] = static_cast<uint32_t>(pick({0, 1, 2, 3, 65536, 0xffffffff}));
                p.dispatch.block[d] = static_cast<uint16_t>(pick({0, 1, 2, 32, 1024, 0xffff}));
            }
            p.dispatch.kernel = address() & ~63ull;
            if (random() % 2) p.dispatch.kernel = kVramVa;
            p.dispatch.kernarg = kernel;
            p.dispatch.dynamic_shared = small;
            if (p.dispatch.grid[0] >= 65536) p.dispatch.grid[1] = 0; // nobody waits for 2^32 blocks
            break;
        case ACC_PKT_COPY:
            p.copy.dst = address(), p.copy.src = address(),
            p.copy.bytes = pick({0, 8, 5000, 1 << 24, ~0ull});
            break;
        case ACC_PKT_COPY_RECT:
            p.copy_rect.dst = address(), p.copy_rect.src = address();
            p.copy_rect.width = small, p.copy_rect.height = static_cast<uint32_t>(random() % 5);
            p.copy_rect.depth = static_cast<uint32_t>(random() % 3);
            p.copy_rect.dst_pitch = static_cast<uint32_t>(random()), p.copy_rect.src_pitch = small;
            p.copy_rect.dst_slice = static_cast<uint32_t>(random());
            break;
        case ACC_PKT_FILL:
            p.fill.dst = address(), p.fill.width = pick({0, 4, 5000, 1 << 24, ~0ull, ~3ull}),
            p.fill.pitch = pick({0, 4, ~3ull, random()});
            p.fill.height = 1 + static_cast<uint32_t>(random() % 3), p.fill.element_bytes = small;
            break;
        case ACC_PKT_BARRIER_AND:
        case ACC_PKT_BARRIER_OR:
            for (int d = 0; d < 2; d++)
                p.barrier.wait_address[d] = random() % 2 ? address() : 0,
                p.barrier.wait_value[d] = random() % 2;
            break;
        case ACC_PKT_WAIT_VALUE:
            p.wait_value.condition = static_cast<uint32_t>(random() % 6);
            p.wait_value.address = address(), p.wait_value.reference = random() % 2,
            p.wait_value.mask = random();
            p.wait_value.size = small;
            break;
        case ACC_PKT_WRITE_VALUE:
            p.write_value.address = address(), p.write_value.size = small;
            break;
        case ACC_PKT_TIMESTAMP: p.timestamp.address = address(); break;
        default: p.cache.actions = static_cast<uint32_t>(random() % 16); break;
        }
        if (random() % 3 == 0) p.copy.signal = address(), p.copy.value = random();
        // The writes above must not hit the descriptor.
        if (p.header.type == ACC_PKT_COPY && p.copy.dst < kVramVa + 0x100000)
            p.copy.dst = kUnmappedVa;
        expect_answer(p);
    }
}

TEST_F(HostileTest, RandomKernelDescriptors) {
    for (int i = 0; i < 1000; i++) {
        acc_kernel_descriptor k{};
        auto* raw = reinterpret_cast<uint8_t*>(&k);
        k = *rig.vram<acc_kernel_descriptor>(0);
        for (uint64_t flips = 1 + random() % 4; flips; flips--)
            raw[random() % sizeof k] = static_cast<uint8_t>(random());
        *rig.vram<acc_kernel_descriptor>(0x40) = k;
        Packet p = dispatch(kernel, 4, static_cast<uint16_t>(pick({1, 32, 256, 1024})));
        p.dispatch.kernel = kVramVa + 0x40;
        p.copy.signal = 0;
        expect_answer(p);
    }
}

TEST_F(HostileTest, RingRewrittenWhileItIsRead) {
    UserQueue victim{rig, 6};
    std::atomic<bool> stop{false};
    std::thread attacker([&] {
        std::mt19937_64 wild(1);
        while (!stop) {
            UserQueue q{rig, 5};
            auto* words = rig.sys<std::atomic<uint64_t>>(q.ring_va() - kSystemVa);
            rig.chip->doorbell(5, kRingPackets);
            for (int i = 0; i < 2000; i++)
                words[wild() % (kRingPackets * 8)].store(wild() % 3 ? wild() % 12 : wild(),
                                                         std::memory_order_relaxed);
        }
    });
    for (int i = 0; i < 300; i++)
        ASSERT_TRUE(victim.run(write_value(kVramVa + 0x9000, 1)));
    stop = true;
    attacker.join();
    acc_fault_record record{};
    while (rig.chip->fault_pop(record))
        EXPECT_EQ(record.queue, 5u);
}

TEST_F(HostileTest, PagesThatComeAndGoUnderACopy) {
    UserQueue victim{rig, 6};
    std::atomic<bool> stop{false};
    std::thread flipper([&] {
        while (!stop) {
            rig.tables->unmap(kVramVa + 0x200000, 0x10000);
            rig.chip->tlb_invalidate(1, kVramVa + 0x200000, 0x10000);
            rig.tables->map(kVramVa + 0x200000, 0x200000, 0x10000, ACC_PTE_WRITE);
            rig.chip->tlb_invalidate(1, kVramVa + 0x200000, 0x10000);
        }
    });
    for (int i = 0; i < 200; i++) {
        UserQueue q{rig, 5};
        q.run(copy(kVramVa + 0x1f0000, kSystemVa, 0x40000)); // completes or faults
        ASSERT_TRUE(victim.run(copy(kVramVa + 0x300000, kSystemVa, 0x1000)));
    }
    stop = true;
    flipper.join();
}

} // namespace
} // namespace acc::model::test
