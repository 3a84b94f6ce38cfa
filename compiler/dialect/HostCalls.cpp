// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/HostCalls.h"

#include "compiler/dialect/DeviceNames.h"
#include "compiler/dialect/Warnings.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Expr.h"
#include "clang/AST/GlobalDecl.h"
#include "clang/AST/Mangle.h"
#include "clang/Basic/Cuda.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// The arguments of err_ref_bad_target.
struct Reference {
    CUDAFunctionTarget to, from;
    bool function;
    const NamedDecl* what;

    explicit Reference(const Diagnostic& info)
        : to(CUDAFunctionTarget(info.getRawArg(0))), from(CUDAFunctionTarget(info.getRawArg(3))),
          function(info.getRawArg(1) == 0),
          what(reinterpret_cast<const NamedDecl*>(info.getRawArg(2))) {}
};

/// All names under which code may call `function`.
std::vector<GlobalDecl> entries_of(const FunctionDecl* function) {
    if (auto* constructor = dyn_cast<CXXConstructorDecl>(function))
        return {{constructor, Ctor_Complete}, {constructor, Ctor_Base}};
    if (auto* destructor = dyn_cast<CXXDestructorDecl>(function))
        return {{destructor, Dtor_Complete}, {destructor, Dtor_Base}, {destructor, Dtor_Deleting}};
    return {GlobalDecl(function)};
}

/// Whether `place` is in a template, of which nvcc does not check the calls.
bool is_in_template(const DeclContext& context, SourceLocation place,
                    const SourceManager& sources) {
    for (Decl* declaration : context.decls()) {
        auto* template_ = dyn_cast<TemplateDecl>(declaration);
        Decl* inner = template_ ? template_->getTemplatedDecl() : declaration;
        SourceRange range = declaration->getSourceRange();
        if (!inner || range.isInvalid() ||
            sources.isBeforeInTranslationUnit(place, range.getBegin()) ||
            sources.isBeforeInTranslationUnit(sources.getExpansionRange(range.getEnd()).getEnd(),
                                              place))
            continue;
        if (template_) return true;
        auto* function = dyn_cast<FunctionDecl>(inner);
        auto* nested = dyn_cast<DeclContext>(inner);
        if (function ? function->isTemplated() : nested && is_in_template(*nested, place, sources))
            return true;
    }
    return false;
}

/// Whether the program calls the function at `place`. What it does not write down (the end of a
/// variable) nvcc does not check.
bool is_called(const FunctionDecl* callee, SourceLocation place, const ASTContext& context) {
    if (isa<CXXDestructorDecl>(callee)) return false;
    auto* method = dyn_cast<CXXMethodDecl>(callee);
    if (method && !method->getDeclName().isIdentifier()) return true;
    auto next = Lexer::findNextToken(place, context.getSourceManager(), context.getLangOpts());
    return next && next->is(tok::l_paren);
}

} // namespace

bool HostCalls::allows_device_function(const FunctionDecl* callee, SourceLocation place) {
    ASTContext& context = callee->getASTContext();
    const SourceManager& sources = context.getSourceManager();
    if (is_called(callee, place, context) &&
        !is_in_template(*context.getTranslationUnitDecl(), sources.getExpansionLoc(place), sources))
        return false;
    name_for_host(*const_cast<FunctionDecl*>(callee));
    return true;
}

bool HostCalls::allows(const Diagnostic& info) {
    const Reference reference(info);
    const FunctionDecl* callee = reference.function ? dyn_cast<FunctionDecl>(reference.what)
                                                    : nullptr;
    if (callee && reference.to == CUDAFunctionTarget::Device &&
        (reference.from == CUDAFunctionTarget::HostDevice ||
         reference.from == CUDAFunctionTarget::Host))
        return allows_device_function(callee, info.getLocation());
    if (!callee || reference.from != CUDAFunctionTarget::HostDevice ||
        reference.to != CUDAFunctionTarget::Host)
        return false;
    if (callees_.insert(callee->getCanonicalDecl()))
        // Keeps the code generator from making device code of a function that is defined inside of
        // a class (see Source::hasExternalDefinitions).
        for (FunctionDecl* declaration : const_cast<FunctionDecl*>(callee)->redecls())
            if (!declaration->hasAttr<NoInlineAttr>())
                declaration->addAttr(NoInlineAttr::CreateImplicit(declaration->getASTContext()));
    if (!said_.insert({info.getLocation().getRawEncoding(), callee->getCanonicalDecl()}).second)
        return true;
    if (options_.cross_space_errors) return false;
    warn(engine_, options_, info.getLocation(), Warning::HostCall, Finder::Device, callee);
    return true;
}

void HostCalls::write(ASTContext& context, ASTConsumer& consumer) const {
    if (callees_.empty()) return;
    std::unique_ptr<MangleContext> mangler(context.createMangleContext());
    std::string names;
    for (const FunctionDecl* callee : callees_)
        for (const GlobalDecl& entry : entries_of(callee))
            names += symbol_of(*mangler, entry) + '\n';
    // static __device__ const char __acc_host_functions[] = "name\nname\n";
    const SourceLocation place = callees_.front()->getLocation();
    QualType type = context.getStringLiteralArrayType(context.CharTy, unsigned(names.size()));
    auto* variable = VarDecl::Create(context, context.getTranslationUnitDecl(), place, place,
                                     &context.Idents.get("__acc_host_functions"), type,
                                     context.getTrivialTypeSourceInfo(type, place), SC_Static);
    variable->setInit(StringLiteral::Create(context, names, StringLiteralKind::Ordinary,
                                            /*Pascal=*/false, type, place));
    variable->addAttr(CUDADeviceAttr::CreateImplicit(context));
    variable->addAttr(UsedAttr::CreateImplicit(context));
    consumer.HandleTopLevelDecl(DeclGroupRef(variable));
}

} // namespace acc::dialect
