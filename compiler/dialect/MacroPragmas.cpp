// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// #define UNROLL #pragma unroll
//
// nvcc reads what its host compiler has preprocessed, so a macro that expands to a line with a
// pragma is one. Here such a macro expands to _Pragma("unroll") instead.
#include "clang/Lex/MacroInfo.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Pragma.h"
#include "clang/Lex/Preprocessor.h"

namespace acc::dialect {

using namespace clang;

namespace {

class MacroPragmas : public PPCallbacks {
  public:
    explicit MacroPragmas(Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

    void MacroDefined(const Token& name, const MacroDirective* directive) override {
        const MacroInfo* macro = directive->getMacroInfo();
        if (!macro->isObjectLike() || !is_pragma(macro->tokens())) return;
        const SourceLocation place = macro->getReplacementToken(0).getLocation();
        const Token tokens[] = {
            make(tok::identifier, "_Pragma", place), make(tok::l_paren, "(", place),
            make(tok::string_literal, quoted(macro->tokens().drop_front(2)), place),
            make(tok::r_paren, ")", place)};
        MacroInfo* other = preprocessor_.AllocateMacroInfo(macro->getDefinitionLoc());
        other->setTokens(tokens, preprocessor_.getPreprocessorAllocator());
        other->setDefinitionEndLoc(macro->getDefinitionEndLoc());
        // A program may say the same twice; it would be compared with what it did not say.
        other->setIsAllowRedefinitionsWithoutWarning(true);
        preprocessor_.appendDefMacroDirective(name.getIdentifierInfo(), other,
                                              macro->getDefinitionLoc());
    }

  private:
    static bool is_pragma(llvm::ArrayRef<Token> tokens) {
        return tokens.size() > 2 && tokens[0].is(tok::hash) && tokens[1].getIdentifierInfo() &&
               tokens[1].getIdentifierInfo()->isStr("pragma");
    }

    Token make(tok::TokenKind kind, const std::string& text, SourceLocation place) {
        Token token;
        token.startToken();
        token.setKind(kind); // CreateString gives a literal its text
        preprocessor_.CreateString(text, token, place, place);
        if (kind == tok::identifier) token.setIdentifierInfo(preprocessor_.getIdentifierInfo(text));
        return token;
    }

    /// What _Pragma takes for the text of `tokens`.
    std::string quoted(llvm::ArrayRef<Token> tokens) {
        std::string text = "\"";
        for (const Token& token : tokens) {
            if (token.hasLeadingSpace() && text.size() > 1) text += ' ';
            for (char c : preprocessor_.getSpelling(token)) {
                if (c == '"' || c == '\\') text += '\\';
                text += c;
            }
        }
        return text + '"';
    }

    Preprocessor& preprocessor_;
};

/// #pragma acc_macro_pragmas, in the toolkit's header (a pragma, as in HostCompiler.cpp).
class MacroPragmasPragma : public PragmaHandler {
  public:
    MacroPragmasPragma() : PragmaHandler("acc_macro_pragmas") {}

    void HandlePragma(Preprocessor& preprocessor, PragmaIntroducer, Token&) override {
        preprocessor.addPPCallbacks(std::make_unique<MacroPragmas>(preprocessor));
    }
};

PragmaHandlerRegistry::Add<MacroPragmasPragma> kMacroPragmas("acc_macro_pragmas",
                                                             "macros that expand to pragmas");

} // namespace
} // namespace acc::dialect
