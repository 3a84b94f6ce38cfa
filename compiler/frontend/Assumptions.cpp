// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What C++ lets a compiler assume about memory, and CUDA code breaks because nvcc does not assume
// it: that types tell which accesses overlap, and that a bool in memory is 0 or 1.
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// A bool in memory is a byte; any but 0 is true.
void read_as_byte(LoadInst& load) {
    load.setMetadata(LLVMContext::MD_range, nullptr);
    for (User* user : make_early_inc_range(load.users())) {
        auto* truncated = dyn_cast<TruncInst>(user);
        if (!truncated || !truncated->getType()->isIntegerTy(1)) continue;
        IRBuilder<> builder(truncated);
        truncated->replaceAllUsesWith(builder.CreateIsNotNull(&load));
        truncated->eraseFromParent();
    }
}

} // namespace

PreservedAnalyses AssumptionsPass::run(Module& module, ModuleAnalysisManager&) {
    SmallVector<LoadInst*> bools; // changed at the end: that removes instructions behind them
    for (Function& function : module)
        for (Instruction& instruction : instructions(function)) {
            instruction.setMetadata(LLVMContext::MD_tbaa, nullptr);
            instruction.setMetadata(LLVMContext::MD_tbaa_struct, nullptr);
            auto* load = dyn_cast<LoadInst>(&instruction);
            if (load && load->getType()->isIntegerTy(8) && load->getMetadata(LLVMContext::MD_range))
                bools.push_back(load);
        }
    for (LoadInst* load : bools)
        read_as_byte(*load);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
