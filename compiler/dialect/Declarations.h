// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each declaration of the program, before clang compares it with earlier ones: a pragma of
// __acc_cuda_wrapper.h gives all of them an attribute of ours.
//   * To nvcc the execution space is no part of a function's signature: a declaration in another
//     space declares the same function, which then belongs to both sides. To clang it is another
//     function.
//   * Without -rdc nothing outside of the unit can define a device variable: nvcc takes an extern
//     declaration for a definition.
//   * Constants of the host with external linkage take no room on the device.
#pragma once

#include "compiler/dialect/Dialect.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/Decl.h"

namespace acc::dialect {

/// __managed__: one variable for both sides.
bool is_managed(const clang::VarDecl& variable);

class Declarations {
  public:
    Declarations(clang::DiagnosticsEngine& engine, const Options& options);
    ~Declarations();

    static void declare(clang::Sema& sema, clang::Decl& declaration);

    /// At the end of the unit: definitions for variables that are only declared.
    void define_variables(clang::ASTContext& context, clang::ASTConsumer& consumer);

  private:
    void see(clang::Sema& sema, clang::FunctionDecl& function);
    void see(clang::VarDecl& variable);

    clang::DiagnosticsEngine& engine_;
    const Options& options_;
    std::vector<clang::VarDecl*> variables_; ///< device variables with extern
};

} // namespace acc::dialect
