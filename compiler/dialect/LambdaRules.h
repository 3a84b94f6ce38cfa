// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc's extended lambdas: those that say __device__ or __host__ __device__.
#pragma once

#include "compiler/dialect/Dialect.h"

#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"

namespace acc::dialect {

/// Says what is wrong with `lambda`. `parent`: the function that it is defined in, or null;
/// `in_device_code`: which the device alone runs.
void check_lambda(clang::DiagnosticsEngine& engine, const Options& options,
                  const clang::LambdaExpr& lambda, const clang::FunctionDecl* parent,
                  bool in_device_code);

} // namespace acc::dialect
