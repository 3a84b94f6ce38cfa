// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Words to text; docs/isa/assembly.md documents the text. assemble() turns it back into the same
// words.
#pragma once

#include <functional>
#include <string>

#include "compiler/isa/decode.h"

namespace acc::isa {

/// Name for a code address ("kernel+0x40"), or "" when there is none.
using Symbolizer = std::function<std::string(uint64_t address)>;

/// The assembly text of one word at address `pc`. Branch targets are absolute addresses; what
/// `symbolize` knows about them follows as a comment. A word that is no instruction gives ".word
/// <lo>, <hi> // why".
std::string disassemble(Word word, uint64_t pc, const Symbolizer& symbolize = {});

/// The same for a word that is already decoded (validity.ok()).
std::string to_text(const DecodedInst& inst, uint64_t pc, const Symbolizer& symbolize = {});

} // namespace acc::isa
