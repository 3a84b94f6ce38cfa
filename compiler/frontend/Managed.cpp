// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Annotations.h"
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ReplaceConstant.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr unsigned kGlobal = 1;

/// Variables that our headers' __managed__ marked with annotate("acc.managed").
SmallVector<GlobalVariable*> annotated_variables(Module& module) {
    SmallVector<GlobalVariable*> found;
    for_each_annotation(module, [&](GlobalValue& what, StringRef text, const Constant*) {
        auto* variable = dyn_cast<GlobalVariable>(&what);
        if (variable && text == "acc.managed" && !is_contained(found, variable))
            found.push_back(variable);
    });
    return found;
}

/// The initial value: clang leaves it out of the host's object, so the runtime takes it from here.
/// A constant beside the slot.
void keep_initial_value(GlobalVariable& variable, const Twine& name) {
    if (!variable.hasInitializer() || variable.getInitializer()->isNullValue() ||
        isa<UndefValue>(variable.getInitializer()))
        return;
    Module& module = *variable.getParent();
    auto* initial = new GlobalVariable(module, variable.getValueType(), true,
                                       GlobalValue::ExternalLinkage, variable.getInitializer(),
                                       name, nullptr, GlobalValue::NotThreadLocal, kGlobal, true);
    initial->setAlignment(variable.getAlign());
    appendToUsed(module, {initial});
}

/// The variable itself lives in the program's own memory; the module only has a slot with its
/// address, filled by the runtime.
void replace_by_slot(GlobalVariable& variable) {
    Module& module = *variable.getParent();
    LLVMContext& context = module.getContext();
    Type* pointer = PointerType::get(context, kGlobal);
    auto* slot = new GlobalVariable(module, pointer, false, GlobalValue::ExternalLinkage,
                                    ConstantPointerNull::get(cast<PointerType>(pointer)), "",
                                    &variable, GlobalValue::NotThreadLocal, kGlobal, true);
    slot->takeName(&variable);
    slot->setMetadata("acc.managed", MDNode::get(context, {}));

    keep_initial_value(variable, slot->getName() + ".init");
    convertUsersOfConstantsToInstructions({&variable});
    for (Use& use : make_early_inc_range(variable.uses())) {
        auto* user = dyn_cast<Instruction>(use.getUser());
        if (!user) continue;
        auto* phi = dyn_cast<PHINode>(user);
        IRBuilder<> builder(phi ? phi->getIncomingBlock(use)->getTerminator() : user);
        LoadInst* address = builder.CreateLoad(pointer, slot);
        address->setMetadata(LLVMContext::MD_invariant_load, MDNode::get(context, {}));
        use.set(address);
    }
    if (!variable.use_empty())
        context.diagnose(
            DiagnosticInfoGeneric("the address of managed variable '" + slot->getName() +
                                  "' cannot be used in the initial value of another variable"));
    else
        variable.eraseFromParent();
}

} // namespace

PreservedAnalyses ManagedPass::run(Module& module, ModuleAnalysisManager&) {
    SmallVector<GlobalVariable*> variables = annotated_variables(module);
    // Annotations have no further use, and keep what they name alive.
    if (GlobalVariable* list = module.getNamedGlobal("llvm.global.annotations"))
        list->eraseFromParent();
    SmallPtrSet<Constant*, 8> managed(variables.begin(), variables.end());
    removeFromUsedLists(module, [&](Constant* used) {
        return managed.contains(cast<Constant>(used->stripPointerCasts()));
    });
    for (GlobalVariable* variable : variables) {
        variable->removeDeadConstantUsers();
        replace_by_slot(*variable);
    }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
