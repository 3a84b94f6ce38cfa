// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/TemplateKeyword.h"

#include "compiler/dialect/TokenStream.h"

#include "clang/AST/DeclBase.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/Sema.h"

namespace acc::dialect {

using namespace clang;

/// Elsewhere the name may be the one that is declared, which the keyword may not stand in.
bool TemplateKeyword::in_body() const {
    return sema_ && sema_->CurContext &&
           (sema_->CurContext->isFunctionOrMethod() || sema_->CurContext->isRecord());
}

/// Reads `following`, as far as it is "<N>(". Nothing else that the signs could mean makes sense
/// there.
bool TemplateKeyword::arguments_of_a_call_follow(llvm::SmallVectorImpl<Token>& following) {
    static constexpr unsigned kMost = 16;
    const auto next = [&] {
        following.emplace_back();
        preprocessor_.Lex(following.back());
        return following.back().getKind();
    };
    if (next() != tok::less) return false;
    tok::TokenKind kind = next();
    while (following.size() < kMost &&
           llvm::is_contained({tok::identifier, tok::numeric_constant, tok::kw_true, tok::kw_false,
                               tok::coloncolon},
                              kind))
        kind = next();
    return kind == tok::greater && following.size() > 2 && next() == tok::l_paren;
}

/// When clang reads ahead, tokens are in its cache, too, and have to be right there.
void TemplateKeyword::insert_keyword(Token& token) {
    const bool cached = preprocessor_.IsPreviousCachedToken(token);
    llvm::SmallVector<Token, 8> following;
    peeking_ = true;
    const bool fits = arguments_of_a_call_follow(following);
    peeking_ = false;
    if (cached) preprocessor_.RevertCachedTokens(unsigned(following.size()));
    if (!fits) {
        if (!cached) put_back(preprocessor_, following);
        return;
    }
    const Token name = token;
    token = make_token(preprocessor_, tok::kw_template, name.getLocation(), "template");
    if (cached) {
        preprocessor_.ReplacePreviousCachedToken({token, name});
        preprocessor_.RevertCachedTokens(1);
    } else {
        following.insert(following.begin(), name);
        put_back(preprocessor_, following);
    }
}

void TemplateKeyword::see(Token& token) {
    if (peeking_) return;
    const bool qualified = previous_[0] == tok::coloncolon &&
                           (previous_[1] == tok::greater || previous_[1] == tok::greatergreater);
    previous_[1] = previous_[0];
    previous_[0] = token.getKind();
    if (qualified && token.is(tok::identifier) && in_body()) insert_keyword(token);
}

} // namespace acc::dialect
