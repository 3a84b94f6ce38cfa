// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instances of device code in the host's pass: nvcc makes none. Templates of kernels and device
// functions may name what is declared only where __CUDA_ARCH__ is.
#pragma once

#include <vector>

#include "compiler/dialect/Warnings.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/Decl.h"

namespace acc::dialect {

/// Which side sees what a function's body says (null: what stands outside of functions).
Finder finder_in(const clang::FunctionDecl* function);

class HostInstantiation {
  public:
    /// A function template's instance that was named first: gets an empty body when it is the
    /// device's alone.
    void see(clang::FunctionDecl& function);
    /// Kernels are launched by host code: the code generator needs to know them.
    void finish(clang::ASTConsumer& consumer);

  private:
    std::vector<clang::FunctionDecl*> kernels_;
};

} // namespace acc::dialect
