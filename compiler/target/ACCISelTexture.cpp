// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of __acc_tex.<modifiers>, __acc_surf.<...>: texture and surface instructions, by the names and
// modifiers of the ISA table (compiler/frontend/README.md, "Textures and surfaces"). Arguments are the words
// of the register operands.
#include "compiler/target/ACCISelDAGToDAG.h"
#include "compiler/target/ACCISelLowering.h"
#include "llvm/CodeGen/SelectionDAG.h"
#include <acc/spec/isa_table.h>

using namespace llvm;
namespace mods = acc::isa::mods;

namespace {

struct TextureRow {
  acc::isa::Opcode Code;
  unsigned Record;
};
#define ACC_TEXTURE(ROW) {acc::isa::Opcode::ROW, ACC::ROW}
const TextureRow TextureRows[] = {
    ACC_TEXTURE(TEX),      ACC_TEXTURE(TEXLOD), ACC_TEXTURE(TEXGRAD), ACC_TEXTURE(TEXGATHER),
    ACC_TEXTURE(TEXQUERY), ACC_TEXTURE(SURFLD), ACC_TEXTURE(SURFST),
};
#undef ACC_TEXTURE

const TextureRow *findRecord(acc::isa::Opcode Code) {
  const TextureRow *Row = find_if(TextureRows, [&](const TextureRow &R) { return R.Code == Code; });
  return Row == std::end(TextureRows) ? nullptr : Row;
}

/// Words of the register operands: what a call has as arguments, the first two of them in one.
unsigned argumentCount(const acc::isa::RowInfo &Row) {
  unsigned Words = 0;
  for (const acc::isa::OperandInfo &Operand : Row.operands())
    if (!Operand.is_out && Operand.kind == acc::isa::OperandKind::Reg)
      Words += Operand.regs;
  return Words - 1;
}

/// Which of x, y, z and the layer the geometries have, as bits.
constexpr unsigned Coordinates[] = {0b0001, 0b0011, 0b0111, 0b1001, 0b1011, 0b0111, 0b1111};
constexpr unsigned GatherGeometry[] = {mods::MGeom_2d, mods::MGeom_a2d, mods::MGeom_cube, mods::MGeom_acube};

unsigned coordinatesOf(acc::isa::Opcode Code, unsigned Mods) {
  using acc::isa::Opcode;
  static_assert(unsigned(mods::MSGeom_a2d) == unsigned(mods::MGeom_a2d));
  if (Code == Opcode::TEXQUERY)
    return 0;
  return Coordinates[Code == Opcode::TEXGATHER ? GatherGeometry[mods::TEXGATHER::ggeom.get(Mods)]
                                               : mods::MGeom.get(Mods)];
}

/// Arguments behind the handle that the instruction does not look at are any register.
void dropUnused(acc::isa::Opcode Code, unsigned Mods, MutableArrayRef<SDValue> Words, SelectionDAG &DAG) {
  using acc::isa::Opcode;
  if (Code == Opcode::TEXQUERY)
    return;
  unsigned Used = coordinatesOf(Code, Mods);
  for (unsigned I = 0; I < Words.size(); ++I) {
    bool Needed = I >= 4 || (Used >> I & 1);
    if (Code == Opcode::TEXGRAD && I >= 4) // two gradients, the offsets, nothing
      Needed = I < 10 ? (Used >> (I - 4) % 3 & 1) : I == 10;
    if (!Needed)
      Words[I] = DAG.getUNDEF(Words[I].getValueType());
  }
}

} // namespace

bool ACCTargetLowering::lowerTextureCall(StringRef Name, const CallLoweringInfo &CLI, SDValue &Chain,
                                         SmallVectorImpl<SDValue> &InVals) const {
  std::optional<MachineOpName> Op = parseMachineOp(Name);
  const TextureRow *Row = Op ? findRecord(Op->Row->opcode) : nullptr;
  if (!Row || CLI.OutVals.size() != argumentCount(*Op->Row))
    return false;
  for (const ISD::InputArg &In : CLI.Ins)
    if (In.VT != MVT::i32)
      return false;
  SelectionDAG &DAG = CLI.DAG;
  SmallVector<SDValue, 16> Ops{CLI.Chain, DAG.getTargetConstant(unsigned(Op->Row->opcode), CLI.DL, MVT::i32),
                               DAG.getTargetConstant(Op->Mods, CLI.DL, MVT::i32)};
  Ops.append(CLI.OutVals.begin(), CLI.OutVals.end());
  dropUnused(Op->Row->opcode, Op->Mods, MutableArrayRef<SDValue>(Ops).drop_front(4), DAG);
  SmallVector<EVT, 5> Types(CLI.Ins.size(), MVT::i32);
  Types.push_back(MVT::Other);
  SDValue Node = DAG.getNode(ACCISD::TEXTURE, CLI.DL, DAG.getVTList(Types), Ops);
  for (unsigned I = 0; I < CLI.Ins.size(); ++I)
    InVals.push_back(Node.getValue(I));
  Chain = Node.getValue(CLI.Ins.size());
  return true;
}

/// Words I, I + 1, ... of \p N as one register operand.
SDValue ACCDAGToDAGISel::wordGroup(SDNode *N, unsigned I, unsigned Words) {
  static const unsigned Parts[] = {ACC::sub0, ACC::sub1, ACC::sub2, ACC::sub3,
                                   ACC::sub4, ACC::sub5, ACC::sub6, ACC::sub7};
  SDLoc DL(N);
  if (Words == 1)
    return isNullConstant(N->getOperand(I)) ? zeroReg() : N->getOperand(I);
  unsigned Class = Words == 2   ? ACC::GPR64RegClassID
                   : Words == 4 ? ACC::GPR128RegClassID
                                : ACC::GPR256RegClassID;
  SmallVector<SDValue, 17> Sequence{CurDAG->getTargetConstant(Class, DL, MVT::i32)};
  for (unsigned Word = 0; Word < Words; ++Word) {
    SDValue Value = N->getOperand(I + Word);
    if (Value.isUndef())
      Value = SDValue(CurDAG->getMachineNode(TargetOpcode::IMPLICIT_DEF, DL, Value.getValueType()), 0);
    Sequence.push_back(Value);
    Sequence.push_back(CurDAG->getTargetConstant(Parts[Word], DL, MVT::i32));
  }
  MVT Type = Words == 2 ? MVT::i64 : MVT::Untyped;
  return SDValue(CurDAG->getMachineNode(TargetOpcode::REG_SEQUENCE, DL, Type, Sequence), 0);
}

void ACCDAGToDAGISel::selectTexture(SDNode *N) {
  SDLoc DL(N);
  const acc::isa::RowInfo &Row = *acc::isa::find_row(N->getConstantOperandVal(1));
  SmallVector<SDValue, 6> Ops;
  unsigned Next = 3;
  for (const acc::isa::OperandInfo &Operand : Row.operands()) {
    if (Operand.is_out)
      continue;
    bool Handle = Ops.empty(); // one value of 64 bits
    Ops.push_back(Handle ? N->getOperand(Next) : wordGroup(N, Next, Operand.regs));
    Next += Handle ? 1 : Operand.regs;
  }
  Ops.push_back(N->getOperand(2));
  Ops.push_back(N->getOperand(0));
  unsigned Results = N->getNumValues() - 1, Record = findRecord(Row.opcode)->Record;
  if (Results == 0) {
    ReplaceNode(N, CurDAG->getMachineNode(Record, DL, MVT::Other, Ops));
    return;
  }
  static const unsigned Parts[] = {ACC::sub0, ACC::sub1, ACC::sub2, ACC::sub3};
  bool Quad = Row.operands()[0].regs == 4;
  SDNode *Fetch = CurDAG->getMachineNode(Record, DL, Quad ? MVT::Untyped : MVT::i32, MVT::Other, Ops);
  for (unsigned I = 0; I < Results; ++I)
    ReplaceUses(SDValue(N, I), Quad
                                   ? CurDAG->getTargetExtractSubreg(Parts[I], DL, MVT::i32, SDValue(Fetch, 0))
                                   : SDValue(Fetch, 0));
  ReplaceUses(SDValue(N, Results), SDValue(Fetch, 1));
  CurDAG->RemoveDeadNode(N);
}
