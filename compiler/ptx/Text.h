// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX text → statements. Knows the grammar and the scopes of names, not what the instructions mean
// (the tables of forms in the other files say that). The text is untrusted: any bytes give a
// program or an error.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace acc::ptx {

struct Operand {
    enum Kind {
        Asm,      ///< $3: operand of the asm statement
        Register, ///< a declared register: number `index` of the program
        Special,  ///< any other name: %tid.x, WARP_SZ
        Integer,  ///< 42, -1, 0x7f, 0b11
        Float,    ///< 0f3F800000, 0d..., 1.5
        Address,  ///< [base], [base+offset]; base in parts[0], offset in parts[1]
        Vector,   ///< {a, b, c, d}: `parts`
        Pair,     ///< a|b: `parts` (shfl, setp, match with a second result)
        Discard,  ///< _
    };
    Kind kind = Special;
    unsigned index = 0;
    std::string name; ///< as written, for messages
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
    std::string text; ///< as the programmer wrote it, for messages
};

/// A register; the same name in two scopes is two registers.
struct Register {
    std::string type; ///< "u32"
    std::string name;
};

struct Program {
    std::vector<Register> registers;
    std::vector<Statement> statements;
};

/// Text in LLVM's form ($0 operands, $$ for $) as the programmer wrote it (%0, $).
std::string as_written(llvm::StringRef text);

/// Parses the text of an asm statement in LLVM's form. On failure returns an error text, which
/// names the statement.
std::string parse(llvm::StringRef text, Program& program);

} // namespace acc::ptx
