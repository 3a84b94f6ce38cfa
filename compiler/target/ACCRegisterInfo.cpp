// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Roles of registers, and addresses of stack slots. A stack slot is at a constant distance from r0, and every
// instruction that can name one has a 32-bit offset, so no slot needs more than one instruction.
#include "compiler/target/ACCRegisterInfo.h"
#include "compiler/target/ACCFrameLowering.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include <acc/spec/acc_isa_opcodes.h>

using namespace llvm;
namespace mods = acc::isa::mods;

#define GET_REGINFO_TARGET_DESC
#include "ACCGenRegisterInfo.inc"

const MCPhysReg *ACCRegisterInfo::getCalleeSavedRegs(const MachineFunction *MF) const {
  // A kernel has no caller.
  return isACCKernel(MF->getFunction()) ? CSR_None_SaveList : CSR_ACC_SaveList;
}

const uint32_t *ACCRegisterInfo::getCallPreservedMask(const MachineFunction &, CallingConv::ID) const {
  return CSR_ACC_RegMask;
}

BitVector ACCRegisterInfo::getReservedRegs(const MachineFunction &MF) const {
  BitVector Reserved(getNumRegs());
  auto Reserve = [&](MCRegister Reg) {
    for (MCRegAliasIterator Alias(Reg, this, /*IncludeSelf=*/true); Alias.isValid(); ++Alias)
      Reserved.set(*Alias);
  };
  for (MCRegister Reg : {ACC::R0, ACC::R1, ACC::RZ, ACC::RZ64, ACC::PT})
    Reserve(Reg);
  unsigned Limit = getACCRegisterLimit(MF.getFunction());
  for (MCRegister Reg : ACC::GPR32RegClass)
    if (getEncodingValue(Reg) >= Limit)
      Reserve(Reg);
  const auto *TFL = static_cast<const ACCFrameLowering *>(MF.getSubtarget().getFrameLowering());
  if (TFL->hasFP(MF))
    Reserve(FramePtr);
  if (hasBasePointer(MF))
    Reserve(BasePtr);
  return Reserved;
}

bool ACCRegisterInfo::hasBasePointer(const MachineFunction &MF) const {
  return MF.getFrameInfo().hasVarSizedObjects() && hasStackRealignment(MF);
}

Register ACCRegisterInfo::getFrameRegister(const MachineFunction &MF) const {
  return MF.getSubtarget().getFrameLowering()->hasFP(MF) ? FramePtr : MCPhysReg(ACC::R0);
}

/// The offset operand that belongs to the frame index at \p FIOperandNum: the next immediate.
static MachineOperand *offsetOperand(MachineInstr &MI, unsigned FIOperandNum) {
  for (unsigned I = FIOperandNum + 1; I < MI.getNumExplicitOperands(); ++I)
    if (MI.getOperand(I).isImm())
      return &MI.getOperand(I);
  return nullptr;
}

/// Replaces a predicate spill by a word access through r1, and returns the access.
static MachineInstr *expandPredicateSpill(MachineInstr &MI, const ACCInstrInfo &TII) {
  MachineBasicBlock &MBB = *MI.getParent();
  const DebugLoc &DL = MI.getDebugLoc();
  MachineInstr *Access;
  if (MI.getOpcode() == ACC::SPILL_PRED) {
    BuildMI(MBB, MI, DL, TII.get(ACC::SELP_ri), ACC::R1)
        .addReg(ACC::RZ)
        .addImm(1)
        .add(MI.getOperand(0))
        .addImm(1);
    Access = BuildMI(MBB, MI, DL, TII.get(ACC::ST_local_b32))
                 .add(MI.getOperand(1))
                 .addReg(ACC::RZ)
                 .addReg(ACC::R1, RegState::Kill)
                 .add(MI.getOperand(2))
                 .addImm(0);
  } else {
    Access = BuildMI(MBB, MI, DL, TII.get(ACC::LD_local_b32), ACC::R1)
                 .add(MI.getOperand(1))
                 .addReg(ACC::RZ)
                 .add(MI.getOperand(2))
                 .addImm(0);
    BuildMI(MBB, MI, DL, TII.get(ACC::ISETPS32_ri), MI.getOperand(0).getReg())
        .addReg(ACC::R1, RegState::Kill)
        .addImm(0)
        .addImm(mods::MICmp.of(mods::MICmp_ne));
  }
  MI.eraseFromParent();
  return Access;
}

bool ACCRegisterInfo::eliminateFrameIndex(MachineBasicBlock::iterator II, int SPAdj, unsigned FIOperandNum,
                                          RegScavenger *) const {
  MachineFunction &MF = *II->getMF();
  MachineInstr *MI = &*II;
  bool Replaced = MI->getOpcode() == ACC::SPILL_PRED || MI->getOpcode() == ACC::RELOAD_PRED;
  if (Replaced) {
    MI = expandPredicateSpill(*MI, *MF.getSubtarget<ACCSubtarget>().getInstrInfo());
    for (FIOperandNum = 0; !MI->getOperand(FIOperandNum).isFI(); ++FIOperandNum)
      ;
  }
  Register FrameReg;
  int FI = MI->getOperand(FIOperandNum).getIndex();
  const auto *TFL = MF.getSubtarget<ACCSubtarget>().getFrameLowering();
  int64_t Offset = TFL->getFrameIndexReference(MF, FI, FrameReg).getFixed() + SPAdj;
  if (MI->isDebugValue()) {
    MI->getOperand(FIOperandNum).ChangeToRegister(FrameReg, false);
    return Replaced;
  }
  if (MachineOperand *OffsetOp = offsetOperand(*MI, FIOperandNum)) {
    // A frame that is too large has been reported with its size.
    int64_t Sum = OffsetOp->getImm() + Offset;
    OffsetOp->setImm(isInt<32>(Sum) ? Sum : 0);
  } else {
    reportACCUnsupported(MF.getFunction(), "a stack slot in an instruction without an offset",
                         MI->getDebugLoc());
  }
  MI->getOperand(FIOperandNum).ChangeToRegister(FrameReg, false);
  return Replaced;
}
