// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX computes addresses as numbers. Once registers are values, a number that is an address and a
// distance is a pointer again: local variables then become registers, parameters are read where
// they lie, and accesses to different variables are known not to meet.
#include "compiler/ptx/ModuleEmitter.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace acc::ptx {
namespace {

constexpr unsigned kDeepest = 16;

/// A number as base + sum of terms; base null: it has none, or more than one.
struct Sum {
    Value* base = nullptr;
    SmallVector<std::pair<Value*, bool>> terms; ///< with whether it is subtracted
};

/// False when the number cannot be an address and distances.
bool take_apart(Value* number, bool subtracted, unsigned depth, Sum& sum) {
    // Shared and local addresses have 32 bits: what is above does not matter in the end.
    if (auto* wide = dyn_cast<ZExtInst>(number); wide && isa<PtrToIntOperator>(wide->getOperand(0)))
        number = wide->getOperand(0);
    if (auto* narrow = dyn_cast<TruncInst>(number); narrow && depth == 0)
        number = narrow->getOperand(0);
    if (auto* cast = dyn_cast<PtrToIntOperator>(number)) {
        if (sum.base || subtracted) return false;
        sum.base = cast->getPointerOperand();
        return true;
    }
    auto* operation = dyn_cast<BinaryOperator>(number);
    const bool add = operation && operation->getOpcode() == llvm::Instruction::Add;
    const bool sub = operation && operation->getOpcode() == llvm::Instruction::Sub;
    if (depth < kDeepest && (add || sub))
        return take_apart(operation->getOperand(0), subtracted, depth + 1, sum) &&
               take_apart(operation->getOperand(1), subtracted != sub, depth + 1, sum);
    sum.terms.push_back({number, subtracted});
    return true;
}

/// inttoptr(ptrtoint(p) + a - b) → p + a - b
bool recover(IntToPtrInst& cast) {
    Sum sum;
    if (!take_apart(cast.getOperand(0), false, 0, sum) || !sum.base ||
        sum.base->getType() != cast.getType())
        return false;
    IRBuilder<> builder(&cast);
    llvm::Type* index = cast.getDataLayout().getIndexType(cast.getType());
    Value* distance = nullptr;
    for (auto [number, subtracted] : sum.terms) {
        if (number->getType()->getIntegerBitWidth() < index->getIntegerBitWidth()) return false;
        Value* term = builder.CreateTrunc(number, index);
        if (!distance)
            distance = subtracted ? builder.CreateNeg(term) : term;
        else
            distance = subtracted ? builder.CreateSub(distance, term)
                                  : builder.CreateAdd(distance, term);
    }
    cast.replaceAllUsesWith(distance ? builder.CreatePtrAdd(sum.base, distance) : sum.base);
    return true;
}

void promote(Function& function) {
    PassBuilder builder;
    FunctionAnalysisManager analyses;
    builder.registerFunctionAnalyses(analyses);
    ModuleAnalysisManager modules;
    builder.registerModuleAnalyses(modules);
    analyses.registerPass([&] { return ModuleAnalysisManagerFunctionProxy(modules); });
    SROAPass(SROAOptions::PreserveCFG).run(function, analyses);
}

} // namespace

void recover_pointers(Function& function) {
    EliminateUnreachableBlocks(function);
    promote(function);
    SmallVector<IntToPtrInst*> casts;
    for (llvm::Instruction& instruction : instructions(function))
        if (auto* cast = dyn_cast<IntToPtrInst>(&instruction)) casts.push_back(cast);
    bool changed = false;
    for (IntToPtrInst* cast : casts)
        changed |= recover(*cast);
    if (!changed) return;
    for (BasicBlock& block : function)
        SimplifyInstructionsInBlock(&block);
    promote(function);
}

} // namespace acc::ptx
