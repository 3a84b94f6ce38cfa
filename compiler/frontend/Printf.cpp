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

/// What a format wants, as far as it is known here: the arguments, and which 8-byte words of the
/// buffer are strings. (The buffers of PTX modules do not tell; nor are their formats constants.)
struct Wanted {
    unsigned arguments = 0;
    uint64_t strings = 0;
};

Wanted read_format(const Value* format) {
    Wanted wanted;
    auto* global = dyn_cast<GlobalVariable>(format->stripPointerCasts());
    auto* data = global && global->hasInitializer()
                     ? dyn_cast<ConstantDataSequential>(global->getInitializer())
                     : nullptr;
    if (!data || !data->isString()) return wanted;
    StringRef text = data->getAsString().take_until([](char c) { return c == 0; });
    uint64_t at = 0; // bytes of the buffer
    bool certain = true;
    const auto take = [&](uint64_t bytes) {
        at = alignTo(at, bytes) + bytes;
        ++wanted.arguments;
    };
    while (true) {
        text = text.drop_until([](char c) { return c == '%'; }).drop_front(text.contains('%'));
        if (text.empty()) return wanted;
        if (text.consume_front("%")) continue;
        StringRef middle = text.take_while(
            [](char c) { return StringRef("-+ #0123456789.*hlLqjzt").contains(c); });
        for (size_t stars = middle.count('*'); stars; --stars)
            take(4);
        text = text.drop_front(middle.size());
        const char letter = text.empty() ? '\0' : text.front();
        const bool narrow = letter == 'c' || (StringRef("dioxXu").contains(letter) &&
                                              middle.find_first_of("lLqjzt") == StringRef::npos);
        // Behind what is no conversion nothing is certain.
        if (letter == '\0' || !StringRef("dioxXuceEfFgGaAsp").contains(letter)) certain = false;
        take(narrow ? 4 : 8);
        if (certain && letter == 's' && at / 8 <= 64) wanted.strings |= uint64_t(1) << (at / 8 - 1);
    }
}

} // namespace

PreservedAnalyses PrintfPass::run(Module& module, ModuleAnalysisManager&) {
    Function* vprintf = module.getFunction("vprintf");
    if (!vprintf || !vprintf->isDeclaration()) return PreservedAnalyses::all();
    LLVMContext& context = module.getContext();
    Type* pointer = PointerType::get(context, 0);
    Type* i32 = Type::getInt32Ty(context);
    Type* i64 = Type::getInt64Ty(context);
    FunctionCallee target = module.getOrInsertFunction("__acc_printf", i32, pointer, pointer, i32);
    const auto with_strings = [&] {
        return module.getOrInsertFunction("__acc_printf_strings", i32, pointer, pointer, i32, i64);
    };

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
        const Wanted wanted = read_format(call->getArgOperand(0));
        if (!buffer->arguments) buffer->arguments = wanted.arguments;
        IRBuilder<> builder(call);
        SmallVector<Value*, 4> arguments = {call->getArgOperand(0), call->getArgOperand(1),
                                            builder.getInt32(unsigned(buffer->bytes))};
        // Of no more words than there are.
        const uint64_t strings = buffer->bytes >= 512
                                     ? wanted.strings
                                     : wanted.strings & ((uint64_t(1) << buffer->bytes / 8) - 1);
        if (strings) arguments.push_back(builder.getInt64(strings));
        Value* status = builder.CreateCall(strings ? with_strings() : target, arguments);
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
