// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM inlines no function with a byval parameter that is not in the address space of allocas,
// which is none of those that clang writes. The copy that byval stands for is made before the call
// here, where it can be seen, and the parameter is the pointer to it: then operators on vector
// types and the like disappear in their callers.
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr unsigned kLocal = 5;

/// Only calls by name may be changed together with the function.
bool is_changeable(const Function& function) {
    return !function.isDeclaration() && function.hasLocalLinkage() && !function.isVarArg() &&
           function.getCallingConv() != CallingConv::PTX_Kernel && !function.hasAddressTaken() &&
           all_of(function.users(), [](const User* user) {
               auto* call = dyn_cast<CallInst>(user);
               return call && !call->isMustTailCall();
           });
}

/// The argument's copy, in the caller's frame while the call lasts.
void copy_argument(CallBase& call, unsigned index, Type* type, Align align) {
    Function& caller = *call.getFunction();
    const uint64_t size = caller.getDataLayout().getTypeAllocSize(type);
    IRBuilder<> entry(&*caller.getEntryBlock().getFirstInsertionPt());
    AllocaInst* copy = entry.CreateAlloca(type, kLocal);
    copy->setAlignment(align);
    IRBuilder<> builder(&call);
    Value* original = call.getArgOperand(index);
    Value* generic = builder.CreateAddrSpaceCast(copy, original->getType());
    builder.CreateLifetimeStart(copy);
    const Align known = original->getPointerAlignment(caller.getDataLayout());
    builder.CreateMemCpy(generic, align, original,
                         std::max(known, call.getParamAlign(index).valueOrOne()), size);
    call.setArgOperand(index, generic);
    call.removeParamAttr(index, Attribute::ByVal);
    builder.SetInsertPoint(call.getNextNode());
    builder.CreateLifetimeEnd(copy);
}

void pass_by_pointer(Function& function, unsigned index) {
    Type* type = function.getParamByValType(index);
    const DataLayout& layout = function.getDataLayout();
    const Align align = std::max(function.getParamAlign(index).valueOrOne(),
                                 layout.getABITypeAlign(type));
    for (User* user : function.users()) {
        auto* call = cast<CallInst>(user);
        copy_argument(*call, index, type, align);
        call->setTailCall(false); // the copy has to outlive the call
    }
    function.removeParamAttr(index, Attribute::ByVal);
    function.addParamAttr(index, Attribute::NoAlias);
    function.addDereferenceableParamAttr(index, layout.getTypeAllocSize(type));
}

} // namespace

PreservedAnalyses ValueParametersPass::run(Module& module, ModuleAnalysisManager&) {
    bool changed = false;
    for (Function& function : module) {
        if (!is_changeable(function)) continue;
        for (unsigned index = 0; index < function.arg_size(); ++index) {
            if (!function.hasParamAttribute(index, Attribute::ByVal)) continue;
            pass_by_pointer(function, index);
            changed = true;
        }
    }
    return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
