// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a row's operands are arranged in text. The printer and the parser both ask here, so that they
// cannot disagree.
#pragma once

#include <acc/spec/isa_table.h>

namespace acc::isa {

/// The operands of a row that are not simply listed.
struct Shape {
    const OperandInfo* offset = nullptr;        ///< signed byte offset: written inside the brackets
    const OperandInfo* base = nullptr;          ///< ra of a row with an offset: written as [base +
                                                ///< index<<scale + offset]
    const OperandInfo* index = nullptr;         ///< rb of a row with the modifier `scale`
    const ModInfo* scale = nullptr;             ///< written as <<n inside the brackets
    const OperandInfo* optional_pred = nullptr; ///< ps of a row with the modifier `bop`: left out
                                                ///< when it is pt
};

inline Shape shape_of(const RowInfo& row) {
    Shape shape;
    const auto named = [&row](const char* wanted) -> const ModInfo* {
        for (const ModInfo& mod : row.mods())
            if (std::strcmp(mod.name, wanted) == 0) return &mod;
        return nullptr;
    };
    for (const OperandInfo& operand : row.operands())
        if (operand.kind == OperandKind::Imm && operand.imm == ImmKind::Offset)
            shape.offset = &operand;
    shape.scale = named("scale");
    const bool combines = named("bop") != nullptr;
    for (const OperandInfo& operand : row.operands()) {
        if (operand.field == Field::ra && shape.offset) shape.base = &operand;
        if (operand.field == Field::rb && shape.scale) shape.index = &operand;
        if (operand.field == Field::ps && combines) shape.optional_pred = &operand;
    }
    return shape;
}

} // namespace acc::isa
