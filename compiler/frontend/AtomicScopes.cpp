// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// clang drops the scope of scoped atomics for NVIDIA's target. The headers therefore name it once
// more: `__acc_atomic_scope(address, scope)` gives the address back, and `__acc_fence_scope(scope)`
// stands before a fence. Both are gone after this pass.
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// The synchronisation scope of clang's __MEMORY_SCOPE_*; what is no constant is the system.
SyncScope::ID scope_of(const Value* number, LLVMContext& context) {
    constexpr const char* kNames[] = {"", "device", "block", "block", "singlethread", "cluster"};
    const auto* constant = dyn_cast<ConstantInt>(number);
    const uint64_t index = constant ? constant->getZExtValue() : 0;
    const char* name = index < std::size(kNames) ? kNames[index] : "";
    return context.getOrInsertSyncScopeID(name);
}

void set_scope(User* user, const Value* address, SyncScope::ID scope) {
    if (auto* update = dyn_cast<AtomicRMWInst>(user);
        update && update->getPointerOperand() == address)
        update->setSyncScopeID(scope);
    if (auto* swap = dyn_cast<AtomicCmpXchgInst>(user);
        swap && swap->getPointerOperand() == address)
        swap->setSyncScopeID(scope);
    if (auto* load = dyn_cast<LoadInst>(user); load && load->isAtomic())
        load->setSyncScopeID(scope);
    if (auto* store = dyn_cast<StoreInst>(user);
        store && store->isAtomic() && store->getPointerOperand() == address)
        store->setSyncScopeID(scope);
}

/// Calls of a marker, which then loses its declaration.
template <typename Visit>
void resolve(Module& module, const char* marker, Visit visit) {
    Function* function = module.getFunction(marker);
    if (!function) return;
    for (User* user : make_early_inc_range(function->users()))
        if (auto* call = dyn_cast<CallInst>(user)) {
            visit(*call);
            call->eraseFromParent();
        }
    if (function->use_empty()) function->eraseFromParent();
}

} // namespace

PreservedAnalyses AtomicScopesPass::run(Module& module, ModuleAnalysisManager&) {
    LLVMContext& context = module.getContext();
    resolve(module, "__acc_atomic_scope", [&](CallInst& call) {
        const SyncScope::ID scope = scope_of(call.getArgOperand(1), context);
        for (User* user : call.users())
            set_scope(user, &call, scope);
        call.replaceAllUsesWith(call.getArgOperand(0));
    });
    resolve(module, "__acc_fence_scope", [&](CallInst& call) {
        if (auto* fence = dyn_cast_or_null<FenceInst>(call.getNextNode()))
            fence->setSyncScopeID(scope_of(call.getArgOperand(0), context));
    });
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
