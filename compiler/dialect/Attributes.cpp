// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/Leniency.h"
#include "compiler/dialect/SharedVariables.h"

#include "clang/AST/Attr.h"
#include "clang/Sema/ParsedAttr.h"
#include "clang/Sema/Sema.h"

namespace acc::dialect {
namespace {

using namespace clang;

/// __attribute__((acc_shared)), part of __shared__ (include/cuda/crt/host_defines.h).
struct SharedAttribute : ParsedAttrInfo {
    SharedAttribute() {
        static constexpr Spelling kSpellings[] = {{ParsedAttr::AS_GNU, "acc_shared"}};
        Spellings = kSpellings;
    }
    AttrHandling handleDeclAttribute(Sema& sema, Decl* declaration,
                                     const ParsedAttr& attribute) const override {
        Leniency::see_shared();
        if (auto* variable = dyn_cast<VarDecl>(declaration))
            SharedVariables::declare(sema, *variable, attribute.getRange());
        return AttributeApplied;
    }
};

ParsedAttrInfoRegistry::Add<SharedAttribute> kShared("acc_shared", "part of __shared__");

} // namespace
} // namespace acc::dialect
