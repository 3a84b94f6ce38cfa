// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ReplaceConstant.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr unsigned kGeneric = 0, kGlobal = 1, kShared = 3, kConstant = 4;

/// Literals and other globals that clang leaves in the generic space. In a space of their own,
/// loads from them need no run-time look at the pointer.
void place_generic(GlobalVariable& global) {
    unsigned space = global.isConstant() ? kConstant : kGlobal;
    auto* placed = new GlobalVariable(
        *global.getParent(), global.getValueType(), global.isConstant(), global.getLinkage(),
        global.hasInitializer() ? global.getInitializer() : nullptr, "", &global,
        global.getThreadLocalMode(), space, global.isExternallyInitialized());
    placed->copyAttributesFrom(&global);
    placed->setComdat(global.getComdat());
    placed->takeName(&global);
    SmallVector<DIGlobalVariableExpression*> debug;
    global.getDebugInfo(debug);
    for (auto* info : debug)
        placed->addDebugInfo(info);
    global.replaceAllUsesWith(ConstantExpr::getAddrSpaceCast(placed, global.getType()));
    global.eraseFromParent();
}

/// extern __shared__ T x[]: clang gives it no size; the launch does.
bool is_dynamic_shared(const GlobalVariable& global) {
    return global.getAddressSpace() == kShared && global.isDeclaration();
}

/// Replaces all uses by the address that the hardware tells, read once in every function.
void lower_dynamic_shared(GlobalVariable& global) {
    Module& module = *global.getParent();
    LLVMContext& context = module.getContext();
    FunctionCallee start = module.getOrInsertFunction("__acc_sr_dyn_shared",
                                                      Type::getInt32Ty(context));
    auto* function = cast<Function>(start.getCallee());
    function->setDoesNotAccessMemory();
    function->setDoesNotThrow();
    function->addFnAttr(Attribute::WillReturn);
    function->addFnAttr(Attribute::Speculatable);

    convertUsersOfConstantsToInstructions({&global});
    DenseMap<Function*, Value*> address;
    for (Use& use : make_early_inc_range(global.uses())) {
        auto* user = dyn_cast<Instruction>(use.getUser());
        if (!user) continue;
        Value*& base = address[user->getFunction()];
        if (!base) {
            BasicBlock& entry = user->getFunction()->getEntryBlock();
            IRBuilder<> builder(&entry, entry.getFirstInsertionPt());
            base = builder.CreateIntToPtr(builder.CreateCall(start), global.getType(),
                                          global.getName());
        }
        use.set(base);
    }
}

/// Shared memory has no initial contents; clang writes undef, which later passes may turn into
/// anything.
void drop_shared_initializer(GlobalVariable& global) {
    if (global.getAddressSpace() == kShared && global.hasInitializer() &&
        !isa<UndefValue>(global.getInitializer()))
        global.setInitializer(UndefValue::get(global.getValueType()));
}

} // namespace

PreservedAnalyses GlobalsPass::run(Module& module, ModuleAnalysisManager&) {
    for (GlobalVariable& global : make_early_inc_range(module.globals())) {
        if (global.getName().starts_with("llvm.")) continue;
        if (global.getAddressSpace() == kGeneric)
            place_generic(global);
        else if (is_dynamic_shared(global))
            lower_dynamic_shared(global);
        else
            drop_shared_initializer(global);
    }
    for (GlobalVariable& global : make_early_inc_range(module.globals()))
        if (is_dynamic_shared(global) && global.use_empty()) global.eraseFromParent();
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
