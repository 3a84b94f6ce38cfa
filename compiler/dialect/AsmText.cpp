// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/AsmText.h"

#include "clang/AST/Decl.h"
#include "clang/Basic/Cuda.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"
#include "llvm/ADT/StringExtras.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// `text` with the '%' of each register doubled: one that neither names an operand ("%0", "%r0",
/// "%[x]", "%r[x]") nor is a sign of the statement's own ("%%", "%=").
std::string with_registers_escaped(llvm::StringRef text) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        result += text[i];
        if (text[i] != '%' || i + 1 == text.size()) continue;
        const char next = text[i + 1], after = i + 2 < text.size() ? text[i + 2] : '\0';
        const bool operand = llvm::isDigit(after) || after == '[';
        if ((llvm::isAlpha(next) && !operand) || next == '_')
            result += '%';
        else
            result += text[++i];
    }
    return result;
}

} // namespace

/// Where the text is PTX. Functions of the host have the host's assembly.
bool AsmText::in_device_code() const {
    const FunctionDecl* function = sema_ ? sema_->getCurFunctionDecl(/*AllowLambda=*/true)
                                         : nullptr;
    return function && sema_->CUDA().IdentifyTarget(function) != CUDAFunctionTarget::Host;
}

void AsmText::escape_registers(Token& token) {
    const std::string text = preprocessor_.getSpelling(token);
    const std::string escaped = with_registers_escaped(text);
    if (escaped == text) return;
    // When clang reads ahead, tokens are in its cache, too, and have to be right there.
    const bool cached = preprocessor_.IsPreviousCachedToken(token);
    preprocessor_.CreateString(escaped, token, token.getLocation(), token.getLocation());
    token.clearFlag(Token::NeedsCleaning);
    if (cached) preprocessor_.ReplacePreviousCachedToken(token);
}

void AsmText::see(Token& token) {
    if (token.is(tok::kw_asm)) {
        state_ = State::Keyword;
        return;
    }
    if (state_ == State::Outside) return;
    if (state_ == State::Keyword) {
        if (token.is(tok::l_paren))
            state_ = State::Text;
        else if (!token.isOneOf(tok::kw_volatile, tok::kw_inline, tok::kw_goto))
            state_ = State::Outside;
    } else if (token.is(tok::string_literal)) {
        if (in_device_code()) escape_registers(token);
    } else {
        state_ = State::Outside;
    }
}

} // namespace acc::dialect
