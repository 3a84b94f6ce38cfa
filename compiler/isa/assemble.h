// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text to words; docs/isa/assembly.md documents the text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <acc/spec/isa_word.h>

namespace acc::isa {

/// Where and why a text is wrong. Lines and columns count from 1.
struct AsmError {
    unsigned line = 1;
    unsigned column = 1;
    std::string message;

    /// "line:column: message"
    std::string text() const {
        return std::to_string(line) + ":" + std::to_string(column) + ": " + message;
    }
};

struct Assembly {
    std::vector<Word> words;
    std::map<std::string, uint64_t, std::less<>> labels; ///< address of each label
    std::vector<AsmError> errors; ///< one per wrong line; `words` is complete only when this is
                                  ///< empty

    bool ok() const { return errors.empty(); }
};

/// Assembles a list of instructions, one a line, the first at address `base` (a multiple of 16).
/// Labels may be used before they are defined.
Assembly assemble(std::string_view text, uint64_t base = 0);

} // namespace acc::isa
