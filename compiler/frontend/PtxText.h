// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX text → statements. Knows the grammar of single statements, not what the instructions mean
// (PtxInstructions.cpp).
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace acc::frontend::ptx {

struct Operand {
    enum Kind {
        Asm,      ///< $3: operand of the asm statement
        Register, ///< a name: declared register or %special
        Integer,  ///< 42, -1, 0x7f, 0b11
        Float,    ///< 0f3F800000, 0d..., 1.5
        Address,  ///< [base], [base+offset]; base in `parts`, offset in `integer`
        Vector,   ///< {a, b, c, d}: `parts`
        Pair,     ///< a|b: `parts` (shfl, setp, match with a second result)
        Discard,  ///< _
    };
    Kind kind = Register;
    unsigned index = 0;
    std::string name;
    int64_t integer = 0;
    uint64_t float_bits = 0;
    bool is_double = false;
    bool negated = false; ///< !p
    std::vector<Operand> parts;
};

struct Statement {
    std::string opcode;                 ///< "ld"
    std::vector<std::string> modifiers; ///< "global", "v4", "f32"
    std::vector<Operand> operands;
    std::optional<Operand> guard;
    std::string text; ///< for messages

    bool has(llvm::StringRef modifier) const;
};

/// Declaration `.reg .type name<count>`; count 0 = a single name.
struct Declaration {
    std::string type;
    std::string name;
    unsigned count = 0;
};

struct Program {
    std::vector<Declaration> registers;
    std::vector<Statement> statements;
};

/// Parses the text of an asm statement in LLVM's form ($0 operands, $$ for $). On failure returns
/// an error text.
std::string parse(llvm::StringRef text, Program& program);

} // namespace acc::frontend::ptx
