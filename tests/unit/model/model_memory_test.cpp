// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs and copies on memory that changes, is scattered, or is poisoned; and programs that hang.
#include <chrono>
#include <thread>

#include "tests/unit/model/program_rig.h"

namespace acc::model::test {
namespace {

using namespace std::chrono_literals;
using MemoryTest = EndToEndTest;

constexpr uint64_t kPage = ACC_PAGE_BYTES;
constexpr uint64_t kScattered = kVa + (140ull << 20);

/// Maps `count` pages at kScattered: page i is page 4095 - 3 * i of system memory.
uint64_t scatter(Rig& rig, uint64_t count) {
    for (uint64_t i = 0; i < count; i++)
        rig.tables->map(kScattered + i * kPage, (4095 - 3 * i) * kPage, kPage,
                        ACC_PTE_SYSTEM | ACC_PTE_WRITE);
    rig.chip->tlb_invalidate(1, kScattered, count * kPage);
    return kScattered;
}
uint32_t& scattered_word(Rig& rig, uint64_t offset) {
    return *rig.sys<uint32_t>((4095 - 3 * (offset / kPage)) * kPage + offset % kPage);
}

TEST_P(MemoryTest, ScatteredPagesAreOneArray) {
    constexpr uint64_t pages = 200, words = pages * kPage / 4;
    argument(0, scatter(rig, pages));
    // Consecutive, strided and atomic accesses.
    load(kPrologue + R"(
        iadd.b32 r11, r10, 1
        st.global.b32 [r6 + r10<<2], r11
        ld.global.b32 r13, [r6 + r10<<2]
        iadd.b32 r13, r13, r13
        mov.b32 r14, 5
        ilea.b64.u{shift=2} r16, r10, r6
        atom.global.add.b32.gpu rz, [r16], r14
        ld.const.b64 r4, [r2 + 8]
        st.global.b32 [r4 + r10<<2], r13
        exit
)");
    argument(1, kVramVa + kData);
    ASSERT_TRUE(completes(kernel(words / 256, 256)));
    for (uint64_t i = 0; i < words; i++) {
        ASSERT_EQ(scattered_word(rig, 4 * i), i + 1 + 5) << i;
        ASSERT_EQ(out()[i], 2 * (i + 1)) << i;
    }
    // Copies and fills, at odd places.
    ASSERT_TRUE(completes(copy(kVramVa + kData, kScattered + 4, (words - 2) * 4)));
    for (uint64_t i = 0; i < words - 2; i++)
        ASSERT_EQ(out()[i], i + 7);
    ASSERT_TRUE(completes(copy(kScattered + 12, kVramVa + kData, 100 * kPage)));
    for (uint64_t i = 0; i < 100 * kPage / 4; i++)
        ASSERT_EQ(scattered_word(rig, 12 + 4 * i), i + 7);
    ASSERT_TRUE(
        completes(copy(kScattered + 8 * kPage + 4, kScattered + 90 * kPage + 8, 50 * kPage)));
    for (uint64_t i = 0; i < 50 * kPage / 4; i++)
        ASSERT_EQ(scattered_word(rig, 8 * kPage + 4 + 4 * i),
                  scattered_word(rig, 90 * kPage + 8 + 4 * i));
    Packet fill = make_packet(ACC_PKT_FILL);
    fill.fill.dst = kScattered + 6;
    fill.fill.width = 60 * kPage;
    fill.fill.height = 1;
    fill.fill.element_bytes = 2;
    fill.fill.pattern = 0xabcd;
    ASSERT_TRUE(completes(fill));
    for (uint64_t i = 8; i < 60 * kPage; i += 4)
        ASSERT_EQ(scattered_word(rig, i), 0xabcdabcdu);
    EXPECT_NE(scattered_word(rig, 60 * kPage + 8), 0xabcdabcdu);
}

TEST_P(MemoryTest, ScatteredPagesFaultWhereTheyEnd) {
    argument(0, scatter(rig, 3));
    load(kPrologue + "st.global.b32 [r6 + r10<<2], r10\n exit\n");
    EXPECT_FALSE(queue.run(kernel(4 * 1024 / 256, 256)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_GE(record.address, kScattered + 3 * kPage);
    EXPECT_LT(record.address, kScattered + 4 * kPage);
    EXPECT_EQ(record.address % 128, 0u) << "a warp's first thread";
}

TEST_P(MemoryTest, ScatteredCode) {
    constexpr uint64_t pages = 4;
    scatter(rig, pages);
    std::string text = kPrologue;
    for (int i = 0; i < 700; i++) // more than two pages of instructions
        text += "iadd.b32 r10, r10, 1\n";
    text += "mov.sr r8, sr_tid_x\n st.global.b32 [r6 + r8<<2], r10\n exit\n";
    load(text);
    for (uint64_t i = 0; i < pages * kPage; i += 4)
        scattered_word(rig, i) = rig.vram<uint32_t>(kCode)[i / 4];
    for (uint64_t i = 0; i < pages; i++) // execution, too
        *rig.tables->entry(kScattered + i * kPage, 0) |= ACC_PTE_EXEC;
    rig.chip->tlb_invalidate(1, kScattered, pages * kPage);
    rig.vram<acc_kernel_descriptor>(0)->entry = static_cast<int64_t>(kScattered - kVramVa);
    ASSERT_TRUE(completes(kernel(1, 64)));
    for (uint32_t i = 0; i < 64; i++)
        EXPECT_EQ(out()[i], i + 700);
}

#if __has_feature(thread_sanitizer)
constexpr unsigned kCopies = 0; // they race with the looks below, as device programs may; the
                                // interpreter is not instrumented
#else
constexpr unsigned kCopies = 4;
#endif

TEST_P(MemoryTest, NothingWritesAPageAfterItWasInvalidated) {
    // An endless kernel and endless copies write a page whose translation changes all the time.
    constexpr uint64_t va = kScattered;
    auto map = [&](uint64_t page) {
        rig.tables->map(va, page * kPage, kPage, ACC_PTE_SYSTEM | ACC_PTE_WRITE);
        rig.chip->tlb_invalidate(1, va, kPage);
    };
    map(100);
    argument(0, va);
    load(kPrologue + R"(
        mov.b32 r12, 1
        ilea.b64.u{shift=2} r16, r10, r6
loop:   st.global.b32 [r6 + r10<<2], r12
        atom.global.add.b32.gpu rz, [r16], r12
        bra loop
)");
    UserQueue copier{rig, 4};
    queue.submit(kernel(2, 64));
    for (int round = 0; round < 200; round++) {
        for (unsigned i = 0; i < kCopies && copier.written() - copier.read_index() < 32; i++)
            copier.submit(copy(va, kVramVa + kData, kPage));
        const uint64_t old = 100 + round % 2, now = 100 + (round + 1) % 2;
        map(now);
        std::memset(rig.system.at(old * kPage), 0, kPage);
        auto* word = rig.sys<std::atomic<uint32_t>>(now * kPage);
        if (round % 8 == 0)
            while (*word == 0)
                std::this_thread::yield(); // the kernel runs, on the new page
        for (uint64_t i = 0; i < kPage; i += 4)
            ASSERT_EQ(rig.sys<std::atomic<uint32_t>>(old * kPage + i)->load(), 0u) << round;
    }
    ASSERT_EQ(queue.status(), ACC_QUEUE_ACTIVE);
    EXPECT_TRUE(rig.stop(2));
    EXPECT_TRUE(kCopies == 0 || copier.wait());
}

TEST_P(MemoryTest, PoisonStopsAKernel) {
    load(kPrologue + R"(
        ld.global.b32 r13, [r6 + r10<<2]
        exit
)");
    ASSERT_TRUE(completes(kernel(8, 256)));
    ASSERT_TRUE(rig.chip->poison_vram(kData + kPage));
    EXPECT_FALSE(queue.run(kernel(8, 256)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_ECC);
    EXPECT_EQ(record.pc, kVramVa + kCode + 6 * 16);
    EXPECT_GE(record.address, kVramVa + kData + kPage);
    EXPECT_LT(record.address, kVramVa + kData + 2 * kPage);
}

TEST_P(MemoryTest, PoisonedCodeFaultsOnFetch) {
    load("exit\n");
    ASSERT_TRUE(completes(kernel(1, 32)));
    ASSERT_TRUE(rig.chip->poison_vram(kCode));
    EXPECT_FALSE(queue.run(kernel(1, 32)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_ECC);
    EXPECT_EQ(record.access, ACC_ACCESS_EXECUTE);
}

TEST_P(MemoryTest, TheWatchdogsRecordSaysWhereTheKernelHangs) {
    load(kPrologue + R"(
        isetp.u32.ne p0, r10, 70
@p0     exit
forever: bra forever
)");
    rig.chip->queue_set_watchdog(2, 100);
    queue.submit(kernel(4, 64));
    EXPECT_FALSE(queue.wait());
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_HANG);
    EXPECT_EQ(record.pc, kVramVa + kCode + 8 * 16);
    EXPECT_EQ(record.block[0], 1u);
    EXPECT_EQ(record.thread[0], 6u);
    EXPECT_EQ(record.lane_mask, 1u << 6);
    EXPECT_EQ(record.kernel, kVramVa);
}

TEST_P(MemoryTest, AGridBarrierThatExitedBlocksNeverReachIsADeadlock) {
    load(kPrologue + R"(
        isetp.u32.eq p0, r8, 1
@p0     exit
        bar.grid
        exit
)");
    EXPECT_FALSE(queue.run(kernel(4, 64, ACC_PKT_F_COOPERATIVE)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_DEADLOCK);
    EXPECT_EQ(record.pc, kVramVa + kCode + 8 * 16);
    EXPECT_NE(record.block[0], 1u);
}

TEST_P(MemoryTest, BlocksMayExitAfterTheLastGridBarrierInAnyOrder) {
    load(kPrologue + R"(
        bar.grid
        mov.b32 r12, 0
        isetp.u32.eq p0, r8, 0
@p0     exit
loop:   iadd.b32 r12, r12, 1
        isetp.u32.lt p0, r12, 20000
@p0     bra loop
        exit
)");
    ASSERT_TRUE(completes(kernel(8, 64, ACC_PKT_F_COOPERATIVE)));
}

INSTANTIATE_TEST_SUITE_P(Units, MemoryTest, testing::Values(1u, 2u));

} // namespace
} // namespace acc::model::test
