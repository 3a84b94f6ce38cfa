// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Static shared memory, whole program. A variable has one offset for all kernels, because functions that
// several kernels call must find it; variables that no kernel uses together may overlap. First fit over the
// variables, those of the most kernels first.
#include "compiler/target/ACC.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Pass.h"
#include <acc/spec/acc_mmu.h>

using namespace llvm;

static constexpr StringLiteral OffsetKind = "acc.shared.offset";

std::optional<uint32_t> llvm::getACCSharedOffset(const GlobalVariable &GV) {
  const MDNode *Node = GV.getMetadata(OffsetKind);
  if (!Node)
    return std::nullopt;
  return mdconst::extract<ConstantInt>(Node->getOperand(0))->getZExtValue();
}

namespace {

using KernelSet = SmallSetVector<Function *, 4>;

struct Variable {
  GlobalVariable *GV;
  uint64_t Size;
  Align Alignment;
  KernelSet Kernels;
  uint64_t Offset = 0;
};

class ACCSharedLayout : public ModulePass {
public:
  static char ID;
  ACCSharedLayout() : ModulePass(ID) {}
  StringRef getPassName() const override { return "ACC shared memory layout"; }
  bool runOnModule(Module &M) override;

private:
  void findKernels(Module &M);
  void place(Variable &Var, ArrayRef<Variable> Placed);

  DenseMap<Function *, KernelSet> KernelsOf; ///< kernels that may run a function
};

char ACCSharedLayout::ID;

/// Functions that use a constant, through any constant expressions.
void collectUsers(const User *U, SmallSetVector<Function *, 8> &Functions,
                  SmallPtrSetImpl<const User *> &Seen) {
  if (!Seen.insert(U).second)
    return;
  if (const auto *I = dyn_cast<Instruction>(U)) {
    Functions.insert(const_cast<Function *>(I->getFunction()));
    return;
  }
  for (const User *Next : U->users())
    collectUsers(Next, Functions, Seen);
}

bool callsIndirectly(const Function &F) {
  for (const BasicBlock &BB : F)
    for (const Instruction &I : BB)
      if (const auto *Call = dyn_cast<CallBase>(&I); Call && Call->isIndirectCall())
        return true;
  return false;
}

} // namespace

/// Walks from every kernel over the functions it names; an indirect call may reach any function whose address
/// is taken.
void ACCSharedLayout::findKernels(Module &M) {
  SmallVector<Function *> AddressTaken;
  for (Function &F : M)
    if (!F.isDeclaration() && F.hasAddressTaken())
      AddressTaken.push_back(&F);
  MapVector<Function *, SmallSetVector<Function *, 4>> Uses;
  for (Function &F : M) {
    SmallSetVector<Function *, 8> Users;
    SmallPtrSet<const User *, 8> Seen;
    for (const User *U : F.users())
      collectUsers(U, Users, Seen);
    for (Function *User : Users)
      Uses[User].insert(&F);
  }
  for (Function &F : M)
    if (callsIndirectly(F))
      Uses[&F].insert_range(AddressTaken);
  for (Function &Kernel : M) {
    if (Kernel.isDeclaration() || !isACCKernel(Kernel))
      continue;
    SmallVector<Function *> Work{&Kernel};
    while (!Work.empty()) {
      Function *F = Work.pop_back_val();
      if (KernelsOf[F].insert(&Kernel))
        append_range(Work, Uses[F]);
    }
  }
}

void ACCSharedLayout::place(Variable &Var, ArrayRef<Variable> Placed) {
  auto Conflicts = [&](const Variable &Other) {
    return any_of(Var.Kernels, [&](Function *K) { return Other.Kernels.contains(K); });
  };
  for (bool Moved = true; Moved;) {
    Moved = false;
    for (const Variable &Other : Placed) {
      bool Overlaps = Var.Offset < Other.Offset + Other.Size && Other.Offset < Var.Offset + Var.Size;
      if (!Overlaps || !Conflicts(Other))
        continue;
      Var.Offset = alignTo(Other.Offset + Other.Size, Var.Alignment);
      Moved = true;
    }
  }
}

/// Static shared memory ends where a launch without opting in ends, as in CUDA.
static void checkSize(Function &Kernel, uint64_t Bytes, ArrayRef<Variable> Variables) {
  if (Bytes <= ACC_SHARED_PER_BLOCK)
    return;
  const Variable *Largest = nullptr;
  for (const Variable &Var : Variables)
    if (Var.Kernels.contains(&Kernel) && (!Largest || Var.Size > Largest->Size))
      Largest = &Var;
  reportACCTooLarge(Kernel, "shared memory", Bytes, ACC_SHARED_PER_BLOCK,
                    "; the largest variable is '" + demangle(Largest->GV->getName()) + "' with " +
                        Twine(Largest->Size));
}

bool ACCSharedLayout::runOnModule(Module &M) {
  KernelsOf.clear();
  findKernels(M);
  const DataLayout &DL = M.getDataLayout();
  SmallVector<Variable> Variables;
  for (GlobalVariable &GV : M.globals()) {
    if (GV.getAddressSpace() != ACCAS::Shared)
      continue;
    uint64_t Size = DL.getTypeAllocSize(GV.getValueType());
    if (GV.isDeclaration() || Size == 0)
      continue; // unsized: the dynamic shared memory
    // Rows of arrays that are read together become wide loads when they start at multiples of 16.
    Align Alignment =
        std::max(GV.getAlign().value_or(DL.getPreferredAlign(&GV)), Size >= 16 ? Align(16) : Align(1));
    GV.setAlignment(Alignment);
    Variable Var{&GV, Size, Alignment, {}};
    SmallSetVector<Function *, 8> Users;
    SmallPtrSet<const User *, 8> Seen;
    for (const User *U : GV.users())
      collectUsers(U, Users, Seen);
    for (Function *F : Users)
      Var.Kernels.insert_range(KernelsOf[F]);
    Variables.push_back(std::move(Var));
  }
  llvm::stable_sort(Variables, [](const Variable &A, const Variable &B) {
    return std::make_tuple(A.Kernels.size(), A.Alignment, A.Size) >
           std::make_tuple(B.Kernels.size(), B.Alignment, B.Size);
  });
  DenseMap<Function *, uint64_t> Bytes;
  for (unsigned I = 0; I < Variables.size(); ++I) {
    Variable &Var = Variables[I];
    place(Var, ArrayRef(Variables).take_front(I));
    auto *Offset = ConstantInt::get(Type::getInt32Ty(M.getContext()), Var.Offset);
    Var.GV->setMetadata(OffsetKind, MDNode::get(M.getContext(), ConstantAsMetadata::get(Offset)));
    for (Function *Kernel : Var.Kernels)
      Bytes[Kernel] = std::max(Bytes[Kernel], Var.Offset + Var.Size);
  }
  for (auto &[Kernel, Size] : Bytes)
    checkSize(*Kernel, Size, Variables);
  for (auto &[Kernel, Size] : Bytes)
    Kernel->addFnAttr("acc-shared-bytes", std::to_string(Size));
  return !Variables.empty();
}

ModulePass *llvm::createACCSharedLayoutPass() { return new ACCSharedLayout(); }
