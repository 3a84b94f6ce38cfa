// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr uint64_t kInlineBytes = 128; ///< the backend expands up to this; see README.md

bool stays(const MemIntrinsic& intrinsic) {
    auto* length = dyn_cast<ConstantInt>(intrinsic.getLength());
    return length && length->getValue().ule(kInlineBytes);
}

/// One expansion: `length` bytes in steps of the widest access that both alignments allow, then
/// byte by byte.
class Expander {
  public:
    explicit Expander(MemIntrinsic& intrinsic)
        : intrinsic_(intrinsic), builder_(&intrinsic), index_type_(builder_.getInt64Ty()),
          length_(builder_.CreateZExtOrTrunc(intrinsic.getLength(), index_type_)),
          target_(intrinsic.getDest()), align_(intrinsic.getDestAlign().valueOrOne()),
          is_volatile_(intrinsic.isVolatile()) {
        if (auto* transfer = dyn_cast<MemTransferInst>(&intrinsic)) {
            source_ = transfer->getSource();
            align_ = std::min(align_, transfer->getSourceAlign().valueOrOne());
        }
    }

    void run() {
        if (isa<MemMoveInst>(intrinsic_))
            move();
        else
            forward(&intrinsic_);
        intrinsic_.eraseFromParent();
    }

  private:
    Type* wide_type() {
        LLVMContext& context = intrinsic_.getContext();
        if (align_ >= Align(16)) return FixedVectorType::get(Type::getInt32Ty(context), 4);
        if (align_ >= Align(8)) return Type::getInt64Ty(context);
        if (align_ >= Align(4)) return Type::getInt32Ty(context);
        return Type::getInt8Ty(context);
    }

    uint64_t bytes(Type* type) { return type->getPrimitiveSizeInBits() / 8; }

    /// The fill byte, repeated over `type`.
    Value* fill(IRBuilder<>& builder, Type* type) {
        Value* byte = cast<MemSetInst>(intrinsic_).getValue();
        if (type->isIntegerTy(8)) return byte;
        Type* element = type->getScalarType();
        Value* repeated = builder.CreateMul(builder.CreateZExt(byte, element),
                                            ConstantInt::get(element, element->isIntegerTy(64)
                                                                          ? 0x0101010101010101ull
                                                                          : 0x01010101ull));
        return type->isVectorTy() ? builder.CreateVectorSplat(4, repeated) : repeated;
    }

    /// target[offset] = source[offset] (or the fill value), offset in bytes.
    void element(IRBuilder<>& builder, Type* type, Value* offset, Value* filler) {
        Align align = std::min(align_, Align(bytes(type)));
        Value* value = filler;
        if (source_)
            value = builder.CreateAlignedLoad(
                type, builder.CreateInBoundsGEP(builder.getInt8Ty(), source_, offset), align,
                is_volatile_);
        builder.CreateAlignedStore(value,
                                   builder.CreateInBoundsGEP(builder.getInt8Ty(), target_, offset),
                                   align, is_volatile_);
    }

    /// for (offset = from; offset != to; offset += step) — the caller guarantees that to - from is
    /// a multiple of step.
    void loop(Instruction* before, Type* type, Value* from, Value* to, bool backward = false) {
        BasicBlock* head = before->getParent();
        BasicBlock* tail = SplitBlock(head, before);
        BasicBlock* body = BasicBlock::Create(before->getContext(), "copy", head->getParent(),
                                              tail);
        IRBuilder<> entry(head->getTerminator());
        Value* filler = source_ ? nullptr : fill(entry, type);
        entry.CreateCondBr(entry.CreateICmpNE(from, to), body, tail);
        head->getTerminator()->eraseFromParent();
        IRBuilder<> builder(body);
        builder.SetCurrentDebugLocation(intrinsic_.getDebugLoc());
        PHINode* offset = builder.CreatePHI(index_type_, 2);
        offset->addIncoming(from, head);
        Value* step = ConstantInt::get(index_type_, bytes(type));
        Value* next = backward ? builder.CreateSub(offset, step) : builder.CreateAdd(offset, step);
        element(builder, type, backward ? next : offset, filler);
        offset->addIncoming(next, body);
        builder.CreateCondBr(builder.CreateICmpNE(next, to), body, tail);
    }

    void forward(Instruction* before) {
        Type* wide = wide_type();
        IRBuilder<> builder(before);
        Value* zero = ConstantInt::get(index_type_, 0);
        Value* whole = builder.CreateAnd(length_, ~(bytes(wide) - 1));
        loop(before, wide, zero, whole);
        if (bytes(wide) > 1) loop(before, builder.getInt8Ty(), whole, length_);
    }

    void backward(Instruction* before) {
        Type* wide = wide_type();
        IRBuilder<> builder(before);
        Value* whole = builder.CreateAnd(length_, ~(bytes(wide) - 1));
        if (bytes(wide) > 1) loop(before, builder.getInt8Ty(), length_, whole, true);
        loop(before, wide, whole, ConstantInt::get(index_type_, 0), true);
    }

    /// Overlapping ranges: copy away from the overlap. Different known address spaces cannot
    /// overlap.
    void move() {
        unsigned a = target_->getType()->getPointerAddressSpace(),
                 b = source_->getType()->getPointerAddressSpace();
        if (a != b && a != 0 && b != 0) {
            forward(&intrinsic_);
            return;
        }
        Value* target = target_;
        Value* source = source_;
        if (a != 0 && b == 0) target = builder_.CreateAddrSpaceCast(target, source->getType());
        if (b != 0 && a == 0) source = builder_.CreateAddrSpaceCast(source, target->getType());
        Value* down = builder_.CreateICmpULE(target, source);
        Instruction *then_end, *else_end;
        SplitBlockAndInsertIfThenElse(down, &intrinsic_, &then_end, &else_end);
        forward(then_end);
        backward(else_end);
    }

    MemIntrinsic& intrinsic_;
    IRBuilder<> builder_;
    Type* index_type_;
    Value* length_;
    Value* target_;
    Value* source_ = nullptr; ///< null for memset
    Align align_;
    bool is_volatile_;
};

} // namespace

PreservedAnalyses MemoryIntrinsicsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module) {
        if (function.isDeclaration()) continue;
        SmallVector<MemIntrinsic*> work;
        for (Instruction& instruction : instructions(function))
            if (auto* intrinsic = dyn_cast<MemIntrinsic>(&instruction);
                intrinsic && !stays(*intrinsic))
                work.push_back(intrinsic);
        for (MemIntrinsic* intrinsic : work)
            Expander(*intrinsic).run();
    }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
