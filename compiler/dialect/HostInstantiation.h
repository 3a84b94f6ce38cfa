// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instances of device code in the host's pass: nvcc makes none. Templates of kernels and device
// functions may name what is declared only where __CUDA_ARCH__ is. Here they get empty bodies, but
// for explicit instantiations and templates that are defined behind their first use.
#pragma once

#include <vector>

#include "compiler/dialect/Warnings.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/Decl.h"
#include "clang/Lex/Token.h"

namespace acc::dialect {

/// Which side sees what a function's body says (null: what stands outside of functions).
Finder finder_in(const clang::FunctionDecl* function);

class HostInstantiation {
  public:
    /// Sees each token on its way to the parser: `__managed__` (annotate("acc.managed")).
    void see(const clang::Token& token);
    /// A function template's instance that was named first: gets an empty body when it is the
    /// device's alone.
    void see(clang::FunctionDecl& function);
    /// Kernels are launched by host code: the code generator needs to know them.
    void finish(clang::ASTConsumer& consumer);

  private:
    /// Managed variables have their place on the host. One of a template is made there by the body
    /// that names it, so with any in the program all bodies stay.
    bool managed_ = false;
    std::vector<clang::FunctionDecl*> kernels_;
};

} // namespace acc::dialect
