// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls that leave the caller its registers. Translated code asks the interpreter for something in
// many places, each of which is hardly ever reached; were these ordinary calls, nothing could stay
// in a register across any of them.
#pragma once

#include <llvm/ADT/StringRef.h>

namespace acc::model::jit {

/// What stands between: calls the function in rax (SysV arguments, result in eax), and keeps all
/// other registers that a host with these LLVM features has. Null: there is none for this host, and
/// calls are ordinary.
void (*register_keeper(llvm::StringRef features))();

} // namespace acc::model::jit
