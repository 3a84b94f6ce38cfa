// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/Declarations.h"

#include "compiler/dialect/DefaultArguments.h"
#include "compiler/dialect/KernelRules.h"
#include "compiler/dialect/Leniency.h"
#include "compiler/dialect/Warnings.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Mangle.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Sema/ParsedAttr.h"
#include "clang/Sema/Sema.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// Attributes have no way to the plugin's objects; one run of clang is one compilation.
Declarations* known = nullptr;

/// The sides that a function belongs to.
struct Space {
    bool host, device;

    explicit Space(const FunctionDecl& function)
        : host(function.hasAttr<CUDAHostAttr>()), device(function.hasAttr<CUDADeviceAttr>()) {
        if (!device) host = true; // what a declaration means that says nothing
    }
    bool operator==(const Space& other) const = default;
    bool both() const { return host && device; }
};

/// As a program would write it: clang ignores implicit attributes where it compares a
/// specialisation with its template.
void put_on_both_sides(FunctionDecl& function) {
    ASTContext& context = function.getASTContext();
    if (!function.hasAttr<CUDAHostAttr>()) function.addAttr(CUDAHostAttr::Create(context));
    if (!function.hasAttr<CUDADeviceAttr>()) function.addAttr(CUDADeviceAttr::Create(context));
}

/// template <> void f<int>(int): the place of a template's arguments is not known yet.
bool is_specialization(const FunctionDecl& function) {
    const unsigned lists = function.getNumTemplateParameterLists();
    return lists > 0 && !function.getDescribedFunctionTemplate() &&
           function.getTemplateParameterList(lists - 1)->size() == 0;
}

/// Whether `type` can come from the parameter type `pattern` of a template: not where they differ
/// in what does not depend on the template's arguments.
bool can_come_from(QualType pattern, QualType type) {
    pattern = pattern.getCanonicalType().getUnqualifiedType();
    type = type.getCanonicalType().getUnqualifiedType();
    if (!pattern->isDependentType()) return pattern == type;
    if (pattern->isReferenceType() || pattern->isPointerType())
        return pattern->getTypeClass() == type->getTypeClass() &&
               can_come_from(pattern->getPointeeType(), type->getPointeeType());
    auto* named = pattern->getAs<TemplateSpecializationType>();
    const TemplateDecl* from = named ? named->getTemplateName().getAsTemplateDecl() : nullptr;
    if (!isa_and_nonnull<ClassTemplateDecl>(from)) return true;
    auto* special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
    return special &&
           special->getSpecializedTemplate()->getCanonicalDecl() == from->getCanonicalDecl();
}

/// Whether `function`, an explicit specialisation, can be one of `old`.
bool can_specialize(const FunctionDecl& function, const FunctionDecl& old) {
    if (function.getNumParams() != old.getNumParams()) return false;
    for (unsigned i = 0; i < function.getNumParams(); ++i)
        if (!can_come_from(old.getParamDecl(i)->getType(), function.getParamDecl(i)->getType()))
            return false;
    return true;
}

/// Declarations of the same function (or of the template that it specialises) that stand before it
/// in the program. The headers of system and toolkit do overload by execution space, but not what
/// is __host__ __device__.
std::vector<FunctionDecl*> earlier(Sema& sema, FunctionDecl& function) {
    std::vector<FunctionDecl*> found;
    const SourceManager& sources = sema.getSourceManager();
    for (NamedDecl* other :
         function.getDeclContext()->getRedeclContext()->lookup(function.getDeclName())) {
        auto* template_ = dyn_cast<FunctionTemplateDecl>(other);
        FunctionDecl* old = template_ ? template_->getTemplatedDecl()
                                      : dyn_cast<FunctionDecl>(other);
        if (!old || old == &function) continue;
        const bool system = sources.isInSystemHeader(function.getLocation()) ||
                            sources.isInSystemHeader(old->getLocation());
        if (system && !Space(*old).both()) continue;
        const bool same = is_specialization(function)
                              ? template_ && can_specialize(function, *old)
                              : !sema.IsOverload(&function, old, false,
                                                 /*ConsiderCudaAttrs=*/false);
        if (same) found.push_back(old);
    }
    return found;
}

bool is_kernel(const FunctionDecl& function) {
    return function.hasAttr<CUDAGlobalAttr>();
}

} // namespace

bool is_managed(const VarDecl& variable) {
    for (const AnnotateAttr* annotation : variable.specific_attrs<AnnotateAttr>())
        if (annotation->getAnnotation() == "acc.managed") return true;
    return false;
}

Declarations::Declarations(DiagnosticsEngine& engine, const Options& options)
    : engine_(engine), options_(options) {
    known = this;
}

Declarations::~Declarations() {
    known = nullptr;
}

void Declarations::declare(Sema& sema, Decl& declaration) {
    if (!known) return;
    if (auto* function = dyn_cast<FunctionDecl>(&declaration)) {
        Leniency::see_function(*function);
        DefaultArguments::see_function(*function);
        if (is_kernel(*function)) {
            check_kernel(known->engine_, *function);
        } else {
            check_device_function(known->engine_, *function);
            known->see(sema, *function);
        }
    } else if (auto* variable = dyn_cast<VarDecl>(&declaration)) {
        check_variable(known->engine_, *variable);
        if (is_managed(*variable) && variable->hasAttr<CUDAConstantAttr>())
            report(known->engine_, variable->getLocation(), diag::Severity::Error,
                   "%0 cannot be __managed__ and __constant__: the device does not write constant "
                   "memory, and both sides write managed memory")
                << variable;
        known->see(*variable);
    }
}

void Declarations::see(VarDecl& variable) {
    // Not isExternC(): clang would remember the linkage that the declaration has without the
    // earlier one.
    if (!variable.hasExternalStorage() && !variable.isInExternCContext()) return;
    ASTContext& context = variable.getASTContext();
    if (variable.hasAttr<CUDADeviceAttr>() || variable.hasAttr<CUDAConstantAttr>())
        variables_.push_back(&variable);
    else if (context.getLangOpts().CUDAIsDevice &&
             context.getBaseElementType(variable.getType()).isConstQualified())
        // clang gives the device a constant of the host's; this way only where code uses it.
        variable.addAttr(InternalLinkageAttr::CreateImplicit(context));
}

void Declarations::see(Sema& sema, FunctionDecl& function) {
    if (function.isConstexpr() && !function.hasAttr<CUDADeviceAttr>()) return;
    for (FunctionDecl* old : earlier(sema, function)) {
        const Space before(*old), now(function);
        if (is_kernel(*old) || before == now) continue;
        put_on_both_sides(function);
        if (before.both()) continue;
        const bool special = is_specialization(function);
        for (FunctionDecl* declaration : old->redecls())
            put_on_both_sides(*declaration);
        if (special) continue;
        const Warning again = before.device
                                  ? (now.both() ? Warning::DeviceThenBoth : Warning::DeviceThenHost)
                                  : (now.both() ? Warning::HostThenBoth : Warning::HostThenDevice);
        warn(engine_, options_, function.getLocation(), again, Finder::Both, &function);
    }
}

namespace {

/// A definition with the name that code uses for `declared`.
VarDecl* define(ASTContext& context, const VarDecl& declared) {
    std::unique_ptr<MangleContext> mangler(context.createMangleContext());
    const SourceLocation place = declared.getLocation();
    auto* variable = VarDecl::Create(context, context.getTranslationUnitDecl(), place, place,
                                     declared.getIdentifier(), declared.getType(),
                                     declared.getTypeSourceInfo(), SC_None);
    for (Attr* attribute : declared.attrs())
        variable->addAttr(attribute->clone(context));
    if (!variable->hasAttr<AsmLabelAttr>())
        variable->addAttr(
            AsmLabelAttr::CreateImplicit(context, symbol_of(*mangler, GlobalDecl(&declared))));
    return variable;
}

} // namespace

void Declarations::define_variables(ASTContext& context, ASTConsumer& consumer) {
    if (context.getLangOpts().GPURelocatableDeviceCode) return;
    const SourceManager& sources = context.getSourceManager();
    for (VarDecl* variable : variables_) {
        if (variable != variable->getCanonicalDecl() || variable->isInvalidDecl() ||
            variable->getDefinition() || variable->getType()->isIncompleteType() ||
            !(variable->isReferenced() || variable->getMostRecentDecl()->isReferenced()) ||
            sources.isInSystemHeader(variable->getLocation()))
            continue;
        warn(engine_, options_, variable->getLocation(), Warning::ExternDefinition, Finder::Both,
             variable);
        consumer.HandleTopLevelDecl(DeclGroupRef(define(context, *variable)));
    }
}

namespace {

/// __attribute__((acc_declaration)), on everything that __acc_cuda_wrapper.h names.
struct DeclarationAttribute : ParsedAttrInfo {
    DeclarationAttribute() {
        static constexpr Spelling kSpellings[] = {{ParsedAttr::AS_GNU, "acc_declaration"}};
        Spellings = kSpellings;
        IsSupportedByPragmaAttribute = true;
    }
    void getPragmaAttributeMatchRules(
        llvm::SmallVectorImpl<std::pair<attr::SubjectMatchRule, bool>>& rules,
        const LangOptions&) const override {
        rules.push_back({attr::SubjectMatchRule_function, true});
        rules.push_back({attr::SubjectMatchRule_variable_is_global, true});
    }
    AttrHandling handleDeclAttribute(Sema& sema, Decl* declaration,
                                     const ParsedAttr&) const override {
        Declarations::declare(sema, *declaration);
        return AttributeApplied;
    }
};

ParsedAttrInfoRegistry::Add<DeclarationAttribute> kDeclaration("acc_declaration",
                                                               "shows declarations to the plugin");

} // namespace
} // namespace acc::dialect
