// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Orders blocks so that threads which part meet again. Of a warp's threads those at the lowest address run
// first: the others are waited for where ways join, provided that the place lies behind all the ways that
// lead there, and what follows a loop behind the loop. Block placement looks at fall-through and heat only:
// it puts the join of a rotated loop's body above the body, and unlikely ways to the function's end.
//
// Functions in which a place is too early get the order of their control flow: topological without the edges
// back to loop headers, the blocks of a loop together, what may go either way as it was.
#include "compiler/target/ACC.h"
#include "compiler/target/ACCInstrInfo.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineLoopInfo.h"
#include <set>

using namespace llvm;

namespace {

using Blocks = SmallVector<MachineBasicBlock *, 32>;

class ACCBlockOrderPass : public MachineFunctionPass {
public:
  static char ID;
  ACCBlockOrderPass() : MachineFunctionPass(ID) {}
  StringRef getPassName() const override { return "ACC block order"; }
  void getAnalysisUsage(AnalysisUsage &AU) const override {
    AU.addRequired<MachineLoopInfoWrapperPass>();
    MachineFunctionPass::getAnalysisUsage(AU);
  }
  bool runOnMachineFunction(MachineFunction &MF) override;

private:
  bool isForward(const MachineBasicBlock &From, const MachineBasicBlock &To) const;
  bool isTooEarly(const MachineBasicBlock &MBB) const;
  bool leavesTooEarly(const MachineLoop &Loop) const;
  const void *partOf(const MachineBasicBlock &MBB, const MachineLoop *Loop) const;
  void append(ArrayRef<MachineBasicBlock *> Old, const MachineLoop *Loop, Blocks &Order) const;

  const MachineLoopInfo *Loops = nullptr;
  DenseMap<const MachineBasicBlock *, unsigned> Place; ///< as block placement left them
};

char ACCBlockOrderPass::ID;

/// No edge back to the header of a loop that both are in.
bool ACCBlockOrderPass::isForward(const MachineBasicBlock &From, const MachineBasicBlock &To) const {
  const MachineLoop *Loop = Loops->getLoopFor(&To);
  return !Loop || Loop->getHeader() != &To || !Loop->contains(&From);
}

/// Several ways lead here, one of them from behind.
bool ACCBlockOrderPass::isTooEarly(const MachineBasicBlock &MBB) const {
  unsigned Ways = 0;
  bool Behind = false;
  for (const MachineBasicBlock *Pred : MBB.predecessors())
    if (isForward(*Pred, MBB)) {
      ++Ways;
      Behind |= Place.lookup(Pred) > Place.lookup(&MBB);
    }
  return Ways > 1 && Behind;
}

/// Threads that leave the loop would go on while others are in it still. (Those that end there may.)
bool ACCBlockOrderPass::leavesTooEarly(const MachineLoop &Loop) const {
  unsigned Last = 0;
  for (const MachineBasicBlock *MBB : Loop.blocks())
    Last = std::max(Last, Place.lookup(MBB));
  SmallVector<MachineBasicBlock *, 4> Exits;
  Loop.getExitBlocks(Exits);
  return any_of(
      Exits, [&](const MachineBasicBlock *Exit) { return Place.lookup(Exit) < Last && !Exit->succ_empty(); });
}

/// What of Loop (null: of the function) the block is in: itself, or a loop in Loop. Null: it is outside.
const void *ACCBlockOrderPass::partOf(const MachineBasicBlock &MBB, const MachineLoop *Loop) const {
  const MachineLoop *Inner = Loops->getLoopFor(&MBB);
  if (Inner == Loop)
    return &MBB;
  while (Inner && Inner->getParentLoop() != Loop)
    Inner = Inner->getParentLoop();
  return Inner;
}

/// The blocks of Loop, which are given in their old order: Kahn's algorithm, of the parts that may come next
/// the one that came first. Where control flow is irreducible none may, and the first of those does that a
/// part which has its place leads to.
void ACCBlockOrderPass::append(ArrayRef<MachineBasicBlock *> Old, const MachineLoop *Loop,
                               Blocks &Order) const {
  struct Part {
    Blocks Inside;
    const MachineLoop *Inner;
    unsigned Waits = 0; ///< for so many edges
  };
  const size_t End = Order.size() + Old.size();
  std::vector<Part> Parts;
  DenseMap<const void *, unsigned> Index;
  for (MachineBasicBlock *MBB : Old) {
    const void *Key = partOf(*MBB, Loop);
    auto [At, New] = Index.try_emplace(Key, Parts.size());
    if (New)
      Parts.push_back({{}, Key != MBB ? static_cast<const MachineLoop *>(Key) : nullptr});
    Parts[At->second].Inside.push_back(MBB);
  }
  auto ForEachEdge = [&](const Part &From, auto Do) {
    for (MachineBasicBlock *MBB : From.Inside)
      for (MachineBasicBlock *Succ : MBB->successors()) {
        auto At = Index.find(partOf(*Succ, Loop));
        if (At != Index.end() && &Parts[At->second] != &From && !(Loop && Succ == Loop->getHeader()))
          Do(Parts[At->second]);
      }
  };
  for (const Part &From : Parts)
    ForEachEdge(From, [](Part &To) { ++To.Waits; });
  // By number, which is the old order: what waits for nothing, what waits still but is led to, the rest.
  std::set<unsigned> Ready, Reached, Rest;
  for (unsigned I = 0; I < Parts.size(); ++I)
    (Parts[I].Waits == 0 ? Ready : Rest).insert(I);
  while (Order.size() < End) {
    std::set<unsigned> &From = !Ready.empty() ? Ready : !Reached.empty() ? Reached : Rest;
    const Part &Next = Parts[*From.begin()];
    From.erase(From.begin());
    if (Next.Inner)
      append(Next.Inside, Next.Inner, Order);
    else
      Order.push_back(Next.Inside.front());
    ForEachEdge(Next, [&](Part &To) {
      const unsigned I = &To - Parts.data();
      --To.Waits;
      if (Rest.erase(I) + Reached.erase(I) != 0)
        (To.Waits == 0 ? Ready : Reached).insert(I);
    });
  }
}

/// Gives the function this order; what a block went on to stays.
void reorder(MachineFunction &MF, ArrayRef<MachineBasicBlock *> Order, const TargetInstrInfo &TII) {
  DenseMap<MachineBasicBlock *, MachineBasicBlock *> OldNext;
  for (MachineBasicBlock &MBB : MF)
    OldNext[&MBB] = MBB.getNextNode();
  for (MachineBasicBlock *MBB : Order)
    MBB->moveAfter(&MF.back());
  MF.RenumberBlocks();
  for (MachineBasicBlock &MBB : MF) {
    MachineBasicBlock *TBB = nullptr, *FBB = nullptr;
    SmallVector<MachineOperand, 2> Cond;
    if (!TII.analyzeBranch(MBB, TBB, FBB, Cond))
      MBB.updateTerminator(OldNext[&MBB]);
  }
}

bool ACCBlockOrderPass::runOnMachineFunction(MachineFunction &MF) {
  Loops = &getAnalysis<MachineLoopInfoWrapperPass>().getLI();
  Place.clear();
  Blocks Old, Order;
  for (MachineBasicBlock &MBB : MF) {
    Place[&MBB] = Old.size();
    Old.push_back(&MBB);
  }
  if (none_of(MF, [&](const MachineBasicBlock &MBB) { return isTooEarly(MBB); }) &&
      none_of(Loops->getLoopsInPreorder(), [&](const MachineLoop *Loop) { return leavesTooEarly(*Loop); }))
    return false;
  append(Old, nullptr, Order);
  if (Order == Old)
    return false;
  reorder(MF, Order, *MF.getSubtarget<ACCSubtarget>().getInstrInfo());
  return true;
}

} // namespace

FunctionPass *llvm::createACCBlockOrderPass() { return new ACCBlockOrderPass(); }
