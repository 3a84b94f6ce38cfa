// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// The constant whole number that a call of the library's pow or powi raises to.
std::optional<int64_t> exponent(const CallInst& call) {
    const Function* callee = call.getCalledFunction();
    const bool is_power = callee && StringSwitch<bool>(callee->getName())
                                        .Cases({"__nv_pow", "__nv_powf"}, true)
                                        .Cases({"__nv_powi", "__nv_powif"}, true)
                                        .Default(false);
    if (!is_power || call.arg_size() != 2) return std::nullopt;
    if (auto* whole = dyn_cast<ConstantInt>(call.getArgOperand(1))) return whole->getSExtValue();
    auto* real = dyn_cast<ConstantFP>(call.getArgOperand(1));
    for (int64_t value : {-1, 0, 1, 2})
        if (real && real->isExactlyValue(static_cast<double>(value))) return value;
    return std::nullopt;
}

/// x to the power of n, rounded once; null when that takes more than one operation.
Value* power(IRBuilder<>& builder, Value* x, int64_t n) {
    switch (n) {
    case -1: return builder.CreateFDiv(ConstantFP::get(x->getType(), 1.0), x);
    case 0: return ConstantFP::get(x->getType(), 1.0); // of NaN, too
    case 1: return x;
    case 2: return builder.CreateFMul(x, x);
    default: return nullptr;
    }
}

} // namespace

PreservedAnalyses PowersPass::run(Function& function, FunctionAnalysisManager&) {
    bool changed = false;
    for (Instruction& instruction : make_early_inc_range(instructions(function))) {
        auto* call = dyn_cast<CallInst>(&instruction);
        const std::optional<int64_t> n = call ? exponent(*call) : std::nullopt;
        if (!n) continue;
        IRBuilder<> builder(call);
        Value* value = power(builder, call->getArgOperand(0), *n);
        if (!value) continue;
        call->replaceAllUsesWith(value);
        call->eraseFromParent();
        changed = true;
    }
    return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
