// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/SharedVariables.h"

#include "compiler/dialect/HostInstantiation.h"
#include "compiler/dialect/Warnings.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// Attributes have no way to the plugin's objects; one run of clang is one compilation.
SharedVariables* current = nullptr;

/// The constructor that clang would have called, when somebody wrote it and it does something.
CXXConstructorDecl* working_constructor(Sema& sema, const VarDecl& variable) {
    QualType type = sema.Context.getBaseElementType(variable.getType());
    CXXRecordDecl* record = type->getAsCXXRecordDecl();
    if (!record || !record->hasDefinition()) return nullptr;
    CXXConstructorDecl* constructor = sema.LookupDefaultConstructor(record);
    if (!constructor || !constructor->isUserProvided() || constructor->isConstexpr() ||
        sema.CUDA().isEmptyConstructor(variable.getLocation(), constructor))
        return nullptr;
    return constructor;
}

} // namespace

SharedVariables::SharedVariables(DiagnosticsEngine& engine, const Options& options)
    : engine_(engine), options_(options) {
    current = this;
}

SharedVariables::~SharedVariables() {
    current = nullptr;
}

void SharedVariables::declare(Sema& sema, VarDecl& variable, SourceRange attribute) {
    if (!current || variable.hasExternalStorage()) return;
    current->sema_ = &sema;
    current->at_[variable.getLocation().getRawEncoding()] = &variable;
    variable.addAttr(LoaderUninitializedAttr::CreateImplicit(sema.Context, attribute));
    // Only variables of a range-based `for` are instantiated without an initial value.
    variable.setCXXForRangeDecl(true);
    current->in_templates_ |= variable.getType()->isDependentType();
}

void SharedVariables::complete_types(const DeclContext& context) {
    if (!in_templates_) return;
    for (Decl* declaration : context.noload_decls()) {
        auto* variable = dyn_cast<VarDecl>(declaration);
        if (variable && variable->hasAttr<CUDASharedAttr>() &&
            !variable->getType()->isDependentType())
            sema_->isCompleteType(variable->getLocation(), variable->getType());
        else if (auto* inner = dyn_cast<DeclContext>(declaration))
            complete_types(*inner); // lambdas
    }
}

void SharedVariables::revive() {
    for (VarDecl* variable : invalid_)
        variable->setInvalidDecl(false);
    invalid_.clear();
}

bool SharedVariables::allows_constructor(const Diagnostic& info) {
    const unsigned place = info.getLocation().getRawEncoding();
    VarDecl* variable = at_.lookup(place);
    if (!variable) return false;
    invalid_.push_back(variable); // clang is about to do that
    CXXConstructorDecl* constructor = working_constructor(*sema_, *variable);
    if (!constructor) return true;
    if (!variable->isLocalVarDecl()) {
        report(engine_, info.getLocation(), diag::Severity::Error,
               "a __shared__ variable at namespace scope has no dynamic initialization: "
               "constructor of %0 does something; call an initialization function in the kernel")
            << constructor->getParent();
        return true;
    }
    if (said_.insert(place).second)
        warn(engine_, options_, info.getLocation(), Warning::SharedConstructor,
             finder_in(dyn_cast<FunctionDecl>(variable->getDeclContext())),
             constructor->getParent());
    return true;
}

bool SharedVariables::allows_extern(const Diagnostic& info) {
    auto* variable = dyn_cast<VarDecl>(reinterpret_cast<NamedDecl*>(info.getRawArg(0)));
    if (!variable) return false;
    if (!variable->hasAttr<CUDASharedAttr>())
        variable->addAttr(CUDASharedAttr::CreateImplicit(variable->getASTContext()));
    return true;
}

} // namespace acc::dialect
