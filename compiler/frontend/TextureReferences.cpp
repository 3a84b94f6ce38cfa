// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texture and surface references are variables of 64 bits to clang, and what it reads of them is
// their handle by an intrinsic. Here the handle is the variable's content: the object that the
// runtime has bound to it (docs/isa/textures.md).
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace acc::frontend {
namespace {

bool is_handle(const Function& function) {
    return function.getIntrinsicID() == Intrinsic::nvvm_texsurf_handle_internal ||
           function.getIntrinsicID() == Intrinsic::nvvm_texsurf_handle;
}

/// The variable: the last operand (texsurf.handle has metadata before it).
Value* variable_of(const CallInst& call) {
    return call.getArgOperand(call.arg_size() - 1);
}

/// Clang leaves the variables without a value; unbound ones hold 0, and objects are read at once.
void initialise(GlobalVariable& variable) {
    if (!variable.hasInitializer() || !isa<UndefValue>(variable.getInitializer()) ||
        !variable.isExternallyInitialized() || !variable.getValueType()->isIntegerTy(64))
        return;
    variable.setInitializer(Constant::getNullValue(variable.getValueType()));
    variable.setAlignment(Align(8));
}

/// The runtime finds references by name and writes them, static ones, too, which clang takes for
/// variables that nobody writes.
void show(GlobalVariable& reference) {
    if (!reference.hasLocalLinkage()) return;
    reference.setLinkage(GlobalValue::ExternalLinkage);
    reference.setExternallyInitialized(true);
    appendToCompilerUsed(*reference.getParent(), {&reference});
}

} // namespace

PreservedAnalyses TextureReferencesPass::run(Module& module, ModuleAnalysisManager&) {
    SmallVector<CallInst*> reads;
    for (Function& function : module) {
        if (!is_handle(function)) continue;
        for (User* user : function.users())
            reads.push_back(cast<CallInst>(user));
    }
    for (CallInst* call : reads)
        if (auto* reference = dyn_cast<GlobalVariable>(variable_of(*call)->stripPointerCasts()))
            show(*reference);
    for (GlobalVariable& variable : module.globals())
        initialise(variable);
    for (CallInst* call : reads) {
        IRBuilder<> builder(call);
        call->replaceAllUsesWith(
            builder.CreateAlignedLoad(call->getType(), variable_of(*call), Align(8)));
        call->eraseFromParent();
    }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
