// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCAliasAnalysis.h"
#include "compiler/target/ACC.h"
#include "llvm/Analysis/ValueTracking.h"

using namespace llvm;

AnalysisKey ACCAA::Key;

/// The space of a pointer, or of what a generic pointer was cast from.
static unsigned spaceOf(const Value *Pointer) {
  unsigned AS = Pointer->getType()->getPointerAddressSpace();
  if (AS != ACCAS::Generic)
    return AS;
  return getUnderlyingObject(Pointer)->getType()->getPointerAddressSpace();
}

AliasResult ACCAAResult::alias(const MemoryLocation &A, const MemoryLocation &B, AAQueryInfo &,
                               const Instruction *) {
  unsigned SpaceA = spaceOf(A.Ptr), SpaceB = spaceOf(B.Ptr);
  if (SpaceA == SpaceB || SpaceA == ACCAS::Generic || SpaceB == ACCAS::Generic)
    return AliasResult::MayAlias;
  return AliasResult::NoAlias;
}

/// Does something write through this very pointer, or a cast of it? Such an instruction is a mistake of the
/// program that the front end reports; the optimiser, which removes writes to memory that cannot change, must
/// leave it there.
static bool isWrittenThrough(const Value *Pointer) {
  return any_of(Pointer->uses(), [&](const Use &U) {
    if (isa<AddrSpaceCastOperator>(U.getUser()))
      return isWrittenThrough(U.getUser());
    const auto *I = dyn_cast<Instruction>(U.getUser());
    return I && I->mayWriteToMemory() && !isa<LoadInst>(I);
  });
}

ModRefInfo ACCAAResult::getModRefInfoMask(const MemoryLocation &Loc, AAQueryInfo &, bool) {
  // A variable with very many users is not looked through: it counts as memory that can change.
  constexpr unsigned Most = 256;
  bool Fixed =
      spaceOf(Loc.Ptr) == ACCAS::Constant && !Loc.Ptr->hasNUsesOrMore(Most) && !isWrittenThrough(Loc.Ptr);
  return Fixed ? ModRefInfo::NoModRef : ModRefInfo::ModRef;
}

ImmutablePass *llvm::createACCAAWrapperPass() {
  return createExternalAAWrapperPass([](Pass &, Function &, AAResults &Results) {
    static ACCAAResult Result; // it has no state
    Results.addAAResult(Result);
  });
}
