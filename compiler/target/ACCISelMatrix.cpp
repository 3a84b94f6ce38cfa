// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of __acc_warp.<mnemonic>.<modifiers>: matrix instructions of a whole warp
// (compiler/frontend/README.md). Their operands are groups of up to eight registers, which travel in the IR
// as single words and pairs.
#include "compiler/target/ACCISelLowering.h"
#include "compiler/target/ACCRegisterInfo.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/SelectionDAG.h"
#include <acc/spec/isa_table.h>

using namespace llvm;

namespace {

struct MatrixOp {
  acc::isa::Opcode Code;
  unsigned Record;
};
#define ACC_OP(ROW) {acc::isa::Opcode::ROW, ACC::ROW}
const MatrixOp MatrixOps[] = {
    ACC_OP(LDMATRIX1),
    ACC_OP(LDMATRIX2),
    ACC_OP(LDMATRIX4),
    ACC_OP(STMATRIX1),
    ACC_OP(STMATRIX2),
    ACC_OP(STMATRIX4),
    ACC_OP(MOVMATRIX),
    ACC_OP(MMA_f16_m16n8k8),
    ACC_OP(MMA_f32f16_m16n8k8),
    ACC_OP(MMA_f16_m16n8k16),
    ACC_OP(MMA_f32f16_m16n8k16),
    ACC_OP(MMA_f32bf16_m16n8k8),
    ACC_OP(MMA_f32bf16_m16n8k16),
    ACC_OP(MMA_f32tf32_m16n8k4),
    ACC_OP(MMA_f32tf32_m16n8k8),
    ACC_OP(MMA_f64_m8n8k4),
    ACC_OP(MMA_f64_m16n8k4),
    ACC_OP(MMA_f64_m16n8k8),
    ACC_OP(MMA_f16_m8n8k4),
    ACC_OP(MMA_f32f16_m8n8k4),
    ACC_OP(MMA_f32f16c16_m8n8k4),
    ACC_OP(MMA_i8_m8n8k16),
    ACC_OP(MMA_i8_m16n8k16),
    ACC_OP(MMA_i8_m16n8k32),
    ACC_OP(MMA_i4_m8n8k32),
    ACC_OP(MMA_i4_m16n8k32),
    ACC_OP(MMA_i4_m16n8k64),
    ACC_OP(MMA_b1_m8n8k128),
    ACC_OP(MMA_b1_m16n8k128),
    ACC_OP(MMA_b1_m16n8k256),
    ACC_OP(MMA_f32f8_m16n8k32),
    ACC_OP(MMA_f16f8_m16n8k32),
};
#undef ACC_OP

/// Subregister of 32 or 64 bits that begins at Word.
unsigned subregister(unsigned Word, unsigned Bits) {
  static const unsigned Words[] = {ACC::sub0, ACC::sub1, ACC::sub2, ACC::sub3,
                                   ACC::sub4, ACC::sub5, ACC::sub6, ACC::sub7};
  static const unsigned Pairs[] = {ACC::sub0_1, ACC::sub2_3, ACC::sub4_5, ACC::sub6_7};
  return Bits == 32 ? Words[Word] : Pairs[Word / 2];
}

MVT typeOf(const TargetRegisterClass &RC) {
  return RC.getID() == ACC::GPR32RegClassID   ? MVT::i32
         : RC.getID() == ACC::GPR64RegClassID ? MVT::i64
                                              : MVT::Untyped;
}

/// Takes words from the front of Values until they fill a register of the class; nothing when they do not.
SDValue group(const TargetRegisterClass &RC, unsigned Bits, ArrayRef<SDValue> &Values, const SDLoc &DL,
              SelectionDAG &DAG) {
  SmallVector<SDValue, 17> Parts{DAG.getTargetConstant(RC.getID(), DL, MVT::i32)};
  unsigned Done = 0;
  while (Done < Bits) {
    if (Values.empty())
      return SDValue();
    SDValue V = Values.front();
    unsigned Width = V.getValueType().getFixedSizeInBits();
    if ((Width != 32 && Width != 64) || Done + Width > Bits)
      return SDValue();
    Values = Values.drop_front();
    if (Width == Bits)
      return V;
    Parts.push_back(V);
    Parts.push_back(DAG.getTargetConstant(subregister(Done / 32, Width), DL, MVT::i32));
    Done += Width;
  }
  return SDValue(DAG.getMachineNode(TargetOpcode::REG_SEQUENCE, DL, typeOf(RC), Parts), 0);
}

} // namespace

bool ACCTargetLowering::lowerMatrixOp(StringRef Name, const CallLoweringInfo &CLI,
                                      SmallVectorImpl<SDValue> &InVals, SDValue &Chain) const {
  std::optional<MachineOpName> Named = parseMachineOp(Name);
  if (!Named)
    return false;
  const acc::isa::RowInfo &Row = *Named->Row;
  const MatrixOp *Op = find_if(MatrixOps, [&](const MatrixOp &M) { return M.Code == Row.opcode; });
  if (Op == std::end(MatrixOps))
    return false;
  SelectionDAG &DAG = CLI.DAG;
  const ACCSubtarget &ST = DAG.getMachineFunction().getSubtarget<ACCSubtarget>();
  const TargetRegisterInfo &TRI = *ST.getRegisterInfo();
  const MCInstrDesc &Desc = ST.getInstrInfo()->get(Op->Record);
  bool HasMemory = Row.space != acc::isa::Space::None;
  ArrayRef<SDValue> Values = CLI.OutVals;
  SmallVector<SDValue, 6> Ops;
  for (const MCOperandInfo &Info : Desc.operands().drop_front(Desc.getNumDefs())) {
    if (Info.RegClass < 0)
      continue;
    const TargetRegisterClass &RC = *TRI.getRegClass(Info.RegClass);
    Ops.push_back(group(RC, TRI.getRegSizeInBits(RC), Values, CLI.DL, DAG));
    if (!Ops.back())
      return false;
  }
  if (!Values.empty())
    return false;
  if (HasMemory) // the distance from the address in the register
    Ops.push_back(DAG.getTargetConstant(0, CLI.DL, MVT::i32));
  if (Row.num_mods)
    Ops.push_back(DAG.getTargetConstant(Named->Mods, CLI.DL, MVT::i32));
  SmallVector<EVT, 2> Results;
  if (Desc.getNumDefs())
    Results.push_back(typeOf(*TRI.getRegClass(Desc.operands()[0].RegClass)));
  if (HasMemory) {
    Results.push_back(MVT::Other);
    Ops.push_back(Chain);
  }
  SDNode *Node = DAG.getMachineNode(Op->Record, CLI.DL, DAG.getVTList(Results), Ops);
  if (HasMemory)
    Chain = SDValue(Node, Results.size() - 1);
  unsigned Word = 0;
  for (const ISD::InputArg &In : CLI.Ins) {
    unsigned Bits = In.VT.getFixedSizeInBits();
    InVals.push_back(CLI.Ins.size() == 1 ? SDValue(Node, 0)
                                         : DAG.getTargetExtractSubreg(subregister(Word, Bits), CLI.DL, In.VT,
                                                                      SDValue(Node, 0)));
    Word += Bits / 32;
  }
  return true;
}
