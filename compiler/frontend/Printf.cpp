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

/// The argument buffer: clang packs the arguments into a local structure of exactly that size.
struct Buffer {
    uint64_t bytes = 0;
    unsigned arguments = 0;
};

std::optional<Buffer> find_buffer(Value* buffer, const DataLayout& layout) {
    APInt distance(layout.getIndexTypeSizeInBits(buffer->getType()), 0);
    buffer = buffer->stripAndAccumulateConstantOffsets(layout, distance, true);
    if (isa<ConstantPointerNull>(buffer) || isa<UndefValue>(buffer)) return Buffer{};
    auto* local = dyn_cast<AllocaInst>(buffer);
    std::optional<TypeSize> size = local ? local->getAllocationSize(layout) : std::nullopt;
    const uint64_t offset = distance.getZExtValue();
    if (!size || offset > size->getFixedValue()) return std::nullopt;
    auto* structure = dyn_cast<StructType>(local->getAllocatedType());
    return Buffer{size->getFixedValue() - offset, structure ? structure->getNumElements() : 0};
}

/// Arguments that a format wants: the buffers of PTX modules do not tell. 0: it is not known here.
unsigned count_arguments(const Value* format) {
    auto* global = dyn_cast<GlobalVariable>(format->stripPointerCasts());
    auto* data = global && global->hasInitializer()
                     ? dyn_cast<ConstantDataSequential>(global->getInitializer())
                     : nullptr;
    if (!data || !data->isString()) return 0;
    StringRef text = data->getAsString().take_until([](char c) { return c == 0; });
    unsigned count = 0;
    while (true) {
        text = text.drop_until([](char c) { return c == '%'; }).drop_front(text.contains('%'));
        if (text.empty()) return count;
        if (text.consume_front("%")) continue;
        StringRef middle = text.take_while(
            [](char c) { return StringRef("-+ #0123456789.*hlLjzt").contains(c); });
        count += 1 + unsigned(middle.count('*'));
        text = text.drop_front(middle.size());
    }
}

} // namespace

PreservedAnalyses PrintfPass::run(Module& module, ModuleAnalysisManager&) {
    Function* vprintf = module.getFunction("vprintf");
    if (!vprintf || !vprintf->isDeclaration()) return PreservedAnalyses::all();
    LLVMContext& context = module.getContext();
    Type* pointer = PointerType::get(context, 0);
    Type* i32 = Type::getInt32Ty(context);
    FunctionCallee target = module.getOrInsertFunction("__acc_printf", i32, pointer, pointer, i32);

    for (User* user : make_early_inc_range(vprintf->users())) {
        auto* call = dyn_cast<CallInst>(user);
        if (!call || call->getCalledOperand() != vprintf) {
            context.diagnose(
                DiagnosticInfoGeneric("the address of vprintf cannot be taken in device code"));
            continue;
        }
        std::optional<Buffer> buffer = find_buffer(call->getArgOperand(1), module.getDataLayout());
        if (!buffer) {
            context.diagnose(DiagnosticInfoUnsupported(
                *call->getFunction(),
                "vprintf with an argument buffer that is not a local variable",
                call->getDebugLoc()));
            buffer = Buffer{};
        }
        if (!buffer->arguments) buffer->arguments = count_arguments(call->getArgOperand(0));
        IRBuilder<> builder(call);
        Value* status = builder.CreateCall(target, {call->getArgOperand(0), call->getArgOperand(1),
                                                    builder.getInt32(unsigned(buffer->bytes))});
        // printf in device code returns the number of arguments.
        Value* result = builder.CreateSelect(builder.CreateICmpSLT(status, builder.getInt32(0)),
                                             status, builder.getInt32(buffer->arguments));
        call->replaceAllUsesWith(result);
        call->eraseFromParent();
    }
    if (vprintf->use_empty()) vprintf->eraseFromParent();
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
