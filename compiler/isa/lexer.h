// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens of one line of assembly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace acc::isa {

enum class TokenKind : uint8_t {
    Name,    ///< mnemonic with its suffixes, register, label: letters, digits, _ . $
    Integer, ///< value in `integer`; `hex` tells how it was written
    Float,   ///< text only: a decimal with a point or an exponent
    Punct,   ///< one character of ,|[]{}=+-!@: or "<<" (as '<')
    End,
    Bad, ///< `text` is the reason
};

struct Token {
    TokenKind kind = TokenKind::End;
    unsigned column = 1; ///< from 1
    std::string_view text;
    uint64_t integer = 0;
    bool hex = false;

    bool is(char punct) const { return kind == TokenKind::Punct && text[0] == punct; }
};

/// Splits a line; a comment (// to the end) is dropped. The last token is End, or Bad at the first
/// character that fits nothing.
std::vector<Token> lex_line(std::string_view line);

} // namespace acc::isa
