// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCTargetTransformInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

/// Intrinsics that differ between the threads of a warp although their operands do not.
static bool readsThreadIdentity(Intrinsic::ID Id) {
  switch (Id) {
  case Intrinsic::nvvm_read_ptx_sreg_tid_x:
  case Intrinsic::nvvm_read_ptx_sreg_tid_y:
  case Intrinsic::nvvm_read_ptx_sreg_tid_z:
  case Intrinsic::nvvm_read_ptx_sreg_laneid:
  case Intrinsic::nvvm_read_ptx_sreg_lanemask_eq:
  case Intrinsic::nvvm_read_ptx_sreg_lanemask_lt:
  case Intrinsic::nvvm_read_ptx_sreg_lanemask_le:
  case Intrinsic::nvvm_read_ptx_sreg_lanemask_gt:
  case Intrinsic::nvvm_read_ptx_sreg_lanemask_ge:
  case Intrinsic::nvvm_read_ptx_sreg_clock:
  case Intrinsic::nvvm_read_ptx_sreg_clock64:
    return true;
  default:
    return false;
  }
}

InstructionUniformity ACCTTIImpl::getInstructionUniformity(const Value *V) const {
  if (const auto *Arg = dyn_cast<Argument>(V))
    return isACCKernel(*Arg->getParent()) ? InstructionUniformity::Default
                                          : InstructionUniformity::NeverUniform;
  if (const auto *Load = dyn_cast<LoadInst>(V)) {
    unsigned AS = Load->getPointerAddressSpace();
    return AS == ACCAS::Local || AS == ACCAS::Generic ? InstructionUniformity::NeverUniform
                                                      : InstructionUniformity::Default;
  }
  if (isa<AtomicRMWInst>(V) || isa<AtomicCmpXchgInst>(V))
    return InstructionUniformity::NeverUniform;
  if (const auto *Call = dyn_cast<CallInst>(V)) {
    const auto *II = dyn_cast<IntrinsicInst>(Call);
    if (!II || readsThreadIdentity(II->getIntrinsicID()) || II->isConvergent())
      return InstructionUniformity::NeverUniform;
  }
  return InstructionUniformity::Default;
}

void ACCTTIImpl::getUnrollingPreferences(Loop *L, ScalarEvolution &SE,
                                         TargetTransformInfo::UnrollingPreferences &UP,
                                         OptimizationRemarkEmitter *ORE) const {
  BaseT::getUnrollingPreferences(L, SE, UP, ORE);
  // Loop control is a large part of a small body's instructions, and registers are plenty.
  UP.Threshold = 300;
  UP.PartialThreshold = 160;
  UP.OptSizeThreshold = 0;
  UP.PartialOptSizeThreshold = 0;
  UP.MaxCount = 16;
  UP.DefaultUnrollRuntimeCount = 4;
  UP.Partial = UP.Runtime = true;
  UP.UpperBound = true;
  UP.AllowExpensiveTripCount = false;
}

void ACCTTIImpl::getPeelingPreferences(Loop *L, ScalarEvolution &SE,
                                       TargetTransformInfo::PeelingPreferences &PP) const {
  BaseT::getPeelingPreferences(L, SE, PP);
}

InstructionCost ACCTTIImpl::getArithmeticInstrCost(unsigned Opcode, Type *Ty,
                                                   TargetTransformInfo::TargetCostKind CostKind,
                                                   TargetTransformInfo::OperandValueInfo Op1Info,
                                                   TargetTransformInfo::OperandValueInfo Op2Info,
                                                   ArrayRef<const Value *> Args,
                                                   const Instruction *CxtI) const {
  // 64-bit values move twice the data. It also keeps induction variables in 32 bits, where they can be
  // indices.
  InstructionCost Cost = BaseT::getArithmeticInstrCost(Opcode, Ty, CostKind, Op1Info, Op2Info, Args, CxtI);
  return Ty->isIntegerTy(64) ? Cost * 2 : Cost;
}
