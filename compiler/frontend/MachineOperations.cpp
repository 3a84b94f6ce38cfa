// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// Functions of their operands, texture and surface instructions; nothing else.
bool declare_machine_operation(Function& function) {
    StringRef name = function.getName();
    if (name.starts_with("__acc_op.")) {
        function.setDoesNotAccessMemory();
        function.addFnAttr(Attribute::Speculatable);
    } else if (name.starts_with("__acc_tex.") || name.starts_with("__acc_surf.ld.")) {
        function.setOnlyReadsMemory();
    } else if (!name.starts_with("__acc_surf.st.")) {
        return false;
    }
    function.removeFnAttr(Attribute::Convergent);
    for (Attribute::AttrKind kind : {Attribute::NoUnwind, Attribute::WillReturn, Attribute::NoSync})
        function.addFnAttr(kind);
    return true;
}

} // namespace

PreservedAnalyses MachineOperationsPass::run(Module& module, ModuleAnalysisManager&) {
    bool changed = false;
    for (Function& function : module) {
        if (!function.isDeclaration() || !declare_machine_operation(function)) continue;
        for (User* user : function.users())
            if (auto* call = dyn_cast<CallBase>(user)) call->removeFnAttr(Attribute::Convergent);
        changed = true;
    }
    return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
