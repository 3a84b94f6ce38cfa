// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace acc::frontend {

PreservedAnalyses SwitchTargetPass::run(Module& module, ModuleAnalysisManager&) {
    // Nothing in the IR depends on the old layout yet: pointers to shared and local memory appear
    // only as operands of address space casts, never in memory.
    module.setTargetTriple(Triple("acc-unknown-unknown-elf"));
    module.setDataLayout(data_layout);
    for (Function& function : module)
        for (const char* name : {"target-cpu", "target-features", "tune-cpu",
                                 "stack-protector-buffer-size", "frame-pointer"})
            function.removeFnAttr(name);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
