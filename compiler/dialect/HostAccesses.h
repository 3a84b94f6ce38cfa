// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What host functions do with variables of the device by their names: they get the host's variable
// of that name, which is another one.
#pragma once

#include "compiler/dialect/Dialect.h"

namespace clang {
class ASTContext;
} // namespace clang

namespace acc::dialect {

/// At the end of the unit, for the host's side: a warning for each read and write.
void check_host_accesses(clang::ASTContext& context, clang::DiagnosticsEngine& engine,
                         const Options& options);

} // namespace acc::dialect
