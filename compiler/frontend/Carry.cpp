// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Carry.h"

#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr StringLiteral kRead = "__acc_carry_read", kWrite = "__acc_carry_write";

bool reads(const ptx::Statement& statement) {
    return is_contained({"addc", "subc", "madc"}, StringRef(statement.opcode));
}

bool sets(const ptx::Statement& statement) {
    return is_contained(statement.modifiers, "cc");
}

FunctionCallee declaration(Module& module, StringRef name, FunctionType* type) {
    LLVMContext& context = module.getContext();
    AttrBuilder attributes(context);
    attributes.addMemoryAttr(MemoryEffects::inaccessibleMemOnly());
    for (auto kind : {Attribute::NoUnwind, Attribute::WillReturn, Attribute::NoSync})
        attributes.addAttribute(kind);
    return module.getOrInsertFunction(
        name, type, AttributeList::get(context, AttributeList::FunctionIndex, attributes));
}

SmallVector<CallInst*> calls_of(Module& module, StringRef name) {
    SmallVector<CallInst*> calls;
    if (Function* function = module.getFunction(name))
        for (User* user : function->users())
            calls.push_back(cast<CallInst>(user));
    return calls;
}

} // namespace

bool uses_carry(const ptx::Program& program) {
    return any_of(program.statements, [](const ptx::Statement& statement) {
        return reads(statement) || sets(statement);
    });
}

bool wants_carry(const ptx::Program& program) {
    for (const ptx::Statement& statement : program.statements) {
        if (reads(statement)) return true;
        if (sets(statement) && !statement.guard) return false;
    }
    return false;
}

Value* read_carry(IRBuilder<>& builder) {
    Module& module = *builder.GetInsertBlock()->getModule();
    return builder.CreateCall(
        declaration(module, kRead, FunctionType::get(builder.getInt1Ty(), false)));
}

void write_carry(IRBuilder<>& builder, Value* value) {
    Module& module = *builder.GetInsertBlock()->getModule();
    builder.CreateCall(
        declaration(module, kWrite,
                    FunctionType::get(builder.getVoidTy(), {builder.getInt1Ty()}, false)),
        {value});
}

/// The flag is a variable of each function. One that is read before it is set is 0.
PreservedAnalyses CarryPass::run(Module& module, ModuleAnalysisManager&) {
    MapVector<Function*, AllocaInst*> places;
    auto place_in = [&](Function& function) {
        AllocaInst*& place = places[&function];
        if (!place) {
            BasicBlock& entry = function.getEntryBlock();
            IRBuilder<> start(&entry, entry.begin());
            place = start.CreateAlloca(start.getInt1Ty(), nullptr, "cc");
            start.CreateStore(start.getFalse(), place);
        }
        return place;
    };
    for (CallInst* call : calls_of(module, kRead)) {
        IRBuilder<> builder(call);
        call->replaceAllUsesWith(
            builder.CreateLoad(builder.getInt1Ty(), place_in(*call->getFunction())));
        call->eraseFromParent();
    }
    for (CallInst* call : calls_of(module, kWrite)) {
        IRBuilder<> builder(call);
        builder.CreateStore(call->getArgOperand(0), place_in(*call->getFunction()));
        call->eraseFromParent();
    }
    for (auto [function, place] : places) {
        DominatorTree dominators(*function);
        PromoteMemToReg({place}, dominators);
    }
    for (StringRef name : {kRead, kWrite})
        if (Function* function = module.getFunction(name)) function->eraseFromParent();
    return places.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}

} // namespace acc::frontend
