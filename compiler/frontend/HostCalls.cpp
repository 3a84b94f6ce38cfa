// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// Where compiler/dialect writes the names of host functions that device code calls.
constexpr const char* kList = "_ZL20__acc_host_functions";

/// The names; the variable is gone then.
SmallVector<std::string> take_names(Module& module) {
    SmallVector<std::string> names;
    GlobalVariable* list = module.getGlobalVariable(kList, /*AllowInternal=*/true);
    if (!list || !list->hasInitializer()) return names;
    if (auto* text = dyn_cast<ConstantDataArray>(list->getInitializer())) {
        SmallVector<StringRef> lines;
        text->getAsCString().split(lines, '\n', -1, /*KeepEmpty=*/false);
        names.append(lines.begin(), lines.end());
    }
    removeFromUsedLists(module, [&](Constant* used) { return used == list; });
    list->removeDeadConstantUsers();
    if (list->use_empty()) list->eraseFromParent();
    return names;
}

/// What a failed assertion does, with the place of the call.
void stop(IRBuilder<>& builder, const Function& callee) {
    Module& module = *builder.GetInsertBlock()->getModule();
    Type* pointer = builder.getPtrTy();
    FunctionCallee fail = module.getOrInsertFunction("__assertfail", builder.getVoidTy(), pointer,
                                                     pointer, builder.getInt32Ty(), pointer,
                                                     builder.getInt64Ty());
    const DILocation* place = builder.getCurrentDebugLocation();
    const Function& caller = *builder.GetInsertBlock()->getParent();
    auto text = [&](const Twine& words) {
        return builder.CreateGlobalString(words.str(), "", 0, &module);
    };
    builder.CreateCall(
        fail, {text("no host function is called on the device: " + demangle(callee.getName())),
               text(place ? place->getFilename() : StringRef("device code")),
               builder.getInt32(place ? place->getLine() : 0), text(demangle(caller.getName())),
               builder.getInt64(1)});
}

/// Calls stop where they stand; who calls through a pointer finds a function that stops.
void replace(Function& callee) {
    for (User* user : make_early_inc_range(callee.users())) {
        auto* call = dyn_cast<CallBase>(user);
        if (!call || call->getCalledOperand() != &callee) continue;
        IRBuilder<> builder(call);
        stop(builder, callee);
        changeToUnreachable(call);
    }
    if (callee.use_empty()) {
        callee.eraseFromParent();
        return;
    }
    callee.deleteBody();
    callee.setComdat(nullptr);
    callee.setSubprogram(nullptr);
    callee.setLinkage(GlobalValue::InternalLinkage);
    callee.setDSOLocal(true);
    IRBuilder<> builder(BasicBlock::Create(callee.getContext(), "", &callee));
    stop(builder, callee);
    builder.CreateUnreachable();
}

} // namespace

PreservedAnalyses HostCallsPass::run(Module& module, ModuleAnalysisManager&) {
    bool changed = false;
    // Functions that are there only because they are called (compiler/dialect, Source): no other
    // unit has them.
    for (Function& function : module)
        if (function.hasAvailableExternallyLinkage()) {
            function.setLinkage(GlobalValue::InternalLinkage);
            function.setComdat(nullptr);
            changed = true;
        }
    for (const std::string& name : take_names(module))
        if (Function* callee = module.getFunction(name)) {
            replace(*callee);
            changed = true;
        }
    return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
