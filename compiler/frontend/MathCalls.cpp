// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// Math intrinsics that are no instruction, and the stem of the device library's function.
const char* library_stem(Intrinsic::ID id) {
    switch (id) {
    case Intrinsic::sin: return "sin";
    case Intrinsic::cos: return "cos";
    case Intrinsic::tan: return "tan";
    case Intrinsic::asin: return "asin";
    case Intrinsic::acos: return "acos";
    case Intrinsic::atan: return "atan";
    case Intrinsic::atan2: return "atan2";
    case Intrinsic::sinh: return "sinh";
    case Intrinsic::cosh: return "cosh";
    case Intrinsic::tanh: return "tanh";
    case Intrinsic::exp: return "exp";
    case Intrinsic::exp2: return "exp2";
    case Intrinsic::exp10: return "exp10";
    case Intrinsic::log: return "log";
    case Intrinsic::log2: return "log2";
    case Intrinsic::log10: return "log10";
    case Intrinsic::pow: return "pow";
    case Intrinsic::powi: return "powi";
    case Intrinsic::ldexp: return "ldexp";
    case Intrinsic::round: return "round";
    default: return nullptr;
    }
}

/// C's functions that clang calls by name for __builtin_logb and its like.
bool is_library_function(StringRef stem) {
    static constexpr StringRef kStems[] = {
        "acosh", "asinh", "atanh",  "cbrt",      "erf",       "erfc",   "expm1",  "fdim",   "hypot",
        "ilogb", "log1p", "lgamma", "nextafter", "remainder", "remquo", "scalbn", "tgamma", "logb"};
    return is_contained(kStems, stem);
}

/// Gives calls of a C function that nobody defines to the device library.
void adopt(Function& function) {
    StringRef name = function.getName();
    Type* type = function.arg_empty() ? nullptr : function.getArg(0)->getType();
    if (!function.isDeclaration() || !type) return;
    if (type->isFloatTy() ? name.ends_with("f") && is_library_function(name.drop_back())
                          : type->isDoubleTy() && is_library_function(name))
        function.replaceAllUsesWith(
            function.getParent()
                ->getOrInsertFunction(("__nv_" + name).str(), function.getFunctionType())
                .getCallee());
}

/// "sin" and f32 → __nv_sinf; null when the device library has no such type.
std::string library_name(const char* stem, Type* type) {
    if (type->isFloatTy()) return "__nv_" + std::string(stem) + "f";
    if (type->isDoubleTy()) return "__nv_" + std::string(stem);
    return {};
}

void replace(Instruction& instruction, const std::string& name, ArrayRef<Value*> arguments) {
    SmallVector<Type*> types;
    for (Value* argument : arguments)
        types.push_back(argument->getType());
    FunctionCallee target = instruction.getModule()->getOrInsertFunction(
        name, FunctionType::get(instruction.getType(), types, false));
    IRBuilder<> builder(&instruction);
    CallInst* call = builder.CreateCall(target, arguments);
    call->takeName(&instruction);
    instruction.replaceAllUsesWith(call);
    instruction.eraseFromParent();
}

void lower(Instruction& instruction) {
    if (instruction.getOpcode() == Instruction::FRem) {
        std::string name = library_name("fmod", instruction.getType());
        if (!name.empty())
            replace(instruction, name, {instruction.getOperand(0), instruction.getOperand(1)});
        return;
    }
    auto* call = dyn_cast<IntrinsicInst>(&instruction);
    const char* stem = call ? library_stem(call->getIntrinsicID()) : nullptr;
    std::string name = stem ? library_name(stem, call->getType()) : std::string();
    if (!name.empty()) replace(instruction, name, SmallVector<Value*>(call->args()));
}

} // namespace

PreservedAnalyses MathCallsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : make_early_inc_range(module))
        adopt(function);
    for (Function& function : module)
        for (Instruction& instruction : make_early_inc_range(instructions(function)))
            lower(instruction);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
