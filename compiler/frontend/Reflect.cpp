// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

unsigned answer(StringRef question, const DeviceFlags& flags) {
    if (question == "__CUDA_FTZ") return flags.flush_denormals;
    if (question == "__CUDA_PREC_DIV") return flags.precise_divide;
    if (question == "__CUDA_PREC_SQRT") return flags.precise_sqrt;
    if (question == "__CUDA_ARCH") return flags.arch * 10;
    return 0; // what an unknown question means is part of the interface
}

/// The C string behind a pointer to a constant, through casts.
StringRef constant_text(Value* pointer) {
    auto* global = dyn_cast<GlobalVariable>(pointer->stripPointerCasts());
    if (!global || !global->hasInitializer()) return {};
    auto* data = dyn_cast<ConstantDataSequential>(global->getInitializer());
    return data && data->isCString() ? data->getAsCString() : StringRef();
}

void replace_calls(Function* function, const DeviceFlags& flags) {
    if (!function) return;
    for (User* user : make_early_inc_range(function->users())) {
        auto* call = dyn_cast<CallInst>(user);
        if (!call || call->getCalledOperand() != function) continue;
        unsigned value = answer(constant_text(call->getArgOperand(0)), flags);
        call->replaceAllUsesWith(ConstantInt::get(call->getType(), value));
        call->eraseFromParent();
    }
    if (function->use_empty()) function->eraseFromParent();
}

} // namespace

PreservedAnalyses ReflectPass::run(Module& module, ModuleAnalysisManager&) {
    replace_calls(module.getFunction("__nvvm_reflect"), flags);
    replace_calls(module.getFunction("llvm.nvvm.reflect"), flags);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
