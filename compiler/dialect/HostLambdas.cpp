// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/HostLambdas.h"

#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// The functions for which clang kept the diagnostic until it was known to be needed: instances of
/// a template share places.
llvm::SmallVector<const FunctionDecl*, 4> functions_of(const Diagnostic& info, Sema& sema) {
    llvm::SmallVector<const FunctionDecl*, 4> found;
    for (const auto& [function, diagnostics] : sema.DeviceDeferredDiags)
        if (llvm::any_of(diagnostics, [&](const PartialDiagnosticAt& diagnostic) {
                return diagnostic.first == info.getLocation() &&
                       diagnostic.second.getDiagID() == info.getID();
            }))
            found.push_back(function);
    return found;
}

bool is_host_only(const FunctionDecl& function) {
    return !function.hasAttr<CUDADeviceAttr>() && !function.hasAttr<CUDAGlobalAttr>();
}

/// Whether one of the callers on clang's way to `function` is a host function.
bool is_behind_host_function(const FunctionDecl* function, Sema& sema) {
    const auto& callers = sema.CUDA().DeviceKnownEmittedFns;
    llvm::SmallPtrSet<const FunctionDecl*, 16> seen;
    while (function && seen.insert(function->getCanonicalDecl()).second) {
        auto found = callers.find(function);
        function = found == callers.end() ? nullptr : found->second.FD;
        if (function && is_host_only(*function)) return true;
    }
    return false;
}

} // namespace

bool HostLambdas::holds(const Diagnostic& info) const {
    // For the host a function may well be host code.
    if (!sema_ || !sema_->getLangOpts().CUDAIsDevice) return false;
    // clang notes each caller before it looks into what is called.
    auto functions = functions_of(info, *sema_);
    llvm::erase_if(functions, [&](const FunctionDecl* function) {
        return !sema_->CUDA().DeviceKnownEmittedFns.contains(function);
    });
    return !functions.empty() && llvm::all_of(functions, [&](const FunctionDecl* function) {
        return is_behind_host_function(function, *sema_);
    });
}

} // namespace acc::dialect
