// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Faults are precise: cause, instruction, thread, address; and what comes before them has happened,
// what comes after has not.
#include <gtest/gtest.h>

#include "acc/spec/acc_isa_opcodes.h"
#include "tests/isa/machine.h"

namespace acc::test {
namespace {

class Faults : public ::testing::Test {
  protected:
    acc_fault_record fault(const std::string& text, uint32_t threads = 64, uint32_t shared = 64,
                           uint32_t local = 64, uint32_t regs = 64) {
        machine.load("mov.sr64 r2, sr_kernarg\nmov.sr r5, sr_tid_x\n" + text + "\nexit\n");
        LaunchShape shape;
        shape.block[0] = threads;
        shape.shared = shared;
        shape.local = local;
        shape.regs = regs;
        const Outcome o = machine.run(shape, 1, 100000, 1000);
        EXPECT_EQ(o.result, model::RunResult::Fault) << text;
        return o.fault;
    }
    static uint64_t pc(unsigned index) { return Machine::kCode + 16 * index; }
    Machine machine;
};

TEST_F(Faults, AnUnmappedAddress) {
    const auto f = fault(R"(
        isetp.s32.eq p0, r5, 37
@p0     movi.b64 r2, 0x123456789abc
        ld.global.b32 r6, [r2 + 4]
)");
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_READ);
    EXPECT_EQ(f.pc, pc(4));
    EXPECT_EQ(f.address, 0x123456789ac0u);
    EXPECT_EQ(f.thread[0], 37u);
    EXPECT_EQ(f.warp, 1u);
    EXPECT_EQ(f.lane_mask, 1u << 5);
    EXPECT_EQ(f.access_bytes, 4u);
}

TEST_F(Faults, NullAndHolesInTheWindow) {
    EXPECT_EQ(fault("ld.global.b32 r6, [rz]").address, 0u);
    EXPECT_EQ(fault("movi.b64 r8, " + std::to_string(Machine::kData + Machine::kDataBytes) +
                    "\nst.global.b64 [r8], r2")
                  .cause,
              ACC_FAULT_UNMAPPED);
    EXPECT_EQ(
        fault("movi.b64 r8, " + std::to_string(Machine::kEnd - 4) + "\nld.global.b64 r8, [r8]")
            .cause,
        ACC_FAULT_MISALIGNED);
    EXPECT_EQ(
        fault("movi.b64 r8, " + std::to_string(Machine::kEnd) + "\nld.global.b64 r8, [r8]").cause,
        ACC_FAULT_UNMAPPED);
}

TEST_F(Faults, AUnitStrideAccessThatRunsOverTheEnd) {
    const auto f = fault("movi.b64 r8, " +
                             std::to_string(Machine::kData + Machine::kDataBytes - 40) +
                             "\nst.global.b32 [r8 + r5<<2], r5",
                         32);
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(f.thread[0], 10u);
    EXPECT_EQ(f.address, Machine::kData + Machine::kDataBytes);
    EXPECT_EQ(f.lane_mask, 0xfffffc00u);
    EXPECT_EQ(machine.word<uint32_t>(Machine::kData + Machine::kDataBytes - 4), 0u)
        << "no lane has stored";
}

TEST_F(Faults, ReadOnlyPoisonedMisaligned) {
    auto f = fault("movi.b64 r8, " + std::to_string(Machine::kReadOnly) +
                   "\nst.global.b32 [r8 + r5<<2], r5");
    EXPECT_EQ(f.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(f.lane_mask, 0xffffffffu);
    EXPECT_EQ(
        fault("movi.b64 r8, " + std::to_string(Machine::kPoisoned) + "\nld.global.u8 r8, [r8]")
            .cause,
        ACC_FAULT_ECC);
    f = fault("ld.global.b128 r8, [r2 + 8]");
    EXPECT_EQ(f.cause, ACC_FAULT_MISALIGNED);
    EXPECT_EQ(f.address, Machine::kData + 8);
    f = fault("atom.global.add.b64.gpu r8, [r2 + 4], r2");
    EXPECT_EQ(f.cause, ACC_FAULT_MISALIGNED);
    EXPECT_EQ(f.access, ACC_ACCESS_ATOMIC);
}

TEST_F(Faults, SharedAndLocalMemoryEnd) {
    auto f = fault("shl.b32 r6, r5, 2\nst.shared.b32 [r6], r5");
    EXPECT_EQ(f.cause, ACC_FAULT_SHARED_RANGE);
    EXPECT_EQ(f.thread[0], 16u);
    EXPECT_EQ(f.address, ACC_SHARED_APERTURE + 64);
    f = fault("ld.local.b32 r6, [rz + 64]");
    EXPECT_EQ(f.cause, ACC_FAULT_LOCAL_RANGE);
    EXPECT_EQ(f.address, ACC_LOCAL_APERTURE + 64);
    f = fault("iadd.b32 r0, r0, -80\nst.local.b32 [r0], r5");
    EXPECT_EQ(f.cause, ACC_FAULT_LOCAL_RANGE);
    EXPECT_EQ(fault("ld.shared.b32 r6, [rz]", 32, 0).cause, ACC_FAULT_SHARED_RANGE);
}

TEST_F(Faults, GenericAddresses) {
    EXPECT_EQ(fault("movi.b64 r8, 0x0100000000000040\nld.generic.b32 r6, [r8]").cause,
              ACC_FAULT_SHARED_RANGE);
    EXPECT_EQ(fault("movi.b64 r8, 0x0200000000000040\nld.generic.b32 r6, [r8]").cause,
              ACC_FAULT_LOCAL_RANGE);
    EXPECT_EQ(fault("movi.b64 r8, 0x0100000100000000\nld.generic.b32 r6, [r8]").cause,
              ACC_FAULT_SHARED_RANGE);
    EXPECT_EQ(fault("movi.b64 r8, 0x0300000000000000\nld.generic.b32 r6, [r8]").cause,
              ACC_FAULT_UNMAPPED);
    EXPECT_EQ(fault("movi.b64 r8, 0x0100000000000000\nld.global.b32 r6, [r8]").cause,
              ACC_FAULT_UNMAPPED);
}

TEST_F(Faults, TrapsCarryTheirCode) {
    const auto f = fault("isetp.s32.gt p0, r5, 40\n@p0 trap 1");
    EXPECT_EQ(f.cause, ACC_FAULT_TRAP);
    EXPECT_EQ(f.info, 1u);
    EXPECT_EQ(f.thread[0], 41u);
    EXPECT_EQ(f.lane_mask, 0xfffffe00u);
    EXPECT_EQ(f.pc, pc(3));
    machine.proves({"trap"});
    EXPECT_EQ(fault("brk 3").cause, ACC_FAULT_BREAKPOINT);
    machine.proves({"brk"});
}

TEST_F(Faults, WordsThatAreNoInstructions) {
    EXPECT_EQ(fault(".word 0x0, 0x0").cause, ACC_FAULT_ILLEGAL_INSTRUCTION);
    EXPECT_EQ(fault(".word 0xfff, 0x0").cause, ACC_FAULT_ILLEGAL_INSTRUCTION);
    EXPECT_EQ(fault(".word 0x200000000007010, 0x0").cause, ACC_FAULT_ILLEGAL_INSTRUCTION)
        << "reserved bit";
    // Only when it is executed:
    machine.load("bra over\n.word 0x0, 0x0\nover: exit\n");
    EXPECT_EQ(machine.run({}).result, model::RunResult::Done);
}

TEST_F(Faults, RegistersTheKernelDoesNotHave) {
    EXPECT_EQ(fault("mov.b32 r8, 1", 32, 0, 0, 8).cause, ACC_FAULT_ILLEGAL_INSTRUCTION);
    EXPECT_EQ(
        fault("ld.global.b64 r6, [r2]\nld.global.b128 r4, [r2]\nmov.b64 r8, 1", 32, 0, 0, 8).pc,
        pc(4));
}

TEST_F(Faults, LeavingTheCode) {
    auto f = fault("movi.b64 r8, " + std::to_string(Machine::kData) + "\nbrx [r8]");
    EXPECT_EQ(f.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(f.access, ACC_ACCESS_EXECUTE);
    EXPECT_EQ(f.pc, Machine::kData);
    f = fault("movi.b64 r8, " + std::to_string(Machine::kCode + 8) + "\nbrx [r8]");
    EXPECT_EQ(f.cause, ACC_FAULT_INVALID_PC);
    EXPECT_EQ(fault("movi.b64 r8, 0\ncallx r20, [r8]").cause, ACC_FAULT_UNMAPPED);
}

TEST_F(Faults, BarrierMisuse) {
    EXPECT_EQ(fault("bar.sync 16, rz").cause, ACC_FAULT_BARRIER);
    EXPECT_EQ(fault("mov.b32 r6, 33\nbar.sync 1, r6").cause, ACC_FAULT_BARRIER);
    EXPECT_EQ(fault("bar.arrive 1, rz").cause, ACC_FAULT_BARRIER);
    EXPECT_EQ(fault("bar.grid").cause, ACC_FAULT_BARRIER) << "not a cooperative launch";
    EXPECT_EQ(fault("mov.b32 r6, 96\nbar.sync 1, r6").cause, ACC_FAULT_BARRIER)
        << "64 threads can never be 96";
}

TEST_F(Faults, WarpOperationsThatCannotComplete) {
    const auto f = fault(R"(
        isetp.s32.lt p0, r5, 16
@p0     warpsync 0xffffffff
@!p0    bar.sync 0, rz
)",
                         32);
    EXPECT_EQ(f.cause, ACC_FAULT_BARRIER);
    EXPECT_EQ(fault(R"(
        isetp.s32.lt p0, r5, 16
@p0     warpsync 0xffffffff
@!p0    vote.ballot r6, pt, 0xffffffff
)",
                    32)
                  .cause,
              ACC_FAULT_DEADLOCK);
}

TEST_F(Faults, EndlessRecursionRunsOutOfLocalMemory) {
    EXPECT_EQ(fault(R"(
again:  iadd.b32 r0, r0, -16
        st.local.b64 [r0], r20
        call r20, again
)",
                    64, 0, 4096)
                  .cause,
              ACC_FAULT_LOCAL_RANGE);
}

TEST_F(Faults, ChangedCodeIsSeenAfterAnInvalidate) {
    machine.load("mov.sr64 r2, sr_kernarg\nmov.b32 r4, 1\nst.global.b32 [r2], r4\nexit\n");
    EXPECT_EQ(machine.run({}).result, model::RunResult::Done);
    EXPECT_EQ(machine.word<uint32_t>(Machine::kData), 1u);
    machine.load("mov.sr64 r2, sr_kernarg\nmov.b32 r4, 2\nst.global.b32 [r2], r4\nexit\n");
    EXPECT_EQ(machine.run({}).result, model::RunResult::Done);
    EXPECT_EQ(machine.word<uint32_t>(Machine::kData), 2u);
}

} // namespace
} // namespace acc::test
