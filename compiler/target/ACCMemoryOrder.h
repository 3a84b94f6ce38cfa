// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM's orderings and synchronisation scopes as the machine's modifiers.
#pragma once

#include "llvm/CodeGen/SelectionDAGNodes.h"

namespace llvm {

enum class ACCScope { CTA, GPU, Sys };

/// The scope of a synchronisation scope's name: "" is the system, "device" and "cluster" the accelerator,
/// "block" and "singlethread" the block; nullopt for a name that nobody knows.
std::optional<ACCScope> findACCScope(const LLVMContext &Ctx, SyncScope::ID Scope);

/// The same for operations whose scope instruction selection has checked.
ACCScope getACCScope(const LLVMContext &Ctx, SyncScope::ID Scope);

/// Modifier bits `sem` and `scope` of a load or store: none for a plain access.
unsigned accLoadOrder(const MemSDNode &N, const LLVMContext &Ctx);
unsigned accStoreOrder(const MemSDNode &N, const LLVMContext &Ctx);

} // namespace llvm
