// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that was declared __host__ __device__ is one wherever it is declared again, with
// other attributes or with none. clang takes the second declaration for a function of its own.
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Sema/ParsedAttr.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"

namespace acc::dialect {
namespace {

using namespace clang;

bool is_for_both(const FunctionDecl& function) {
    return function.hasAttr<CUDAHostAttr>() && function.hasAttr<CUDADeviceAttr>();
}

bool was_declared_for_both(Sema& sema, FunctionDecl& function) {
    for (NamedDecl* found :
         function.getDeclContext()->getRedeclContext()->lookup(function.getDeclName())) {
        FunctionDecl* before = found->getAsFunction();
        if (before && before != &function && is_for_both(*before) &&
            !sema.IsOverload(&function, before, /*UseMemberUsingDeclRules=*/false,
                             /*ConsiderCudaAttrs=*/false))
            return true;
    }
    return false;
}

/// __attribute__((acc_redeclarable)), which a pragma gives to every function (the compiler's
/// wrapper header): the one place where clang asks a plugin between a function's attributes and
/// the search for its earlier declarations.
struct RedeclarableAttribute : ParsedAttrInfo {
    RedeclarableAttribute() {
        static constexpr Spelling kSpellings[] = {{ParsedAttr::AS_GNU, "acc_redeclarable"}};
        Spellings = kSpellings;
        IsSupportedByPragmaAttribute = true;
    }
    void getPragmaAttributeMatchRules(
        llvm::SmallVectorImpl<std::pair<attr::SubjectMatchRule, bool>>& rules,
        const LangOptions&) const override {
        rules.push_back({attr::SubjectMatchRule_function, true});
    }
    AttrHandling handleDeclAttribute(Sema& sema, Decl* declaration,
                                     const ParsedAttr&) const override {
        auto* function = dyn_cast<FunctionDecl>(declaration);
        if (!function || function->hasAttr<CUDAGlobalAttr>() || is_for_both(*function) ||
            !was_declared_for_both(sema, *function))
            return AttributeApplied;
        if (!function->hasAttr<CUDAHostAttr>())
            function->addAttr(CUDAHostAttr::CreateImplicit(sema.Context));
        if (!function->hasAttr<CUDADeviceAttr>())
            function->addAttr(CUDADeviceAttr::CreateImplicit(sema.Context));
        return AttributeApplied;
    }
};

ParsedAttrInfoRegistry::Add<RedeclarableAttribute> kRedeclarable("acc_redeclarable",
                                                                 "functions declared again");

} // namespace
} // namespace acc::dialect
