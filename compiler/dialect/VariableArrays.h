// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// int a[n] = {1, 2}; local arrays whose size is known at run time, with initial values. g++ and
// nvcc take them, clang does not. Here the declaration stays without values, and statements behind
// it fill the array with zeros and assign what is given. So the array is declared alone, in a
// block, of a trivial type, with a brace for each row; clang's error stands for others, and for
// arrays in member functions that are defined in their class, whose tokens do not come by.
#pragma once

#include "clang/AST/Type.h"
#include "clang/Lex/Token.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class Preprocessor;
class Sema;
class VarDecl;
} // namespace clang

namespace acc::dialect {

class VariableArrays {
  public:
    explicit VariableArrays(clang::Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// Sees each token on its way to the parser: the brace behind `a[n] =` gets another list.
    void see(const clang::Token& token);
    /// An array of variable size has initial values: one that is filled here?
    bool allows() const { return filled_ != nullptr; }

  private:
    using Tokens = llvm::SmallVector<clang::Token, 64>;

    clang::VarDecl* declared() const;
    bool read_list(Tokens& tokens);
    void add(Tokens& code, clang::tok::TokenKind kind, llvm::StringRef spelling = {}) const;
    void add_zeros(Tokens& code) const;
    void add_element(Tokens& code, llvm::ArrayRef<size_t> path) const;
    bool add_values(Tokens& code, llvm::ArrayRef<clang::Token> list,
                    llvm::SmallVectorImpl<size_t>& path, unsigned dimensions) const;
    void fill(clang::VarDecl& array, const clang::Token& brace);

    clang::Preprocessor& preprocessor_;
    clang::Sema* sema_ = nullptr;
    /// Of the two tokens before, the later one first.
    clang::tok::TokenKind previous_[2] = {clang::tok::unknown, clang::tok::unknown};
    clang::SourceLocation bracket_; ///< the last ]
    bool peeking_ = false;          ///< tokens are looked at, not read
    clang::VarDecl* filled_ = nullptr;
    clang::QualType type_;        ///< its type
    clang::SourceLocation place_; ///< of what is written for it
};

} // namespace acc::dialect
