// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that disagree about a branch run its sides one after the other, and stay apart until they
// meet again: a few selections are cheaper. LLVM's SimplifyCFG makes at most two of a branch;
// sorting keys with their values needs four, and the nearest of some points its place as well.
//
//     head:  br c, then, join                head:  ... then's instructions
//     then:  ...                   becomes          x = select c, a, b
//            br join                                br join
//     join:  x = phi [a, then], [b, head]    join:
#include "compiler/frontend/Passes.h"

#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// Selections, and instructions that some threads need not have run, in place of one branch.
constexpr unsigned kMost = 6;

/// The block's only way in is from `head`; where it leads, or null.
BasicBlock* side_of(BasicBlock* block, const BasicBlock* head) {
    auto* branch = dyn_cast<BranchInst>(block->getTerminator());
    const bool is_side = branch && branch->isUnconditional() &&
                         block->getSinglePredecessor() == head && !block->hasAddressTaken() &&
                         !isa<PHINode>(block->front());
    return is_side ? branch->getSuccessor(0) : nullptr;
}

/// A branch whose sides meet at once; a side that is empty has no block.
struct Fork {
    BranchInst* branch;
    BasicBlock* then = nullptr;
    BasicBlock* otherwise = nullptr;
    BasicBlock* join = nullptr;

    explicit Fork(BranchInst* at) : branch(at) {
        BasicBlock *head = at->getParent(), *a = at->getSuccessor(0), *b = at->getSuccessor(1);
        BasicBlock *after_a = side_of(a, head), *after_b = side_of(b, head);
        if (a == b) return;
        if (after_a && (after_a == after_b || after_a == b)) then = a;
        if (after_b && (after_b == after_a || after_b == a)) otherwise = b;
        if (then || otherwise) join = then ? after_a : after_b;
        if (join == head) join = nullptr;
    }
    Value* value(const PHINode& phi, bool condition) const {
        BasicBlock* side = condition ? then : otherwise;
        return phi.getIncomingValueForBlock(side ? side : branch->getParent());
    }
};

/// What the block costs those that would not have come here; more than kMost when they must not.
unsigned cost(const BasicBlock* side, const TargetTransformInfo& target) {
    unsigned sum = 0;
    if (!side) return 0;
    for (const Instruction& instruction : side->instructionsWithoutDebug()) {
        if (instruction.isTerminator()) continue;
        const auto* call = dyn_cast<CallBase>(&instruction);
        const InstructionCost one = target.getInstructionCost(
            &instruction, TargetTransformInfo::TCK_SizeAndLatency);
        if (!isSafeToSpeculativelyExecute(&instruction) || instruction.isIntDivRem() ||
            (call && call->isConvergent()) || !one.isValid() ||
            one > TargetTransformInfo::TCC_Expensive)
            return kMost + 1;
        sum += one == TargetTransformInfo::TCC_Free ? 0 : 1;
    }
    return sum;
}

void take_in(BasicBlock* side, BranchInst* branch) {
    if (!side) return;
    for (Instruction& instruction : make_early_inc_range(*side)) {
        if (instruction.isTerminator()) break;
        instruction.dropUBImplyingAttrsAndMetadata();
        instruction.moveBefore(branch->getIterator());
    }
}

bool fold(BranchInst* branch, const TargetTransformInfo& target) {
    Fork fork(branch);
    if (!fork.join) return false;
    unsigned sum = cost(fork.then, target) + cost(fork.otherwise, target);
    for (const PHINode& phi : fork.join->phis())
        sum += fork.value(phi, true) != fork.value(phi, false);
    if (sum > kMost) return false;

    BasicBlock* head = branch->getParent();
    take_in(fork.then, branch);
    take_in(fork.otherwise, branch);
    IRBuilder<> builder(branch);
    for (PHINode& phi : fork.join->phis()) {
        Value *yes = fork.value(phi, true), *no = fork.value(phi, false);
        Value* chosen = yes == no ? yes : builder.CreateSelect(branch->getCondition(), yes, no);
        for (BasicBlock* from : {fork.then, fork.otherwise ? fork.otherwise : head})
            if (from && phi.getBasicBlockIndex(from) >= 0)
                phi.removeIncomingValue(from, /*DeletePHIIfEmpty=*/false);
        if (phi.getBasicBlockIndex(head) >= 0)
            phi.setIncomingValueForBlock(head, chosen);
        else
            phi.addIncoming(chosen, head);
    }
    BranchInst* straight = BranchInst::Create(fork.join, branch->getIterator());
    straight->setDebugLoc(branch->getDebugLoc());
    branch->eraseFromParent();
    for (BasicBlock* side : {fork.then, fork.otherwise})
        if (side) side->eraseFromParent();
    return true;
}

/// All branches; one that is gone may leave its place to another.
bool fold_all(Function& function, const TargetTransformInfo& target) {
    bool changed = false;
    for (BasicBlock& block : function)
        for (bool again = true; again; changed |= again) {
            auto* branch = dyn_cast<BranchInst>(block.getTerminator());
            again = branch && branch->isConditional() && fold(branch, target);
        }
    return changed;
}

} // namespace

PreservedAnalyses SelectionsPass::run(Function& function, FunctionAnalysisManager& analyses) {
    const TargetTransformInfo& target = analyses.getResult<TargetIRAnalysis>(function);
    bool changed = false;
    while (fold_all(function, target))
        changed = true;
    return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace acc::frontend
