// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prepares memory accesses for 128-bit instructions: alignments that follow from the code are written on
// loads and stores, where the load-store vectoriser looks for them, and copies of known length between
// 16-byte aligned places become vector accesses (SelectionDAG would use 64 bits, the widest legal scalar).
#include "compiler/target/ACC.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Pass.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace {

/// Longest copy that is unrolled; the front end makes loops of longer ones.
constexpr uint64_t MaxCopyBytes = 128;
constexpr uint64_t PieceBytes = 16;

class ACCWidenMemory : public FunctionPass {
public:
  static char ID;
  ACCWidenMemory() : FunctionPass(ID) {}
  StringRef getPassName() const override { return "ACC wide memory accesses"; }
  bool runOnFunction(Function &F) override;
};

char ACCWidenMemory::ID;

bool raiseAlignment(Instruction &I, const DataLayout &DL) {
  Value *Pointer = getLoadStorePointerOperand(&I);
  Align Known = getKnownAlignment(Pointer, DL, &I);
  if (Known <= getLoadStoreAlignment(&I))
    return false;
  if (auto *Load = dyn_cast<LoadInst>(&I))
    Load->setAlignment(Known);
  else
    cast<StoreInst>(I).setAlignment(Known);
  return true;
}

/// Loads all pieces, then stores them, so that overlapping places (memmove) are copied rightly. False when
/// the copy is not one of whole pieces.
bool expandCopy(MemTransferInst &Copy, const DataLayout &DL) {
  auto *Length = dyn_cast<ConstantInt>(Copy.getLength());
  if (!Length || Copy.isVolatile() || Length->getZExtValue() > MaxCopyBytes ||
      Length->getZExtValue() % PieceBytes != 0 || Length->isZero())
    return false;
  if (getKnownAlignment(Copy.getRawDest(), DL, &Copy) < PieceBytes &&
      Copy.getDestAlign().valueOrOne() < PieceBytes)
    return false;
  if (getKnownAlignment(Copy.getRawSource(), DL, &Copy) < PieceBytes &&
      Copy.getSourceAlign().valueOrOne() < PieceBytes)
    return false;
  IRBuilder<> B(&Copy);
  auto *Piece = FixedVectorType::get(B.getInt32Ty(), 4);
  auto Address = [&](Value *Base, uint64_t Offset) {
    return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Base, Offset);
  };
  SmallVector<Value *, 8> Values;
  for (uint64_t At = 0; At < Length->getZExtValue(); At += PieceBytes)
    Values.push_back(B.CreateAlignedLoad(Piece, Address(Copy.getRawSource(), At), Align(PieceBytes)));
  for (auto [Index, Value] : enumerate(Values))
    B.CreateAlignedStore(Value, Address(Copy.getRawDest(), Index * PieceBytes), Align(PieceBytes));
  return true;
}

} // namespace

bool ACCWidenMemory::runOnFunction(Function &F) {
  const DataLayout &DL = F.getDataLayout();
  bool Changed = false;
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    if (isa<LoadInst>(I) || isa<StoreInst>(I)) {
      Changed |= raiseAlignment(I, DL);
    } else if (auto *Copy = dyn_cast<MemTransferInst>(&I); Copy && expandCopy(*Copy, DL)) {
      Copy->eraseFromParent();
      Changed = true;
    }
  }
  return Changed;
}

FunctionPass *llvm::createACCWidenMemoryPass() { return new ACCWidenMemory(); }
