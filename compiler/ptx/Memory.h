// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the instructions that access memory share.
#pragma once

#include "compiler/ptx/Forms.h"

#include "llvm/IR/LLVMContext.h"

namespace acc::ptx {

/// LLVM's address space for .global, .shared, ...; 0 (generic) when there is none.
unsigned space_of(Instruction& in);

/// LLVM's name of the scope; `fallback` when there is none.
llvm::SyncScope::ID scope_of(Emitter& e, Instruction& in, llvm::StringRef fallback);

/// Cache hints and the operand of .L2::cache_hint, which stands behind the first `operands`.
void cache_hints(Emitter& e, Instruction& in, size_t operands);

} // namespace acc::ptx
