// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {

PreservedAnalyses InlinePtxPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module)
        for (Instruction& instruction : instructions(function))
            if (auto* call = dyn_cast<CallInst>(&instruction); call && call->isInlineAsm())
                module.getContext().diagnose(DiagnosticInfoUnsupported(function, "inline PTX", call->getDebugLoc()));
    return PreservedAnalyses::all();
}

} // namespace acc::frontend
