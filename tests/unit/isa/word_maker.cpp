// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/unit/isa/word_maker.h"

namespace acc::isa::test {
namespace {

constexpr uint32_t kImmediates[] = {
    0,          1,          2,          0xff,       0x10000,    0x10001,    0x7fffffff,
    0x80000000, 0xffffffff, 0xfffffff0, 0xfffeffff, 0x3f800000, 0x7f800000, 0xff800000,
    0x7fc00000, 0x00000001, 0x3dcccccd, 0x4b800000, 0x3ff00000, 0x7ff00000, 0xbff80000};

Field negation(Field f) {
    return f == Field::ps ? Field::psneg : Field::pqneg;
}

void visit_registers(Word word, const OperandInfo& operand,
                     const std::function<void(Word)>& visit) {
    for (unsigned first = 0; first + operand.regs <= 255; first += operand.regs) {
        set(word, operand.field, first);
        visit(word);
    }
}

void visit_predicates(Word word, const OperandInfo& operand,
                      const std::function<void(Word)>& visit) {
    for (unsigned n = 0; n < 8; ++n)
        for (unsigned negated = 0; negated < (operand.kind == OperandKind::PredIn ? 2u : 1u);
             ++negated) {
            set(word, operand.field, n);
            if (operand.kind == OperandKind::PredIn) set(word, negation(operand.field), negated);
            visit(word);
        }
}

void visit_immediates(Word word, ImmKind kind, const std::function<void(Word)>& visit) {
    if (kind == ImmKind::SReg) {
        for (unsigned n = 0; n < kNumSpecialRegs; ++n) {
            set(word, Field::imm, n);
            visit(word);
        }
        return;
    }
    for (const uint32_t low : kImmediates) {
        set(word, Field::imm, low);
        if (kind != ImmKind::S64) {
            visit(word);
            continue;
        }
        for (const uint32_t high : kImmediates) {
            word.hi = uint64_t{high} << 32 | low;
            visit(word);
        }
    }
}

void set_mod(Word& word, const ModInfo& mod, uint32_t value) {
    uint32_t bits = static_cast<uint32_t>(get(word, Field::mods));
    bits &= ~mod.field().of(~0u);
    set(word, Field::mods, bits | mod.field().of(value));
}

void visit_modifiers(const RowInfo& row, Word plain, const std::function<void(Word)>& visit) {
    for (unsigned i = 0; i < row.num_mods; ++i)
        for (uint32_t value = 0; value <= row.mods()[i].max; ++value) {
            Word word = plain;
            set_mod(word, row.mods()[i], value);
            for (const ModRuleInfo& rule : row.rules())
                if (rule.mod == i && (rule.values >> value & 1))
                    set_mod(word, row.mods()[rule.needs], 1);
            visit(word);
        }
}

} // namespace

Word plain_word(const RowInfo& row, unsigned form) {
    Word word;
    set(word, Field::opcode, static_cast<uint64_t>(row.opcode));
    set(word, Field::guard, kTruePred);
    set(word, Field::form, form);
    for (const OperandInfo& operand : row.operands()) {
        if (operand.kind == OperandKind::Reg && !(form && imm_form(operand) == form))
            set(word, operand.field, kZeroReg);
        if (operand.kind == OperandKind::PredIn || operand.kind == OperandKind::PredOut)
            set(word, operand.field, kTruePred);
    }
    return word;
}

void for_each_variant(const RowInfo& row, unsigned form, const std::function<void(Word)>& visit) {
    const Word plain = plain_word(row, form);
    visit(plain);
    for (unsigned guard = 0; guard < 16; ++guard) {
        Word word = plain;
        set(word, Field::guard, guard & 7);
        set(word, Field::gneg, guard >> 3);
        visit(word);
    }
    for (const OperandInfo& operand : row.operands()) {
        if (operand.kind == OperandKind::Imm || (form && imm_form(operand) == form))
            visit_immediates(plain, operand.imm, visit);
        else if (operand.kind == OperandKind::Reg)
            visit_registers(plain, operand, visit);
        else
            visit_predicates(plain, operand, visit);
    }
    if (!row.has(kWide64)) visit_modifiers(row, plain, visit);
}

void for_each_form(const std::function<void(const RowInfo&, unsigned form)>& visit) {
    for (const RowInfo& row : kRows)
        for (unsigned form = 0; form < kNumForms; ++form)
            if (row.forms >> form & 1) visit(row, form);
}

} // namespace acc::isa::test
