// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the optimiser should know about the machine: address spaces, divergence, vector memory accesses, and
// that instructions cost one issue slot each.
#pragma once

#include "compiler/target/ACCTargetMachine.h"
#include "llvm/CodeGen/BasicTTIImpl.h"

namespace llvm {

class ACCTTIImpl final : public BasicTTIImplBase<ACCTTIImpl> {
  using BaseT = BasicTTIImplBase<ACCTTIImpl>;
  friend BaseT;

public:
  ACCTTIImpl(const ACCTargetMachine *TM, const Function &F)
      : BaseT(TM, F.getDataLayout()), ST(TM->getSubtargetImpl(F)), TLI(ST->getTargetLowering()) {}

  unsigned getFlatAddressSpace() const override { return ACCAS::Generic; }
  /// Every space's accesses have the modifier, so that volatile generic ones may become those.
  bool hasVolatileVariant(Instruction *, unsigned) const override { return true; }
  bool hasBranchDivergence(const Function *) const override { return true; }
  InstructionUniformity getInstructionUniformity(const Value *V) const override;
  bool isSingleThreaded() const override { return false; }

  unsigned getNumberOfRegisters(unsigned) const override {
    return 1024;
  } // no vectorisation for lack of registers
  TypeSize getRegisterBitWidth(TargetTransformInfo::RegisterKind) const override {
    return TypeSize::getFixed(32);
  }
  unsigned getMinVectorRegisterBitWidth() const override { return 32; }
  unsigned getLoadStoreVecRegBitWidth(unsigned) const override { return 128; }
  bool isLegalToVectorizeLoadChain(unsigned Bytes, Align A, unsigned AS) const override {
    return isLegalChain(Bytes, A);
  }
  bool isLegalToVectorizeStoreChain(unsigned Bytes, Align A, unsigned AS) const override {
    return isLegalChain(Bytes, A);
  }
  /// Longer copies are loops already (compiler/frontend, MemoryIntrinsics); LLVM's would go byte by byte.
  uint64_t getMaxMemIntrinsicInlineSizeThreshold() const override { return 128; }
  unsigned getInliningThresholdMultiplier() const override { return 11; }
  void getUnrollingPreferences(Loop *L, ScalarEvolution &SE, TargetTransformInfo::UnrollingPreferences &UP,
                               OptimizationRemarkEmitter *ORE) const override;
  void getPeelingPreferences(Loop *L, ScalarEvolution &SE,
                             TargetTransformInfo::PeelingPreferences &PP) const override;
  InstructionCost
  getArithmeticInstrCost(unsigned Opcode, Type *Ty, TargetTransformInfo::TargetCostKind CostKind,
                         TargetTransformInfo::OperandValueInfo Op1Info = {TargetTransformInfo::OK_AnyValue,
                                                                          TargetTransformInfo::OP_None},
                         TargetTransformInfo::OperandValueInfo Op2Info = {TargetTransformInfo::OK_AnyValue,
                                                                          TargetTransformInfo::OP_None},
                         ArrayRef<const Value *> Args = {}, const Instruction *CxtI = nullptr) const override;

private:
  static bool isLegalChain(unsigned Bytes, Align A) { return Bytes <= 16 && A.value() >= Bytes; }
  const ACCSubtarget *getST() const { return ST; }
  const ACCTargetLowering *getTLI() const { return TLI; }

  const ACCSubtarget *ST;
  const ACCTargetLowering *TLI;
};

} // namespace llvm
