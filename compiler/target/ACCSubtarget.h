// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/target/ACCFrameLowering.h"
#include "compiler/target/ACCISelLowering.h"
#include "compiler/target/ACCInstrInfo.h"
#include "compiler/target/ACCSelectionDAGInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

#define GET_SUBTARGETINFO_HEADER
#include "ACCGenSubtargetInfo.inc"

namespace llvm {

/// There is one processor, acc1, without optional features.
class ACCSubtarget : public ACCGenSubtargetInfo {
public:
  ACCSubtarget(const Triple &TT, StringRef CPU, StringRef FS, const TargetMachine &TM);

  const ACCInstrInfo *getInstrInfo() const override { return &InstrInfo; }
  const ACCRegisterInfo *getRegisterInfo() const override { return &InstrInfo.getRegisterInfo(); }
  const ACCFrameLowering *getFrameLowering() const override { return &FrameLowering; }
  const ACCTargetLowering *getTargetLowering() const override { return &TLInfo; }
  const SelectionDAGTargetInfo *getSelectionDAGInfo() const override { return &TSInfo; }
  /// It orders instructions so that copies of loop variables disappear, and keeps pressure under the register
  /// limit.
  bool enableMachineScheduler() const override { return true; }
  bool useAA() const override { return true; }

private:
  void ParseSubtargetFeatures(StringRef CPU, StringRef TuneCPU, StringRef FS);

  ACCInstrInfo InstrInfo;
  ACCFrameLowering FrameLowering;
  ACCTargetLowering TLInfo;
  ACCSelectionDAGInfo TSInfo;
};

} // namespace llvm
