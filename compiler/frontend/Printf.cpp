// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// Bytes of the argument buffer: clang packs the arguments into a local variable of exactly that size.
std::optional<uint64_t> buffer_size(Value* buffer, const DataLayout& layout) {
    buffer = buffer->stripPointerCasts();
    if (isa<ConstantPointerNull>(buffer) || isa<UndefValue>(buffer))
        return 0;
    if (auto* local = dyn_cast<AllocaInst>(buffer))
        if (std::optional<TypeSize> size = local->getAllocationSize(layout))
            return size->getFixedValue();
    return std::nullopt;
}

} // namespace

PreservedAnalyses PrintfPass::run(Module& module, ModuleAnalysisManager&) {
    Function* vprintf = module.getFunction("vprintf");
    if (!vprintf || !vprintf->isDeclaration())
        return PreservedAnalyses::all();
    LLVMContext& context = module.getContext();
    Type* pointer = PointerType::get(context, 0);
    Type* i32 = Type::getInt32Ty(context);
    FunctionCallee target = module.getOrInsertFunction("__acc_printf", i32, pointer, pointer, i32);

    for (User* user : make_early_inc_range(vprintf->users())) {
        auto* call = dyn_cast<CallInst>(user);
        if (!call || call->getCalledOperand() != vprintf) {
            context.diagnose(DiagnosticInfoGeneric("the address of vprintf cannot be taken in device code"));
            continue;
        }
        std::optional<uint64_t> size = buffer_size(call->getArgOperand(1), module.getDataLayout());
        if (!size) {
            context.diagnose(DiagnosticInfoUnsupported(*call->getFunction(),
                "vprintf with an argument buffer that is not a local variable", call->getDebugLoc()));
            size = 0;
        }
        IRBuilder<> builder(call);
        CallInst* lowered = builder.CreateCall(target, {call->getArgOperand(0), call->getArgOperand(1), builder.getInt32(unsigned(*size))});
        call->replaceAllUsesWith(lowered);
        call->eraseFromParent();
    }
    if (vprintf->use_empty())
        vprintf->eraseFromParent();
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
