// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/DefaultArguments.h"

#include "clang/Lex/Lexer.h"
#include "clang/Sema/Lookup.h"
#include "clang/Sema/Scope.h"
#include "clang/Sema/Sema.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// Attributes have no way to the plugin's objects; one run of clang is one compilation.
DefaultArguments* current = nullptr;

/// The parameter that is declared last.
ParmVarDecl* last_parameter(const Scope& scope) {
    ParmVarDecl* last = nullptr;
    for (Decl* declaration : scope.decls())
        if (auto* parameter = dyn_cast<ParmVarDecl>(declaration))
            if (!last || last->getFunctionScopeIndex() < parameter->getFunctionScopeIndex())
                last = parameter;
    return last;
}

/// Whether the program has "NAME = name" there, and nothing more.
bool is_whole_argument(const ParmVarDecl& parameter, SourceLocation place, const Sema& sema) {
    auto next = [&](SourceLocation from) {
        return Lexer::findNextToken(from, sema.getSourceManager(), sema.getLangOpts());
    };
    auto equal = next(parameter.getLocation());
    if (!equal || equal->isNot(tok::equal)) return false;
    auto name = next(equal->getLocation());
    if (!name || name->getLocation() != place) return false;
    auto end = next(place);
    return end && end->isOneOf(tok::comma, tok::r_paren);
}

} // namespace

DefaultArguments::DefaultArguments() {
    current = this;
}

DefaultArguments::~DefaultArguments() {
    current = nullptr;
}

bool DefaultArguments::allows(const Diagnostic& info) {
    Scope* scope = sema_ ? sema_->getCurScope() : nullptr;
    // In a class g++ refuses it as well: there the argument is read when the class is complete.
    if (!scope || !scope->isFunctionPrototypeScope() || sema_->CurContext->isRecord()) return false;
    ParmVarDecl* parameter = last_parameter(*scope);
    if (!parameter || !is_whole_argument(*parameter, info.getLocation(), *sema_)) return false;
    LookupResult outer(*sema_, parameter->getDeclName(), info.getLocation(),
                       Sema::LookupOrdinaryName);
    outer.suppressDiagnostics();
    for (DeclContext* context = sema_->CurContext; context && outer.empty();
         context = context->getParent())
        if (context->isFileContext()) sema_->LookupQualifiedName(outer, context);
    auto* value = outer.isSingleResult() ? dyn_cast<ValueDecl>(outer.getFoundDecl()) : nullptr;
    if (!value) return false;
    open_.push_back({parameter, info.getLocation(), value});
    return true;
}

void DefaultArguments::see_function(FunctionDecl& function) {
    if (current && !current->open_.empty()) current->repair(function);
}

void DefaultArguments::repair(FunctionDecl& function) {
    for (const Own& own : open_) {
        if (!llvm::is_contained(function.parameters(), own.parameter)) continue;
        own.parameter->setInvalidDecl(false);
        ExprResult argument = sema_->BuildDeclRefExpr(
            own.value, own.value->getType().getNonReferenceType(),
            isa<VarDecl>(own.value) ? VK_LValue : VK_PRValue, own.place);
        argument = sema_->ConvertParamDefaultArgument(own.parameter, argument.get(), own.place);
        if (argument.isInvalid()) {
            own.parameter->setInvalidDecl();
            continue;
        }
        sema_->SetParamDefaultArgument(own.parameter, argument.get(), own.place);
        function.setInvalidDecl(false);
    }
    open_.clear();
}

} // namespace acc::dialect
