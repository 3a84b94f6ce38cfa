// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A<T>::f<N>(x), where the program leaves out `template` behind the '::'. nvcc reads the bodies of
// device functions once more when it instantiates them, and then knows that f is a template. clang
// decides when it reads the template, and takes the signs for comparisons.
#pragma once

#include "clang/Lex/Token.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class Preprocessor;
class Sema;
} // namespace clang

namespace acc::dialect {

class TemplateKeyword {
  public:
    explicit TemplateKeyword(clang::Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// Sees each token on its way to the parser, and may put the keyword in its place.
    void see(clang::Token& token);

  private:
    bool in_body() const;
    bool arguments_of_a_call_follow(llvm::SmallVectorImpl<clang::Token>& following);
    void insert_keyword(clang::Token& token);

    clang::Preprocessor& preprocessor_;
    clang::Sema* sema_ = nullptr;
    /// Of the two tokens before, the later one first.
    clang::tok::TokenKind previous_[2] = {clang::tok::unknown, clang::tok::unknown};
    bool peeking_ = false; ///< tokens are looked at, not read
};

} // namespace acc::dialect
