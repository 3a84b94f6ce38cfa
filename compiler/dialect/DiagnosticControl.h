// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which warnings are shown, named by the numbers and tags of NVIDIA's front end: pragmas
// (#pragma nv_diag_suppress 177, declared_but_not_referenced) and the command line
// (-diag-suppress 177). A number stands for the plugin's warnings with that number and for the
// warning groups of clang that say the same. A number that stands for nothing here is ignored.
#pragma once

#include "clang/Basic/Diagnostic.h"
#include "clang/Frontend/CompilerInstance.h"

#include "llvm/ADT/StringRef.h"

namespace acc::dialect {

enum class Control { Suppress, Remark, Warning, Error, Default };

/// From `place` on (invalid: from the start) the warnings that `name`, a number or a tag, stands
/// for are treated like this.
void control(clang::DiagnosticsEngine& engine, Control what, llvm::StringRef name,
             clang::SourceLocation place);

/// "suppress:177", from the command line. False when it is no such text.
bool control(clang::DiagnosticsEngine& engine, llvm::StringRef option);

/// clang 22 reports uses of deprecated names also inside of system headers, when a template there
/// is instantiated (std::stable_sort of libstdc++ 12); a program can do nothing about them.
void quiet_system_headers(clang::CompilerInstance& compiler);

} // namespace acc::dialect
