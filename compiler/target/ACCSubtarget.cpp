// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCSubtarget.h"

using namespace llvm;

#define DEBUG_TYPE "acc-subtarget"
#define GET_SUBTARGETINFO_TARGET_DESC
#define GET_SUBTARGETINFO_CTOR
#include "ACCGenSubtargetInfo.inc"

ACCSubtarget::ACCSubtarget(const Triple &TT, StringRef CPU, StringRef FS, const TargetMachine &TM)
    : ACCGenSubtargetInfo(TT, CPU, CPU, FS), InstrInfo(*this), TLInfo(TM, *this) {
  ParseSubtargetFeatures(CPU, CPU, FS);
}
