// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The frame of a function in local memory: it grows down from r0, and is addressed from r0 (or from a frame
// pointer where the stack pointer moves).
//
//   incoming stack arguments    at the caller's r0 = end of this frame
//   locals and spills
//   outgoing stack arguments    at r0
#pragma once

#include "llvm/CodeGen/TargetFrameLowering.h"

namespace llvm {

class ACCFrameLowering : public TargetFrameLowering {
public:
  ACCFrameLowering() : TargetFrameLowering(StackGrowsDown, Align(16), 0) {}

  void emitPrologue(MachineFunction &MF, MachineBasicBlock &MBB) const override;
  void emitEpilogue(MachineFunction &MF, MachineBasicBlock &MBB) const override;
  StackOffset getFrameIndexReference(const MachineFunction &MF, int FI, Register &FrameReg) const override;
  void determineCalleeSaves(MachineFunction &MF, BitVector &Saved, RegScavenger *RS) const override;
  bool spillCalleeSavedRegisters(MachineBasicBlock &MBB, MachineBasicBlock::iterator I,
                                 ArrayRef<CalleeSavedInfo> CSI, const TargetRegisterInfo *TRI) const override;
  bool restoreCalleeSavedRegisters(MachineBasicBlock &MBB, MachineBasicBlock::iterator I,
                                   MutableArrayRef<CalleeSavedInfo> CSI,
                                   const TargetRegisterInfo *TRI) const override;
  MachineBasicBlock::iterator eliminateCallFramePseudoInstr(MachineFunction &MF, MachineBasicBlock &MBB,
                                                            MachineBasicBlock::iterator I) const override;
  /// Outgoing arguments are part of the frame unless dynamic allocas move the stack pointer.
  bool hasReservedCallFrame(const MachineFunction &MF) const override;

protected:
  bool hasFPImpl(const MachineFunction &MF) const override;
};

} // namespace llvm
