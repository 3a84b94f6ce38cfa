// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls of host functions in __host__ __device__ functions: to nvcc a warning, since the call may
// never be reached on the device. The names of the called functions go into the device IR, where
// the front end (compiler/frontend, HostCallsPass) makes each such call stop the kernel.
// And the other way round: __device__ functions that __host__ __device__ functions name without
// calling them, or that templates call, are for the host __acc_no_host_code of
// include/cuda/acc_impl.
#pragma once

#include "compiler/dialect/Dialect.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace acc::dialect {

class HostCalls {
  public:
    HostCalls(clang::DiagnosticsEngine& engine, const Options& options)
        : engine_(engine), options_(options) {}

    /// A reference from one execution space into another, as clang reports it. False: an error for
    /// nvcc, too.
    bool allows(const clang::Diagnostic& info);

    /// Writes the names of the functions down in the IR that `consumer` makes.
    void write(clang::ASTContext& context, clang::ASTConsumer& consumer) const;

  private:
    bool allows_device_function(const clang::FunctionDecl* callee, clang::SourceLocation place);

    clang::DiagnosticsEngine& engine_;
    const Options& options_;
    llvm::SetVector<const clang::FunctionDecl*> callees_;
    llvm::DenseSet<std::pair<unsigned, const clang::Decl*>> said_; ///< location and callee
};

} // namespace acc::dialect
