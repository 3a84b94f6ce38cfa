// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the target and its machine-code layer.
#include "compiler/target/mc/ACCMCTargetDesc.h"
#include "llvm/MC/MCAsmInfoELF.h"
#include "llvm/MC/MCDwarf.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace llvm;

#define GET_INSTRINFO_MC_DESC
#include "ACCGenInstrInfo.inc"
#define GET_REGINFO_MC_DESC
#include "ACCGenRegisterInfo.inc"
#define GET_SUBTARGETINFO_MC_DESC
#include "ACCGenSubtargetInfo.inc"

namespace {

class ACCAsmInfo : public MCAsmInfoELF {
public:
  ACCAsmInfo(const Triple &, const MCTargetOptions &) {
    CodePointerSize = 8;
    CalleeSaveStackSlotSize = 8;
    CommentString = "//";
    Data8bitsDirective = "\t.byte\t";
    MinInstAlignment = 16;
    SupportsDebugInformation = true;
    UsesELFSectionDirectiveForBSS = true;
  }
};

MCInstrInfo *createInstrInfo() {
  auto *Info = new MCInstrInfo();
  InitACCMCInstrInfo(Info);
  return Info;
}

MCRegisterInfo *createRegisterInfo(const Triple &) {
  auto *Info = new MCRegisterInfo();
  InitACCMCRegisterInfo(Info, ACC::D1);
  return Info;
}

MCSubtargetInfo *createSubtargetInfo(const Triple &TT, StringRef CPU, StringRef FS) {
  if (CPU.empty())
    CPU = "acc1";
  return createACCMCSubtargetInfoImpl(TT, CPU, CPU, FS);
}

// LLVM's Triple does not know our architecture; the name "acc" reaches us as "unknown".
bool matchArch(Triple::ArchType Arch) { return Arch == Triple::UnknownArch; }

} // namespace

Target &llvm::getTheACCTarget() {
  static Target T;
  return T;
}

void llvm::initializeACCTargetInfo() {
  TargetRegistry::RegisterTarget(getTheACCTarget(), "acc", "ACC accelerator", "ACC", matchArch, false);
}

void llvm::initializeACCTargetMC() {
  Target &T = getTheACCTarget();
  RegisterMCAsmInfo<ACCAsmInfo> AsmInfo(T);
  TargetRegistry::RegisterMCInstrInfo(T, createInstrInfo);
  TargetRegistry::RegisterMCRegInfo(T, createRegisterInfo);
  TargetRegistry::RegisterMCSubtargetInfo(T, createSubtargetInfo);
  TargetRegistry::RegisterMCInstPrinter(T, createACCInstPrinter);
  TargetRegistry::RegisterMCCodeEmitter(T, createACCMCCodeEmitter);
  TargetRegistry::RegisterMCAsmBackend(T, createACCAsmBackend);
}
