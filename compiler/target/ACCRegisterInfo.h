// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/target/ACC.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"

#define GET_REGINFO_HEADER
#include "ACCGenRegisterInfo.inc"

namespace llvm {

class ACCRegisterInfo : public ACCGenRegisterInfo {
public:
  ACCRegisterInfo() : ACCGenRegisterInfo(ACC::D1) {}

  const MCPhysReg *getCalleeSavedRegs(const MachineFunction *MF) const override;
  const uint32_t *getCallPreservedMask(const MachineFunction &MF, CallingConv::ID CC) const override;
  BitVector getReservedRegs(const MachineFunction &MF) const override;
  bool eliminateFrameIndex(MachineBasicBlock::iterator MI, int SPAdj, unsigned FIOperandNum,
                           RegScavenger *RS) const override;
  Register getFrameRegister(const MachineFunction &MF) const override;
  const TargetRegisterClass *getPointerRegClass(unsigned) const override { return &ACC::GPR64RegClass; }
  bool requiresRegisterScavenging(const MachineFunction &) const override { return true; }

  /// Holds the frame's address where the stack pointer moves (dynamic allocas).
  static constexpr MCPhysReg FramePtr = ACC::R24;
  /// Holds the aligned frame's address where the frame pointer cannot.
  static constexpr MCPhysReg BasePtr = ACC::R25;
  bool hasBasePointer(const MachineFunction &MF) const;
};

} // namespace llvm
