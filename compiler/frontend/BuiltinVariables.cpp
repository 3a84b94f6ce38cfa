// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// threadIdx and its kin are variables to a program (include/cuda/acc_impl/builtin_variables.h).
// Where one of its fields is read, a special register is read instead. What does more with the
// variable (copies it, binds a reference to it) finds a copy on the stack, which the optimiser
// takes apart.
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ReplaceConstant.h"

#include <array>

using namespace llvm;

namespace acc::frontend {
namespace {

struct Variable {
    const char* name;
    std::array<Intrinsic::ID, 3> fields;
};

constexpr unsigned kFieldSize = 4;

const Variable kVariables[] = {
    {"threadIdx",
     {Intrinsic::nvvm_read_ptx_sreg_tid_x, Intrinsic::nvvm_read_ptx_sreg_tid_y,
      Intrinsic::nvvm_read_ptx_sreg_tid_z}},
    {"blockIdx",
     {Intrinsic::nvvm_read_ptx_sreg_ctaid_x, Intrinsic::nvvm_read_ptx_sreg_ctaid_y,
      Intrinsic::nvvm_read_ptx_sreg_ctaid_z}},
    {"blockDim",
     {Intrinsic::nvvm_read_ptx_sreg_ntid_x, Intrinsic::nvvm_read_ptx_sreg_ntid_y,
      Intrinsic::nvvm_read_ptx_sreg_ntid_z}},
    {"gridDim",
     {Intrinsic::nvvm_read_ptx_sreg_nctaid_x, Intrinsic::nvvm_read_ptx_sreg_nctaid_y,
      Intrinsic::nvvm_read_ptx_sreg_nctaid_z}},
};

Value* read(IRBuilder<>& builder, Intrinsic::ID id) {
    return builder.CreateIntrinsic(builder.getInt32Ty(), id, {});
}

/// Replaces the loads of whole fields through `pointer`, which is `offset` bytes behind the
/// variable's start.
void replace_loads(Value& pointer, int64_t offset, const Variable& variable) {
    const DataLayout* layout = nullptr;
    for (User* user : make_early_inc_range(pointer.users())) {
        auto* instruction = dyn_cast<Instruction>(user);
        if (!instruction) continue;
        if (!layout) layout = &instruction->getDataLayout();
        if (auto* load = dyn_cast<LoadInst>(instruction)) {
            const bool field = load->getType()->isIntegerTy(32) && offset % kFieldSize == 0 &&
                               size_t(offset) / kFieldSize < variable.fields.size();
            if (!field || offset < 0) continue;
            IRBuilder<> builder(load);
            load->replaceAllUsesWith(read(builder, variable.fields[size_t(offset) / kFieldSize]));
            load->eraseFromParent();
        } else if (isa<AddrSpaceCastInst>(instruction)) {
            replace_loads(*instruction, offset, variable);
        } else if (auto* address = dyn_cast<GetElementPtrInst>(instruction)) {
            APInt more(layout->getIndexTypeSizeInBits(address->getType()), 0);
            if (address->getPointerOperand() == &pointer &&
                address->accumulateConstantOffset(*layout, more))
                replace_loads(*address, offset + more.getSExtValue(), variable);
        }
        if (instruction->use_empty() && !instruction->mayHaveSideEffects() &&
            !isa<LoadInst>(instruction))
            instruction->eraseFromParent();
    }
}

/// A copy of the variable in the frame of `function`, as a generic pointer.
Value* copy_into(Function& function, const Variable& variable) {
    IRBuilder<> builder(&*function.getEntryBlock().getFirstInsertionPt());
    Type* type = ArrayType::get(builder.getInt32Ty(), variable.fields.size());
    AllocaInst* copy = builder.CreateAlloca(type, nullptr, variable.name);
    Value* generic = builder.CreateAddrSpaceCast(copy, builder.getPtrTy());
    for (unsigned i = 0; i < variable.fields.size(); ++i)
        builder.CreateStore(read(builder, variable.fields[i]),
                            builder.CreateConstInBoundsGEP2_32(type, generic, 0, i));
    return generic;
}

void replace_copies(GlobalVariable& global, const Variable& variable) {
    DenseMap<Function*, Value*> copies;
    for (User* user : make_early_inc_range(global.users())) {
        auto* cast = dyn_cast<AddrSpaceCastInst>(user);
        if (!cast || cast->getDestAddressSpace() != 0) continue;
        Value*& copy = copies[cast->getFunction()];
        if (!copy) copy = copy_into(*cast->getFunction(), variable);
        cast->replaceAllUsesWith(copy);
        cast->eraseFromParent();
    }
}

} // namespace

PreservedAnalyses BuiltinVariablesPass::run(Module& module, ModuleAnalysisManager&) {
    bool changed = false;
    for (const Variable& variable : kVariables) {
        GlobalVariable* global = module.getGlobalVariable(variable.name);
        if (!global || !global->isDeclaration()) continue;
        changed = true;
        convertUsersOfConstantsToInstructions({global});
        replace_loads(*global, 0, variable);
        replace_copies(*global, variable);
        global->removeDeadConstantUsers();
        if (global->use_empty()) global->eraseFromParent();
    }
    return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
