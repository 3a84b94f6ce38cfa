// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What nvcc does not allow in the declaration of a kernel and its kin, and clang does.
#pragma once

#include "compiler/dialect/Dialect.h"

#include "clang/AST/Decl.h"

namespace acc::dialect {

/// Says what is wrong with `kernel`.
void check_kernel(clang::DiagnosticsEngine& engine, const clang::FunctionDecl& kernel);

/// The same once it has a body, and an instance its arguments.
void check_kernel_definition(clang::DiagnosticsEngine& engine, const clang::FunctionDecl& kernel);

/// The same for functions that are no kernels, and for variables.
void check_device_function(clang::DiagnosticsEngine& engine, const clang::FunctionDecl& function);
void check_variable(clang::DiagnosticsEngine& engine, const clang::VarDecl& variable);

/// The device has no thread-local storage; clang overlooks local variables. In a declaration with
/// all that is declared in it.
void check_thread_locals(clang::DiagnosticsEngine& engine, const clang::Decl& declaration);

} // namespace acc::dialect
