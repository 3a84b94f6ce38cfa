// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What C++ lets a compiler assume, and CUDA code breaks because nvcc does not assume it: that types
// tell which accesses overlap, that a bool in memory is 0 or 1, and that a float fits the small
// integer that it is converted to.
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

/// The machine converts to 32 bits and more. As with nvcc the low bits of those are the result: to
/// LLVM the narrow conversion has the range of its type.
void convert_by_word(CastInst& conversion) {
    IRBuilder<> builder(&conversion);
    Type* word = conversion.getType()->getWithNewBitWidth(32);
    Value* wide = builder.CreateCast(conversion.getOpcode(), conversion.getOperand(0), word);
    conversion.replaceAllUsesWith(builder.CreateTrunc(wide, conversion.getType()));
    conversion.eraseFromParent();
}

bool is_narrow_conversion(const Instruction& instruction) {
    return isa<FPToSIInst, FPToUIInst>(instruction) &&
           instruction.getType()->getScalarSizeInBits() < 32;
}

} // namespace

PreservedAnalyses AssumptionsPass::run(Module& module, ModuleAnalysisManager&) {
    SmallVector<LoadInst*> bools; // changed at the end: that removes instructions behind them
    for (Function& function : module)
        for (Instruction& instruction : make_early_inc_range(instructions(function))) {
            instruction.setMetadata(LLVMContext::MD_tbaa, nullptr);
            instruction.setMetadata(LLVMContext::MD_tbaa_struct, nullptr);
            auto* load = dyn_cast<LoadInst>(&instruction);
            if (load && load->getType()->isIntegerTy(8) && load->getMetadata(LLVMContext::MD_range))
                bools.push_back(load);
            if (is_narrow_conversion(instruction)) convert_by_word(cast<CastInst>(instruction));
        }
    for (LoadInst* load : bools)
        read_as_byte(*load);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
