// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/AsmOperands.h"

#include "compiler/dialect/TokenStream.h"

#include "clang/Lex/Preprocessor.h"

namespace acc::dialect {

using namespace clang;

/// When clang reads ahead, tokens are in its cache, too, and have to be right there.
void AsmOperands::insert_comma(Token& token) {
    const bool cached = preprocessor_.IsPreviousCachedToken(token);
    const Token constraint = token;
    token = make_token(preprocessor_, tok::comma, constraint.getLocation());
    if (cached) {
        preprocessor_.ReplacePreviousCachedToken({token, constraint});
        preprocessor_.RevertCachedTokens(1);
    } else {
        put_back(preprocessor_, constraint);
    }
}

void AsmOperands::see(Token& token) {
    if (token.is(tok::kw_asm)) {
        keyword_ = true;
        depth_ = 0;
        return;
    }
    if (keyword_) {
        if (token.isOneOf(tok::kw_volatile, tok::kw_inline, tok::kw_goto)) return;
        keyword_ = false;
        depth_ = token.is(tok::l_paren) ? 1 : 0;
        operands_ = false;
        return;
    }
    if (depth_ == 0) return;
    if (token.is(tok::l_paren)) ++depth_;
    if (token.is(tok::r_paren)) --depth_;
    if (depth_ == 1 && token.isOneOf(tok::colon, tok::coloncolon)) operands_ = true;
    const bool missing = operands_ && depth_ == 1 && previous_ == tok::r_paren &&
                         token.is(tok::string_literal);
    previous_ = token.getKind();
    if (missing) insert_comma(token);
}

} // namespace acc::dialect
