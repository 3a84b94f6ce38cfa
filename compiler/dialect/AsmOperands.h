// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Commas between the operands of asm statements, which nvcc does not miss:
// asm("st.global.u32 [%1], %0;" :: "r"(x) "l"(p)).
#pragma once

#include "clang/Lex/Token.h"

namespace clang {
class Preprocessor;
} // namespace clang

namespace acc::dialect {

class AsmOperands {
  public:
    explicit AsmOperands(clang::Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

    /// Sees each token on its way to the parser, and may put a comma in front of it.
    void see(clang::Token& token);

  private:
    void insert_comma(clang::Token& token);

    clang::Preprocessor& preprocessor_;
    bool keyword_ = false; ///< behind `asm`, before its parenthesis
    int depth_ = 0;        ///< of parentheses since then
    bool operands_ = false;
    clang::tok::TokenKind previous_ = clang::tok::unknown;
};

} // namespace acc::dialect
