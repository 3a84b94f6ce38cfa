// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One instruction of assembly text. Internal to accisa; users call assemble().
#pragma once

#include <span>

#include "compiler/isa/assemble.h"
#include "compiler/isa/lexer.h"

namespace acc::isa {

using Labels = std::map<std::string, uint64_t, std::less<>>;

struct ParsedInst {
    bool ok = false;
    Word word;
    AsmError error; ///< without its line
};

/// Parses the tokens of one instruction (or .word) at address `pc`, up to the End token.
ParsedInst parse_instruction(std::span<const Token> tokens, uint64_t pc, const Labels& labels);

} // namespace acc::isa
