// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr unsigned kGlobal = 1, kConstant = 4, kLocal = 5;

enum class Use { ReadOnly, Written, PassedToCall };

/// What a function does with the memory behind a pointer that it got as a parameter.
Use classify(Value* pointer) {
    SmallVector<Value*> work = {pointer};
    SmallPtrSet<Value*, 16> seen;
    bool passed = false;
    while (!work.empty()) {
        Value* value = work.pop_back_val();
        if (!seen.insert(value).second) continue;
        for (llvm::Use& use : value->uses()) {
            auto* user = cast<Instruction>(use.getUser());
            if (isa<GetElementPtrInst, AddrSpaceCastInst, BitCastInst, PHINode, SelectInst>(user)) {
                work.push_back(user);
            } else if (auto* load = dyn_cast<LoadInst>(user)) {
                if (load->isVolatile()) return Use::Written;
            } else if (isa<ICmpInst>(user)) {
            } else if (auto* copy = dyn_cast<MemTransferInst>(user);
                       copy && &use == &copy->getArgOperandUse(1) && !copy->isVolatile()) {
            } else if (isa<IntrinsicInst>(user) &&
                       cast<IntrinsicInst>(user)->isAssumeLikeIntrinsic()) {
            } else if (auto* call = dyn_cast<CallBase>(user); call && call->isArgOperand(&use)) {
                unsigned index = call->getArgOperandNo(&use);
                bool harmless = call->doesNotCapture(index) && call->onlyReadsMemory(index);
                passed |= !harmless;
            } else {
                return Use::Written;
            }
        }
    }
    return passed ? Use::PassedToCall : Use::ReadOnly;
}

/// value → cast to `space` → cast back, and all other uses see the result: address space inference
/// does the rest.
void place(Value& value, unsigned space, IRBuilder<>& builder) {
    Value* placed = builder.CreateAddrSpaceCast(&value,
                                                PointerType::get(value.getContext(), space));
    Value* generic = builder.CreateAddrSpaceCast(placed, value.getType());
    value.replaceUsesWithIf(generic, [&](llvm::Use& use) { return use.getUser() != placed; });
}

bool is_placed(Value& value) {
    return value.hasOneUse() && isa<AddrSpaceCastInst>(*value.user_begin());
}

/// Pointers that lie in a parameter structure come from the host: they point to global memory.
void place_loaded_pointers(Value* base) {
    SmallVector<Value*> work = {base};
    SmallPtrSet<Value*, 16> seen;
    SmallVector<LoadInst*> loads;
    while (!work.empty()) {
        Value* value = work.pop_back_val();
        if (!seen.insert(value).second) continue;
        for (User* user : value->users()) {
            if (isa<GetElementPtrInst, AddrSpaceCastInst, BitCastInst>(user))
                work.push_back(user);
            else if (auto* load = dyn_cast<LoadInst>(user);
                     load && load->getType()->isPointerTy() &&
                     load->getType()->getPointerAddressSpace() == 0)
                loads.push_back(load);
        }
    }
    for (LoadInst* load : loads) {
        if (is_placed(*load)) continue;
        IRBuilder<> builder(load->getNextNode());
        place(*load, kGlobal, builder);
    }
}

void copy_to_local(Argument& argument) {
    Function& function = *argument.getParent();
    BasicBlock& entry = function.getEntryBlock();
    IRBuilder<> builder(&entry, entry.getFirstInsertionPt());
    const DataLayout& layout = function.getDataLayout();
    Type* type = argument.getParamByValType();
    Align align = std::max(argument.getParamAlign().valueOrOne(), layout.getPrefTypeAlign(type));
    AllocaInst* local = builder.CreateAlloca(type, kLocal);
    local->setAlignment(align);
    Value* generic = builder.CreateAddrSpaceCast(local, argument.getType());
    argument.replaceAllUsesWith(generic);
    Value* source = builder.CreateAddrSpaceCast(&argument,
                                                PointerType::get(argument.getContext(), kConstant));
    builder.CreateMemCpy(local, align, source, argument.getParamAlign(),
                         layout.getTypeAllocSize(type));
}

void lower_structure(Argument& argument, IRBuilder<>& builder, bool early) {
    Use use = classify(&argument);
    if (use == Use::PassedToCall && early) return;
    if (use != Use::ReadOnly) {
        copy_to_local(argument);
        return;
    }
    place_loaded_pointers(&argument);
    place(argument, kConstant, builder);
}

void lower(Function& kernel, bool early) {
    BasicBlock& entry = kernel.getEntryBlock();
    for (Argument& argument : kernel.args()) {
        if (!argument.getType()->isPointerTy() || argument.use_empty() || is_placed(argument))
            continue;
        IRBuilder<> builder(&entry, entry.getFirstInsertionPt());
        if (argument.hasByValAttr())
            lower_structure(argument, builder, early);
        else if (early)
            place(argument, kGlobal, builder);
    }
}

} // namespace

PreservedAnalyses KernelArgumentsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module)
        if (!function.isDeclaration() && function.getCallingConv() == CallingConv::PTX_Kernel)
            lower(function, early);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
