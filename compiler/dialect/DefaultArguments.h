// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// int x; void f(int x = x): to nvcc and g++ a parameter is not yet there in its own default
// argument, and the name is the outer one. To clang it is the parameter's.
#pragma once

#include "clang/AST/Decl.h"
#include "clang/Basic/Diagnostic.h"

namespace clang {
class Sema;
} // namespace clang

namespace acc::dialect {

class DefaultArguments {
  public:
    DefaultArguments();
    ~DefaultArguments();

    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// clang: the default argument names a parameter.
    bool allows(const clang::Diagnostic& info);

    /// A function has been declared: its parameters get what they were meant to.
    static void see_function(clang::FunctionDecl& function);

  private:
    struct Own {
        clang::ParmVarDecl* parameter;
        clang::SourceLocation place; ///< of the name in the default argument
        clang::ValueDecl* value;     ///< what it means
    };

    void repair(clang::FunctionDecl& function);

    clang::Sema* sema_ = nullptr;
    std::vector<Own> open_;
};

} // namespace acc::dialect
