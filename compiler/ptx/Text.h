// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX text → statements. Knows the grammar and the scopes of names, not what the instructions mean
// (the tables of forms in the other files say that). The text is untrusted: any bytes give a
// program or an error.
#pragma once

#include "compiler/ptx/Declarations.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace acc::ptx {

struct Operand {
    enum Kind {
        Asm,      ///< $3: operand of the asm statement
        Register, ///< a declared register: number `index` of the program
        Special,  ///< any other name: %tid.x, WARP_SZ, a variable, function or label of a module;
                  ///< `integer` is added to its address
        Variable, ///< a variable of the function: number `index` of the program
        Integer,  ///< 42, -1, 0x7f, 0b11
        Float,    ///< 0f3F800000, 0d..., 1.5
        Address,  ///< [base], [base+offset]; base in parts[0], offset in parts[1]
        Image,    ///< [object, coordinates] or [object, sampler, coordinates]: `parts`
        Vector,   ///< {a, b, c, d}: `parts`
        Pair,     ///< a|b: `parts` (shfl, setp, match with a second result)
        List,     ///< (a, b): `parts` (arguments and results of calls)
        Discard,  ///< _
    };
    Kind kind = Special;
    unsigned index = 0;
    std::string name; ///< as written, for messages
    int64_t integer = 0;
    uint64_t float_bits = 0;
    bool is_double = false;
    bool negated = false; ///< !p
    bool minus = false;   ///< -a, of instructions that negate operands
    std::string selector; ///< "b3210", "h1": the parts of a video instruction's operand
    std::vector<Operand> parts;
};

/// Where a statement comes from, as .loc says; file 0: nowhere.
struct Place {
    unsigned file = 0, line = 0, column = 0;
};

struct Statement {
    std::string opcode;                 ///< "ld"
    std::vector<std::string> modifiers; ///< "global", "v4", "f32"
    std::vector<Operand> operands;
    std::optional<Operand> guard;
    std::string text;   ///< as the programmer wrote it, for messages
    unsigned scope = 0; ///< number of the scope that it stands in
    unsigned line = 0;  ///< of the PTX text, from 1; 0 in asm statements
    Place place;
};

/// A register; the same name in two scopes is two registers.
struct Register {
    std::string type; ///< "u32"
    std::string name;
};

/// A name of a place in the code.
struct Label {
    std::string name;
    unsigned scope = 0;
    size_t position = 0; ///< the statement that it stands before
};

/// name: .branchtargets a, b, c;
struct BranchTargets {
    std::string name;
    unsigned scope = 0;
    std::vector<std::string> labels;
};

struct Program {
    std::vector<Register> registers;
    std::vector<Variable> variables;
    std::vector<Statement> statements;
    std::vector<Label> labels; ///< by position
    std::vector<BranchTargets> targets;
    std::vector<Prototype> prototypes;
    std::vector<unsigned> scopes; ///< the scope around each; the first is its own
};

/// Text in LLVM's form ($0 operands, $$ for $) as the programmer wrote it (%0, $).
std::string as_written(llvm::StringRef text);

/// Parses the text of an asm statement in LLVM's form. On failure returns an error text, which
/// names the statement.
std::string parse(llvm::StringRef text, Program& program);

} // namespace acc::ptx
