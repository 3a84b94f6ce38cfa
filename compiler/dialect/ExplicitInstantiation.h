// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// template int f<int>(int); where f is a __device__ or __host__ __device__ template: nvcc does not
// ask for the execution space again, clang does.
#pragma once

#include "compiler/dialect/Dialect.h"

#include "clang/Lex/Token.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class FunctionDecl;
class Preprocessor;
class Sema;
} // namespace clang

namespace acc::dialect {

class ExplicitInstantiation {
  public:
    ExplicitInstantiation(clang::Preprocessor& preprocessor, const Options& options)
        : preprocessor_(preprocessor), options_(options) {}

    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// Sees each token on its way to the parser, and may put others behind it.
    void see(clang::Token& token);

  private:
    using Tokens = llvm::SmallVector<clang::Token, 32>;

    Tokens read_declaration();
    const clang::FunctionDecl* find_template(const Tokens& declaration) const;
    Tokens missing_spaces(const Tokens& declaration, clang::SourceLocation place) const;

    clang::Preprocessor& preprocessor_;
    const Options& options_;
    clang::Sema* sema_ = nullptr;
    clang::tok::TokenKind previous_ = clang::tok::unknown;
    bool peeking_ = false; ///< tokens are looked at, not read
};

} // namespace acc::dialect
