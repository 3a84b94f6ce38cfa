// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/TokenStream.h"

#include "clang/Lex/Preprocessor.h"

#include <memory>

namespace acc::dialect {

using namespace clang;

Token make_token(Preprocessor& preprocessor, tok::TokenKind kind, SourceLocation place,
                 llvm::StringRef name) {
    Token token;
    token.startToken();
    token.setKind(kind);
    token.setLocation(place);
    if (!name.empty()) token.setIdentifierInfo(preprocessor.getIdentifierInfo(name));
    return token;
}

void put_back(Preprocessor& preprocessor, llvm::ArrayRef<Token> tokens, bool seen) {
    auto copy = std::make_unique<Token[]>(tokens.size());
    std::copy(tokens.begin(), tokens.end(), copy.get());
    preprocessor.EnterTokenStream(std::move(copy), unsigned(tokens.size()),
                                  /*DisableMacroExpansion=*/true, /*IsReinject=*/seen);
}

} // namespace acc::dialect
