// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses in innermost loops. The machine adds an address up by itself: 64-bit base + (32-bit index <<
// scale) + offset. What a program writes as one index, a[row * n + i], is taken apart into what the loop does
// not change, which becomes a base in front of the loop, and the rest:
//
//   one word                        the index itself: no instruction is left                (rebase)
//   the same rest in several        one of their indices serves all; the others differ
//   accesses                        from it by what does not change, so by their bases      (share)
//   the same, where words may wrap  the others' indices are additions to it                 (derive)
//   64-bit arithmetic that steps    a pointer that is advanced once an iteration            (advance)
//
// The sums are exact: an extension of a sum is the sum of the extensions where the narrow one cannot
// overflow, and 64-bit arithmetic is that of addresses.
#include "compiler/target/ACC.h"
#include "compiler/target/ACCAddressSum.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Pass.h"
#include "llvm/Transforms/Utils.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace {

/// Bases and pointers that a loop may get: each takes two registers all the time.
constexpr unsigned MaxNew = 10;
/// A loop that carries more words than this from iteration to iteration has no registers to spare.
constexpr unsigned MaxCarried = 32;

struct Access {
  Instruction *I;
  Value *Old; ///< its pointer as it was
  Value *Base;
  ACCSum Fixed;    ///< what the loop does not change
  ACCSum Changing; ///< the rest; the constant is in Offset
  int64_t Offset;
  Value *Index =
      nullptr; ///< the one 32-bit value in the loop that is extended and scaled to the changing part
  bool Signed = false;
  unsigned Scale = 0;
  bool Done = false;
};

class LoopRewriter {
public:
  LoopRewriter(Loop &L, ScalarEvolution &SE, DominatorTree &DT)
      : L(L), SE(SE), DT(DT), DL(L.getHeader()->getDataLayout()),
        Before(L.getLoopPreheader()->getTerminator()) {}
  bool run();

private:
  void collect();
  void look(Instruction &I);
  bool rebase();
  bool share();
  bool shareOne(ArrayRef<Access *> Group);
  bool derive();
  unsigned costOf(const Value *V) const;
  bool holdsAt(const Access &A, const BasicBlock *BB) const;
  bool advance();
  Value *baseOf(Value *Base, const ACCSum &Fixed);
  void address(Access &A, Value *Pointer, int64_t Offset, IRBuilder<> &B);
  void indexed(Access &A, const Access &Anchor, Value *Base, int64_t Offset);
  bool canAdd(unsigned Count) const { return Added + Count <= MaxNew; }

  Loop &L;
  ScalarEvolution &SE;
  DominatorTree &DT;
  const DataLayout &DL;
  Instruction *Before;
  ACCLeaves Leaves;
  std::vector<Access> Accesses;
  std::map<std::pair<Value *, ACCSum>, Value *> Bases;
  unsigned Added = 0;
};

/// Adds up the pointer of an access; it is kept when its parts can be told apart.
void LoopRewriter::look(Instruction &I) {
  Value *Pointer = getLoadStorePointerOperand(&I);
  if (!Pointer || DL.getIndexTypeSizeInBits(Pointer->getType()) != 64 || L.isLoopInvariant(Pointer))
    return;
  ACCSumBuilder Builder(L, SE, Leaves);
  ACCSum Sum;
  Access A{&I, Pointer, Pointer, {}, {}, 0};
  unsigned Changing = 0; // indices
  while (auto *GEP = dyn_cast<GEPOperator>(A.Base)) {
    if (L.isLoopInvariant(GEP) && !GEP->hasAllConstantIndices())
      break;
    SmallMapVector<Value *, APInt, 4> Variable;
    APInt Constant(64, 0);
    if (!GEP->collectOffset(DL, 64, Variable, Constant))
      return;
    Sum.Constant += Constant.getSExtValue();
    for (auto &[Index, Factor] : Variable) {
      if (!Index->getType()->isIntegerTy(64))
        return;
      Sum.add(Builder.build(Index), Factor.getSExtValue());
      if (L.isLoopInvariant(Index))
        continue;
      // The index of the address when nothing else changes.
      CastInst *Ext = getACCExtension(Index);
      bool Fits = !Changing++ && Ext && isACCScale(Factor.getSExtValue());
      A.Index = Fits ? Ext->getOperand(0) : nullptr;
      A.Signed = isa_and_present<SExtInst>(Ext) || (Fits && cast<ZExtInst>(Ext)->hasNonNeg());
      A.Scale = Factor.getSExtValue();
    }
    A.Base = GEP->getPointerOperand();
  }
  if (!L.isLoopInvariant(A.Base))
    return;
  A.Offset = Sum.Constant;
  for (auto &[Term, Factor] : Sum.Terms)
    (Leaves.isFixed(Term, L) ? A.Fixed : A.Changing).Terms[Term] = Factor;
  if (!A.Changing.Terms.empty() && isInt<32>(A.Offset))
    Accesses.push_back(std::move(A));
}

void LoopRewriter::collect() {
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      if (isa<LoadInst>(I) || isa<StoreInst>(I))
        look(I);
}

/// Base + Fixed, computed in front of the loop.
Value *LoopRewriter::baseOf(Value *Base, const ACCSum &Fixed) {
  if (Fixed.Terms.empty() && !Fixed.Constant)
    return Base;
  Value *&Place = Bases[{Base, Fixed}];
  if (!Place) {
    IRBuilder<> B(Before);
    Place = B.CreateGEP(B.getInt8Ty(), Base, Leaves.expand(Fixed, B.getInt64Ty(), B));
    ++Added;
  }
  return Place;
}

void LoopRewriter::address(Access &A, Value *Pointer, int64_t Offset, IRBuilder<> &B) {
  if (Offset)
    Pointer = B.CreateGEP(B.getInt8Ty(), Pointer, B.getInt64(Offset));
  // What has computed the old pointer stays for now: others' indices may be in it.
  A.I->setOperand(
      isa<LoadInst>(A.I) ? LoadInst::getPointerOperandIndex() : StoreInst::getPointerOperandIndex(), Pointer);
  A.Done = true;
}

/// [Base + (the anchor's index << scale) + Offset], next to the access, where selection finds it whole.
void LoopRewriter::indexed(Access &A, const Access &Anchor, Value *Base, int64_t Offset) {
  IRBuilder<> B(A.I);
  Value *Wide =
      Anchor.Signed ? B.CreateSExt(Anchor.Index, B.getInt64Ty()) : B.CreateZExt(Anchor.Index, B.getInt64Ty());
  address(A, B.CreateGEP(B.getIntNTy(8 * Anchor.Scale), Base, Wide), Offset, B);
}

bool LoopRewriter::rebase() {
  bool Changed = false;
  for (Access &A : Accesses) {
    if (A.Changing.Terms.size() != 1 || A.Fixed.Terms.empty())
      continue;
    auto &[Term, Factor] = *A.Changing.Terms.begin();
    const ACCLeaf *Leaf = Term.size() == 1 ? &Leaves[Term[0]] : nullptr;
    if (!Leaf || Leaf->Kind == ACCLeaf::Whole || !isACCScale(Factor) ||
        (!Bases.count({A.Base, A.Fixed}) && !canAdd(1)))
      continue;
    Access Anchor = A;
    Anchor.Index = Leaf->V;
    Anchor.Signed = Leaf->Kind == ACCLeaf::Signed;
    Anchor.Scale = Factor;
    indexed(A, Anchor, baseOf(A.Base, A.Fixed), A.Offset);
    Changed = true;
  }
  return Changed;
}

/// Where A's access runs its index has not overflowed: only there others may be told from it.
bool LoopRewriter::holdsAt(const Access &A, const BasicBlock *BB) const {
  return DT.dominates(A.I->getParent(), BB);
}

/// Accesses with the same changing part, one of which has its index in a word.
bool LoopRewriter::shareOne(ArrayRef<Access *> Group) {
  const Access *Anchor = nullptr;
  for (const Access *A : Group) {
    auto *Index = dyn_cast_or_null<Instruction>(A->Index);
    if (Index && all_of(Group, [&](const Access *Other) {
          return DT.dominates(Index, Other->I) && holdsAt(*A, Other->I->getParent());
        })) {
      Anchor = A;
      break;
    }
  }
  if (!Anchor)
    return false;
  ACCSumBuilder Builder(L, SE, Leaves);
  // What of the anchor's own address is its index; the rest of it stays with its base.
  ACCSum Index;
  Index.add(Builder.buildExtended(Anchor->Index, Anchor->Signed), Anchor->Scale);
  auto FixedWithout = [&](const Access &A) {
    ACCSum Sum = A.Fixed;
    for (auto &[Term, Factor] : Index.Terms)
      if (Leaves.isFixed(Term, L))
        Sum.addTerm(Term, -Factor);
    return Sum;
  };
  std::set<std::pair<Value *, ACCSum>> Needed, Indices;
  for (const Access *A : Group) {
    ACCSum Sum = FixedWithout(*A);
    Indices.insert({nullptr, Sum});
    if (!Sum.Terms.empty() && !Bases.count({A->Base, Sum}))
      Needed.insert({A->Base, Sum});
  }
  if (Indices.size() < 2 || !canAdd(Needed.size()))
    return false;
  Access Copy = *Anchor;
  for (Access *A : Group)
    indexed(*A, Copy, baseOf(A->Base, FixedWithout(*A)), A->Offset - Index.Constant);
  return true;
}

bool LoopRewriter::share() {
  std::map<ACCSum, SmallVector<Access *, 8>> Groups;
  std::vector<const ACCSum *> Order;
  for (Access &A : Accesses)
    if (!A.Done) {
      auto [Place, New] = Groups.try_emplace(A.Changing);
      Place->second.push_back(&A);
      if (New)
        Order.push_back(&Place->first);
    }
  bool Changed = false;
  for (const ACCSum *Sum : Order)
    if (Groups[*Sum].size() > 1)
      Changed |= shareOne(Groups[*Sum]);
  return Changed;
}

/// Instructions of the loop that compute V and nothing else.
unsigned LoopRewriter::costOf(const Value *V) const {
  auto *I = dyn_cast<BinaryOperator>(V);
  if (!I || !L.contains(I))
    return 0;
  unsigned Cost = 1;
  for (const Value *Operand : I->operands())
    if (Operand->hasOneUse()) {
      Cost += costOf(Operand);
      // A product with an addition is one instruction.
      auto *Product = dyn_cast<BinaryOperator>(Operand);
      Cost -= I->getOpcode() == Instruction::Add && Product && L.contains(Product) &&
              Product->getOpcode() == Instruction::Mul;
    }
  return Cost;
}

/// Indices modulo 2^32 that differ from another one by what the loop does not change, and cost more than to
/// add that.
bool LoopRewriter::derive() {
  ACCSumBuilder Builder(L, SE, Leaves);
  struct Word {
    Instruction *I;
    const Access *A;
    ACCSum Fixed;
  };
  std::map<ACCSum, Word> Firsts;
  SmallPtrSet<Value *, 16> Seen;
  bool Changed = false;
  for (Access &A : Accesses) {
    auto *Index = dyn_cast_or_null<Instruction>(A.Index);
    if (A.Done || !Index || !Seen.insert(Index).second)
      continue;
    ACCSum Sum = Builder.buildWord(Index), Fixed, Changing;
    Fixed.Constant = Sum.Constant;
    for (auto &[Term, Factor] : Sum.Terms)
      (Leaves.isFixed(Term, L) ? Fixed : Changing).Terms[Term] = Factor;
    auto [First, New] = Firsts.try_emplace(Changing, Word{Index, &A, Fixed});
    if (New || costOf(Index) < 2 || !DT.dominates(First->second.I, Index) ||
        !holdsAt(*First->second.A, Index->getParent()) || !canAdd(1))
      continue;
    Fixed.add(First->second.Fixed, -1);
    IRBuilder<> Ahead(Before), B(Index);
    Value *Distance = Leaves.expand(Fixed, B.getInt32Ty(), Ahead);
    Added += !isa<Constant>(Distance);
    Index->replaceAllUsesWith(B.CreateAdd(First->second.I, Distance));
    A.Old = Index; // is dead now
    Changed = true;
  }
  return Changed;
}

/// Pointers whose arithmetic is of 64 bits and that step by the same distance in each iteration.
bool LoopRewriter::advance() {
  struct Pointer {
    const Access *First;
    PHINode *Phi;
  };
  std::vector<Pointer> Pointers;
  SCEVExpander Expander(SE, "address");
  bool Changed = false;
  for (Access &A : Accesses) {
    // Of a plain index there is nothing to save but a shift.
    auto IsPlain = [&] {
      auto &[Term, Factor] = *A.Changing.Terms.begin();
      return A.Changing.Terms.size() == 1 && Term.size() == 1 && Leaves[Term[0]].Kind == ACCLeaf::Whole &&
             isACCScale(Factor);
    };
    if (A.Done || A.Index || IsPlain() || !DT.dominates(A.I->getParent(), L.getLoopLatch()))
      continue;
    auto Same = find_if(Pointers, [&](const Pointer &P) {
      return P.First->Base == A.Base && P.First->Fixed == A.Fixed && P.First->Changing == A.Changing &&
             holdsAt(*P.First, A.I->getParent());
    });
    if (Same == Pointers.end()) {
      auto *Step = dyn_cast<SCEVAddRecExpr>(SE.getSCEV(A.Old));
      if (!Step || Step->getLoop() != &L || !Step->isAffine() || !canAdd(1) ||
          !Expander.isSafeToExpandAt(Step->getStart(), Before) ||
          !Expander.isSafeToExpandAt(Step->getStepRecurrence(SE), Before))
        continue;
      Value *Start = Expander.expandCodeFor(Step->getStart(), A.Old->getType(), Before);
      Value *Distance = Expander.expandCodeFor(Step->getStepRecurrence(SE), nullptr, Before);
      PHINode *Phi = PHINode::Create(A.Old->getType(), 2, "address", L.getHeader()->begin());
      IRBuilder<> B(L.getLoopLatch()->getTerminator());
      Phi->addIncoming(Start, L.getLoopPreheader());
      Phi->addIncoming(B.CreateGEP(B.getInt8Ty(), Phi, Distance), L.getLoopLatch());
      Pointers.push_back({&A, Phi});
      Same = std::prev(Pointers.end());
      ++Added;
    }
    IRBuilder<> B(A.I);
    address(A, Same->Phi, A.Offset - Same->First->Offset, B);
    Changed = true;
  }
  return Changed;
}

bool LoopRewriter::run() {
  unsigned Carried = 0;
  for (PHINode &Phi : L.getHeader()->phis())
    Carried += DL.getTypeSizeInBits(Phi.getType()) > 32 ? 2 : 1;
  if (Carried > MaxCarried)
    return false;
  collect();
  // Each step leaves to the next what it cannot do.
  bool Changed = rebase();
  Changed |= share();
  Changed |= derive();
  Changed |= advance();
  if (!Changed)
    return false;
  SE.forgetLoop(&L);
  SmallVector<WeakTrackingVH, 16> Dead;
  for (const Access &A : Accesses)
    Dead.push_back(A.Old);
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(Dead);
  return true;
}

class ACCLoopAddresses : public FunctionPass {
public:
  static char ID;
  ACCLoopAddresses() : FunctionPass(ID) {}
  StringRef getPassName() const override { return "ACC addresses in loops"; }
  void getAnalysisUsage(AnalysisUsage &AU) const override {
    AU.addRequiredID(LoopSimplifyID);
    AU.addRequired<LoopInfoWrapperPass>();
    AU.addRequired<DominatorTreeWrapperPass>();
    AU.addRequired<ScalarEvolutionWrapperPass>();
    AU.setPreservesCFG();
  }
  bool runOnFunction(Function &F) override {
    auto &LI = getAnalysis<LoopInfoWrapperPass>().getLoopInfo();
    auto &DT = getAnalysis<DominatorTreeWrapperPass>().getDomTree();
    auto &SE = getAnalysis<ScalarEvolutionWrapperPass>().getSE();
    bool Changed = false;
    for (Loop *L : LI.getLoopsInPreorder())
      if (L->isInnermost() && L->getLoopPreheader() && L->getLoopLatch())
        Changed |= LoopRewriter(*L, SE, DT).run();
    return Changed;
  }
};

char ACCLoopAddresses::ID;

} // namespace

FunctionPass *llvm::createACCLoopAddressesPass() { return new ACCLoopAddresses(); }
