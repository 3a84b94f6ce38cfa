// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/Source.h"

#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"

namespace acc::dialect {

using namespace clang;

ExternalASTSource::ExtKind Source::hasExternalDefinitions(const Decl* declaration) {
    auto* function = dyn_cast<FunctionDecl>(declaration);
    if (!function || !sema_) return EK_ReplyHazy;
    const bool host = function->hasAttr<CUDAHostAttr>(),
               device = function->hasAttr<CUDADeviceAttr>();
    if (host && device) {
        // constexpr functions that somebody instantiates explicitly (std::vector<std::string>) are
        // not meant for the device; if one is used there, the front end gives it a home.
        if (device_ &&
            function->getTemplateSpecializationKind() == TSK_ExplicitInstantiationDefinition &&
            SemaCUDA::isImplicitHostDeviceFunction(function))
            return EK_Always;
        // A function that is known to be emitted loses its calls of functions of the other side:
        // clang reports them at once, and the expression is gone. Those of other functions stay,
        // and are reported when the function turns out to be emitted.
        const FunctionDecl* current = sema_->getCurFunctionDecl(/*AllowLambda=*/true);
        return current && current->getCanonicalDecl() == function->getCanonicalDecl()
                   ? EK_Always
                   : EK_ReplyHazy;
    }
    // Functions defined inside of a class would be emitted where they are called, host functions
    // too.
    return device_ && !device && !function->hasAttr<CUDAGlobalAttr>() ? EK_Always : EK_ReplyHazy;
}

} // namespace acc::dialect
