// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/LaunchSyntax.h"

#include "compiler/dialect/TokenStream.h"

#include "clang/Lex/Preprocessor.h"

namespace acc::dialect {

using namespace clang;

Token LaunchSyntax::make(tok::TokenKind kind, const char* name, const Token& place) const {
    Token token = make_token(preprocessor_, kind, place.getLocation(), name);
    token.setLength(place.getLength());
    return token;
}

/// `token` is the brace of an argument: a type goes in front of it.
void LaunchSyntax::name_type(Token& token, unsigned argument) {
    static constexpr const char* kTypes[] = {"dim3", "dim3", "size_t", "cudaStream_t"};
    if (argument >= std::size(kTypes)) return; // clang says that there are too many
    const bool cached = preprocessor_.IsPreviousCachedToken(token);
    Token brace = token;
    // "::", so that a name of the program's cannot be in the way.
    token = make(tok::coloncolon, nullptr, brace);
    if (cached) preprocessor_.ReplacePreviousCachedToken(token);
    put_back(preprocessor_, {make(tok::identifier, kTypes[argument], brace), brace});
}

/// Makes `token` and the first of those after it one token, if those after it are `next`. When
/// clang reads ahead, tokens are in its cache, too, and have to be right there.
bool LaunchSyntax::join(Token& token, llvm::ArrayRef<tok::TokenKind> next, tok::TokenKind joined) {
    const bool cached = preprocessor_.IsPreviousCachedToken(token);
    llvm::SmallVector<Token, 2> following;
    bool fits = true;
    peeking_ = true;
    for (size_t i = 0; i < next.size() && fits; ++i) {
        following.emplace_back();
        preprocessor_.Lex(following.back());
        fits = following.back().is(next[i]);
    }
    peeking_ = false;
    if (fits) {
        token.setKind(joined);
        if (cached) {
            preprocessor_.RevertCachedTokens(int(following.size()) - 1);
            preprocessor_.ReplacePreviousCachedToken({}); // the one that is part of it now
            preprocessor_.ReplacePreviousCachedToken(token);
        }
        following.erase(following.begin());
    } else if (cached) {
        preprocessor_.RevertCachedTokens(int(following.size()));
    }
    if (!cached && !following.empty()) put_back(preprocessor_, following, false);
    return fits;
}

void LaunchSyntax::read(Token& token) {
    Launch& launch = launches_.back();
    const bool start = launch.start;
    launch.start = false;
    switch (token.getKind()) {
    case tok::l_brace:
        if (start && launch.depth == 0) name_type(token, launch.argument);
        [[fallthrough]];
    case tok::l_paren:
    case tok::l_square: ++launch.depth; break;
    case tok::r_brace:
    case tok::r_paren:
    case tok::r_square:
        if (launch.depth == 0)
            launches_.clear(); // not a launch, or not a complete one
        else
            --launch.depth;
        break;
    case tok::comma:
        if (launch.depth == 0) {
            ++launch.argument;
            launch.start = true;
        }
        break;
    case tok::semi:
        if (launch.depth == 0) launches_.clear();
        break;
    case tok::greatergreater:
        if (launch.depth == 0 &&
            join(token, {tok::greater, tok::l_paren}, tok::greatergreatergreater))
            launches_.pop_back();
        break;
    case tok::greatergreatergreater:
        if (launch.depth == 0) launches_.pop_back();
        break;
    default: break;
    }
}

void LaunchSyntax::see(Token& token) {
    if (peeking_) return;
    const tok::TokenKind before = previous_;
    previous_ = token.getKind();
    if (token.is(tok::lesslessless)) {
        launches_.emplace_back();
    } else if (token.is(tok::lessless) && before != tok::kw_operator) {
        if (join(token, {tok::less}, tok::lesslessless))
            launches_.emplace_back();
        else if (!launches_.empty())
            read(token);
    } else if (!launches_.empty()) {
        read(token);
    }
}

} // namespace acc::dialect
