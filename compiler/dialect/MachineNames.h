// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "clang/Lex/Token.h"

namespace clang {
class Preprocessor;
}

namespace acc::dialect {

/// `static uint64_t __rdtsc() { … }`: clang knows a few of the host's machine functions without a
/// header (`__rdtsc`, `__cpuid`, `_xgetbv`, …) and refuses a program's own; g++ knows none. Where a
/// program declares one right behind its type's name, the name is the program's from there on.
class MachineNames {
  public:
    explicit MachineNames(clang::Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

    /// Each token that the parser gets, in its order.
    void see(const clang::Token& token);

  private:
    clang::Preprocessor& preprocessor_;
    bool type_ = false; ///< the token before may end the type of a declaration
};

} // namespace acc::dialect
