// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registers of PTX in asm statements: nvcc reads "mov.u32 %0, %laneid;" as it reads "%%laneid",
// clang looks for an operand with a modifier.
#pragma once

#include "clang/Lex/Token.h"

namespace clang {
class Preprocessor;
class Sema;
} // namespace clang

namespace acc::dialect {

class AsmText {
  public:
    explicit AsmText(clang::Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// Sees each token on its way to the parser, and may put another in its place.
    void see(clang::Token& token);

  private:
    enum class State { Outside, Keyword, Text };

    bool in_device_code() const;
    void escape_registers(clang::Token& token);

    clang::Preprocessor& preprocessor_;
    clang::Sema* sema_ = nullptr;
    State state_ = State::Outside;
};

} // namespace acc::dialect
