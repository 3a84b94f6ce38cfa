// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Is a word an instruction? Everything that makes ACC_FAULT_ILLEGAL_INSTRUCTION is decided here,
// from the table alone.
#pragma once

#include <acc/spec/isa_table.h>

namespace acc::isa {

enum class Reject : uint8_t {
    None,
    UndefinedOpcode,
    UndefinedForm,   ///< the row has no such form
    ReservedBit,     ///< detail = number of the lowest bit that must be zero
    RegisterGroup,   ///< detail = Field: not aligned to its size, or it would contain register 255
    ModifierValue,   ///< detail = index of the row's modifier
    ModifierRule,    ///< detail = index of the row's rule
    SpecialRegister, ///< imm names no special register
};

struct Validity {
    const RowInfo* row = nullptr; ///< null only with UndefinedOpcode
    Reject reject = Reject::None;
    uint8_t detail = 0;
    constexpr bool ok() const { return reject == Reject::None; }
};

/// A group of n registers starts at a multiple of n and does not reach register 255; 255 itself is
/// a group of zeros.
constexpr bool valid_group(uint64_t first, unsigned regs) {
    return first == kZeroReg || (first % regs == 0 && first + regs - 1 <= kMaxReg);
}

namespace detail {
constexpr Validity check_operands(const RowInfo& row, Word word, unsigned form) {
    for (const OperandInfo& operand : row.operands()) {
        if (operand.kind == OperandKind::Reg && !(form != 0 && imm_form(operand) == form) &&
            !valid_group(get(word, operand.field), operand.regs))
            return {&row, Reject::RegisterGroup, static_cast<uint8_t>(operand.field)};
        if (operand.kind == OperandKind::Imm && operand.imm == ImmKind::SReg &&
            get(word, Field::imm) >= kNumSpecialRegs)
            return {&row, Reject::SpecialRegister, 0};
    }
    return {&row, Reject::None, 0};
}

constexpr Validity check_mods(const RowInfo& row, uint32_t bits) {
    for (unsigned i = 0; i < row.num_mods; ++i)
        if (row.mods()[i].field().get(bits) > row.mods()[i].max)
            return {&row, Reject::ModifierValue, static_cast<uint8_t>(i)};
    for (unsigned i = 0; i < row.num_rules; ++i) {
        const ModRuleInfo rule = row.rules()[i];
        const uint32_t value = row.mods()[rule.mod].field().get(bits);
        if (value < 32 && (rule.values >> value & 1) &&
            row.mods()[rule.needs].field().get(bits) == 0)
            return {&row, Reject::ModifierRule, static_cast<uint8_t>(i)};
    }
    return {&row, Reject::None, 0};
}

constexpr uint8_t lowest_bit(Word word) {
    uint8_t n = 0;
    while (!bit(word, n))
        ++n;
    return n;
}
} // namespace detail

/// Checks every rule of the encoding; the first one that is broken is reported.
constexpr Validity validate(Word word) {
    const RowInfo* row = find_row(get(word, Field::opcode));
    if (!row) return {nullptr, Reject::UndefinedOpcode, 0};
    const unsigned form = static_cast<unsigned>(get(word, Field::form));
    if (form >= kNumForms || !(row->forms >> form & 1)) return {row, Reject::UndefinedForm, 0};
    const Word reserved{word.lo & ~row->mask[form].lo, word.hi & ~row->mask[form].hi};
    if (reserved.lo | reserved.hi) return {row, Reject::ReservedBit, detail::lowest_bit(reserved)};
    if (const Validity v = detail::check_operands(*row, word, form); !v.ok()) return v;
    if (row->has(kWide64)) return {row, Reject::None, 0};
    return detail::check_mods(*row, static_cast<uint32_t>(get(word, Field::mods)));
}

} // namespace acc::isa
