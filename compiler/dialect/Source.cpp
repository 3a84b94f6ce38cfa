// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/Source.h"

#include "compiler/dialect/Written.h"

#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Expr.h"
#include "clang/Sema/Lookup.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"

namespace acc::dialect {

using namespace clang;

ExternalASTSource::ExtKind Source::hasExternalDefinitions(const Decl* declaration) {
    auto* function = dyn_cast<FunctionDecl>(declaration);
    if (!function || !sema_) return EK_ReplyHazy;
    const bool host = function->hasAttr<CUDAHostAttr>(),
               device = function->hasAttr<CUDADeviceAttr>();
    // A function that is known to be emitted loses its calls of functions of the other side: clang
    // reports them at once, and the expression is gone. Those of other functions stay, and are
    // reported when the function turns out to be emitted.
    const FunctionDecl* current = sema_->getCurFunctionDecl(/*AllowLambda=*/true);
    const bool being_read = current && current->getCanonicalDecl() == function->getCanonicalDecl();
    if (host && device) {
        // constexpr functions that somebody instantiates explicitly (std::vector<std::string>) are
        // not meant for the device; if one is used there, the front end gives it a home.
        if (device_ &&
            function->getTemplateSpecializationKind() == TSK_ExplicitInstantiationDefinition &&
            SemaCUDA::isImplicitHostDeviceFunction(function))
            return EK_Always;
        return being_read ? EK_Always : EK_ReplyHazy;
    }
    if (!device_ && !device && !function->hasAttr<CUDAGlobalAttr>())
        return being_read ? EK_Always : EK_ReplyHazy;
    // Functions defined inside of a class would be emitted where they are called, host functions
    // too.
    return device_ && !device && !function->hasAttr<CUDAGlobalAttr>() ? EK_Always : EK_ReplyHazy;
}

namespace {

/// What kind of extended lambda a closure type belongs to; the bits are those of device.h.
unsigned lambda_kind(const CXXRecordDecl& closure) {
    const CXXMethodDecl* call = closure.getLambdaCallOperator();
    if (!call || !is_written<CUDADeviceAttr>(*call)) return 0;
    if (is_written<CUDAHostAttr>(*call)) return 2;
    const bool explicit_result = !call->getDeclaredReturnType()->getContainedAutoType();
    return explicit_result ? 1 | 4 : 1;
}

} // namespace

bool Source::LoadExternalSpecializations(const Decl* declaration,
                                         llvm::ArrayRef<TemplateArgument> arguments) {
    auto* variable = dyn_cast<VarTemplateDecl>(const_cast<Decl*>(declaration));
    if (!variable || adding_ || arguments.size() != 1 ||
        arguments[0].getKind() != TemplateArgument::Type ||
        variable->getName() != "__acc_lambda_kind")
        return false;
    const CXXRecordDecl* closure = arguments[0].getAsType()->getAsCXXRecordDecl();
    const unsigned kind = closure && closure->isLambda() ? lambda_kind(*closure) : 0;
    if (kind == 0) return false; // as the template says
    ASTContext& context = variable->getASTContext();
    const SourceLocation place = variable->getLocation();
    QualType type = context.getConstType(context.UnsignedIntTy);
    auto* special = VarTemplateSpecializationDecl::Create(
        context, variable->getDeclContext(), place, place, variable, type,
        context.getTrivialTypeSourceInfo(type, place), SC_None, arguments);
    special->setSpecializationKind(TSK_ExplicitSpecialization);
    special->setConstexpr(true);
    special->setImplicitlyInline();
    special->setInit(
        IntegerLiteral::Create(context, llvm::APInt(32, kind), context.UnsignedIntTy, place));
    llvm::SmallVector<PartialDiagnosticAt, 1> notes;
    special->checkForConstantInitialization(notes); // as Sema does at the end of a declaration
    adding_ = true;
    variable->AddSpecialization(special, nullptr);
    adding_ = false;
    return true;
}

bool Source::LookupUnqualified(LookupResult& result, Scope*) {
    const IdentifierInfo* name = result.getLookupName().getAsIdentifierInfo();
    if (!name || !name->isStr("warpSize") || !sema_ || result.isForRedeclaration()) return false;
    ASTContext& context = sema_->getASTContext();
    for (NamedDecl* found :
         context.getTranslationUnitDecl()->lookup(&context.Idents.get("__acc_warp_size")))
        result.addDecl(found);
    result.resolveKind();
    return !result.empty();
}

} // namespace acc::dialect
