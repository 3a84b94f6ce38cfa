// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is not an instruction: every reserved bit of every opcode, register groups, reserved
// modifier values, rules. The expected answers are computed here from the operand and modifier
// lists, not from the table's masks.
#include <gtest/gtest.h>

#include <bitset>

#include "compiler/isa/decode.h"
#include "tests/unit/isa/word_maker.h"

namespace acc::isa::test {
namespace {

void use(std::bitset<128>& used, Field f) {
    for (unsigned n = 0; n < place(f).width; ++n)
        used.set(place(f).bit + n);
}

/// The bits that the documentation of the word gives to a row.
std::bitset<128> used_bits(const RowInfo& row, unsigned form) {
    std::bitset<128> used;
    for (const Field f : {Field::opcode, Field::guard, Field::gneg, Field::form})
        use(used, f);
    for (const OperandInfo& operand : row.operands()) {
        const bool replaced = (form == 1 && operand.field == Field::rb &&
                               operand.imm != ImmKind::None) ||
                              (form == 2 && operand.field == Field::rc &&
                               operand.imm != ImmKind::None);
        use(used, replaced                      ? Field::imm
                  : operand.imm == ImmKind::S64 ? Field::imm64
                                                : operand.field);
        if (operand.kind == OperandKind::PredIn)
            use(used, operand.field == Field::ps ? Field::psneg : Field::pqneg);
    }
    for (const ModInfo& mod : row.mods())
        for (unsigned n = 0; n < mod.width; ++n)
            used.set(kModsBit + mod.bit + n);
    return used;
}

Word flipped(Word word, unsigned n) {
    (n < 64 ? word.lo : word.hi) ^= 1ull << (n % 64);
    return word;
}

TEST(Validate, EachReservedBitOfEachOpcodeIsRejectedAndNamed) {
    size_t rejected = 0;
    for_each_form([&](const RowInfo& row, unsigned form) {
        const std::bitset<128> used = used_bits(row, form);
        const Word plain = plain_word(row, form);
        for (unsigned n = 0; n < 128; ++n) {
            if (used[n]) continue;
            const Validity v = validate(flipped(plain, n));
            ASSERT_EQ(v.reject, Reject::ReservedBit) << row.name << " bit " << n;
            ASSERT_EQ(v.detail, n) << row.name;
            ASSERT_NE(explain(flipped(plain, n), v).find("bit " + std::to_string(n)),
                      std::string::npos);
            ++rejected;
        }
    });
    EXPECT_GT(rejected, 30000u);
}

TEST(Validate, OpcodesThatAreNotInTheTableAreUndefined) {
    unsigned undefined = 0;
    for (unsigned opcode = 0; opcode < 4096; ++opcode) {
        Word word;
        set(word, Field::opcode, opcode);
        const bool known = find_row(opcode) != nullptr;
        undefined += !known;
        EXPECT_EQ(validate(word).reject == Reject::UndefinedOpcode, !known);
    }
    EXPECT_EQ(undefined, 4096 - kNumRows);
}

TEST(Validate, FormsARowDoesNotHaveAreRejected) {
    for (const RowInfo& row : kRows)
        for (unsigned form = 0; form < 4; ++form) {
            Word word = plain_word(row, 0);
            set(word, Field::form, form);
            if (form == 3 || !(row.forms >> form & 1)) {
                EXPECT_EQ(validate(word).reject, Reject::UndefinedForm) << row.name << form;
            }
        }
}

TEST(Validate, RegisterGroupsAreAlignedAndEndBelow255) {
    for_each_form([&](const RowInfo& row, unsigned form) {
        for (const OperandInfo& operand : row.operands()) {
            if (operand.kind != OperandKind::Reg || (form && imm_form(operand) == form)) continue;
            for (unsigned first = 0; first < 256; ++first) {
                Word word = plain_word(row, form);
                set(word, operand.field, first);
                const bool legal = first == 255 ||
                                   (first % operand.regs == 0 && first + operand.regs <= 255);
                ASSERT_EQ(validate(word).ok(), legal)
                    << row.name << " " << name(operand.field) << " = " << first;
            }
        }
    });
}

TEST(Validate, ModifierValuesBeyondTheLastAreReserved) {
    size_t reserved = 0;
    for_each_form([&](const RowInfo& row, unsigned form) {
        for (const ModInfo& mod : row.mods())
            for (uint32_t value = mod.max + 1; value < 1u << mod.width; ++value) {
                Word word = plain_word(row, form);
                set(word, Field::mods, mod.field().of(value));
                ASSERT_EQ(validate(word).reject, Reject::ModifierValue)
                    << row.name << " " << mod.name << " = " << value;
                ++reserved;
            }
    });
    EXPECT_GT(reserved, 500u);
}

TEST(Validate, StrongLoadsAndStoresNeedAScope) {
    namespace ld = mods::LD_global_b32;
    namespace st = mods::ST_global_b32;
    Word load = plain_word(row(Opcode::LD_global_b32), 0);
    set(load, Field::mods, ld::sem.of(ld::sem_acquire));
    EXPECT_EQ(validate(load).reject, Reject::ModifierRule);
    set(load, Field::mods, ld::sem.of(ld::sem_acquire) | ld::scope.of(ld::scope_gpu));
    EXPECT_TRUE(validate(load).ok());
    Word store = plain_word(row(Opcode::ST_global_b32), 0);
    set(store, Field::mods, st::sem.of(st::sem_release));
    EXPECT_EQ(validate(store).reject, Reject::ModifierRule);
    set(store, Field::mods, st::sem.of(st::sem_volatile));
    EXPECT_TRUE(validate(store).ok());
}

TEST(Validate, SpecialRegistersThatDoNotExistAreRejected) {
    Word word = plain_word(row(Opcode::MOVSR), 0);
    set(word, Field::imm, kNumSpecialRegs - 1);
    EXPECT_TRUE(validate(word).ok());
    set(word, Field::imm, kNumSpecialRegs);
    EXPECT_EQ(validate(word).reject, Reject::SpecialRegister);
}

TEST(Validate, TheZeroWordAndTheAllOnesWordTrap) {
    EXPECT_FALSE(validate(Word{}).ok());
    EXPECT_FALSE(validate(Word{~0ull, ~0ull}).ok());
}

} // namespace
} // namespace acc::isa::test
