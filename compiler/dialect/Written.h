// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Execution and memory spaces that the program has written, not clang.
#pragma once

#include "clang/AST/Attr.h"
#include "clang/AST/DeclBase.h"

namespace acc::dialect {

/// The declaration has the attribute Space (CUDADeviceAttr, …) because the program says so.
template <typename Space>
bool is_written(const clang::Decl& declaration) {
    const Space* space = declaration.getAttr<Space>();
    return space && !space->isImplicit();
}

} // namespace acc::dialect
