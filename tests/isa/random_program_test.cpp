// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs: whatever the code, the interpreter ends it, or its budget ends, or it faults
// inside of the program; the host survives.
#include <gtest/gtest.h>

#include <random>

#include "acc/spec/isa_validate.h"
#include "tests/isa/machine.h"

namespace acc::test {
namespace {

constexpr unsigned kRegs = 24, kInstructions = 24;

class Programs {
  public:
    explicit Programs(unsigned seed) : bits_(seed) {}

    std::vector<std::pair<uint64_t, uint64_t>> program() {
        std::vector<std::pair<uint64_t, uint64_t>> words;
        // useful values in some registers: an address, the thread number
        words.push_back(
            word(isa::Opcode::MOVSR64, 4, static_cast<uint32_t>(isa::SpecialReg::kernarg)));
        words.push_back(word(isa::Opcode::MOVSR, 6, static_cast<uint32_t>(isa::SpecialReg::tid_x)));
        words.push_back(
            word(isa::Opcode::MOVSR64, 16, static_cast<uint32_t>(isa::SpecialReg::kernarg)));
        while (words.size() < kInstructions) {
            const isa::Word w = instruction();
            words.emplace_back(w.lo, w.hi);
        }
        words.push_back(word(isa::Opcode::EXIT, 0, 0));
        return words;
    }

  private:
    static std::pair<uint64_t, uint64_t> word(isa::Opcode opcode, unsigned rd, uint32_t imm) {
        isa::Word w;
        isa::set(w, isa::Field::opcode, static_cast<uint64_t>(opcode));
        isa::set(w, isa::Field::guard, isa::kTruePred);
        isa::set(w, isa::Field::rd, rd);
        isa::set(w, isa::Field::imm, imm);
        return {w.lo, w.hi};
    }
    /// Mostly valid: fields by the table, now and then any bits.
    isa::Word instruction() {
        if (bits_() % 64 == 0) return {bits_(), bits_()};
        const isa::RowInfo& row = isa::kRows[bits_() % isa::kNumRows];
        unsigned form = 0;
        do
            form = static_cast<unsigned>(bits_() % isa::kNumForms);
        while (!(row.forms >> form & 1));
        isa::Word w{bits_() & row.mask[form].lo, bits_() & row.mask[form].hi};
        isa::set(w, isa::Field::opcode, static_cast<uint64_t>(row.opcode));
        isa::set(w, isa::Field::form, form);
        isa::set(w, isa::Field::guard, bits_() % 4 ? isa::kTruePred : bits_() % 8);
        for (const isa::OperandInfo& operand : row.operands())
            place(row, w, operand, form);
        if (!row.has(isa::kWide64))
            for (const isa::ModInfo& mod : row.mods()) {
                const uint32_t mods = static_cast<uint32_t>(isa::get(w, isa::Field::mods));
                const uint32_t cleared = mods & ~mod.field().of(~0u);
                isa::set(w, isa::Field::mods,
                         cleared | mod.field().of(
                                       static_cast<uint32_t>(bits_() % (uint64_t{mod.max} + 1))));
            }
        return w;
    }
    void place(const isa::RowInfo& row, isa::Word& w, const isa::OperandInfo& operand,
               unsigned form) {
        if (operand.kind == isa::OperandKind::Reg && !(form && isa::imm_form(operand) == form)) {
            const uint64_t groups = kRegs / operand.regs;
            isa::set(w, operand.field,
                     bits_() % 16 == 0 ? isa::kZeroReg : bits_() % groups * operand.regs);
        }
        if (operand.kind != isa::OperandKind::Imm && !(form && isa::imm_form(operand) == form))
            return;
        switch (operand.imm) {
        case isa::ImmKind::PcRel:
            isa::set(w, isa::Field::imm,
                     static_cast<uint64_t>(static_cast<int64_t>(bits_() % (2 * kInstructions)) -
                                           kInstructions) *
                         16);
            break;
        case isa::ImmKind::SReg:
            isa::set(w, isa::Field::imm, bits_() % isa::kNumSpecialRegs);
            break;
        case isa::ImmKind::Offset:
            isa::set(w, isa::Field::imm, bits_() % 2 ? bits_() % 64 * 4 : bits_());
            break;
        case isa::ImmKind::S64: break;
        default:
            if (row.has(isa::kIsWarpOp) && bits_() % 2)
                isa::set(w, isa::Field::imm, 0xffffffff);
            else if (bits_() % 2)
                isa::set(w, isa::Field::imm, bits_() % 20);
            break;
        }
    }
    std::mt19937_64 bits_;
};

TEST(RandomPrograms, NeverHarmTheHost) {
    Machine machine;
    unsigned results[8] = {};
    for (unsigned seed = 0; seed < 20000; ++seed) {
        Programs programs(seed);
        machine.load_words(programs.program());
        LaunchShape shape;
        shape.block[0] = 33 + seed % 300;
        shape.grid[0] = 2;
        shape.regs = kRegs;
        shape.shared = 256;
        shape.local = 64;
        shape.cooperative = seed % 2;
        const Outcome o = machine.run(shape, 2, 3000, 3);
        ++results[static_cast<unsigned>(o.result)];
        if (o.result == model::RunResult::Fault) {
            ASSERT_NE(o.fault.cause, ACC_FAULT_NONE) << seed;
            ASSERT_LE(o.fault.cause, ACC_FAULT_DEADLOCK) << seed;
            ASSERT_LT(o.fault.thread[0], shape.block[0]) << seed;
            ASSERT_NE(o.fault.lane_mask, 0u) << seed;
        }
    }
    // The programs are not all of one kind.
    EXPECT_GT(results[static_cast<unsigned>(model::RunResult::Done)], 100u);
    EXPECT_GT(results[static_cast<unsigned>(model::RunResult::Fault)], 1000u);
}

} // namespace
} // namespace acc::test
