// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies, spills and branches.
#include "compiler/target/ACCInstrInfo.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include <acc/spec/acc_isa_opcodes.h>

using namespace llvm;
namespace mods = acc::isa::mods;

#define GET_INSTRINFO_CTOR_DTOR
#include "ACCGenInstrInfo.inc"

ACCInstrInfo::ACCInstrInfo(const TargetSubtargetInfo &STI)
    : ACCGenInstrInfo(STI, RI, ACC::ADJCALLSTACKDOWN, ACC::ADJCALLSTACKUP) {}

void ACCInstrInfo::copyPhysReg(MachineBasicBlock &MBB, MachineBasicBlock::iterator I, const DebugLoc &DL,
                               Register Dst, Register Src, bool KillSrc, bool, bool) const {
  auto Move = [&](unsigned Opcode, MCRegister D, MCRegister S) {
    return BuildMI(MBB, I, DL, get(Opcode), D).addReg(S, getKillRegState(KillSrc));
  };
  if (ACC::GPR32RegClass.contains(Dst, Src)) {
    Move(ACC::MOV_r, Dst, Src);
  } else if (ACC::GPR64RegClass.contains(Dst, Src)) {
    Move(ACC::MOV64_r, Dst, Src);
  } else if (ACC::PREDRegClass.contains(Dst, Src)) {
    Move(ACC::PMOV, Dst, Src).addImm(0);
  } else if (ACC::PREDRegClass.contains(Dst) && ACC::GPR32RegClass.contains(Src)) {
    BuildMI(MBB, I, DL, get(ACC::ISETPS32_ri), Dst)
        .addReg(Src, getKillRegState(KillSrc))
        .addImm(0)
        .addImm(mods::MICmp.of(mods::MICmp_ne));
  } else if (ACC::GPR128RegClass.contains(Dst, Src) || ACC::GPR256RegClass.contains(Dst, Src)) {
    // Aligned groups never overlap partly, so the order of the pairs does not matter.
    bool Quad = ACC::GPR128RegClass.contains(Dst);
    static const unsigned Pairs[] = {ACC::sub0_1, ACC::sub2_3, ACC::sub4_5, ACC::sub6_7};
    for (unsigned Sub : ArrayRef(Pairs).take_front(Quad ? 2 : 4))
      Move(ACC::MOV64_r, RI.getSubReg(Dst, Sub), RI.getSubReg(Src, Sub));
  } else {
    reportACCUnsupported(MBB.getParent()->getFunction(),
                         Twine("a copy of ") + RI.getName(Src) + " to " + RI.getName(Dst), DL);
  }
}

/// Word operations that spill a class; octets go as two quads.
static unsigned spillOpcode(const TargetRegisterClass *RC, bool Store) {
  if (ACC::GPR32RegClass.hasSubClassEq(RC))
    return Store ? ACC::ST_local_b32 : ACC::LD_local_b32;
  if (ACC::GPR64RegClass.hasSubClassEq(RC))
    return Store ? ACC::ST_local_b64 : ACC::LD_local_b64;
  return Store ? ACC::ST_local_b128 : ACC::LD_local_b128;
}

static MachineMemOperand *slotOperand(MachineFunction &MF, int FI, MachineMemOperand::Flags Flags) {
  const MachineFrameInfo &MFI = MF.getFrameInfo();
  return MF.getMachineMemOperand(MachinePointerInfo::getFixedStack(MF, FI), Flags, MFI.getObjectSize(FI),
                                 MFI.getObjectAlign(FI));
}

void ACCInstrInfo::storeRegToStackSlot(MachineBasicBlock &MBB, MachineBasicBlock::iterator I, Register Src,
                                       bool IsKill, int FI, const TargetRegisterClass *RC, Register,
                                       MachineInstr::MIFlag Flags) const {
  MachineFunction &MF = *MBB.getParent();
  MachineMemOperand *MMO = slotOperand(MF, FI, MachineMemOperand::MOStore);
  if (ACC::PREDRegClass.hasSubClassEq(RC)) {
    BuildMI(MBB, I, DebugLoc(), get(ACC::SPILL_PRED))
        .addReg(Src, getKillRegState(IsKill))
        .addFrameIndex(FI)
        .addImm(0)
        .addMemOperand(MMO)
        .setMIFlag(Flags);
    return;
  }
  auto Store = [&](unsigned Sub, int64_t Offset) {
    BuildMI(MBB, I, DebugLoc(), get(spillOpcode(RC, true)))
        .addFrameIndex(FI)
        .addReg(ACC::RZ)
        .addReg(Src, getKillRegState(IsKill && !Sub), Sub)
        .addImm(Offset)
        .addImm(0)
        .addMemOperand(MMO)
        .setMIFlag(Flags);
  };
  if (!ACC::GPR256RegClass.hasSubClassEq(RC))
    return Store(0, 0);
  Store(ACC::sub0_3, 0);
  Store(ACC::sub4_7, 16);
}

void ACCInstrInfo::loadRegFromStackSlot(MachineBasicBlock &MBB, MachineBasicBlock::iterator I, Register Dst,
                                        int FI, const TargetRegisterClass *RC, Register, unsigned,
                                        MachineInstr::MIFlag Flags) const {
  MachineFunction &MF = *MBB.getParent();
  MachineMemOperand *MMO = slotOperand(MF, FI, MachineMemOperand::MOLoad);
  if (ACC::PREDRegClass.hasSubClassEq(RC)) {
    BuildMI(MBB, I, DebugLoc(), get(ACC::RELOAD_PRED), Dst)
        .addFrameIndex(FI)
        .addImm(0)
        .addMemOperand(MMO)
        .setMIFlag(Flags);
    return;
  }
  auto Load = [&](unsigned Sub, int64_t Offset, unsigned State) {
    BuildMI(MBB, I, DebugLoc(), get(spillOpcode(RC, false)))
        .addReg(Dst, State, Sub)
        .addFrameIndex(FI)
        .addReg(ACC::RZ)
        .addImm(Offset)
        .addImm(0)
        .addMemOperand(MMO)
        .setMIFlag(Flags);
  };
  if (!ACC::GPR256RegClass.hasSubClassEq(RC))
    return Load(0, 0, RegState::Define);
  Load(ACC::sub0_3, 0, RegState::Define | RegState::Undef);
  Load(ACC::sub4_7, 16, RegState::Define);
}

/// Base, index and offset name exactly a slot.
static bool isPlainSlot(const MachineInstr &MI, unsigned Base, unsigned Offset, int &FI) {
  if (!MI.getOperand(Base).isFI() || !MI.getOperand(Offset).isImm() || MI.getOperand(Offset).getImm() ||
      MI.getOperand(Base + 1).getReg() != ACC::RZ)
    return false;
  FI = MI.getOperand(Base).getIndex();
  return true;
}

Register ACCInstrInfo::isLoadFromStackSlot(const MachineInstr &MI, int &FI) const {
  switch (MI.getOpcode()) {
  case ACC::LD_local_b32:
  case ACC::LD_local_b64:
  case ACC::LD_local_b128:
    return isPlainSlot(MI, 1, 3, FI) ? MI.getOperand(0).getReg() : Register();
  default:
    return Register();
  }
}

Register ACCInstrInfo::isStoreToStackSlot(const MachineInstr &MI, int &FI) const {
  switch (MI.getOpcode()) {
  case ACC::ST_local_b32:
  case ACC::ST_local_b64:
  case ACC::ST_local_b128:
    return isPlainSlot(MI, 0, 3, FI) ? MI.getOperand(2).getReg() : Register();
  default:
    return Register();
  }
}

bool ACCInstrInfo::analyzeBranch(MachineBasicBlock &MBB, MachineBasicBlock *&TBB, MachineBasicBlock *&FBB,
                                 SmallVectorImpl<MachineOperand> &Cond, bool AllowModify) const {
  auto I = MBB.getLastNonDebugInstr();
  if (I == MBB.end() || !isUnpredicatedTerminator(*I))
    return false;
  // The first terminator decides: what follows an unconditional branch never runs.
  auto First = I;
  for (auto J = I; isUnpredicatedTerminator(*J); --J) {
    First = J;
    if (J->getOpcode() == ACC::BRA && AllowModify)
      while (std::next(J) != MBB.end())
        std::next(J)->eraseFromParent();
    if (J == MBB.begin())
      break;
  }
  I = MBB.getLastNonDebugInstr();
  if (I->getOpcode() != ACC::BRA && I->getOpcode() != ACC::BRA_P)
    return true;
  if (First == I) {
    TBB = I->getOperand(0).getMBB();
    if (I->getOpcode() == ACC::BRA_P) {
      Cond.push_back(I->getOperand(1));
      Cond.push_back(I->getOperand(2));
    }
    return false;
  }
  if (std::next(First) != I || First->getOpcode() != ACC::BRA_P || I->getOpcode() != ACC::BRA)
    return true;
  TBB = First->getOperand(0).getMBB();
  FBB = I->getOperand(0).getMBB();
  Cond.push_back(First->getOperand(1));
  Cond.push_back(First->getOperand(2));
  return false;
}

unsigned ACCInstrInfo::insertBranch(MachineBasicBlock &MBB, MachineBasicBlock *TBB, MachineBasicBlock *FBB,
                                    ArrayRef<MachineOperand> Cond, const DebugLoc &DL,
                                    int *BytesAdded) const {
  unsigned Count = 0;
  if (!Cond.empty()) {
    BuildMI(&MBB, DL, get(ACC::BRA_P)).addMBB(TBB).add(Cond[0]).add(Cond[1]);
    ++Count;
    TBB = FBB;
  }
  if (TBB) {
    BuildMI(&MBB, DL, get(ACC::BRA)).addMBB(TBB);
    ++Count;
  }
  if (BytesAdded)
    *BytesAdded = 16 * Count;
  return Count;
}

unsigned ACCInstrInfo::removeBranch(MachineBasicBlock &MBB, int *BytesRemoved) const {
  unsigned Count = 0;
  for (auto I = MBB.getLastNonDebugInstr(); I != MBB.end(); I = MBB.getLastNonDebugInstr()) {
    if (I->getOpcode() != ACC::BRA && I->getOpcode() != ACC::BRA_P)
      break;
    I->eraseFromParent();
    ++Count;
  }
  if (BytesRemoved)
    *BytesRemoved = 16 * Count;
  return Count;
}

bool ACCInstrInfo::reverseBranchCondition(SmallVectorImpl<MachineOperand> &Cond) const {
  Cond[1].setImm(!Cond[1].getImm());
  return false;
}
