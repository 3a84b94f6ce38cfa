// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/isa/decode.h"

#include <cstdio>

namespace acc::isa {
namespace {

std::string hex(uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

/// Name of the field that bit n of the word belongs to.
const char* field_of_bit(unsigned n) {
    for (unsigned f = 0; f <= static_cast<unsigned>(Field::mods); ++f)
        if (n >= kFieldPlaces[f].bit && n < unsigned(kFieldPlaces[f].bit) + kFieldPlaces[f].width)
            return kFieldNames[f];
    return "unused";
}

std::string explain_group(Word word, const Validity& v) {
    const Field field = static_cast<Field>(v.detail);
    for (const OperandInfo& operand : v.row->operands())
        if (operand.field == field && operand.regs > 1) {
            const std::string n = std::to_string(operand.regs);
            return std::string(name(field)) + " = r" + std::to_string(get(word, field)) + ": " +
                   v.row->mnemonic + " takes a group of " + n +
                   " registers, which starts at a multiple of " + n +
                   " and ends at r254 or before (or rz)";
        }
    return std::string(name(field)) + " names an impossible register";
}

std::string explain_modifier(Word word, const Validity& v) {
    const ModInfo& mod = v.row->mods()[v.detail];
    const uint32_t value = mod.field().get(static_cast<uint32_t>(get(word, Field::mods)));
    return std::string("modifier ") + mod.name + " of " + v.row->mnemonic +
           " has the reserved value " + std::to_string(value) + "; the largest is " +
           std::to_string(mod.max);
}

std::string explain_rule(const Validity& v) {
    const ModRuleInfo& rule = v.row->rules()[v.detail];
    return std::string(v.row->mnemonic) + " with this `" + v.row->mods()[rule.mod].name +
           "` must also set `" + v.row->mods()[rule.needs].name + "`";
}

DecodedOperand decode_operand(const OperandInfo& info, Word word, unsigned form) {
    DecodedOperand operand;
    operand.info = &info;
    operand.is_imm = info.kind == OperandKind::Imm || (form != 0 && imm_form(info) == form);
    if (operand.is_imm)
        operand.imm = info.imm == ImmKind::S64 ? static_cast<int64_t>(word.hi)
                                               : static_cast<int32_t>(get(word, Field::imm));
    else
        operand.reg = static_cast<uint8_t>(get(word, info.field));
    if (info.kind == OperandKind::PredIn)
        operand.negated = get(word, info.field == Field::ps ? Field::psneg : Field::pqneg) != 0;
    return operand;
}

} // namespace

DecodedInst decode(Word word) {
    DecodedInst inst;
    inst.word = word;
    inst.validity = validate(word);
    inst.form = static_cast<uint8_t>(get(word, Field::form));
    inst.guard = static_cast<uint8_t>(get(word, Field::guard));
    inst.guard_negated = get(word, Field::gneg) != 0;
    if (!inst.validity.ok()) return inst;
    if (!inst.row().has(kWide64)) inst.mods = static_cast<uint32_t>(get(word, Field::mods));
    for (const OperandInfo& info : inst.row().operands())
        inst.operands.push_back(decode_operand(info, word, inst.form));
    return inst;
}

std::string explain(Word word, Validity v) {
    switch (v.reject) {
    case Reject::None: return "";
    case Reject::UndefinedOpcode: return "undefined opcode " + hex(get(word, Field::opcode));
    case Reject::UndefinedForm:
        return std::string(v.row->mnemonic) + " has no form " +
               std::to_string(get(word, Field::form));
    case Reject::ReservedBit:
        return "reserved bit " + std::to_string(v.detail) + " (" + field_of_bit(v.detail) +
               ") is set: " + v.row->mnemonic + " does not use it";
    case Reject::RegisterGroup: return explain_group(word, v);
    case Reject::ModifierValue: return explain_modifier(word, v);
    case Reject::ModifierRule: return explain_rule(v);
    case Reject::SpecialRegister:
        return "there is no special register " + std::to_string(get(word, Field::imm)) +
               "; the last is " + std::to_string(kNumSpecialRegs - 1);
    }
    return "illegal instruction";
}

} // namespace acc::isa
