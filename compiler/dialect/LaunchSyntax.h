// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forms of a kernel launch that nvcc reads and clang's parser does not:
//   k<<<{4, 2}, {16, 8, 1}>>>()    braces stand for dim3 (third: size_t, fourth: cudaStream_t)
//   k<< <grid, block>> >()         tokens with a space between their signs
#pragma once

#include "clang/Lex/Token.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class Preprocessor;
} // namespace clang

namespace acc::dialect {

class LaunchSyntax {
  public:
    explicit LaunchSyntax(clang::Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

    /// Sees each token on its way to the parser, and may put another in its place.
    void see(clang::Token& token);

  private:
    /// A list between <<< and >>> that is being read.
    struct Launch {
        unsigned depth = 0;    ///< of brackets that were opened in it
        unsigned argument = 0; ///< number of the current one
        bool start = true;     ///< nothing of the current argument has been read
    };

    void read(clang::Token& token);
    void name_type(clang::Token& token, unsigned argument);
    bool join(clang::Token& token, llvm::ArrayRef<clang::tok::TokenKind> next,
              clang::tok::TokenKind joined);
    clang::Token make(clang::tok::TokenKind kind, const char* name,
                      const clang::Token& place) const;

    clang::Preprocessor& preprocessor_;
    llvm::SmallVector<Launch, 2> launches_;
    clang::tok::TokenKind previous_ = clang::tok::unknown;
    bool peeking_ = false; ///< tokens are looked at, not read
};

} // namespace acc::dialect
