// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With -fgpu-rdc clang gives a static variable that the host names a unique external name,
// <name>__static__<module id>. Whether the host names it is known only at the end of the file;
// device code above that has been made with the plain name and refers to a variable that nobody
// defines, or, when it is emitted unasked (a managed one), to another definition of it. Here the
// two become one again.
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {

PreservedAnalyses StaticVariablesPass::run(Module& module, ModuleAnalysisManager&) {
    SmallVector<GlobalVariable*> merged;
    for (GlobalVariable& variable : module.globals()) {
        if (variable.isDeclaration()) continue;
        const auto [name, id] = variable.getName().split("__static__");
        if (id.empty()) continue;
        GlobalVariable* plain = module.getGlobalVariable(name, true);
        if (!plain || !(plain->isDeclaration() || plain->hasLocalLinkage())) continue;
        plain->replaceAllUsesWith(
            ConstantExpr::getPointerBitCastOrAddrSpaceCast(&variable, plain->getType()));
        merged.push_back(plain);
    }
    for (GlobalVariable* plain : merged)
        plain->eraseFromParent();
    return !merged.empty() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
