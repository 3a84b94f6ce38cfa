// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Selection looks at one block at a time, and adds base + (index << scale) + offset up in the access only
// when it sees how the pointer was made. Pointers and extended indices from other blocks are made again next
// to the access; so are the places of structures that a kernel has been passed.
#include "compiler/target/ACC.h"
#include "compiler/target/ACCAddressSum.h"
#include "compiler/target/ACCMachineFunctionInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Pass.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace {

/// The operand of a memory access that is its address.
Use *addressOf(Instruction &I) {
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return &Load->getOperandUse(LoadInst::getPointerOperandIndex());
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return &Store->getOperandUse(StoreInst::getPointerOperandIndex());
  if (auto *RMW = dyn_cast<AtomicRMWInst>(&I))
    return &RMW->getOperandUse(AtomicRMWInst::getPointerOperandIndex());
  if (auto *CAS = dyn_cast<AtomicCmpXchgInst>(&I))
    return &CAS->getOperandUse(AtomicCmpXchgInst::getPointerOperandIndex());
  return nullptr;
}

class ACCSinkAddresses : public FunctionPass {
public:
  static char ID;
  ACCSinkAddresses() : FunctionPass(ID) {}
  StringRef getPassName() const override { return "ACC addresses next to their accesses"; }
  void getAnalysisUsage(AnalysisUsage &AU) const override {
    AU.addRequired<LoopInfoWrapperPass>();
    AU.setPreservesCFG();
  }
  bool runOnFunction(Function &F) override;

private:
  bool placeParameters(Function &F);
  Value *near(Value *Pointer, Instruction &At);
  bool isFree(const GEPOperator &GEP, Instruction *&Ext) const;
  bool onlyAddresses(const Instruction &Pointer) const;

  const DataLayout *DL = nullptr;
  LoopInfo *LI = nullptr;
  DenseMap<Value *, Value *> Here; ///< copies that this block has
};

char ACCSinkAddresses::ID;

} // namespace

/// Structures lie in the buffer of the parameters: its address and a distance, which accesses add up, are
/// cheaper than a pointer to each.
bool ACCSinkAddresses::placeParameters(Function &F) {
  if (!isACCKernel(F))
    return false;
  SmallVector<uint64_t> Offsets = getACCKernelArgOffsets(F);
  IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
  Value *Buffer = nullptr;
  SmallVector<Instruction *> Replaced; // erased at the end: one may be where the builder inserts
  for (Argument &Arg : F.args()) {
    if (!Arg.hasByValAttr() || !Offsets[Arg.getArgNo()])
      continue;
    for (User *U : Arg.users()) {
      auto *Cast = dyn_cast<AddrSpaceCastInst>(U);
      if (!Cast || Cast->getDestAddressSpace() != ACCAS::Constant)
        continue;
      if (!Buffer) {
        FunctionCallee Register = F.getParent()->getOrInsertFunction("__acc_sr_kernarg", B.getInt64Ty());
        Buffer = B.CreateIntToPtr(B.CreateCall(Register), Cast->getType());
      }
      Cast->replaceAllUsesWith(B.CreateGEP(B.getInt8Ty(), Buffer, B.getInt64(Offsets[Arg.getArgNo()])));
      Replaced.push_back(Cast);
    }
  }
  for (Instruction *Cast : Replaced)
    Cast->eraseFromParent();
  return Buffer;
}

/// Does the access add it up by itself? \p Ext is the extension of its index, if it has one.
bool ACCSinkAddresses::isFree(const GEPOperator &GEP, Instruction *&Ext) const {
  unsigned Bits = DL->getIndexTypeSizeInBits(GEP.getType());
  SmallMapVector<Value *, APInt, 4> Variable;
  APInt Constant(Bits, 0);
  if (!GEP.collectOffset(*DL, Bits, Variable, Constant) || !Constant.isSignedIntN(32) || Variable.size() > 1)
    return false;
  if (Variable.empty())
    return true;
  auto &[Index, Factor] = Variable.front();
  Ext = getACCExtension(Index);
  return Ext && isACCScale(Factor.getSExtValue());
}

/// Is the pointer needed for accesses alone, perhaps at a distance, none of them in a deeper loop?
bool ACCSinkAddresses::onlyAddresses(const Instruction &Pointer) const {
  unsigned Depth = LI->getLoopDepth(Pointer.getParent());
  return all_of(Pointer.uses(), [&](const Use &U) {
    auto *User = cast<Instruction>(U.getUser());
    if (auto *GEP = dyn_cast<GetElementPtrInst>(User))
      return GEP->hasAllConstantIndices() && onlyAddresses(*GEP);
    return addressOf(*User) == &U && LI->getLoopDepth(User->getParent()) <= Depth;
  });
}

/// The pointer, made in At's block of parts that selection sees there; itself when it is so already or had
/// better stay.
Value *ACCSinkAddresses::near(Value *Pointer, Instruction &At) {
  if (Value *Copy = Here.lookup(Pointer))
    return Copy;
  auto *GEP = dyn_cast<GetElementPtrInst>(Pointer);
  Instruction *Ext = nullptr;
  if (!GEP || !isFree(*cast<GEPOperator>(GEP), Ext))
    return Pointer;
  bool Elsewhere = GEP->getParent() != At.getParent();
  if (Elsewhere && Ext && !onlyAddresses(*GEP))
    return Pointer;
  Value *Base = Ext ? GEP->getPointerOperand() : near(GEP->getPointerOperand(), At);
  bool ExtElsewhere = Ext && Ext->getParent() != At.getParent();
  if (!Elsewhere && !ExtElsewhere && Base == GEP->getPointerOperand())
    return Pointer;
  Instruction *Copy = GEP->clone();
  Copy->setOperand(GetElementPtrInst::getPointerOperandIndex(), Base);
  if (ExtElsewhere) {
    Instruction *Index = Ext->clone();
    Index->insertBefore(At.getIterator());
    Copy->replaceUsesOfWith(Ext, Index);
  }
  Copy->insertBefore(At.getIterator());
  return Here[Pointer] = Copy;
}

/// Ways that come together with the same computation, of the same operands, need not carry its result: it is
/// made where they meet. (Stores from both sides of a condition that were merged leave their index so.) The
/// operands are there: what dominates every predecessor dominates the block.
static bool meetWithOperands(Function &F) {
  bool Changed = false;
  for (BasicBlock &BB : F)
    for (PHINode &Phi : make_early_inc_range(BB.phis())) {
      auto *First = dyn_cast<Instruction>(Phi.getIncomingValue(0));
      if (!First || Phi.getNumIncomingValues() < 2 || BB.getFirstInsertionPt() == BB.end() ||
          !(isa<CastInst>(First) || isa<BinaryOperator>(First) || isa<GetElementPtrInst>(First)))
        continue;
      auto IsSame = [&](const Use &U) {
        auto *Other = dyn_cast<Instruction>(U);
        return Other && (Other == First || Other->isIdenticalToWhenDefined(First));
      };
      if (!all_of(Phi.incoming_values(), IsSame) || !isSafeToSpeculativelyExecute(First))
        continue;
      Instruction *Here = First->clone();
      Here->dropPoisonGeneratingFlags(); // each way has its own
      Here->insertBefore(BB.getFirstInsertionPt());
      Phi.replaceAllUsesWith(Here);
      SmallVector<WeakTrackingVH, 4> Ways(Phi.incoming_values());
      Phi.eraseFromParent();
      RecursivelyDeleteTriviallyDeadInstructionsPermissive(Ways);
      Changed = true;
    }
  return Changed;
}

bool ACCSinkAddresses::runOnFunction(Function &F) {
  DL = &F.getDataLayout();
  LI = &getAnalysis<LoopInfoWrapperPass>().getLoopInfo();
  bool Changed = placeParameters(F);
  Changed |= meetWithOperands(F);
  SmallVector<WeakTrackingVH, 16> Old;
  for (BasicBlock &BB : F) {
    Here.clear();
    for (Instruction &I : make_early_inc_range(BB))
      if (Use *Address = addressOf(I)) {
        Value *Pointer = *Address, *Near = near(Pointer, I);
        if (Near == Pointer)
          continue;
        Address->set(Near);
        Old.push_back(Pointer);
        Changed = true;
      }
  }
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(Old);
  return Changed;
}

FunctionPass *llvm::createACCSinkAddressesPass() { return new ACCSinkAddresses(); }
