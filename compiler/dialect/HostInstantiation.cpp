// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/HostInstantiation.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclGroup.h"
#include "clang/AST/Stmt.h"

using namespace clang;

namespace acc::dialect {
namespace {

/// Of a template, and nothing on the host asks for the body: not for its result's type, nor for a
/// value.
bool is_instance_for_device(const FunctionDecl& function) {
    const bool kernel = function.hasAttr<CUDAGlobalAttr>();
    const bool device = function.hasAttr<CUDADeviceAttr>() && !function.hasAttr<CUDAHostAttr>();
    return (kernel || device) && !function.isConstexpr() &&
           !function.getReturnType()->isUndeducedType() &&
           function.getTemplateSpecializationKind() == TSK_ImplicitInstantiation &&
           function.getTemplateInstantiationPattern() != nullptr;
}

} // namespace

Finder finder_in(const FunctionDecl* function) {
    return function && is_instance_for_device(*function) ? Finder::Device : Finder::Both;
}

void HostInstantiation::see(const Token& token) {
    managed_ |= token.is(tok::string_literal) &&
                llvm::StringRef(token.getLiteralData(), token.getLength()) == "\"acc.managed\"";
}

void HostInstantiation::see(FunctionDecl& function) {
    ASTContext& context = function.getASTContext();
    if (managed_ || context.getLangOpts().CUDAIsDevice || function.isDefined() ||
        !is_instance_for_device(function))
        return;
    const FunctionDecl* pattern = function.getTemplateInstantiationPattern();
    if (!pattern->isDefined()) return; // perhaps later, perhaps in another file
    const SourceLocation place = pattern->getLocation();
    function.setBody(CompoundStmt::Create(context, {}, FPOptionsOverride(), place, place));
    if (function.hasAttr<CUDAGlobalAttr>()) kernels_.push_back(&function);
}

void HostInstantiation::finish(ASTConsumer& consumer) {
    for (FunctionDecl* kernel : kernels_)
        consumer.HandleTopLevelDecl(DeclGroupRef(kernel));
    kernels_.clear();
}

} // namespace acc::dialect
