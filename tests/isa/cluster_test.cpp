// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clusters: the barrier in two halves, addresses of other blocks' shared memory, and what happens
// when nobody is there. Four blocks make a cluster, two clusters the grid.
#include <gtest/gtest.h>

#include <cstring>

#include "acc/spec/acc_mmu.h"
#include "tests/isa/machine.h"
#include "tests/isa/modifiers.h"

namespace acc::test {
namespace {

constexpr unsigned kThreads = 64, kBlocks = 8, kCluster = 4;
constexpr uint64_t kOut = Machine::kData + 0x4000;

class Clusters : public ::testing::Test {
  protected:
    Outcome start(const std::string& text, unsigned threads = kThreads) {
        machine_.load(kHead + text);
        LaunchShape shape;
        shape.block[0] = threads;
        shape.grid[0] = kBlocks;
        shape.cluster[0] = kCluster;
        shape.shared = 1024;
        return machine_.run(shape, 1, 20000, 1000);
    }
    void run(const std::string& text, unsigned threads = kThreads) {
        const Outcome o = start(text, threads);
        ASSERT_EQ(o.result, model::RunResult::Done)
            << "cause " << o.fault.cause << " pc +" << o.fault.pc - Machine::kCode << text;
    }
    uint32_t out(unsigned block, unsigned thread) {
        return machine_.word<uint32_t>(kOut + 4 * (block * kThreads + thread));
    }

    /// r2 = data, r4 = thread, r5 = rank in the cluster, r6 = block, r7 = 4 * thread, r8 =
    /// 256 * block + thread; r13 = the thread's place in the output.
    static constexpr const char* kHead = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        mov.sr r5, sr_cluster_ctarank
        mov.sr r6, sr_ctaid_x
        shl.b32 r7, r4, 2
        shl.b32 r8, r6, 8
        iadd.b32 r8, r8, r4
        shl.b32 r13, r6, 6
        iadd.b32 r13, r13, r4
)";
    static constexpr const char* kNext = "iadd.b32 r9, r5, 1\nand.b32 r9, r9, 3\n";
    static constexpr const char* kSync = "bar.cluster.arrive\nbar.cluster.wait\n";
    static constexpr const char* kStore = "st.global.b32 [r2 + r13<<2 + 16384], r12\n";
    Machine machine_;
};

TEST_F(Clusters, BlocksReadEachOthersMemoryAfterTheBarrier) {
    for (const Choice& m : choices(row_of("bar.cluster.arrive"))) {
        if (m.is("cspan")) continue; // the block's own barrier
        run("st.shared.b32 [r7], r8\n" + m.mnemonic() + "\nbar.cluster.wait\n" + kNext +
            "mapa r10, r7, r9\nld.generic.b32 r12, [r10]\n" + kStore + kSync + "exit\n");
        if (HasFatalFailure()) return;
        for (unsigned b = 0; b < kBlocks; ++b)
            for (unsigned t = 0; t < kThreads; ++t)
                ASSERT_EQ(out(b, t), (b / 4 * 4 + (b + 1) % 4) * 256 + t) << m.mnemonic();
        machine_.proves({m.mnemonic(), "bar.cluster.wait", "mapa"});
    }
}

TEST_F(Clusters, TheBlocksOwnBarrierLetsTheFirstHalfGoOn) {
    // Warp 0 arrives, then waits for what warp 1 stores behind its wait.
    for (const Choice& m : choices(row_of("bar.cluster.arrive"))) {
        if (!m.is("cspan")) continue;
        run(R"(
        isetp.s32.ge p0, r4, 32
        st.shared.b32 [r7], r8
        mov.b32 r15, 0
        isetp.s32.eq p2, r4, 0
@p2     st.shared.b32 [rz + 512], r15
        bar.sync 0, rz
        )" + m.mnemonic() +
            R"(
@p0     bra second
first:  ld.shared.b32.volatile r12, [rz + 512]
        isetp.s32.eq p1, r12, 0
@p1     bra first
        bar.cluster.wait.cta
        bra both
second: bar.cluster.wait.cta
        mov.b32 r12, 5
        st.shared.b32.volatile [rz + 512], r12
both:   xor.b32 r9, r7, 252
        ld.shared.b32 r12, [r9]
        )" + kStore +
            "exit\n");
        if (HasFatalFailure()) return;
        for (unsigned b = 0; b < kBlocks; ++b)
            for (unsigned t = 0; t < kThreads; ++t)
                ASSERT_EQ(out(b, t), b * 256 + (t ^ 63)) << m.mnemonic();
        machine_.proves({m.mnemonic(), "bar.cluster.wait.cta"});
    }
}

TEST_F(Clusters, MappedAddresses) {
    run(R"(
        and.b32 r9, r4, 7
        mapa r10, r8, r9
        st.global.b64 [r2 + r13<<3 + 16384], r10
        mov.b32 r14, 0x05000010
        mapa r14, r14, 2
        isetp.s32.eq p0, r4, 63
@p0     st.global.b64 [r2 + r13<<3 + 16384], r14
        exit
)");
    for (unsigned b = 0; b < kBlocks; ++b)
        for (unsigned t = 0; t < kThreads; ++t) {
            const uint64_t rank = t % 8;
            const uint64_t want = t == 63 ? 0x0100000003000010
                                          : 0x0100000000000000 + ((rank + 1) << 24) + b * 256 + t;
            const uint64_t got = machine_.word<uint64_t>(kOut + 8 * (b * kThreads + t));
            if (rank < kCluster || t == 63)
                ASSERT_EQ(got, want) << t;
            else // of a block that is not there: shared memory, but nothing is there
                ASSERT_EQ(got >> 56, 1u) << t;
        }
    machine_.proves({"mapa"});
}

TEST_F(Clusters, StoresAndAtomicsReachOtherBlocks) {
    // By generic addresses and by their lower words in shared instructions; lanes of a warp go to
    // different blocks.
    run(std::string(R"(
        st.shared.b64 [rz], rz
        st.shared.b32 [r7 + 256], rz
)") + kSync +
        R"(
        and.b32 r9, r4, 3
        mapa r10, rz, r9
        mov.b32 r12, 1
        atom.generic.add.b32.gpu r14, [r10], r12
        iadd.b32 r10, r10, 4
        atom.shared.add.b32.cta r14, [r10], r8
        iadd.b32 r10, r10, 252
        iadd.b32 r10, r10, r7
        isetp.s32.eq p0, r9, r5
        st.shared.b32 [r10], r8
)" + kSync +
        R"(
        ld.shared.b32 r12, [rz]
        isetp.s32.eq p0, r4, 1
@p0     ld.shared.b32 r12, [rz + 4]
        isetp.s32.ge p0, r4, 32
@p0     ld.shared.b32 r12, [r7 + 256]
)" + kStore +
        "exit\n");
    if (HasFatalFailure()) return;
    for (unsigned b = 0; b < kBlocks; ++b) {
        uint32_t sum = 0;
        for (unsigned other = b / 4 * 4; other < b / 4 * 4 + 4; ++other)
            for (unsigned t = b % 4; t < kThreads; t += 4)
                sum += other * 256 + t;
        EXPECT_EQ(out(b, 0), kThreads);
        EXPECT_EQ(out(b, 1), sum);
        for (unsigned t = 32; t < kThreads; ++t) {
            const uint32_t last = out(b, t);
            if (t % 4 != b % 4)
                EXPECT_EQ(last, 0u) << t;
            else // one of the cluster's blocks was the last
                EXPECT_TRUE(last % 256 == t && last / 1024 == b / 4) << t;
        }
    }
}

TEST_F(Clusters, MbarriersAndBulkCopiesOfOtherBlocks) {
    // Each block gets 64 bytes of its left neighbour's memory, 64 of global memory that the
    // neighbour has fetched, and an arrival.
    for (unsigned i = 0; i < 16 * kBlocks; ++i)
        machine_.word<uint32_t>(Machine::kData + 0x8000 + 4 * i) = 7 * i;
    run(std::string(R"(
        isetp.s32.ne p0, r4, 0
        st.shared.b32 [r7], r8
        mov.b32 r12, 1
        mov.b32 r15, 128
@!p0    mbarrier.init [rz + 1016], r12
@!p0    mbarrier.expect_tx [rz + 1016], r15
)") + kSync +
        kNext +
        R"(
@p0     bra wait
        mov.b32 r14, 512
        mapa r10, r14, r9
        mov.b32 r14, 1016
        mapa r16, r14, r9
        mov.b32 r17, 64
        mov.b32 r11, r10
        mov.b32 r14, 32
        cp.async.bulk.shared.shared [r11 + 16], r14, r16
        shl.b32 r18, r6, 6
        zext.u32 r18, r18
        iadd.b64 r18, r18, r2
        iadd.b64 r18, r18, 0x8000
        cp.async.bulk.shared.global [r11 + 80], r18, r16
        mbarrier.arrive rz, [r16], r12
wait:   mbarrier.try_wait.parity p1, [rz + 1016], rz
@!p1    bra wait
        ld.shared.b32 r12, [r7 + 528]
)" + kStore +
        kSync + "exit\n");
    if (HasFatalFailure()) return;
    for (unsigned b = 0; b < kBlocks; ++b) {
        const unsigned left = b / 4 * 4 + (b + 3) % 4;
        for (unsigned t = 0; t < 32; ++t)
            ASSERT_EQ(out(b, t), t < 16 ? left * 256 + 8 + t : 7 * (16 * left + t - 16)) << b;
    }
    machine_.proves({"cp.async.bulk.shared.shared", "cp.async.bulk.shared.global"});
}

TEST_F(Clusters, ABlockThatHasEndedHasNoMemory) {
    const Outcome o = start(R"(
        isetp.s32.ne p0, r5, 0
@p0     exit
        mov.b32 r15, 1000
again:  iadd.b32 r15, r15, -1
        isetp.s32.ne p1, r15, 0
        yield
@p1     bra again
        mov.b32 r9, 3
        mapa r10, r7, r9
        isetp.s32.eq p1, r4, 35
@p1     st.generic.b32 [r10], r8
        exit
)");
    ASSERT_EQ(o.result, model::RunResult::Fault);
    EXPECT_EQ(o.fault.cause, ACC_FAULT_SHARED_RANGE);
    EXPECT_EQ(o.fault.address, 0x010000000400008cu);
    EXPECT_EQ(o.fault.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(o.fault.block[0], 0u);
    EXPECT_EQ(o.fault.thread[0], 35u);
    EXPECT_EQ(o.fault.lane_mask, 8u);
    EXPECT_EQ(o.fault.pc, Machine::kCode + 16 * (9 + 10));
}

TEST_F(Clusters, AddressesWhereNothingIs) {
    for (const char* const text :
         {"mapa r10, r7, 4", "mapa r10, r7, 300", "mov.b32 r14, 1024\nmapa r10, r14, 1",
          "movi.b64 r10, 0x01000000ff000000", "movi.b64 r10, 0x0100000105000000"}) {
        for (const char* const access : {"ld.generic.b32 r12, [r10]", "st.generic.b32 [r10], r12",
                                         "atom.generic.add.b32.gpu r12, [r10], r4"}) {
            const Outcome o = start(std::string(text) + "\n" + access + "\nexit\n");
            ASSERT_EQ(o.result, model::RunResult::Fault) << text;
            EXPECT_EQ(o.fault.cause, ACC_FAULT_SHARED_RANGE) << text << access;
        }
    }
    const Outcome o = start("mov.b32 r14, 2\nmapa r10, r14, 1\nld.generic.b32 r12, [r10]\nexit\n");
    EXPECT_EQ(o.fault.cause, ACC_FAULT_MISALIGNED);
}

TEST_F(Clusters, BarriersThatCannotComplete) {
    Outcome o = start("bar.cluster.arrive\nbar.cluster.arrive\nexit\n");
    ASSERT_EQ(o.result, model::RunResult::Fault);
    EXPECT_EQ(o.fault.cause, ACC_FAULT_BARRIER);
    EXPECT_EQ(o.fault.pc, Machine::kCode + 16 * 10);
    // A block waits for its own threads, the others for the block.
    o = start(std::string(R"(
        isetp.s32.ne p0, r6, 1
@p0     bra rest
        mov.b32 r14, 96
        bar.sync 3, r14
rest:
)") + kSync + "exit\n");
    ASSERT_EQ(o.result, model::RunResult::Fault);
    EXPECT_TRUE(o.fault.cause == ACC_FAULT_BARRIER || o.fault.cause == ACC_FAULT_DEADLOCK);
}

TEST_F(Clusters, ThreadsThatExitAreNotWaitedFor) {
    run(std::string(R"(
        isetp.s32.ge p0, r4, 40
@p0     exit
        isetp.s32.eq p0, r5, 2
@p0     exit
)") + kSync +
        "mov.b32 r12, r8\n" + kStore + kSync + "exit\n");
    for (unsigned b = 0; b < kBlocks; ++b)
        if (b % 4 != 2) EXPECT_EQ(out(b, 39), b * 256 + 39);
}

TEST_F(Clusters, ManyPhases) {
    // A value goes round the cluster, one block a phase.
    run(std::string(R"(
        st.shared.b32 [r7], r4
        mov.b32 r15, 100
)") + kSync +
        kNext +
        R"(
        mapa r10, r7, r9
turn:   ld.generic.b32 r12, [r10]
        iadd.b32 r12, r12, r5
        bar.cluster.arrive
        bar.cluster.wait
        st.shared.b32 [r7], r12
        bar.cluster.arrive
        iadd.b32 r15, r15, -1
        isetp.s32.ne p0, r15, 0
        bar.cluster.wait
@p0     bra turn
)" + kStore +
        "exit\n");
    if (HasFatalFailure()) return;
    uint32_t value[4] = {};
    for (int i = 0; i < 100; ++i) {
        uint32_t next[4];
        for (unsigned r = 0; r < 4; ++r)
            next[r] = value[(r + 1) % 4] + r;
        std::memcpy(value, next, sizeof value);
    }
    for (unsigned b = 0; b < kBlocks; ++b)
        for (unsigned t = 0; t < kThreads; t += 7)
            ASSERT_EQ(out(b, t), t + value[b % 4]);
}

} // namespace
} // namespace acc::test
