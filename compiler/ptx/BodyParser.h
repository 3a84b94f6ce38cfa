// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands between semicolons in a function or an asm statement.
#pragma once

#include "compiler/ptx/Cursor.h"
#include "compiler/ptx/Scopes.h"

namespace acc::ptx {

struct Piece {
    llvm::StringRef text;
    bool dollar = true; ///< '$' belongs to names
    unsigned line = 0;
    Place place;
};

/// Labels, as many as there are.
void parse_labels(Cursor& cursor, const Scopes& scopes, Program& program);

/// A declaration, an instruction or nothing. Returns an error text.
std::string parse_piece(const Piece& piece, Scopes& scopes, Program& program);

} // namespace acc::ptx
