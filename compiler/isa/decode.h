// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A word taken apart by the table, and readable reasons why a word is no instruction.
#pragma once

#include <string>
#include <vector>

#include <acc/spec/isa_validate.h>

namespace acc::isa {

/// One operand of an instruction as its word holds it.
struct DecodedOperand {
    const OperandInfo* info = nullptr;
    bool is_imm = false;  ///< an immediate operand, or an immediate in the place of a register
    bool negated = false; ///< source predicates
    uint8_t reg = 0;      ///< register (first of its group) or predicate number
    int64_t imm = 0;      ///< sign-extended from 32 bits, except ImmKind::S64
};

/// The result of decode. `operands` is filled only when validity.ok(); results first, then sources,
/// in the row's order.
struct DecodedInst {
    Validity validity;
    Word word;
    uint8_t form = 0;
    uint8_t guard = kTruePred;
    bool guard_negated = false;
    uint32_t mods = 0; ///< 0 for Wide64 rows
    std::vector<DecodedOperand> operands;

    const RowInfo& row() const { return *validity.row; }
};

/// Takes `word` apart after checking it.
DecodedInst decode(Word word);

/// Why `word` is no instruction, for people: "reserved bit 57 (psneg) is set: fadd.f32 does not use
/// it". Empty when it is one.
std::string explain(Word word, Validity validity);

} // namespace acc::isa
