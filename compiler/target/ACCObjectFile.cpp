// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCObjectFile.h"

#include "compiler/target/ACC.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCSectionELF.h"

using namespace llvm;

MCSection *ACCObjectFile::SelectSectionForGlobal(const GlobalObject *Object, SectionKind Kind,
                                                 const TargetMachine &Machine) const {
  const auto *Variable = dyn_cast<GlobalVariable>(Object);
  // What the program may write is externally initialized; what the compiler made up is not.
  const bool Written =
      Variable && Variable->getAddressSpace() == ACCAS::Constant && Variable->isExternallyInitialized();
  if (!Written || Variable->hasComdat())
    return TargetLoweringObjectFileELF::SelectSectionForGlobal(
        Object, Written ? SectionKind::getData() : Kind, Machine);
  return getContext().getELFSection(".constant", ELF::SHT_PROGBITS, ELF::SHF_ALLOC | ELF::SHF_WRITE);
}
