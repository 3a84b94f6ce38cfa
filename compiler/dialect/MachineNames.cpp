// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/MachineNames.h"

#include "clang/Basic/Builtins.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Basic/TargetBuiltins.h"
#include "clang/Lex/Preprocessor.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// Of the host's machine, and not one of the names that no program may have.
bool is_machine_function(const IdentifierInfo& name, Preprocessor& preprocessor) {
    const unsigned id = name.getBuiltinID();
    return id >= Builtin::FirstTSBuiltin && !name.getName().starts_with("__builtin_") &&
           preprocessor.getBuiltinInfo().isAuxBuiltinID(id) ==
               bool(preprocessor.getLangOpts().CUDAIsDevice);
}

/// In front of a declaration's name; `return f()` and its kind are no declarations.
bool ends_type(const Token& token) {
    switch (token.getKind()) {
    case tok::identifier:
    case tok::kw_auto:
    case tok::kw_bool:
    case tok::kw_char:
    case tok::kw_double:
    case tok::kw_inline:
    case tok::kw_int:
    case tok::kw_long:
    case tok::kw_short:
    case tok::kw_unsigned:
    case tok::kw_void: return true;
    default: return false;
    }
}

} // namespace

void MachineNames::see(const Token& token) {
    const bool declared = type_;
    type_ = ends_type(token);
    if (!declared || token.isNot(tok::identifier)) return;
    IdentifierInfo* name = token.getIdentifierInfo();
    if (name && is_machine_function(*name, preprocessor_) &&
        !preprocessor_.getSourceManager().isInSystemHeader(token.getLocation()))
        name->clearBuiltinID();
}

} // namespace acc::dialect
