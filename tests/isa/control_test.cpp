// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Control flow, scheduling, barriers and warp operations: programs whose results are known by
// reasoning.
#include <gtest/gtest.h>

#include "tests/isa/machine.h"

namespace acc::test {
namespace {

constexpr uint64_t kOut = Machine::kData + 0x1000;

/// r2:r3 = kData, r4 = global thread number, r5 = tid. Programs end with a store of r10 to kOut + 4
/// * r4.
const char* const kHead = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r5, sr_tid_x
        mov.sr r6, sr_ctaid_x
        mov.sr r7, sr_ntid_x
        imad.b32 r4, r6, r7, r5
)";
const char* const kTail = R"(
        st.global.b32 [r2 + r4<<2 + 4096], r10
        exit
)";

class Control : public ::testing::Test {
  protected:
    Outcome run(const std::string& body, LaunchShape shape, unsigned resident = 1,
                uint64_t budget = 100000) {
        machine.load(kHead + body + kTail);
        return machine.run(shape, resident, budget, 20000);
    }
    Outcome run(const std::string& body, uint32_t threads = 32, uint32_t shared = 0,
                uint32_t local = 0) {
        LaunchShape shape;
        shape.block[0] = threads;
        shape.shared = shared;
        shape.local = local;
        return run(body, shape);
    }
    uint32_t out(unsigned thread) { return machine.word<uint32_t>(kOut + thread * 4); }
    void expect_done(const Outcome& o) {
        ASSERT_EQ(o.result, model::RunResult::Done)
            << "cause " << o.fault.cause << " at pc +0x" << std::hex << o.fault.pc - Machine::kCode;
    }
    Machine machine;
};

TEST_F(Control, ALoopRunsAsOftenAsEachThreadWants) {
    expect_done(run(R"(
        mov.b32 r8, 0
loop:   iadd.b32 r8, r8, 1
        isetp.s32.le p0, r8, r5
@p0     bra loop
        imul.b32 r10, r8, 10
)",
                    300));
    for (unsigned t = 0; t < 300; ++t)
        EXPECT_EQ(out(t), (t + 1) * 10);
    machine.proves({"bra", "exit"});
}

// The device's properties say 1 GHz, so that clocks read between two readings of the timer are no
// further apart than these.
// What such loops count with has no bound that their constants say.
TEST_F(Control, ALoopThatIsLeftForItsOwnMiddleCountsOn) {
    const Outcome o = run(R"(
        mov.b32 r8, 0
first:  iadd.b32 r11, r11, 3
        bra middle
last:   iadd.b32 r8, r8, 1
        isetp.u32.ge p0, r8, 5
@p0     bra first
middle: shl.b32 r12, r8, 2
        ld.shared.b32 r13, [r12]
        iadd.b32 r10, r10, r13
        bra last
)",
                          32, 32);
    EXPECT_EQ(o.result, model::RunResult::Fault);
    EXPECT_EQ(o.fault.cause, ACC_FAULT_SHARED_RANGE);
    EXPECT_EQ(o.fault.address, ACC_SHARED_APERTURE + 32);
}

TEST_F(Control, ALoopThatAKernelBeginsWithCountsFromZero) {
    machine.load(R"(
first:  shl.b32 r12, r8, 2
        ld.shared.b32 r13, [r12]
        iadd.b32 r8, r8, -1
        isetp.u32.ne p0, r8, 0
@p0     bra first
        mov.b32 r8, 3
        bra first
)");
    LaunchShape shape;
    shape.shared = 64;
    const Outcome o = machine.run(shape, 1, 100000, 20000);
    EXPECT_EQ(o.result, model::RunResult::Fault);
    EXPECT_EQ(o.fault.cause, ACC_FAULT_SHARED_RANGE);
    EXPECT_EQ(o.fault.address, ACC_SHARED_APERTURE + 0xffff'fffcu);
}

TEST_F(Control, TheClockCountsNanoseconds) {
    expect_done(run(R"(
        mov.b32 r8, 0
        mov.sr64 r12, sr_globaltimer
        mov.sr64 r14, sr_clock
loop:   iadd.b32 r8, r8, 1
        isetp.s32.lt p0, r8, 10000
@p0     bra loop
        mov.sr64 r16, sr_clock
        mov.sr64 r18, sr_globaltimer
        isub.b64 r14, r16, r14
        isub.b64 r12, r18, r12
        isetp.u64.le p0, r14, r12
        isetp.u64.gt p1, r14, 0
        p2r r10
)",
                    1));
    EXPECT_EQ(out(0) & 3, 3u);
}

TEST_F(Control, BothSidesOfABranchRunAndThreadsMeetAgain) {
    // activemask after the branch shows that the whole warp is together again
    expect_done(run(R"(
        and.b32 r8, r5, 1
        isetp.s32.eq p0, r8, 0
@p0     bra even
        mov.b32 r9, 100
        bra join
even:   mov.b32 r9, 200
join:   activemask r11
        isetp.u32.eq p1, r11, 0xffffffff
        iadd.b32 r10, r9, r5
@!p1    mov.b32 r10, 0
)",
                    64));
    for (unsigned t = 0; t < 64; ++t)
        EXPECT_EQ(out(t), (t % 2 ? 100 : 200) + t);
    machine.proves({"activemask"});
}

TEST_F(Control, LocalMemoryIsThereWhereThreadsHaveParted) {
    // The threads of a warp meet at two places; what they read behind is theirs still.
    expect_done(run(R"(
        iadd.b32 r0, r0, -16
        imul.b32 r8, r5, 3
        st.local.b32 [r0 + 4], r8
        and.b32 r8, r5, 1
        isetp.s32.eq p0, r8, 0
@p0     bra even
        warpsync 0xffffffff
        mov.b32 r9, 100
        bra join
even:   mov.b32 r9, 200
        warpsync 0xffffffff
join:   ld.local.b32 r10, [r0 + 4]
        iadd.b32 r10, r10, r9
)",
                    64, 0, 64));
    for (unsigned t = 0; t < 64; ++t)
        EXPECT_EQ(out(t), t * 3 + (t % 2 ? 100 : 200));
}

TEST_F(Control, WhatAGuardedInstructionMakesIsNotThereBefore) {
    // Nobody reads r11 where p0 is false; at the warp operation it has no value at all.
    expect_done(run(R"(
        isetp.s32.lt p0, r5, 10
        mov.b32 r10, 7
        isetp.s32.ge p1, r5, 30
@p1     exit
        warpsync 0x3fffffff
@p0     iadd.b32 r11, r5, 100
@p0     mov.b32 r10, r11
)"));
    for (unsigned t = 0; t < 30; ++t)
        EXPECT_EQ(out(t), t < 10 ? t + 100 : 7u);
}

TEST_F(Control, GuardsMaskEveryInstruction) {
    expect_done(run(R"(
        isetp.s32.lt p0, r5, 10
        mov.b32 r10, 1
@p0     mov.b32 r10, 2
@!p0    iadd.b32 r10, r10, 5
@!pt    mov.b32 r10, 99
)"));
    for (unsigned t = 0; t < 32; ++t)
        EXPECT_EQ(out(t), t < 10 ? 2u : 6u);
}

TEST_F(Control, CallsReturnToWhereTheyCameFrom) {
    expect_done(run(R"(
        mov.b32 r10, 1
        isetp.s32.lt p0, r5, 16
@p0     call r20, twice
@!p0    call r20, thrice
        call r20, twice
        bra end
twice:  iadd.b32 r10, r10, r10
        ret r20
thrice: imul.b32 r10, r10, 3
        ret r20
end:    nop
)",
                    64));
    for (unsigned t = 0; t < 64; ++t)
        EXPECT_EQ(out(t), t < 16 ? 4u : 6u);
    machine.proves({"call", "ret", "nop"});
}

TEST_F(Control, RecursionKeepsItsStackInLocalMemory) {
    // sum of 1 .. tid by recursion; r0 is the stack pointer and starts at the end of local memory
    expect_done(run(R"(
        mov.b32 r10, 0
        mov.b32 r11, r5
        call r20, sum
        bra end
sum:    isetp.s32.eq p0, r11, 0
@p0     ret r20
        iadd.b32 r0, r0, -16
        st.local.b64 [r0], r20
        st.local.b32 [r0 + 8], r11
        iadd.b32 r11, r11, -1
        call r20, sum
        ld.local.b32 r11, [r0 + 8]
        ld.local.b64 r20, [r0]
        iadd.b32 r0, r0, 16
        iadd.b32 r10, r10, r11
        ret r20
end:    nop
)",
                    40, 0, 1024));
    for (unsigned t = 0; t < 40; ++t)
        EXPECT_EQ(out(t), t * (t + 1) / 2);
}

TEST_F(Control, IndirectBranchesGoWhereEachThreadPoints) {
    expect_done(run(R"(
        lea.pc r8, table
        and.b32 r12, r5, 3
        ilea.b64.u{shift=5} r8, r12, r8
        brx [r8]
table:  mov.b32 r10, 10
        bra end
        mov.b32 r10, 11
        bra end
        mov.b32 r10, 12
        bra end
        mov.b32 r10, 13
        bra end
end:    nop
)",
                    96));
    for (unsigned t = 0; t < 96; ++t)
        EXPECT_EQ(out(t), 10 + t % 4);
    machine.proves({"brx"});
}

TEST_F(Control, CodeRunsAcrossPages) {
    std::string body = "mov.b32 r10, 0\n";
    for (int i = 0; i < 700; ++i)
        body += "iadd.b32 r10, r10, 1\n";
    expect_done(run(body, 64));
    EXPECT_EQ(out(0), 700u);
    EXPECT_EQ(out(63), 700u);
}

TEST_F(Control, LanesOfOneWarpCanHandALockToEachOther) {
    // Each lane spins until it has the lock; without progress for the holder this never ends.
    expect_done(run(R"(
        mov.b32 r11, 1
try:    atom.global.exch.b32.gpu r8, [r2], r11
        isetp.s32.ne p0, r8, 0
@p0     bra try
        ld.global.b32.volatile r9, [r2 + 8]
        iadd.b32 r9, r9, 1
        st.global.b32.volatile [r2 + 8], r9
        fence.acq_rel.gpu
        atom.global.exch.b32.gpu rz, [r2], rz
        mov.b32 r10, 1
)",
                    128));
    EXPECT_EQ(machine.word<uint32_t>(Machine::kData + 8), 128u);
}

TEST_F(Control, AThreadThatSpinsAtALowerAddressLetsTheWriterRun) {
    expect_done(run(R"(
        isetp.s32.eq p0, r5, 31
@p0     bra writer
spin:   ld.shared.b32.volatile r10, [rz]
        isetp.s32.eq p1, r10, 0
@p1     bra spin
        bra end
writer: mov.b32 r10, 7
        st.shared.b32.volatile [rz], r10
end:    nop
)",
                    32, 64));
    for (unsigned t = 0; t < 32; ++t)
        EXPECT_EQ(out(t), 7u);
}

TEST_F(Control, BlocksWaitForEachOther) {
    // Block 1 waits for block 0's flag and the other way round: both have to be resident and take
    // turns.
    LaunchShape shape;
    shape.grid[0] = 2;
    shape.block[0] = 64;
    expect_done(run(R"(
        mov.b32 r9, 1
        isetp.s32.ne p0, r5, 0
@p0     bra wait
        st.global.b32.release.gpu [r2 + r6<<2 + 64], r9
wait:   xor.b32 r8, r6, 1
spin:   ld.global.b32.acquire.gpu r10, [r2 + r8<<2 + 64]
        isetp.s32.eq p1, r10, 0
@p1     bra spin
)",
                    shape, 2));
    EXPECT_EQ(out(0), 1u);
    EXPECT_EQ(out(127), 1u);
}

TEST_F(Control, ABarrierOrdersSharedMemory) {
    expect_done(run(R"(
        shl.b32 r8, r5, 2
        st.shared.b32 [r8], r5
        bar.sync 0, rz
        xor.b32 r8, r8, 0xffc
        and.b32 r8, r8, 0x7fc
        ld.shared.b32 r10, [r8]
)",
                    512, 2048));
    for (unsigned t = 0; t < 512; ++t)
        EXPECT_EQ(out(t), 511 - t);
}

TEST_F(Control, ABarrierDoesNotWaitForExitedThreads) {
    expect_done(run(R"(
        mov.b32 r10, 5
        isetp.s32.ge p0, r5, 100
@p0     exit
        bar.sync 0, rz
)",
                    300));
    EXPECT_EQ(out(99), 5u);
    EXPECT_EQ(out(100), 0u);
}

TEST_F(Control, ThreadsThatExitReleaseTheOthers) {
    expect_done(run(R"(
        isetp.s32.ge p0, r5, 32
@p0     bra late
        bar.sync 0, rz
        mov.b32 r10, 6
        bra end
late:   mov.b32 r8, 0
count:  iadd.b32 r8, r8, 1
        isetp.s32.lt p1, r8, 1000
@p1     bra count
        exit
end:    nop
)",
                    256));
    EXPECT_EQ(out(31), 6u);
}

TEST_F(Control, BarriersWithCountsAndReductions) {
    // threads 0..63 meet at barrier 1, 64..127 only arrive at barrier 2 for which 0..63 wait
    expect_done(run(R"(
        mov.b32 r12, 64
        mov.b32 r13, 128
        isetp.s32.ge p0, r5, 64
        and.b32 r8, r5, 1
        isetp.s32.eq p1, r8, 1
@p0     bra producer
        bar.red.popc r10, 1, r12, p1
        bar.red.and p2, 1, r12, p1
        bar.red.or p3, 1, r12, p1
@p2     iadd.b32 r10, r10, 1000
@p3     iadd.b32 r10, r10, 10000
        bar.sync 2, r13
        bra end
producer: mov.b32 r10, 3
        bar.arrive 2, r13
end:    nop
)",
                    128));
    EXPECT_EQ(out(0), 10032u);
    EXPECT_EQ(out(63), 10032u);
    EXPECT_EQ(out(64), 3u);
    machine.proves({"bar.sync", "bar.arrive", "bar.red.popc", "bar.red.and", "bar.red.or"});
}

/// The same with numbers of barriers that are not constants.
TEST_F(Control, BarrierNumbersInRegisters) {
    expect_done(run(R"(
        mov.b32 r12, 64
        shr.u32 r14, r5, 6
        iadd.b32 r14, r14, 3
        and.b32 r8, r5, 3
        isetp.s32.eq p1, r8, 1
        isetp.s32.lt p4, r5, 64
        shl.b32 r9, r5, 2
        st.shared.b32 [r9], r5
        bar.sync r14, r12
        xor.b32 r9, r9, 4
        ld.shared.b32 r11, [r9]
        bar.red.popc r10, r14, r12, p1
        bar.red.and p2, r14, r12, p4
        bar.red.or p3, r14, r12, p1
        imad.b32 r10, r10, 1000, r11
@p2     iadd.b32 r10, r10, 100000
@p3     iadd.b32 r10, r10, 1000000
        mov.b32 r14, 9
        mov.b32 r12, 128
@p4     bar.arrive r14, r12
@p4     bra end
        bar.sync r14, r12
end:    nop
)",
                    128, 512));
    for (unsigned t = 0; t < 128; ++t)
        EXPECT_EQ(out(t), 16000u + (t ^ 1) + (t < 64 ? 100000 : 0) + 1000000) << t;
    machine.proves({"bar.sync", "bar.arrive", "bar.red.popc", "bar.red.and", "bar.red.or"});
}

/// callx with an offset; the message of hostcall is memory that others see.
TEST_F(Control, IndirectCallsAndHostCalls) {
    expect_done(run(R"(
        lea.pc r8, table
        and.b32 r12, r5, 1
        ilea.b64.u{shift=6} r8, r12, r8
        callx r20, [r8 + 16]
        hostcall r2, 1
        bra end
table:  nop
        mov.b32 r10, 7
        ret r20
        nop
        nop
        mov.b32 r10, 8
        ret r20
end:    nop
)",
                    64));
    for (unsigned t = 0; t < 64; ++t)
        EXPECT_EQ(out(t), t % 2 ? 8u : 7u);
    machine.proves({"callx", "hostcall"});
}

TEST_F(Control, SleepsAsLongAsARegisterSays) {
    expect_done(run("imul.b32 r8, r5, 100\nnanosleep r8\nmov.b32 r10, r8\n", 64));
    EXPECT_EQ(out(63), 6300u);
    machine.proves({"nanosleep"});
}

TEST_F(Control, TheGridBarrierWaitsForAllBlocks) {
    LaunchShape shape;
    shape.grid[0] = 4;
    shape.block[0] = 96;
    shape.cooperative = true;
    expect_done(run(R"(
        mov.b32 r9, 1
        atom.global.add.b32.gpu rz, [r2], r9
        bar.grid
        ld.global.b32 r10, [r2]
        bar.grid
        atom.global.add.b32.gpu rz, [r2], r9
        bar.grid
        ld.global.b32 r11, [r2]
        imad.b32 r10, r11, 1000, r10
)",
                    shape, 4));
    for (unsigned t = 0; t < 4 * 96; ++t)
        EXPECT_EQ(out(t), 768u * 1000 + 384);
    machine.proves({"bar.grid"});
}

TEST_F(Control, ShufflesMoveValuesBetweenLanes) {
    expect_done(run(R"(
        imul.b32 r8, r5, 3
        mov.sr r9, sr_laneid
        shfl.down.simm{clamp=31, simmlane=4} r11|p0, r8, rz, 0xffffffff
        selp.b32 r12, r11, -1, p0
        shfl.bfly.simm{clamp=31, simmlane=1} r13, r8, rz, 0xffffffff
        shfl.idx{clamp=31, seg=24} r14, r8, r9, 0xffffffff
        shfl.up.simm{simmlane=1} r15|p1, r8, rz, 0xffffffff
        selp.b32 r15, r15, 7, p1
        isub.b32 r10, r12, r13
        imad.b32 r10, r10, 100, r15
        iadd.b32 r10, r10, r14
)",
                    64));
    for (unsigned t = 0; t < 64; ++t) {
        const unsigned lane = t % 32;
        const int down = lane + 4 < 32 ? static_cast<int>((t + 4) * 3) : -1;
        const int bfly = static_cast<int>((t ^ 1) * 3),
                  up = lane ? static_cast<int>((t - 1) * 3) : 7;
        EXPECT_EQ(static_cast<int>(out(t)), (down - bfly) * 100 + up + static_cast<int>(t) * 3)
            << t;
    }
}

TEST_F(Control, VotesAndMatches) {
    expect_done(run(R"(
        and.b32 r8, r5, 7
        isetp.s32.lt p0, r8, 3
        vote.ballot r11, p0, 0xffffffff
        vote.any p1, p0, 0xffffffff
        vote.all p2, p0, 0xffffffff
        match.any.b32 r12, r8, 0xffffffff
        redux.add r13, r8, 0xffffffff
        redux.max_s32 r14, r8, 0xffffffff
        elect r15|p3, 0xffffffff
        xor.b32 r10, r11, r12
        imad.b32 r10, r13, r14, r10
@p1     iadd.b32 r10, r10, 1
@p2     iadd.b32 r10, r10, 2
@p3     iadd.b32 r10, r10, 4
)",
                    64));
    for (unsigned t = 0; t < 64; ++t) {
        const uint32_t match = 0x01010101u << (t % 8);
        EXPECT_EQ(out(t), (0x07070707u ^ match) + 112 * 7 + 1 + (t % 32 == 0 ? 4 : 0)) << t;
    }
}

TEST_F(Control, MembersThatArriveAtDifferentInstructionsMeet) {
    // The two halves of the warp execute their shuffle at different addresses, with different
    // registers.
    expect_done(run(R"(
        isetp.s32.lt p0, r5, 16
        xor.b32 r9, r5, 16
@p0     bra low
        iadd.b32 r20, r5, 1000
        shfl.idx{clamp=31} r21, r20, r9, 0xffffffff
        mov.b32 r10, r21
        bra end
low:    iadd.b32 r30, r5, 2000
        shfl.idx{clamp=31} r31, r30, r9, 0xffffffff
        mov.b32 r10, r31
end:    nop
)",
                    32));
    for (unsigned t = 0; t < 32; ++t)
        EXPECT_EQ(out(t), t < 16 ? 1000 + t + 16 : 2000 + t - 16);
}

TEST_F(Control, SubsetsOfAWarpSynchroniseOnTheirOwn) {
    expect_done(run(R"(
        and.b32 r8, r5, 1
        isetp.s32.eq p0, r8, 0
        mov.b32 r9, 0xaaaaaaaa
@p0     mov.b32 r9, 0x55555555
        redux.add r10, r5, r9
        warpsync r9
)",
                    32));
    for (unsigned t = 0; t < 32; ++t)
        EXPECT_EQ(out(t), t % 2 ? 256u : 240u);
}

TEST_F(Control, ExitedLanesCountAsArrived) {
    expect_done(run(R"(
        isetp.s32.ge p0, r5, 20
@p0     exit
        vote.ballot r10, pt, 0xffffffff
)",
                    32));
    EXPECT_EQ(out(0), 0xfffffu);
    EXPECT_EQ(out(20), 0u);
}

TEST_F(Control, SleepersAndYieldersWakeAgain) {
    expect_done(run(R"(
        and.b32 r8, r5, 1
        isetp.s32.eq p0, r8, 0
@p0     nanosleep 2000
@!p0    yield
        mov.b32 r10, 4
)",
                    200));
    EXPECT_EQ(out(0), 4u);
    EXPECT_EQ(out(199), 4u);
    machine.proves({"nanosleep", "yield"});
}

TEST_F(Control, SpecialRegistersDescribeTheThread) {
    LaunchShape shape;
    shape.block[0] = 8;
    shape.block[1] = 4;
    shape.block[2] = 3;
    shape.grid[0] = 2;
    shape.shared = 256;
    shape.local = 64;
    machine.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        mov.sr r5, sr_tid_y
        mov.sr r6, sr_tid_z
        mov.sr r7, sr_ctaid_x
        imad.b32 r8, r6, 4, r5
        imad.b32 r8, r8, 8, r4
        imad.b32 r9, r7, 96, r8
        mov.sr r10, sr_laneid
        mov.sr r11, sr_warpid
        imad.b32 r10, r11, 32, r10
        mov.sr r12, sr_lanemask_lt
        popc.b32 r12, r12
        imad.b32 r10, r12, 1000, r10
        st.global.b32 [r2 + r9<<2 + 4096], r10
        mov.sr r13, sr_local_size
        iadd.b32 r13, r13, r0
        mov.sr r14, sr_total_shared
        iadd.b32 r13, r13, r14
        st.global.b32 [r2 + r9<<2 + 8192], r13
        exit
)");
    expect_done(machine.run(shape));
    for (unsigned t = 0; t < 192; ++t) {
        const unsigned in_block = t % 96;
        EXPECT_EQ(out(t), in_block % 32 * 1000 + in_block);
        EXPECT_EQ(machine.word<uint32_t>(Machine::kData + 8192 + 4 * t), 64u + 64 + 256);
    }
}

TEST_F(Control, RegistersAreZeroAtTheStartOfEveryBlock) {
    LaunchShape shape;
    shape.grid[0] = 3;
    expect_done(run(R"(
        mov.b32 r10, r30
        mov.b32 r30, 99
        selp.b32 r11, r30, rz, p4
        iadd.b32 r10, r10, r11
        isetp.s32.eq p4, r30, 99
)",
                    shape));
    for (unsigned t = 0; t < 96; ++t)
        EXPECT_EQ(out(t), 0u);
}

TEST_F(Control, TheBudgetEndsARun) {
    machine.load("loop: bra loop\n");
    EXPECT_EQ(machine.run({}, 1, 1000, 5).result, model::RunResult::Yield);
}

} // namespace
} // namespace acc::test
