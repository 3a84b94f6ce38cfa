// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM 22's InstCombine takes a conversion of a whole number to half for exact when the number has
// few enough significant bits, even where it is beyond half's range (isKnownExactCastIntToFP): 2^22
// as a half and back as a float was 2^22, not infinity. While functions are optimised, conversions
// to half are therefore calls that it knows nothing of.
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr StringLiteral kPrefix = "__acc_to_half.";

FunctionCallee declaration(Module& module, const CastInst& cast) {
    std::string name;
    raw_string_ostream(name) << kPrefix << cast.getOpcodeName() << '.' << *cast.getSrcTy();
    LLVMContext& context = module.getContext();
    AttrBuilder attributes(context);
    attributes.addMemoryAttr(MemoryEffects::none());
    for (auto kind : {Attribute::NoUnwind, Attribute::WillReturn, Attribute::Speculatable})
        attributes.addAttribute(kind);
    return module.getOrInsertFunction(
        name, AttributeList::get(context, AttributeList::FunctionIndex, attributes), cast.getType(),
        cast.getSrcTy());
}

bool is_to_half(const Instruction& instruction) {
    const auto* cast = dyn_cast<CastInst>(&instruction);
    return cast && cast->getType()->isHalfTy() && !isa<Constant>(cast->getOperand(0)) &&
           (isa<FPTruncInst>(cast) || isa<SIToFPInst>(cast) || isa<UIToFPInst>(cast));
}

Instruction::CastOps opcode_of(StringRef name) {
    if (name.starts_with("fptrunc")) return Instruction::FPTrunc;
    return name.starts_with("sitofp") ? Instruction::SIToFP : Instruction::UIToFP;
}

} // namespace

PreservedAnalyses HideHalfConversionsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module)
        for (Instruction& instruction : make_early_inc_range(instructions(function))) {
            if (!is_to_half(instruction)) continue;
            IRBuilder<> builder(&instruction);
            instruction.replaceAllUsesWith(builder.CreateCall(
                declaration(module, cast<CastInst>(instruction)), instruction.getOperand(0)));
            instruction.eraseFromParent();
        }
    return PreservedAnalyses::none();
}

PreservedAnalyses ShowHalfConversionsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : make_early_inc_range(module)) {
        StringRef name = function.getName();
        if (!name.consume_front(kPrefix)) continue;
        for (User* user : make_early_inc_range(function.users())) {
            auto* call = cast<CallInst>(user);
            IRBuilder<> builder(call);
            call->replaceAllUsesWith(
                builder.CreateCast(opcode_of(name), call->getArgOperand(0), call->getType()));
            call->eraseFromParent();
        }
        function.eraseFromParent();
    }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
