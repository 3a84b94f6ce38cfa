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

ModRefInfo ACCAAResult::getModRefInfoMask(const MemoryLocation &Loc, AAQueryInfo &, bool) {
  return spaceOf(Loc.Ptr) == ACCAS::Constant ? ModRefInfo::NoModRef : ModRefInfo::ModRef;
}

ImmutablePass *llvm::createACCAAWrapperPass() {
  return createExternalAAWrapperPass([](Pass &, Function &, AAResults &Results) {
    static ACCAAResult Result; // it has no state
    Results.addAAResult(Result);
  });
}
