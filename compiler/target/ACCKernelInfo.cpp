// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCKernelInfo.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/PseudoSourceValue.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LLVMContext.h"

using namespace llvm;

/// 1 + the highest register of a group; 0 for what is no general register.
static unsigned registersUpTo(MCRegister Reg, const ACCRegisterInfo &TRI) {
  if (Reg == ACC::RZ || Reg == ACC::RZ64)
    return 0;
  unsigned First = TRI.getEncodingValue(Reg);
  if (ACC::GPR32RegClass.contains(Reg))
    return First + 1;
  if (ACC::GPR64RegClass.contains(Reg))
    return First + 2;
  if (ACC::GPR128RegClass.contains(Reg))
    return First + 4;
  return ACC::GPR256RegClass.contains(Reg) ? First + 8 : 0;
}

/// 1 + the number of a named barrier; all 16 when it is in a register.
static unsigned barriersOf(const MachineInstr &MI) {
  switch (MI.getOpcode()) {
  case ACC::BAR_SYNC_ir:
  case ACC::BAR_ARRIVE_ir:
    return MI.getOperand(0).getImm() + 1;
  case ACC::BAR_RED_POPC_ir:
  case ACC::BAR_RED_AND_ir:
  case ACC::BAR_RED_OR_ir:
    return MI.getOperand(1).getImm() + 1;
  case ACC::BAR_SYNC_rr:
  case ACC::BAR_ARRIVE_rr:
  case ACC::BAR_RED_POPC_rr:
  case ACC::BAR_RED_AND_rr:
  case ACC::BAR_RED_OR_rr:
    return 16;
  default:
    return 0;
  }
}

void ACCResourceInfo::addInstruction(const MachineInstr &MI, Record &R) {
  const auto &TRI = *MI.getMF()->getSubtarget<ACCSubtarget>().getRegisterInfo();
  for (const MachineOperand &Op : MI.operands())
    if (Op.isReg() && Op.getReg())
      R.Own.NumRegs = std::max(R.Own.NumRegs, registersUpTo(Op.getReg(), TRI));
  R.Own.NumBarriers = std::max(R.Own.NumBarriers, barriersOf(MI));
  if (MI.getOpcode() == ACC::CALL_X)
    R.IndirectCalls = true;
  if (MI.getOpcode() == ACC::CALL_D && MI.getOperand(0).isGlobal()) {
    const GlobalObject *Callee = MI.getOperand(0).getGlobal()->getAliaseeObject();
    if (const auto *F = dyn_cast_or_null<Function>(Callee))
      R.Callees.insert(F);
  }
}

/// What registers that did not fit cost: remarks that whoever compiles may show (-Xptxas -v).
static void reportSpills(const MachineFunction &MF) {
  uint64_t Stores = 0, Loads = 0;
  for (const MachineBasicBlock &MBB : MF)
    for (const MachineInstr &MI : MBB)
      for (const MachineMemOperand *MMO : MI.memoperands()) {
        const auto *Slot = dyn_cast_or_null<FixedStackPseudoSourceValue>(MMO->getPseudoValue());
        if (!Slot || !MF.getFrameInfo().isSpillSlotObjectIndex(Slot->getFrameIndex()))
          continue;
        (MMO->isStore() ? Stores : Loads) += MMO->getSize().getValue();
      }
  const Function &F = MF.getFunction();
  if (Stores)
    F.getContext().diagnose(DiagnosticInfoResourceLimit(F, "spill stores", Stores, 0, DS_Remark));
  if (Loads)
    F.getContext().diagnose(DiagnosticInfoResourceLimit(F, "spill loads", Loads, 0, DS_Remark));
}

void ACCResourceInfo::add(const MachineFunction &MF) {
  reportSpills(MF);
  Record &R = Records[&MF.getFunction()];
  const MachineFrameInfo &MFI = MF.getFrameInfo();
  R.Own.LocalBytes = MFI.getStackSize();
  if (MF.getSubtarget().getRegisterInfo()->hasStackRealignment(MF))
    R.Own.LocalBytes += MFI.getMaxAlign().value();
  R.Own.DynamicStack = MFI.hasVarSizedObjects();
  for (const MachineBasicBlock &MBB : MF)
    for (const MachineInstr &MI : MBB)
      addInstruction(MI, R);
}

void ACCResourceInfo::join(ACCResources &Sum, uint64_t OwnStack, const Function &Callee) {
  if (Active.contains(&Callee)) { // recursion
    Sum.DynamicStack = true;
    return;
  }
  const ACCResources &Needs = visit(Callee);
  Sum.NumRegs = std::max(Sum.NumRegs, Needs.NumRegs);
  Sum.NumBarriers = std::max(Sum.NumBarriers, Needs.NumBarriers);
  Sum.LocalBytes = std::max(Sum.LocalBytes, OwnStack + Needs.LocalBytes);
  Sum.DynamicStack |= Needs.DynamicStack;
}

const ACCResources &ACCResourceInfo::visit(const Function &F) {
  if (auto It = Totals.find(&F); It != Totals.end())
    return It->second;
  auto It = Records.find(&F);
  if (It == Records.end())
    return Totals[&F]; // no code here: the linker step will complain about the symbol
  const Record &R = It->second;
  ACCResources Sum = R.Own;
  Active.insert(&F);
  for (const Function *Callee : R.Callees)
    join(Sum, R.Own.LocalBytes, *Callee);
  if (R.IndirectCalls) {
    Sum.DynamicStack = true;
    for (const auto &[Other, Unused] : Records)
      if (Other->hasAddressTaken() && !isACCKernel(*Other))
        join(Sum, R.Own.LocalBytes, *Other);
  }
  Active.erase(&F);
  return Totals[&F] = Sum;
}

ACCResources ACCResourceInfo::total(const Function &Kernel) {
  // A result found inside a cycle lacks the cycle's other members, so nothing is kept between kernels.
  Totals.clear();
  return visit(Kernel);
}
