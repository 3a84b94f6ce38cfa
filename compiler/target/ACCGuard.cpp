// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Guards short conditional blocks instead of branching around them. Every instruction of the machine can be
// guarded, and threads that disagree about a branch cost more than a few instructions that some of them skip.
//
//        head                          head
//       @p bra join                    @!p a
//       a               becomes        @!p b
//       b                              join
//     join
//
// What only computes something for the block itself runs in all threads: a guarded instruction keeps the old
// value of its result where the guard is false, which would tie it to whatever the register held before.
//
// Threads that only have to end do so at once (the end is guarded) instead of branching to where all end.
//
// Runs last, on physical registers; a guard is two operands behind the described ones (ACCAsmPrinter encodes
// it).
#include "compiler/target/ACC.h"
#include "compiler/target/ACCInstrInfo.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/LivePhysRegs.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"

using namespace llvm;

namespace {

/// Longest block worth guarding.
constexpr unsigned MaxInstructions = 4;

class ACCGuardPass : public MachineFunctionPass {
public:
  static char ID;
  ACCGuardPass() : MachineFunctionPass(ID) {}
  StringRef getPassName() const override { return "ACC guards"; }
  bool runOnMachineFunction(MachineFunction &MF) override;

private:
  bool tryBlock(MachineBasicBlock &Head);
  bool tryExit(MachineBasicBlock &Head);
  bool canGuard(const MachineBasicBlock &Then, MCRegister Predicate) const;
  void guardInto(MachineBasicBlock &Head, MachineBasicBlock &Then, ArrayRef<MachineOperand> Cond,
                 bool Negate);

  const ACCInstrInfo *TII = nullptr;
};

char ACCGuardPass::ID;

/// Then's only way in is from Head, its only way out to Join.
bool isSideBlock(const MachineBasicBlock &Then, const MachineBasicBlock &Head,
                 const MachineBasicBlock &Join) {
  return &Then != &Head && &Then != &Join && Then.pred_size() == 1 && Then.succ_size() == 1 &&
         *Then.succ_begin() == &Join && !Then.hasAddressTaken() && !Then.isEHPad();
}

/// No code comes of it: the front end leaves only empty inline assembly (compiler barriers).
bool isNothing(const MachineInstr &MI) { return MI.isMetaInstruction() || MI.isInlineAsm(); }

/// Here threads end, and do nothing else. (A block of nothing but compiler barriers goes on with the next.)
bool isExit(const MachineBasicBlock &MBB) {
  auto Ends = [](const MachineInstr &MI) { return MI.getOpcode() == ACC::EXIT; };
  return !MBB.hasAddressTaken() && any_of(MBB, Ends) &&
         all_of(MBB, [&](const MachineInstr &MI) { return isNothing(MI) || Ends(MI); });
}

/// Does nothing but write registers that nobody reads behind the block.
bool isForBlockOnly(const MachineInstr &MI, const LivePhysRegs &Behind, const MachineRegisterInfo &MRI) {
  if (MI.mayLoadOrStore() || MI.hasUnmodeledSideEffects() || MI.isCall() || MI.isTerminator())
    return false;
  return all_of(MI.operands(), [&](const MachineOperand &Op) {
    return !Op.isRegMask() && !(Op.isReg() && Op.isDef() && !Behind.available(MRI, Op.getReg()));
  });
}

void guard(MachineInstr &MI, ArrayRef<MachineOperand> Cond, bool Negate) {
  MachineFunction &MF = *MI.getMF();
  MI.addOperand(MF, MachineOperand::CreateReg(Cond[0].getReg(), /*isDef=*/false));
  MI.addOperand(MF, MachineOperand::CreateImm(Negate ? !Cond[1].getImm() : Cond[1].getImm()));
}

} // namespace

bool ACCGuardPass::canGuard(const MachineBasicBlock &Then, MCRegister Predicate) const {
  unsigned Count = 0;
  for (const MachineInstr &MI : Then) {
    if (isNothing(MI) || MI.getOpcode() == ACC::BRA)
      continue;
    bool HasGuard = MI.getNumOperands() > MI.getDesc().getNumOperands() + 1 &&
                    MI.getOperand(MI.getDesc().getNumOperands() + 1).isImm();
    if (++Count > MaxInstructions || MI.isTerminator() || MI.isCall() || MI.isConvergent() ||
        MI.getOpcode() == ACC::EXIT_INLINE || HasGuard)
      return false;
    for (const MachineOperand &Op : MI.operands())
      if (Op.isReg() && Op.isDef() && Op.getReg() == Predicate)
        return false;
  }
  return true;
}

void ACCGuardPass::guardInto(MachineBasicBlock &Head, MachineBasicBlock &Then, ArrayRef<MachineOperand> Cond,
                             bool Negate) {
  TII->removeBranch(Then);
  const MachineRegisterInfo &MRI = Then.getParent()->getRegInfo();
  LivePhysRegs Behind(*MRI.getTargetRegisterInfo());
  Behind.addLiveOuts(Then);
  for (MachineInstr &MI : Then)
    if (!isNothing(MI) && !isForBlockOnly(MI, Behind, MRI))
      guard(MI, Cond, Negate);
  Head.splice(Head.end(), &Then, Then.begin(), Then.end());
}

bool ACCGuardPass::tryBlock(MachineBasicBlock &Head) {
  MachineBasicBlock *TBB = nullptr, *FBB = nullptr;
  SmallVector<MachineOperand, 2> Cond;
  if (TII->analyzeBranch(Head, TBB, FBB, Cond, false) || Cond.empty() || !TBB)
    return false;
  if (!FBB)
    FBB = Head.getNextNode();
  if (!FBB || FBB == TBB || !Head.isSuccessor(FBB))
    return false;
  MCRegister Predicate = Cond[0].getReg();
  // A triangle: one side goes straight to the join.
  for (bool TakenIsThen : {false, true}) {
    MachineBasicBlock *Then = TakenIsThen ? TBB : FBB, *Join = TakenIsThen ? FBB : TBB;
    if (!isSideBlock(*Then, Head, *Join) || !canGuard(*Then, Predicate))
      continue;
    DebugLoc DL = Head.findBranchDebugLoc();
    TII->removeBranch(Head);
    guardInto(Head, *Then, Cond, /*Negate=*/!TakenIsThen);
    Head.removeSuccessor(Then, /*NormalizeSuccProbs=*/true);
    Then->removeSuccessor(Join);
    Then->eraseFromParent();
    if (!Head.isLayoutSuccessor(Join))
      TII->insertBranch(Head, Join, nullptr, {}, DL, nullptr);
    return true;
  }
  return false;
}

bool ACCGuardPass::tryExit(MachineBasicBlock &Head) {
  MachineBasicBlock *TBB = nullptr, *FBB = nullptr;
  SmallVector<MachineOperand, 2> Cond;
  if (TII->analyzeBranch(Head, TBB, FBB, Cond, false) || !TBB)
    return false;
  DebugLoc DL = Head.findBranchDebugLoc();
  if (Cond.empty()) {
    if (!isExit(*TBB))
      return false;
    TII->removeBranch(Head);
    BuildMI(&Head, DL, TII->get(ACC::EXIT));
    Head.removeSuccessor(TBB);
    return true;
  }
  MachineBasicBlock *Next = Head.getNextNode();
  if (!FBB)
    FBB = Next;
  if (!FBB || FBB == TBB)
    return false;
  // The threads that go on must not need a branch that they did not need before.
  bool Taken = isExit(*TBB);
  bool FallsThrough =
      !Taken && FBB == Next && isExit(*FBB) && FBB->pred_size() == 1 && FBB->getNextNode() == TBB;
  if (!Taken && !FallsThrough)
    return false;
  MachineBasicBlock *End = Taken ? TBB : FBB, *Rest = Taken ? FBB : TBB;
  TII->removeBranch(Head);
  guard(*BuildMI(&Head, DL, TII->get(ACC::EXIT_INLINE)), Cond, /*Negate=*/!Taken);
  Head.removeSuccessor(End, /*NormalizeSuccProbs=*/true);
  if (End->pred_empty())
    End->eraseFromParent();
  if (!Head.isLayoutSuccessor(Rest))
    TII->insertBranch(Head, Rest, nullptr, {}, DL, nullptr);
  return true;
}

bool ACCGuardPass::runOnMachineFunction(MachineFunction &MF) {
  if (skipFunction(MF.getFunction()))
    return false;
  TII = MF.getSubtarget<ACCSubtarget>().getInstrInfo();
  bool Changed = false;
  for (MachineBasicBlock &MBB : MF)
    while (tryBlock(MBB))
      Changed = true;
  for (MachineBasicBlock &MBB : MF)
    Changed |= tryExit(MBB);
  return Changed;
}

FunctionPass *llvm::createACCGuardPass() { return new ACCGuardPass(); }
