// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCAddressSum.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

/// Larger sums and products are left whole.
static constexpr unsigned MaxTerms = 8, MaxFactors = 4, MaxDepth = 8;

CastInst *llvm::getACCExtension(Value *V) {
  auto *Ext = dyn_cast<CastInst>(V);
  bool Fits = Ext && (isa<SExtInst>(Ext) || isa<ZExtInst>(Ext)) && Ext->getSrcTy()->isIntegerTy(32);
  return Fits ? Ext : nullptr;
}

static int64_t product(int64_t A, int64_t B) { return int64_t(uint64_t(A) * uint64_t(B)); }

void ACCSum::addTerm(const ACCTerm &Term, int64_t Factor) {
  auto Place = Terms.try_emplace(Term, 0).first;
  Place->second = int64_t(uint64_t(Place->second) + uint64_t(Factor));
  if (!Place->second)
    Terms.erase(Place);
}

void ACCSum::add(const ACCSum &Other, int64_t Factor) {
  Constant = int64_t(uint64_t(Constant) + uint64_t(product(Other.Constant, Factor)));
  for (auto &[Term, F] : Other.Terms)
    addTerm(Term, product(F, Factor));
}

unsigned ACCLeaves::number(Value *V, ACCLeaf::ExtensionKind Kind) {
  auto [Place, New] = Numbers.try_emplace({V, Kind}, Leaves.size());
  if (New)
    Leaves.push_back({V, Kind});
  return Place->second;
}

bool ACCLeaves::isFixed(const ACCTerm &Term, const Loop &L) const {
  return all_of(Term, [&](unsigned Number) { return L.isLoopInvariant(Leaves[Number].V); });
}

Value *ACCLeaves::expand(const ACCSum &Sum, Type *Ty, IRBuilderBase &B) const {
  Value *Total = nullptr;
  auto Add = [&](Value *V) { Total = Total ? B.CreateAdd(Total, V) : V; };
  for (auto &[Term, Factor] : Sum.Terms) {
    Value *Product = nullptr;
    for (unsigned Number : Term) {
      const ACCLeaf &Leaf = Leaves[Number];
      Value *Wide = Leaf.Kind == ACCLeaf::Signed     ? B.CreateSExt(Leaf.V, Ty)
                    : Leaf.Kind == ACCLeaf::Unsigned ? B.CreateZExt(Leaf.V, Ty)
                                                     : Leaf.V;
      Product = Product ? B.CreateMul(Product, Wide) : Wide;
    }
    Add(Factor == 1 ? Product
                    : B.CreateMul(Product, ConstantInt::getSigned(Ty, Factor, /*ImplicitTrunc=*/true)));
  }
  if (Sum.Constant || !Total)
    Add(ConstantInt::getSigned(Ty, Sum.Constant, /*ImplicitTrunc=*/true));
  return Total;
}

ACCSum ACCSumBuilder::leaf(Value *V, ACCLeaf::ExtensionKind Kind) {
  ACCSum Sum;
  // One word must not count as two leaves where both extensions are the same.
  if (Kind == ACCLeaf::Unsigned && SE.isKnownNonNegative(SE.getSCEV(V)))
    Kind = ACCLeaf::Signed;
  Sum.Terms[{Leaves.number(V, Kind)}] = 1;
  return Sum;
}

/// Is the operation's result, extended, that of the extended operands?
bool ACCSumBuilder::isExact(const Instruction &I, ACCLeaf::ExtensionKind Kind) const {
  if (I.getOpcode() == Instruction::Or)
    return cast<PossiblyDisjointInst>(I).isDisjoint();
  if (Kind == ACCLeaf::Whole || Kind == ACCLeaf::Word)
    return true;
  return Kind == ACCLeaf::Signed ? I.hasNoSignedWrap() : I.hasNoUnsignedWrap();
}

bool ACCSumBuilder::multiply(const ACCSum &A, const ACCSum &B, ACCSum &Product) const {
  if ((A.Terms.size() + 1) * (B.Terms.size() + 1) > MaxTerms + 1)
    return false;
  Product.add(A, B.Constant);
  ACCSum Rest = B;
  Rest.Constant = 0;
  Product.add(Rest, A.Constant);
  for (auto &[TermA, FactorA] : A.Terms)
    for (auto &[TermB, FactorB] : B.Terms) {
      ACCTerm Term = TermA;
      Term.append(TermB.begin(), TermB.end());
      if (Term.size() > MaxFactors)
        return false;
      llvm::sort(Term);
      Product.addTerm(Term, product(FactorA, FactorB));
    }
  return true;
}

ACCSum ACCSumBuilder::ofExtension(CastInst &Ext, unsigned Depth) {
  // The extension of what is not negative is both; the sign's is the one that sums allow (nsw).
  auto *Zero = dyn_cast<ZExtInst>(&Ext);
  bool Signed = !Zero || Zero->hasNonNeg();
  return build(Ext.getOperand(0), Signed ? ACCLeaf::Signed : ACCLeaf::Unsigned, Depth + 1);
}

ACCSum ACCSumBuilder::build(Value *V, ACCLeaf::ExtensionKind Kind, unsigned Depth) {
  if (auto *C = dyn_cast<ConstantInt>(V)) {
    ACCSum Sum;
    Sum.Constant = Kind == ACCLeaf::Unsigned ? int64_t(C->getZExtValue()) : C->getSExtValue();
    return Sum;
  }
  auto *I = dyn_cast<Instruction>(V);
  if (!I || Depth > MaxDepth)
    return leaf(V, Kind);
  if (CastInst *Ext = Kind == ACCLeaf::Whole ? getACCExtension(I) : nullptr)
    return ofExtension(*Ext, Depth);
  bool IsFixed = L.isLoopInvariant(I);
  if (I->getNumOperands() != 2 || (IsFixed && !isa<ConstantInt>(I->getOperand(1))))
    return leaf(V, Kind);
  switch (I->getOpcode()) {
  case Instruction::Add:
  case Instruction::Sub:
  case Instruction::Or: {
    if (!isExact(*I, Kind))
      break;
    ACCSum Sum = build(I->getOperand(0), Kind, Depth + 1);
    Sum.add(build(I->getOperand(1), Kind, Depth + 1), I->getOpcode() == Instruction::Sub ? -1 : 1);
    if (Sum.Terms.size() <= MaxTerms)
      return Sum;
    break;
  }
  case Instruction::Mul: {
    ACCSum Product;
    if (isExact(*I, Kind) &&
        multiply(build(I->getOperand(0), Kind, Depth + 1), build(I->getOperand(1), Kind, Depth + 1), Product))
      return Product;
    break;
  }
  case Instruction::Shl: {
    auto *Amount = dyn_cast<ConstantInt>(I->getOperand(1));
    if (!Amount || Amount->getValue().uge(31) || !isExact(*I, Kind))
      break;
    ACCSum Sum;
    Sum.add(build(I->getOperand(0), Kind, Depth + 1), int64_t(1) << Amount->getZExtValue());
    return Sum;
  }
  }
  return leaf(V, Kind);
}
