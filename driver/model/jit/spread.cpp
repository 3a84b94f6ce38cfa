// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/spread.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

namespace acc::model::jit {

using namespace llvm;

namespace {

class Spreader {
  public:
    explicit Spreader(Function& function) : function_(function), ir_(function.getContext()) {}
    void run();

  private:
    bool gather(IntrinsicInst& inst);
    bool scatter(IntrinsicInst& inst);
    bool load(IntrinsicInst& inst);
    bool store(IntrinsicInst& inst);
    void lanes_of(BitCastInst& inst);
    llvm::Value* places(llvm::Value* all, llvm::Value* mask);
    llvm::Value* row(llvm::Value* base, FixedVectorType* elements);
    void gather_from(IntrinsicInst& inst, llvm::Value* places, Align align, llvm::Value* mask,
                     llvm::Value* otherwise);
    AllocaInst* nowhere();

    Function& function_;
    IRBuilder<> ir_;
    AllocaInst* nowhere_ = nullptr;
};

/// LLVM makes no branches of a mask that it knows.
bool is_known(llvm::Value* mask) {
    return llvm::isa<Constant>(mask);
}

/// The host has masked loads and stores of such elements (AVX).
bool has_host(llvm::Type* vector) {
    return vector->getScalarSizeInBits() >= 32;
}

Constant* all_lanes(llvm::Value* mask) {
    return Constant::getAllOnesValue(mask->getType());
}

/// Where lanes are that take no part: room for an element, that nobody looks at.
AllocaInst* Spreader::nowhere() {
    if (!nowhere_) {
        IRBuilder<>::InsertPointGuard guard(ir_);
        BasicBlock& entry = function_.getEntryBlock();
        ir_.SetInsertPoint(&entry, entry.begin());
        nowhere_ = ir_.CreateAlloca(ir_.getInt64Ty());
        nowhere_->setAlignment(Align(16));
    }
    return nowhere_;
}

llvm::Value* Spreader::places(llvm::Value* all, llvm::Value* mask) {
    const auto lanes = cast<FixedVectorType>(all->getType())->getNumElements();
    return ir_.CreateSelect(mask, all, ir_.CreateVectorSplat(lanes, nowhere()));
}

/// Addresses of elements that lie one after the other.
llvm::Value* Spreader::row(llvm::Value* base, FixedVectorType* elements) {
    SmallVector<Constant*, 32> lanes;
    for (unsigned l = 0; l < elements->getNumElements(); ++l)
        lanes.push_back(ir_.getInt64(l));
    return ir_.CreateGEP(elements->getElementType(), base, ConstantVector::get(lanes));
}

void Spreader::gather_from(IntrinsicInst& inst, llvm::Value* all, Align align, llvm::Value* mask,
                           llvm::Value* otherwise) {
    llvm::Value* x = ir_.CreateMaskedGather(inst.getType(), places(all, mask), align,
                                            all_lanes(mask), PoisonValue::get(inst.getType()));
    if (!llvm::isa<UndefValue>(otherwise)) x = ir_.CreateSelect(mask, x, otherwise);
    inst.replaceAllUsesWith(x);
}

bool Spreader::gather(IntrinsicInst& inst) {
    llvm::Value* mask = inst.getArgOperand(1);
    if (is_known(mask)) return false;
    gather_from(inst, inst.getArgOperand(0), inst.getParamAlign(0).valueOrOne(), mask,
                inst.getArgOperand(2));
    return true;
}

bool Spreader::scatter(IntrinsicInst& inst) {
    llvm::Value* mask = inst.getArgOperand(2);
    if (is_known(mask)) return false;
    ir_.CreateMaskedScatter(inst.getArgOperand(0), places(inst.getArgOperand(1), mask),
                            inst.getParamAlign(1).valueOrOne(), all_lanes(mask));
    return true;
}

bool Spreader::load(IntrinsicInst& inst) {
    llvm::Value* mask = inst.getArgOperand(1);
    if (is_known(mask) || has_host(inst.getType())) return false;
    auto* type = cast<FixedVectorType>(inst.getType());
    gather_from(inst, row(inst.getArgOperand(0), type), Align(1), mask, inst.getArgOperand(2));
    return true;
}

bool Spreader::store(IntrinsicInst& inst) {
    llvm::Value *x = inst.getArgOperand(0), *mask = inst.getArgOperand(2);
    if (is_known(mask) || has_host(x->getType())) return false;
    auto* type = cast<FixedVectorType>(x->getType());
    ir_.CreateMaskedScatter(x, places(row(inst.getArgOperand(1), type), mask), Align(1),
                            all_lanes(mask));
    return true;
}

/// A mask of an integer's bits: each lane looks at its own, in a vector of the host. LLVM would
/// take the bits out and put them into lanes one by one.
void Spreader::lanes_of(BitCastInst& inst) {
    llvm::Type* bits = inst.getSrcTy();
    auto* mask = dyn_cast<FixedVectorType>(inst.getDestTy());
    constexpr unsigned kLeast = 4, kMost = 32;
    if (!mask || !bits->isIntegerTy() || mask->getScalarSizeInBits() != 1 ||
        llvm::isa<Constant>(inst.getOperand(0)) || mask->getNumElements() < kLeast ||
        mask->getNumElements() > kMost)
        return;
    SmallVector<Constant*, kMost> own;
    for (unsigned l = 0; l < mask->getNumElements(); ++l)
        own.push_back(ir_.getInt32(1u << l));
    Constant* each = ConstantVector::get(own);
    ir_.SetInsertPoint(&inst);
    llvm::Value* all = ir_.CreateVectorSplat(mask->getNumElements(),
                                             ir_.CreateZExt(inst.getOperand(0), ir_.getInt32Ty()));
    inst.replaceAllUsesWith(ir_.CreateICmpEQ(ir_.CreateAnd(all, each), each));
    inst.eraseFromParent();
}

void Spreader::run() {
    SmallVector<IntrinsicInst*, 64> work;
    SmallVector<BitCastInst*, 16> masks;
    for (Instruction& inst : instructions(function_)) {
        if (auto* call = dyn_cast<IntrinsicInst>(&inst)) work.push_back(call);
        if (auto* cast = dyn_cast<BitCastInst>(&inst)) masks.push_back(cast);
    }
    for (IntrinsicInst* inst : work) {
        ir_.SetInsertPoint(inst);
        bool done = false;
        switch (inst->getIntrinsicID()) {
        case Intrinsic::masked_gather: done = gather(*inst); break;
        case Intrinsic::masked_scatter: done = scatter(*inst); break;
        case Intrinsic::masked_load: done = load(*inst); break;
        case Intrinsic::masked_store: done = store(*inst); break;
        default: break;
        }
        if (done) inst->eraseFromParent();
    }
    for (BitCastInst* inst : masks)
        lanes_of(*inst);
}

} // namespace

void spread_lanes(Function& function) {
    Spreader(function).run();
}

} // namespace acc::model::jit
