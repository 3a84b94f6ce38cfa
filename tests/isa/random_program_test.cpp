// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs: whatever the code, the interpreter ends it, or its budget ends, or it faults
// inside of the program; the host survives, and nothing changes but what the program may write. And
// the interpreter's host variants give the same bits: registers, predicates, memory, faults.
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <set>

#include "acc/spec/isa_validate.h"
#include "compiler/isa/assemble.h"
#include "driver/model/src/interp/variant.h"
#include "tests/isa/machine.h"

namespace acc::test {
namespace {

constexpr unsigned kRegs = 24, kInstructions = 24;

class Programs {
  public:
    explicit Programs(unsigned seed) : bits_(seed) {}
    /// Only what two runs of the same program cannot differ in: no clocks, no sleep by the clock.
    /// And short, so that many come to their end.
    Programs& repeatable() {
        repeatable_ = true;
        length_ = 4 + bits_() % 8;
        return *this;
    }

    std::vector<std::pair<uint64_t, uint64_t>> program() {
        std::vector<std::pair<uint64_t, uint64_t>> words;
        // useful values in some registers: an address, the thread number
        words.push_back(
            word(isa::Opcode::MOVSR64, 4, static_cast<uint32_t>(isa::SpecialReg::kernarg)));
        words.push_back(word(isa::Opcode::MOVSR, 6, static_cast<uint32_t>(isa::SpecialReg::tid_x)));
        words.push_back(
            word(isa::Opcode::MOVSR64, 16, static_cast<uint32_t>(isa::SpecialReg::kernarg)));
        while (words.size() < length_) {
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
        const isa::RowInfo& row = random_row();
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
    const isa::RowInfo& random_row() {
        for (;;) {
            const isa::RowInfo& row = isa::kRows[bits_() % isa::kNumRows];
            if (!repeatable_ || row.opcode != isa::Opcode::NANOSLEEP) return row;
        }
    }
    uint64_t random_special_register() {
        for (;;) {
            const uint64_t number = bits_() % isa::kNumSpecialRegs;
            if (!repeatable_ || (number != static_cast<uint64_t>(isa::SpecialReg::clock) &&
                                 number != static_cast<uint64_t>(isa::SpecialReg::globaltimer)))
                return number;
        }
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
                     static_cast<uint64_t>(static_cast<int64_t>(bits_() % (2 * length_)) -
                                           static_cast<int64_t>(length_)) *
                         16);
            break;
        case isa::ImmKind::SReg: isa::set(w, isa::Field::imm, random_special_register()); break;
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
    bool repeatable_ = false;
    uint64_t length_ = kInstructions;
};

LaunchShape shape_for(unsigned seed) {
    LaunchShape shape;
    shape.block[0] = 33 + seed % 300;
    shape.grid[0] = 2;
    shape.regs = kRegs + 8; // some are left for the stores at the end
    shape.shared = 256;
    shape.local = 64;
    shape.cooperative = seed % 2;
    return shape;
}

/// What lies around a program's data: unmapped, read-only and poisoned pages. The host could write
/// them, so a store that passed a check that it should not have would be seen here.
class Surroundings {
  public:
    explicit Surroundings(Machine& machine) : machine_(machine) {
        each([](uint64_t& word, uint64_t at) { word = at * 0x9e3779b97f4a7c15u; });
    }
    uint64_t changed() {
        uint64_t count = 0;
        each([&](uint64_t& word, uint64_t at) { count += word != at * 0x9e3779b97f4a7c15u; });
        return count;
    }

  private:
    template <class F>
    void each(F f) {
        const std::pair<uint64_t, uint64_t> ranges[] = {
            {Machine::kBase, Machine::kCode},
            {Machine::kCode + 0x10000, Machine::kData},
            {Machine::kData + Machine::kDataBytes, Machine::kEnd}};
        for (const auto& [first, end] : ranges)
            for (uint64_t at = first; at < end; at += 8)
                f(machine_.word<uint64_t>(at), at);
    }
    Machine& machine_;
};

TEST(RandomPrograms, NeverHarmTheHost) {
    Machine machine;
    Surroundings around(machine);
    std::set<uint32_t> causes;
    unsigned results[8] = {};
    for (unsigned seed = 0; seed < 20000; ++seed) {
        Programs programs(seed);
        const auto words = programs.program();
        machine.load_words(words);
        const LaunchShape shape = shape_for(seed);
        const Outcome o = machine.run(shape, 2, 3000, 3);
        ++results[static_cast<unsigned>(o.result)];
        if (o.result == model::RunResult::Fault) {
            ASSERT_NE(o.fault.cause, ACC_FAULT_NONE) << seed;
            ASSERT_LE(o.fault.cause, ACC_FAULT_SURFACE_RANGE) << seed;
            ASSERT_LT(o.fault.thread[0], shape.block[0]) << seed;
            ASSERT_NE(o.fault.lane_mask, 0u) << seed;
            causes.insert(o.fault.cause);
        }
        for (unsigned i = 0; i < words.size(); ++i) {
            const std::pair<uint64_t, uint64_t> now{
                machine.word<uint64_t>(Machine::kCode + 16 * i),
                machine.word<uint64_t>(Machine::kCode + 16 * i + 8)};
            ASSERT_EQ(now, words[i]) << "program " << seed << " has changed its code";
        }
        if (seed % 500 == 499) ASSERT_EQ(around.changed(), 0u) << "before program " << seed;
    }
    // The programs are not all of one kind.
    EXPECT_GT(results[static_cast<unsigned>(model::RunResult::Done)], 100u);
    EXPECT_GT(results[static_cast<unsigned>(model::RunResult::Fault)], 1000u);
    for (const uint32_t cause :
         {ACC_FAULT_ILLEGAL_INSTRUCTION, ACC_FAULT_UNMAPPED, ACC_FAULT_MISALIGNED,
          ACC_FAULT_SHARED_RANGE, ACC_FAULT_LOCAL_RANGE, ACC_FAULT_TRAP, ACC_FAULT_WARP_OP,
          ACC_FAULT_BARRIER})
        EXPECT_TRUE(causes.count(cause)) << "no program has ended by fault " << cause;
}

/// Stores everything that a thread that has come to the end of a program knows: 24 registers,
/// predicates. (r26:r27 address, r28 number of the thread.)
const char* const kDump = R"(
        mov.sr64 r26, sr_kernarg
        mov.sr r28, sr_ctaid_x
        imul.b32 r28, r28, 340
        mov.sr r29, sr_tid_x
        iadd.b32 r28, r28, r29
        shl.b32 r28, r28, 7
        p2r r29
        st.global.b128 [r26 + r28 + 65536], r0
        st.global.b128 [r26 + r28 + 65552], r4
        st.global.b128 [r26 + r28 + 65568], r8
        st.global.b128 [r26 + r28 + 65584], r12
        st.global.b128 [r26 + r28 + 65600], r16
        st.global.b128 [r26 + r28 + 65616], r20
        st.global.b32 [r26 + r28 + 65632], r29
        exit
)";

std::string describe(const Outcome& o) {
    std::string text = "result " + std::to_string(static_cast<int>(o.result));
    if (o.result != model::RunResult::Fault) return text;
    const acc_fault_record& f = o.fault;
    text += " cause " + std::to_string(f.cause) + " pc +" + std::to_string(f.pc - Machine::kCode);
    text += " thread " + std::to_string(f.thread[0]) + " block " + std::to_string(f.block[0]);
    return text + " lanes " + std::to_string(f.lane_mask) + " address " + std::to_string(f.address);
}

TEST(RandomPrograms, GiveTheSameBitsOnEveryHostVariant) {
    std::vector<std::unique_ptr<Machine>> machines;
    for (const char* name : {"v2", "v3", "v4"})
        if (model::interp::host_can_run(name)) machines.push_back(std::make_unique<Machine>(name));
    if (machines.size() < 2) GTEST_SKIP() << "this host can run one variant only";
    const isa::Assembly dump = isa::assemble(kDump, 0);
    ASSERT_TRUE(dump.ok());
    std::mt19937_64 bits(9);
    for (uint64_t i = 0; i < 0x40000; i += 8) { // the start of memory, and what comes back to it
        const uint64_t x = bits() % 4 ? bits() : 0;
        for (auto& m : machines)
            m->word<uint64_t>(Machine::kData + i) = x;
    }
    constexpr unsigned kPrograms = 6000, kBatch = 500;
    constexpr uint64_t kNear = 0x30000; // what nearly all stores hit; the rest is compared by batch
    unsigned ended = 0;
    for (unsigned seed = 0; seed < kPrograms; ++seed) {
        Programs programs(1'000'000 + seed);
        auto words = programs.repeatable().program();
        words.pop_back(); // its exit
        for (const isa::Word& w : dump.words)
            words.emplace_back(w.lo, w.hi);
        std::string first;
        for (auto& m : machines) {
            m->load_words(words);
            const std::string got = describe(m->run(shape_for(seed), 2, 3000, 3));
            if (m == machines.front()) first = got;
            ASSERT_EQ(got, first) << "program " << seed;
            ASSERT_EQ(std::memcmp(m->at<char>(Machine::kData),
                                  machines.front()->at<char>(Machine::kData),
                                  seed % kBatch == kBatch - 1 ? Machine::kDataBytes : kNear),
                      0)
                << "program " << seed << " " << first;
        }
        ended += first == "result 0";
    }
    EXPECT_GT(ended, kPrograms / 50) << "too few come to the end, where registers are compared";
}

} // namespace
} // namespace acc::test
