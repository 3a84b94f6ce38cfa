// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The carry flag from one asm statement to the next (add.cc in one, addc in another): big-integer
// libraries wrap each in a function of its own, so the way between them is known only when those
// are inlined. Until then it is read and written by calls of functions that nothing is known of but
// their order.
#pragma once

#include "compiler/ptx/Text.h"

#include "llvm/IR/IRBuilder.h"

namespace acc::frontend {

/// Does a statement of the program set the flag or read it?
bool uses_carry(const ptx::Program& program);
/// Does it read what an earlier asm statement has set?
bool wants_carry(const ptx::Program& program);

llvm::Value* read_carry(llvm::IRBuilder<>& builder);
void write_carry(llvm::IRBuilder<>& builder, llvm::Value* value);

} // namespace acc::frontend
