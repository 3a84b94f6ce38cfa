// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What parts of the plugin do with tokens on their way to the parser.
#pragma once

#include "clang/Lex/Token.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace clang {
class Preprocessor;
} // namespace clang

namespace acc::dialect {

/// A keyword, a sign or an identifier, which stands at `place`. `name`: as it is spelled; signs
/// have none.
clang::Token make_token(clang::Preprocessor& preprocessor, clang::tok::TokenKind kind,
                        clang::SourceLocation place, llvm::StringRef name = {});

/// In front of what the preprocessor reads next. `seen`: they do not come through the plugin again.
void put_back(clang::Preprocessor& preprocessor, llvm::ArrayRef<clang::Token> tokens,
              bool seen = true);

} // namespace acc::dialect
