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

  private:
    bool device_;
    clang::Sema* sema_ = nullptr;
};

} // namespace acc::dialect
