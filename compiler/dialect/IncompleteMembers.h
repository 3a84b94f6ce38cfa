// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// p->x in a template, where *p is of a class that is not defined yet: an error to nvcc when the
// template is instantiated, to clang when it is read.
#pragma once

#include "clang/AST/Decl.h"
#include "clang/Basic/Diagnostic.h"
#include "llvm/ADT/DenseMap.h"

#include <string>

namespace clang {
class Sema;
} // namespace clang

namespace acc::dialect {

class IncompleteMembers {
  public:
    explicit IncompleteMembers(clang::DiagnosticsEngine& engine) : engine_(engine) {}

    void set_sema(clang::Sema* sema);

    /// clang: the class is incomplete. What it has read so far cannot be instantiated.
    bool allows(const clang::Diagnostic& info);

    /// The body of a template's function is instantiated: then it is an error.
    void see_instance(const clang::FunctionDecl& pattern);

  private:
    struct Held {
        clang::SourceLocation place;
        std::string text;
    };

    clang::DiagnosticsEngine& engine_;
    clang::Sema* sema_ = nullptr;
    llvm::DenseMap<const clang::Decl*, std::vector<Held>> held_; ///< by the template's function
};

} // namespace acc::dialect
