// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The whole chip with its interpreter: assembled kernels in VRAM, launched by packets.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/unit/model/program_rig.h"

namespace acc::model::test {
namespace {

TEST_P(EndToEndTest, EveryThreadOfTheGridStoresItsNumber) {
    load(kPrologue + R"(
        mov.b32 r12, 7
        imad.b32 r11, r10, 3, r12
        st.global.b32 [r6 + r10<<2], r11
        exit
)");
    ASSERT_TRUE(completes(kernel(100, 160)));
    for (uint32_t i = 0; i < 100 * 160; i++)
        ASSERT_EQ(out()[i], 3 * i + 7) << i;
    EXPECT_EQ(out()[100 * 160], 0u);
}

TEST_P(EndToEndTest, CodeIsReadFromDeviceMemory) {
    load(kPrologue + "iadd.b32 r11, r10, 5\n st.global.b32 [r6 + r10<<2], r11\n exit\n");
    ASSERT_TRUE(completes(kernel(1, 32)));
    EXPECT_EQ(out()[3], 8u);
    uint32_t* immediate = rig.vram<uint32_t>(kCode + 6 * 16 + 8);
    ASSERT_EQ(*immediate, 5u);
    *immediate = 1000;
    Packet flush = make_packet(ACC_PKT_CACHE);
    flush.cache.actions = ACC_CACHE_INVALIDATE_ICACHE;
    ASSERT_TRUE(completes(flush));
    ASSERT_TRUE(completes(kernel(1, 32)));
    EXPECT_EQ(out()[3], 1003u);
    std::memset(rig.vram<uint8_t>(kCode), 0, 16); // the zero word traps
    ASSERT_TRUE(completes(flush));
    EXPECT_FALSE(queue.run(kernel(1, 32)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_ILLEGAL_INSTRUCTION);
    EXPECT_EQ(record.pc, kVramVa + kCode);
}

TEST_P(EndToEndTest, GridBarrierOrdersTheBlocks) {
    // Every block adds one; after the barrier every block must see the sum of all.
    load(kPrologue + R"(
        mov.b32 r12, 1
        isetp.u32.eq p0, r10, r10
        atom.global.add.b32.gpu rz, [r6], r12
        bar.grid
        ld.global.b32 r13, [r6]
        iadd.b32 r14, r10, 1
        st.global.b32 [r6 + r14<<2], r13
        exit
)");
    const uint32_t blocks = 4 * GetParam();
    ASSERT_TRUE(completes(kernel(blocks, 64, ACC_PKT_F_COOPERATIVE)));
    for (uint32_t i = 1; i <= blocks * 64; i++)
        ASSERT_EQ(out()[i], blocks * 64);
}

TEST_P(EndToEndTest, BlocksThatSpinOnOneAnotherProgress) {
    // A hand-written barrier between all resident blocks: arrive, then spin without any hint.
    load(kPrologue + R"(
        mov.b32 r12, 1
        ld.const.b32 r15, [r2 + 8]
        atom.global.add.b32.gpu rz, [r6], r12
spin:   ld.global.b32.volatile r13, [r6]
        isetp.u32.lt p0, r13, r15
@p0     bra spin
        exit
)");
    const uint32_t blocks = 8 * GetParam();
    argument(1, blocks * 32);
    ASSERT_TRUE(completes(kernel(blocks, 32)));
    EXPECT_EQ(out()[0], blocks * 32);
}

TEST_P(EndToEndTest, FaultsSayWhereAndWho) {
    argument(1, kUnmappedVa);
    load(kPrologue + R"(
        ld.const.b64 r4, [r2 + 8]
        isetp.u32.ne p0, r10, 77
@p0     exit
        st.global.b32 [r4 + r10<<2], r10
        exit
)");
    EXPECT_FALSE(queue.run(kernel(8, 32)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(record.address, kUnmappedVa + 4 * 77);
    EXPECT_EQ(record.pc, kVramVa + kCode + 9 * 16);
    EXPECT_EQ(record.block[0], 2u);
    EXPECT_EQ(record.thread[0], 13u);
    EXPECT_EQ(record.kernel, kVramVa);
    EXPECT_EQ(record.queue, 2u);
    EXPECT_EQ(record.vmid, 1u);
}

TEST_P(EndToEndTest, CodeNeedsExecutePermission) {
    load("exit\n");
    rig.tables->map(kVramVa + kCode, kCode, ACC_PAGE_BYTES, ACC_PTE_WRITE);
    rig.chip->tlb_invalidate(1, kVramVa + kCode, ACC_PAGE_BYTES);
    EXPECT_FALSE(queue.run(kernel(1, 32)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(record.access, ACC_ACCESS_EXECUTE);
}

TEST_P(EndToEndTest, UnmappedCodeFaultsOnTheNextLaunch) {
    load("exit\n");
    ASSERT_TRUE(completes(kernel(1, 32)));
    rig.tables->unmap(kVramVa + kCode, ACC_PAGE_BYTES);
    rig.chip->tlb_invalidate(1, kVramVa + kCode, ACC_PAGE_BYTES);
    EXPECT_FALSE(queue.run(kernel(1, 32)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record.pc, kVramVa + kCode);
}

TEST_P(EndToEndTest, EndlessKernelsAreStoppedByDisable) {
    load("forever: bra forever\n");
    queue.submit(kernel(1000, 256));
    EXPECT_FALSE(queue.wait(5'000'000));
    rig.stop(2);
    UserQueue again{rig, 3};
    EXPECT_TRUE(again.run(write_value(kVramVa + 0x9000, 1)));
}

TEST_P(EndToEndTest, OneQueuesEndlessKernelLeavesAnotherQueueItsTurn) {
    load("forever: bra forever\n");
    queue.submit(kernel(1000, 256));
    UserQueue other{rig, 3};
    // The second kernel lies behind the first in memory.
    isa::Assembly program = isa::assemble(kPrologue + "st.global.b32 [r6 + r10<<2], r9\n exit\n",
                                          kVramVa + kCode + 0x1000);
    ASSERT_TRUE(program.ok());
    std::memcpy(rig.vram<uint8_t>(kCode + 0x1000), program.words.data(), program.words.size() * 16);
    auto* k = rig.vram<acc_kernel_descriptor>(0x40);
    *k = *rig.vram<acc_kernel_descriptor>(0);
    k->entry = kCode + 0x1000 - 0x40;
    Packet p = kernel(50, 64);
    p.dispatch.kernel = kVramVa + 0x40;
    for (int i = 0; i < 5; i++)
        EXPECT_TRUE(other.run(p));
    EXPECT_EQ(out()[50 * 64 - 1], 64u);
    rig.stop(2);
}

TEST_P(EndToEndTest, FlippedBitsInCodeNeverHurtTheHost) {
    const std::string text = kPrologue + R"(
        mov.b32 r12, 0
loop:   iadd.b32 r12, r12, 1
        ld.global.b32 r13, [r6 + r10<<2]
        iadd.b32 r13, r13, r12
        st.global.b32 [r6 + r10<<2], r13
        isetp.u32.lt p0, r12, 4
@p0     bra loop
        exit
)";
    std::mt19937_64 random(5 + GetParam());
    for (int round = 0; round < 400; round++) {
        UserQueue q{rig, 4};
        load(text);
        rig.vram<uint8_t>(kCode)[random() % (instructions * 16)] ^= static_cast<uint8_t>(
            1u << random() % 8);
        Packet flush = make_packet(ACC_PKT_CACHE);
        flush.cache.actions = ACC_CACHE_INVALIDATE_ICACHE;
        ASSERT_TRUE(q.run(flush));
        q.submit(kernel(2, 64));
        if (!q.wait(50'000'000) && q.status() == ACC_QUEUE_ERROR)
            ASSERT_TRUE(rig.chip->fault_pop(record));
    }
}

INSTANTIATE_TEST_SUITE_P(Units, EndToEndTest, testing::Values(1u, 2u));

} // namespace
} // namespace acc::model::test
