// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/dots.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/IntrinsicsX86.h>

#include <optional>

namespace acc::model::jit {

using namespace llvm;

namespace {

IntrinsicInst* dot_of(llvm::Value* v) {
    auto* call = dyn_cast<IntrinsicInst>(v);
    const bool is = call && (call->getIntrinsicID() == Intrinsic::x86_avx512_vpdpbusd_512 ||
                             call->getIntrinsicID() == Intrinsic::x86_avx512_vpdpbusd_256);
    return is ? call : nullptr;
}

/// A constant is in the sum: it is a correction, not a step.
bool is_correction(llvm::Value* v) {
    const IntrinsicInst* dot = dot_of(v);
    return !dot || llvm::isa<Constant>(dot->getArgOperand(0));
}

class Gatherer {
  public:
    using Hidden = DenseMap<std::pair<llvm::Type*, ConstantInt*>, llvm::Value*>;
    Gatherer(BasicBlock& block, Hidden& hidden)
        : block_(block), ir_(block.getContext()), hidden_(hidden) {}
    void run();

  private:
    llvm::Value* sum(llvm::Value* x, llvm::Value* y);
    void move_behind(IntrinsicInst& dot);
    llvm::Value* hidden(llvm::Type* type, ConstantInt* x);
    void splat_first(IntrinsicInst& dot);

    BasicBlock& block_;
    IRBuilder<> ir_;
    DenseMap<std::pair<llvm::Value*, llvm::Value*>, llvm::Value*> sums_;
    Hidden& hidden_;
    SmallVector<Instruction*, 64> dead_;
};

/// Of an addition: a step, and a correction, if it is of these.
std::optional<std::pair<IntrinsicInst*, llvm::Value*>> corrected(BinaryOperator& added) {
    if (added.getOpcode() != Instruction::Add) return std::nullopt;
    for (unsigned i = 0; i < 2; ++i) {
        llvm::Value *x = added.getOperand(i), *y = added.getOperand(1 - i);
        if (!is_correction(x) && is_correction(y)) return std::pair(dot_of(x), y);
    }
    return std::nullopt;
}

/// Made once: the first who asks comes before the others.
llvm::Value* Gatherer::sum(llvm::Value* x, llvm::Value* y) {
    llvm::Value*& made = sums_[{x, y}];
    if (!made) made = ir_.CreateAdd(x, y);
    return made;
}

/// (x + correction) + product = (x + product) + correction, and so down to the last step.
void Gatherer::move_behind(IntrinsicInst& dot) {
    auto* added = dyn_cast<BinaryOperator>(dot.getArgOperand(0));
    if (!added || added->getParent() != &block_ || !added->hasOneUse()) return;
    const auto before = corrected(*added);
    if (!before) return;
    const auto [step, correction] = *before;
    dot.setArgOperand(0, step);
    dead_.push_back(added);
    // Where the step's own correction is added comes the sum of both.
    auto* own = dot.hasOneUse() ? dyn_cast<BinaryOperator>(*dot.user_begin()) : nullptr;
    if (own && own->getParent() == &block_ && corrected(*own)) {
        llvm::Value* of_own = corrected(*own)->second;
        ir_.SetInsertPoint(own);
        own->setOperand(own->getOperand(0) == of_own ? 0 : 1, sum(correction, of_own));
        own->dropPoisonGeneratingFlags();
        return;
    }
    ir_.SetInsertPoint(dot.getNextNode());
    auto* all = llvm::cast<Instruction>(ir_.CreateAdd(&dot, correction));
    dot.replaceUsesWithIf(all, [&](const Use& use) { return use.getUser() != all; });
}

/// The constant in all lanes, which LLVM does not see to be one: it would change the scalar first.
llvm::Value* Gatherer::hidden(llvm::Type* type, ConstantInt* x) {
    llvm::Value*& made = hidden_[{type, x}];
    if (made) return made;
    IRBuilder<> ir(&*block_.getParent()->getEntryBlock().getFirstInsertionPt());
    llvm::Value* lanes = ConstantVector::getSplat(llvm::cast<VectorType>(type)->getElementCount(),
                                                  x);
    auto* same = InlineAsm::get(FunctionType::get(type, {type}, false), "", "=v,0", false);
    return made = ir.CreateCall(same, lanes);
}

/// The host loads a scalar into all lanes by the way.
void Gatherer::splat_first(IntrinsicInst& dot) {
    for (unsigned i = 1; i < 3; ++i) {
        llvm::Value* v = dot.getArgOperand(i);
        while (auto* cast = dyn_cast<BitCastInst>(v))
            v = cast->getOperand(0);
        auto* splat = dyn_cast<ShuffleVectorInst>(v);
        if (!splat || !splat->isZeroEltSplat()) continue;
        auto* changed = dyn_cast<BinaryOperator>(splat->getOperand(0)); // in the first lane
        if (!changed || changed->getOpcode() != Instruction::Xor) continue;
        auto* insert = dyn_cast<InsertElementInst>(changed->getOperand(0));
        auto* mask = dyn_cast<Constant>(changed->getOperand(1));
        auto* bits = mask ? dyn_cast_or_null<ConstantInt>(mask->getAggregateElement(0u)) : nullptr;
        if (!insert || !bits || !llvm::isa<LoadInst>(insert->getOperand(1))) continue;
        ir_.SetInsertPoint(&dot);
        const unsigned lanes = llvm::cast<FixedVectorType>(splat->getType())->getNumElements();
        llvm::Value* x = ir_.CreateXor(ir_.CreateVectorSplat(lanes, insert->getOperand(1)),
                                       hidden(splat->getType(), bits));
        dot.setArgOperand(i, ir_.CreateBitCast(x, dot.getArgOperand(i)->getType()));
    }
}

void Gatherer::run() {
    SmallVector<IntrinsicInst*, 64> dots;
    for (Instruction& inst : block_)
        if (IntrinsicInst* dot = dot_of(&inst)) dots.push_back(dot);
    for (IntrinsicInst* dot : dots) {
        move_behind(*dot);
        splat_first(*dot);
    }
    for (Instruction* inst : dead_)
        if (inst->use_empty()) inst->eraseFromParent();
}

} // namespace

void gather_corrections(Function& function) {
    Gatherer::Hidden hidden;
    for (BasicBlock& block : function)
        Gatherer(block, hidden).run();
}

} // namespace acc::model::jit
