// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCFrameLowering.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"

using namespace llvm;

bool ACCFrameLowering::hasFPImpl(const MachineFunction &MF) const {
  const MachineFrameInfo &MFI = MF.getFrameInfo();
  return MFI.hasVarSizedObjects() || MFI.isFrameAddressTaken() ||
         MF.getSubtarget().getRegisterInfo()->hasStackRealignment(MF);
}

bool ACCFrameLowering::hasReservedCallFrame(const MachineFunction &MF) const {
  return !MF.getFrameInfo().hasVarSizedObjects();
}

static MachineInstrBuilder addToReg(MachineBasicBlock &MBB, MachineBasicBlock::iterator I, MCRegister Dst,
                                    MCRegister Src, int64_t Amount, MachineInstr::MIFlag Flag) {
  const auto &TII = *MBB.getParent()->getSubtarget<ACCSubtarget>().getInstrInfo();
  return BuildMI(MBB, I, DebugLoc(), TII.get(ACC::IADD_ri), Dst).addReg(Src).addImm(Amount).setMIFlag(Flag);
}

void ACCFrameLowering::emitPrologue(MachineFunction &MF, MachineBasicBlock &MBB) const {
  MachineFrameInfo &MFI = MF.getFrameInfo();
  const auto &STI = MF.getSubtarget<ACCSubtarget>();
  const ACCRegisterInfo &TRI = *STI.getRegisterInfo();
  uint64_t Size = alignTo(MFI.getStackSize(), getStackAlign());
  if (Size > INT32_MAX) {
    reportACCUnsupported(MF.getFunction(), "a stack frame of " + Twine(Size) + " bytes", DebugLoc());
    Size = 0;
  }
  MFI.setStackSize(Size);
  auto I = MBB.begin();
  if (Size)
    addToReg(MBB, I, ACC::R0, ACC::R0, -int64_t(Size), MachineInstr::FrameSetup);
  if (!hasFP(MF))
    return;
  // Callee-saved registers were stored by the instructions that follow; the frame pointer is one of them.
  while (I != MBB.end() && I->getFlag(MachineInstr::FrameSetup))
    ++I;
  addToReg(MBB, I, ACCRegisterInfo::FramePtr, ACC::R0, int64_t(Size), MachineInstr::FrameSetup);
  if (!TRI.hasStackRealignment(MF))
    return;
  const ACCInstrInfo &TII = *STI.getInstrInfo();
  BuildMI(MBB, I, DebugLoc(), TII.get(ACC::AND_ri), ACC::R0)
      .addReg(ACC::R0)
      .addImm(-int64_t(MFI.getMaxAlign().value()))
      .setMIFlag(MachineInstr::FrameSetup);
  if (TRI.hasBasePointer(MF))
    BuildMI(MBB, I, DebugLoc(), TII.get(ACC::MOV_r), ACCRegisterInfo::BasePtr)
        .addReg(ACC::R0)
        .setMIFlag(MachineInstr::FrameSetup);
}

void ACCFrameLowering::emitEpilogue(MachineFunction &MF, MachineBasicBlock &MBB) const {
  uint64_t Size = MF.getFrameInfo().getStackSize();
  auto I = MBB.getFirstTerminator();
  if (isACCKernel(MF.getFunction()))
    return;
  // Where r0 has moved it comes back before the saved registers are read from their slots.
  if (hasFP(MF)) {
    while (I != MBB.begin() && std::prev(I)->getFlag(MachineInstr::FrameDestroy))
      --I;
    addToReg(MBB, I, ACC::R0, ACCRegisterInfo::FramePtr, -int64_t(Size), MachineInstr::FrameDestroy);
    I = MBB.getFirstTerminator();
  }
  if (Size)
    addToReg(MBB, I, ACC::R0, ACC::R0, int64_t(Size), MachineInstr::FrameDestroy);
}

StackOffset ACCFrameLowering::getFrameIndexReference(const MachineFunction &MF, int FI,
                                                     Register &FrameReg) const {
  const MachineFrameInfo &MFI = MF.getFrameInfo();
  const auto &TRI = *MF.getSubtarget<ACCSubtarget>().getRegisterInfo();
  int64_t FromTop = MFI.getObjectOffset(FI); // distance from the caller's r0
  bool Realigned = TRI.hasStackRealignment(MF);
  // Slots of saved registers are used while r0 is exactly one frame below the caller's, before and after any
  // other change of it.
  bool IsSaveSlot = llvm::any_of(MFI.getCalleeSavedInfo(),
                                 [&](const CalleeSavedInfo &Info) { return Info.getFrameIdx() == FI; });
  if (IsSaveSlot) {
    FrameReg = ACC::R0;
    return StackOffset::getFixed(FromTop + int64_t(MFI.getStackSize()));
  }
  // Arguments are at fixed distances from the caller's r0 even in a realigned frame.
  bool FromCaller = MFI.isFixedObjectIndex(FI);
  if (hasFP(MF) && (!Realigned || FromCaller)) {
    FrameReg = ACCRegisterInfo::FramePtr;
    return StackOffset::getFixed(FromTop);
  }
  FrameReg = TRI.hasBasePointer(MF) ? ACCRegisterInfo::BasePtr : MCPhysReg(ACC::R0);
  return StackOffset::getFixed(FromTop + int64_t(MFI.getStackSize()));
}

void ACCFrameLowering::determineCalleeSaves(MachineFunction &MF, BitVector &Saved, RegScavenger *RS) const {
  TargetFrameLowering::determineCalleeSaves(MF, Saved, RS);
  if (isACCKernel(MF.getFunction()))
    return;
  if (MF.getFrameInfo().hasCalls())
    Saved.set(ACC::D1);
  if (hasFP(MF))
    Saved.set(ACCRegisterInfo::FramePtr);
  if (MF.getSubtarget<ACCSubtarget>().getRegisterInfo()->hasBasePointer(MF))
    Saved.set(ACCRegisterInfo::BasePtr);
}

bool ACCFrameLowering::spillCalleeSavedRegisters(MachineBasicBlock &MBB, MachineBasicBlock::iterator I,
                                                 ArrayRef<CalleeSavedInfo> CSI,
                                                 const TargetRegisterInfo *TRI) const {
  const auto &TII = *MBB.getParent()->getSubtarget<ACCSubtarget>().getInstrInfo();
  for (const CalleeSavedInfo &Info : CSI) {
    MBB.addLiveIn(Info.getReg());
    TII.storeRegToStackSlot(MBB, I, Info.getReg(), /*IsKill=*/true, Info.getFrameIdx(),
                            TRI->getMinimalPhysRegClass(Info.getReg()), Register(), MachineInstr::FrameSetup);
  }
  return true;
}

bool ACCFrameLowering::restoreCalleeSavedRegisters(MachineBasicBlock &MBB, MachineBasicBlock::iterator I,
                                                   MutableArrayRef<CalleeSavedInfo> CSI,
                                                   const TargetRegisterInfo *TRI) const {
  const auto &TII = *MBB.getParent()->getSubtarget<ACCSubtarget>().getInstrInfo();
  for (const CalleeSavedInfo &Info : CSI)
    TII.loadRegFromStackSlot(MBB, I, Info.getReg(), Info.getFrameIdx(),
                             TRI->getMinimalPhysRegClass(Info.getReg()), Register(), 0,
                             MachineInstr::FrameDestroy);
  return true;
}

MachineBasicBlock::iterator
ACCFrameLowering::eliminateCallFramePseudoInstr(MachineFunction &MF, MachineBasicBlock &MBB,
                                                MachineBasicBlock::iterator I) const {
  if (!hasReservedCallFrame(MF)) {
    int64_t Amount = alignTo(I->getOperand(0).getImm(), getStackAlign());
    bool Down = I->getOpcode() == ACC::ADJCALLSTACKDOWN;
    if (Amount)
      addToReg(MBB, I, ACC::R0, ACC::R0, Down ? -Amount : Amount, MachineInstr::NoFlags);
  }
  return MBB.erase(I);
}
