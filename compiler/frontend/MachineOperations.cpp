// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

void declare_machine_operation(Function& function) {
    function.setDoesNotAccessMemory();
    function.removeFnAttr(Attribute::Convergent);
    for (Attribute::AttrKind kind :
         {Attribute::NoUnwind, Attribute::WillReturn, Attribute::NoSync, Attribute::Speculatable})
        function.addFnAttr(kind);
}

} // namespace

PreservedAnalyses MachineOperationsPass::run(Module& module, ModuleAnalysisManager&) {
    bool changed = false;
    for (Function& function : module) {
        if (!function.isDeclaration() || !function.getName().starts_with("__acc_op.")) continue;
        declare_machine_operation(function);
        for (User* user : function.users())
            if (auto* call = dyn_cast<CallBase>(user)) call->removeFnAttr(Attribute::Convergent);
        changed = true;
    }
    return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
