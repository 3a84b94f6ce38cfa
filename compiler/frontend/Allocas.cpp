// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr unsigned kLocal = 5;

/// Lifetime markers and debug records must name the alloca itself, not a cast of it.
void move_markers(AllocaInst& from, AllocaInst& to) {
    for (User* user : make_early_inc_range(from.users())) {
        auto* marker = dyn_cast<LifetimeIntrinsic>(user);
        if (!marker) continue;
        IRBuilder<> builder(marker);
        if (marker->getIntrinsicID() == Intrinsic::lifetime_start)
            builder.CreateLifetimeStart(&to);
        else
            builder.CreateLifetimeEnd(&to);
        marker->eraseFromParent();
    }
}

void move_to_local(AllocaInst& alloca) {
    IRBuilder<> builder(&alloca);
    AllocaInst* local = builder.CreateAlloca(alloca.getAllocatedType(), kLocal,
                                             alloca.isArrayAllocation() ? alloca.getArraySize()
                                                                        : nullptr);
    local->setAlignment(alloca.getAlign());
    local->takeName(&alloca);
    move_markers(alloca, *local);
    SmallVector<DbgVariableRecord*> records;
    findDbgUsers(&alloca, records);
    for (DbgVariableRecord* record : records)
        record->replaceVariableLocationOp(&alloca, local, true);
    Value* generic = builder.CreateAddrSpaceCast(local, alloca.getType());
    alloca.replaceAllUsesWith(generic);
    alloca.eraseFromParent();
}

} // namespace

PreservedAnalyses AllocasPass::run(Module& module, ModuleAnalysisManager&) {
    SmallVector<AllocaInst*> work; // moving one erases instructions after it
    for (Function& function : module)
        for (Instruction& instruction : instructions(function))
            if (auto* alloca = dyn_cast<AllocaInst>(&instruction);
                alloca && alloca->getAddressSpace() == 0)
                work.push_back(alloca);
    for (AllocaInst* alloca : work)
        move_to_local(*alloca);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
