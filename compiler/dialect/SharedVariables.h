// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __shared__ variables: without an initial value, and in one form that clang does not know.
#pragma once

#include "compiler/dialect/Dialect.h"

#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace acc::dialect {

class SharedVariables {
  public:
    SharedVariables(clang::DiagnosticsEngine& engine, const Options& options);
    ~SharedVariables();

    /// A declaration with __shared__ has been seen. No constructor makes the variable: nvcc
    /// ignores default member initialisers and default constructors, which clang refuses. With
    /// `loader_uninitialized` clang does not look for a constructor, and says so when there is one.
    static void declare(clang::Sema& sema, clang::VarDecl& variable, clang::SourceRange attribute);

    /// clang: the class has a constructor. A warning, if it would have done something.
    bool allows_constructor(const clang::Diagnostic& info);

    /// clang: an extern variable that is no array of unknown size. To nvcc it is the memory that
    /// the launch asks for.
    bool allows_extern(const clang::Diagnostic& info);

    /// At the next token: clang has called variables invalid that are not.
    void revive();

    /// The types of the variables of an instantiated function, which clang makes complete where it
    /// looks for the initial value.
    void complete_types(const clang::DeclContext& context);

  private:
    clang::DiagnosticsEngine& engine_;
    const Options& options_;
    clang::Sema* sema_ = nullptr;
    bool in_templates_ = false; ///< some have a type that depends on a template's arguments
    llvm::DenseMap<unsigned, clang::VarDecl*> at_; ///< by the place of its name
    llvm::DenseSet<unsigned> said_;
    std::vector<clang::VarDecl*> invalid_;
};

} // namespace acc::dialect
