// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What code of the device may not do to nvcc, and may to clang: call a constexpr function of the
// host (without --expt-relaxed-constexpr), use a constant of the host as an object with an address,
// take the address of a built-in variable; and what annotated lambdas may not.
#pragma once

#include "compiler/dialect/Dialect.h"

#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace clang {
class Sema;
} // namespace clang

namespace acc::dialect {

class DeviceCode {
  public:
    DeviceCode(clang::DiagnosticsEngine& engine, const Options& options)
        : engine_(engine), options_(options) {}

    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// A declaration of the program that is complete, or an instance.
    void see(clang::Decl& declaration);

    /// At the end of the unit, when it is known what the device comes to.
    void finish();

  private:
    friend class DeviceBody;

    /// A use of a host's constant, which matters if its function is emitted.
    struct Use {
        clang::SourceLocation place;
        const clang::VarDecl* constant;
    };
    struct Function {
        std::vector<Use> uses;
        std::vector<const clang::FunctionDecl*> calls;
    };

    void see_function(clang::FunctionDecl& function);

    clang::DiagnosticsEngine& engine_;
    const Options& options_;
    clang::Sema* sema_ = nullptr;
    llvm::MapVector<const clang::FunctionDecl*, Function> functions_;
};

} // namespace acc::dialect
