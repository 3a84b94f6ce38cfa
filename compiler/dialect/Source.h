// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What clang asks an external source of declarations.
#pragma once

#include "clang/Sema/ExternalSemaSource.h"

namespace acc::dialect {

class Source : public clang::ExternalSemaSource {
  public:
    explicit Source(bool device) : device_(device) {}

    void InitializeSema(clang::Sema& sema) override { sema_ = &sema; }
    void ForgetSema() override { sema_ = nullptr; }

    /// "Always" keeps clang from two things: to count a function as emitted while it reads the
    /// function's body, and to make code of functions of the other side.
    ExtKind hasExternalDefinitions(const clang::Decl* declaration) override;

    /// Specialisations of the variable template __acc_lambda_kind (include/cuda/acc_impl/device.h)
    /// for closure types.
    bool LoadExternalSpecializations(const clang::Decl* declaration,
                                     llvm::ArrayRef<clang::TemplateArgument> arguments) override;
    using clang::ExternalSemaSource::LoadExternalSpecializations;

    /// Names of CUDA that a program may define itself, and finds when it does not.
    bool LookupUnqualified(clang::LookupResult& result, clang::Scope* scope) override;

  private:
    bool device_;
    bool adding_ = false; ///< a specialisation is on its way into its template
    clang::Sema* sema_ = nullptr;
};

} // namespace acc::dialect
