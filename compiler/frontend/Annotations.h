// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What our headers say about functions and variables with __attribute__((annotate(...))).
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

namespace acc::frontend {

/// For each annotation: what is annotated, the text, and the other arguments (null: none).
void for_each_annotation(
    llvm::Module& module,
    llvm::function_ref<void(llvm::GlobalValue&, llvm::StringRef, const llvm::Constant*)> visit);

} // namespace acc::frontend
