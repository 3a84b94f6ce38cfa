// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// a / b with at most 2 ulp: PTX div.full.f32, which is a * rcp(b) with scaling for large b.
void approximate_divide(BinaryOperator& divide, bool ftz) {
    IRBuilder<> builder(&divide);
    builder.setFastMathFlags(divide.getFastMathFlags());
    Intrinsic::ID full = ftz ? Intrinsic::nvvm_div_full_ftz : Intrinsic::nvvm_div_full;
    Value* quotient = builder.CreateIntrinsic(full, {},
                                              {divide.getOperand(0), divide.getOperand(1)});
    quotient->takeName(&divide);
    divide.replaceAllUsesWith(quotient);
    divide.eraseFromParent();
}

void approximate_root(IntrinsicInst& root, bool ftz) {
    IRBuilder<> builder(&root);
    Intrinsic::ID approximate = ftz ? Intrinsic::nvvm_sqrt_approx_ftz_f
                                    : Intrinsic::nvvm_sqrt_approx_f;
    Value* value = builder.CreateIntrinsic(approximate, {}, {root.getArgOperand(0)});
    value->takeName(&root);
    root.replaceAllUsesWith(value);
    root.eraseFromParent();
}

void lower(Function& function, const DeviceFlags& flags) {
    for (Instruction& instruction : make_early_inc_range(instructions(function))) {
        if (!instruction.getType()->isFloatTy()) continue;
        if (instruction.getOpcode() == Instruction::FDiv && !flags.precise_divide)
            approximate_divide(cast<BinaryOperator>(instruction), flags.flush_denormals);
        else if (auto* call = dyn_cast<IntrinsicInst>(&instruction);
                 call && call->getIntrinsicID() == Intrinsic::sqrt && !flags.precise_sqrt)
            approximate_root(*call, flags.flush_denormals);
    }
}

} // namespace

PreservedAnalyses PrecisionPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module) {
        if (function.isDeclaration()) continue;
        lower(function, flags);
        if (flags.max_registers && function.getCallingConv() == CallingConv::PTX_Kernel)
            function.addFnAttr("nvvm.maxnreg", std::to_string(flags.max_registers));
    }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
