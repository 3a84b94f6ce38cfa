// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How LLVM's operations become what the machine has. Legal types: i1 (predicates), i32, f32 (one register),
// i64, f64 (a pair). Everything else is promoted, split or, for vectors, taken apart; vector loads and stores
// that one instruction can do are kept together (LOAD_V2 ... STORE_V4).
#pragma once

#include "compiler/target/ACC.h"
#include "llvm/CodeGen/TargetLowering.h"

namespace acc::isa {
struct RowInfo;
}

namespace llvm {
class ACCSubtarget;

class ACCTargetLowering : public TargetLowering {
public:
  ACCTargetLowering(const TargetMachine &TM, const ACCSubtarget &STI);

  // ---- operations (ACCISelLowering.cpp)
  SDValue LowerOperation(SDValue Op, SelectionDAG &DAG) const override;
  void ReplaceNodeResults(SDNode *N, SmallVectorImpl<SDValue> &Results, SelectionDAG &DAG) const override;
  EVT getSetCCResultType(const DataLayout &, LLVMContext &Ctx, EVT VT) const override;
  MVT getScalarShiftAmountTy(const DataLayout &, EVT) const override { return MVT::i32; }

  // ---- calls (ACCISelCall.cpp)
  SDValue LowerFormalArguments(SDValue Chain, CallingConv::ID CC, bool IsVarArg,
                               const SmallVectorImpl<ISD::InputArg> &Ins, const SDLoc &DL, SelectionDAG &DAG,
                               SmallVectorImpl<SDValue> &InVals) const override;
  SDValue LowerCall(CallLoweringInfo &CLI, SmallVectorImpl<SDValue> &InVals) const override;
  bool CanLowerReturn(CallingConv::ID CC, MachineFunction &MF, bool IsVarArg,
                      const SmallVectorImpl<ISD::OutputArg> &Outs, LLVMContext &Ctx,
                      const Type *RetTy) const override;
  SDValue LowerReturn(SDValue Chain, CallingConv::ID CC, bool IsVarArg,
                      const SmallVectorImpl<ISD::OutputArg> &Outs, const SmallVectorImpl<SDValue> &OutVals,
                      const SDLoc &DL, SelectionDAG &DAG) const override;

  // ---- machine operations by name, inline assembly (ACCISelMachineOp.cpp)
  /// The instruction of a call of __acc_op.<name>; none when there is no such.
  SDValue lowerMachineOp(StringRef Name, const CallLoweringInfo &CLI) const;
  /// A row and the encoding of its modifiers, by their names.
  struct MachineOpName {
    const acc::isa::RowInfo *Row;
    unsigned Mods;
  };
  static std::optional<MachineOpName> parseMachineOp(StringRef Name);
  /// The instruction of a call of __acc_warp.<name>: false when there is no such, or when the values do not
  /// fill its operands.
  bool lowerMatrixOp(StringRef Name, const CallLoweringInfo &CLI, SmallVectorImpl<SDValue> &InVals,
                     SDValue &Chain) const;
  std::pair<unsigned, const TargetRegisterClass *>
  getRegForInlineAsmConstraint(const TargetRegisterInfo *TRI, StringRef Constraint, MVT VT) const override;

  // ---- textures and surfaces by name (ACCISelTexture.cpp)
  /// False when there is no such instruction, or the types do not fit.
  bool lowerTextureCall(StringRef Name, const CallLoweringInfo &CLI, SDValue &Chain,
                        SmallVectorImpl<SDValue> &InVals) const;

  // ---- questions of the optimiser (ACCISelHooks.cpp)
  bool isLegalAddressingMode(const DataLayout &DL, const AddrMode &AM, Type *Ty, unsigned AS,
                             Instruction *I) const override;
  bool allowsMisalignedMemoryAccesses(EVT, unsigned, Align, MachineMemOperand::Flags,
                                      unsigned *Fast) const override;
  bool isFPImmLegal(const APFloat &Imm, EVT VT, bool) const override { return true; }
  bool isFMAFasterThanFMulAndFAdd(const MachineFunction &, EVT VT) const override;
  bool enableAggressiveFMAFusion(EVT) const override { return true; }
  /// There are seven predicates, and comparisons combine them for free.
  bool shouldNormalizeToSelectSequence(LLVMContext &, EVT) const override { return false; }
  bool isTruncateFree(Type *Src, Type *Dst) const override;
  bool isTruncateFree(EVT Src, EVT Dst) const override;
  bool isLegalICmpImmediate(int64_t Imm) const override { return isInt<32>(Imm); }
  bool isLegalAddImmediate(int64_t Imm) const override { return isInt<32>(Imm); }
  bool isCheapToSpeculateCttz(Type *) const override { return true; }
  bool isCheapToSpeculateCtlz(Type *) const override { return true; }
  /// The address of a variable is an instruction, which the accesses to its parts share: they have offsets.
  bool isOffsetFoldingLegal(const GlobalAddressSDNode *) const override { return false; }
  bool aggressivelyPreferBuildVectorSources(EVT) const override { return true; }
  bool shouldConvertConstantLoadToIntImm(const APInt &, Type *) const override { return true; }
  bool reduceSelectOfFPConstantLoads(EVT) const override { return false; }
  bool ShouldShrinkFPConstant(EVT) const override { return false; }
  bool isJumpTableRelative() const override { return false; }
  bool areJTsAllowed(const Function *) const override { return false; }
  EVT getOptimalMemOpType(LLVMContext &Ctx, const MemOp &Op, const AttributeList &Attrs) const override;

  // ---- atomics (ACCISelAtomics.cpp)
  AtomicExpansionKind shouldExpandAtomicRMWInIR(AtomicRMWInst *RMW) const override;
  AtomicExpansionKind shouldExpandAtomicCmpXchgInIR(AtomicCmpXchgInst *CI) const override;
  AtomicExpansionKind shouldExpandAtomicLoadInIR(LoadInst *Load) const override;
  AtomicExpansionKind shouldExpandAtomicStoreInIR(StoreInst *Store) const override;
  bool shouldInsertFencesForAtomic(const Instruction *I) const override;
  AtomicOrdering atomicOperationOrderAfterFenceSplit(const Instruction *I) const override;
  Instruction *emitLeadingFence(IRBuilderBase &B, Instruction *I, AtomicOrdering Ord) const override;
  Instruction *emitTrailingFence(IRBuilderBase &B, Instruction *I, AtomicOrdering Ord) const override;

private:
  void addTypes();
  void setIntegerActions();
  void setFloatActions();
  void setMemoryActions();
  void setOtherActions();

  SDValue lowerGlobalAddress(SDValue Op, SelectionDAG &DAG) const;
  SDValue lowerAddrSpaceCast(SDValue Op, SelectionDAG &DAG) const;
  SDValue lowerDynamicAlloca(SDValue Op, SelectionDAG &DAG) const;
  SDValue lowerVAStart(SDValue Op, SelectionDAG &DAG) const;
  SDValue lowerPredicateLoad(LoadSDNode *Load, SelectionDAG &DAG) const;
  SDValue lowerPredicateStore(StoreSDNode *Store, SelectionDAG &DAG) const;
  SDValue lowerVectorLoad(LoadSDNode *Load, SelectionDAG &DAG) const;
  void lowerAtomic128(AtomicSDNode *N, SmallVectorImpl<SDValue> &Results, SelectionDAG &DAG) const;
  SDValue lowerVectorStore(StoreSDNode *Store, SelectionDAG &DAG) const;
  SDValue lowerKernelArguments(SDValue Chain, const SmallVectorImpl<ISD::InputArg> &Ins, const SDLoc &DL,
                               SelectionDAG &DAG, SmallVectorImpl<SDValue> &InVals) const;
  SmallVector<SDValue, 16> copyStructures(const CallLoweringInfo &CLI, SDValue &Chain) const;
  /// A generic pointer to a slot of the frame.
  SDValue genericLocalPointer(SDValue LocalOffset, const SDLoc &DL, SelectionDAG &DAG) const;

  const ACCSubtarget &Subtarget;
};

} // namespace llvm
