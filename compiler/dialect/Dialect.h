// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the parts of the plugin share: the options of a run, and the sentences that they add to
// clang's.
#pragma once

#include "clang/Basic/Diagnostic.h"

#include <string>
#include <vector>

namespace clang {
class CompilerInstance;
class GlobalDecl;
class MangleContext;
class Sema;
} // namespace clang

namespace acc::dialect {

/// From -fplugin-arg-acc-NAME.
struct Options {
    bool quiet = false;                ///< -w: nothing but errors
    bool cross_space_errors = false;   ///< -Werror cross-execution-space-call
    bool relaxed_constexpr = false;    ///< device code may call constexpr functions of the host
    bool extended_lambda = false;      ///< lambdas may say __device__
    std::vector<std::string> controls; ///< which warnings are shown (DiagnosticControl)

    /// False when there is no such option.
    bool set(const std::string& name);
};

/// A diagnostic of ours, to which the caller adds the arguments. Warnings are numbered as NVIDIA's
/// front end numbers them, which is how programs name those that they do not want.
clang::DiagnosticBuilder report(clang::DiagnosticsEngine& engine, clang::SourceLocation place,
                                clang::diag::Severity severity, const std::string& text);

/// The name under which code finds this function or variable.
std::string symbol_of(clang::MangleContext& mangler, clang::GlobalDecl declaration);

} // namespace acc::dialect
