// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The instruction table as constants: what the assembler, the disassembler and the model's decoder
// read. Pure data, generated from isa/*.td (acc_isa_table.inc); no semantics.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <acc/spec/acc_isa_opcodes.h>
#include <acc/spec/isa_word.h>

namespace acc::isa {

enum class OperandKind : uint8_t {
    Reg,     ///< a group of registers
    PredOut, ///< destination predicate; pt discards
    PredIn,  ///< source predicate; its negation bit is the field after it (psneg, pqneg)
    Imm,     ///< immediate in the field imm (imm64 when ImmKind::S64)
};

/// What an immediate means: of an Imm operand, or of a Reg operand in the form where imm replaces
/// it.
enum class ImmKind : uint8_t {
    None,
    S32,    ///< 32 bits
    SExt64, ///< sign-extended to 64 bits
    F32,    ///< bits of an f32
    F64Hi,  ///< high word of an f64 whose low word is zero
    B32,    ///< raw bits
    Offset, ///< signed byte offset of an address
    PcRel,  ///< signed byte distance from the next instruction
    S64,    ///< 64 bits (field imm64)
    SReg,   ///< number of a special register
};

enum class Space : uint8_t { None, Generic, Global, Shared, Local, Const };

/// Row flags.
enum : uint16_t {
    kMayLoad = 1,
    kMayStore = 2,
    kSideEffects = 4,
    kIsBranch = 8,
    kIsCall = 16,
    kIsReturn = 32,
    kIsTerminator = 64,
    kIsWarpOp = 128,
    kIsBlockSync = 256,
    kIsCommutable = 512,
    kWide64 = 1024,
};

struct OperandInfo {
    Field field; ///< imm for every immediate operand (read imm64 when imm == S64)
    OperandKind kind;
    uint8_t regs; ///< Reg: registers in the group (1, 2, 4, 8)
    ImmKind imm;  ///< Reg: None when this operand is never an immediate
    bool is_out;
    bool is_float;
};

struct ModInfo {
    const char* name;
    uint8_t bit, width;   ///< place in the modifier bits (from bit 96)
    bool numeric;         ///< a number instead of named values
    uint32_t max;         ///< largest valid encoding
    uint16_t first_value; ///< kModValues[first_value + encoding] is the suffix, "" = none is
                          ///< printed

    constexpr ModField field() const { return {bit, width}; }
};

/// When modifier `mod` has an encoding whose bit is set in `values`, modifier `needs` must not be
/// 0.
struct ModRuleInfo {
    uint8_t mod, needs; ///< indices into the row's modifiers
    uint32_t values;
};

struct SpecialRegInfo {
    const char* name; ///< without sr_
    uint8_t number;
    uint8_t width; ///< 32 or 64
};

struct RowInfo {
    Opcode opcode;
    const char* name; ///< record name
    const char* mnemonic;
    const char* group;
    uint16_t first_operand;
    uint8_t num_operands;
    uint16_t first_mod;
    uint8_t num_mods;
    uint8_t first_rule, num_rules;
    uint8_t forms;     ///< bit f: form f exists
    uint8_t mem_bytes; ///< bytes accessed per thread, 0 = none or not fixed
    Space space;
    uint16_t flags;       ///< kMayLoad | ...
    Word mask[kNumForms]; ///< bits of the word that may be set, per form; zero when the form does
                          ///< not exist
    const char* unproven; ///< why the ISA tests have no reference case for it; "": they have

    constexpr std::span<const OperandInfo> operands() const;
    constexpr std::span<const ModInfo> mods() const;
    constexpr std::span<const ModRuleInfo> rules() const;
    constexpr bool has(uint16_t flag) const { return (flags & flag) != 0; }
};

#include <acc/spec/acc_isa_table.inc>

constexpr std::span<const OperandInfo> RowInfo::operands() const {
    return {kOperands + first_operand, num_operands};
}
constexpr std::span<const ModInfo> RowInfo::mods() const {
    return {kMods + first_mod, num_mods};
}
constexpr std::span<const ModRuleInfo> RowInfo::rules() const {
    return {kModRules + first_rule, num_rules};
}

inline constexpr uint16_t kNoRow = 0xffff;

/// kRowOfOpcode[opcode field]: index into kRows, or kNoRow.
inline constexpr std::array<uint16_t, 4096> kRowOfOpcode = [] {
    std::array<uint16_t, 4096> index{};
    index.fill(kNoRow);
    for (uint16_t i = 0; i < kNumRows; ++i)
        index[static_cast<uint16_t>(kRows[i].opcode)] = i;
    return index;
}();

/// The row of an opcode field, null when the opcode is not defined.
constexpr const RowInfo* find_row(uint64_t opcode) {
    return opcode < 4096 && kRowOfOpcode[opcode] != kNoRow ? &kRows[kRowOfOpcode[opcode]] : nullptr;
}
constexpr const RowInfo& row(Opcode opcode) {
    return kRows[kRowOfOpcode[static_cast<uint16_t>(opcode)]];
}

/// The form in which an immediate replaces this operand; 0 when there is none.
constexpr unsigned imm_form(const OperandInfo& operand) {
    if (operand.kind != OperandKind::Reg || operand.imm == ImmKind::None) return 0;
    return operand.field == Field::rb ? 1 : 2;
}

} // namespace acc::isa
