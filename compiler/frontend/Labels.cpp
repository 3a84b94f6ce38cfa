// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// The first instruction that needs the address of a label; null when the function has none.
const Instruction* use_of_label(const Function& function) {
    for (const Instruction& instruction : instructions(function))
        if (isa<IndirectBrInst>(instruction) || any_of(instruction.operands(), [](const Use& use) {
                return isa<BlockAddress>(use.get()->stripPointerCasts());
            }))
            return &instruction;
    return nullptr;
}

} // namespace

PreservedAnalyses LabelsPass::run(Module& module, ModuleAnalysisManager&) {
    for (const Function& function : module)
        if (const Instruction* use = use_of_label(function))
            // A jump that several statements share has no place.
            module.getContext().diagnose(DiagnosticInfoUnsupported(
                function, "the address of a label (&&label) in device code",
                use->getDebugLoc() ? DiagnosticLocation(use->getDebugLoc())
                                   : DiagnosticLocation(function.getSubprogram())));
    return PreservedAnalyses::all();
}

} // namespace acc::frontend
