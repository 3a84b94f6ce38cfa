// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of __acc_op.<mnemonic>.<modifiers>: instructions that are pure functions of their registers, by the
// names and modifiers of the ISA table (compiler/frontend/README.md, "Machine operations").
#include "compiler/target/ACCISelLowering.h"
#include "compiler/target/ACCRegisterInfo.h"
#include "llvm/CodeGen/SelectionDAG.h"
#include <acc/spec/isa_table.h>

using namespace llvm;

namespace {

/// The record of a row in which every operand is a register.
struct MachineOp {
  acc::isa::Opcode Code;
  unsigned Record;
};
#define ACC_OP(ROW, FORM) {acc::isa::Opcode::ROW, ACC::ROW##FORM}
#define ACC_CVT_INT(F)                                                                                       \
  ACC_OP(CVT_s32_##F, ), ACC_OP(CVT_u32_##F, ), ACC_OP(CVT_s64_##F, ), ACC_OP(CVT_u64_##F, ),                \
      ACC_OP(CVT_##F##_s32, ), ACC_OP(CVT_##F##_u32, ), ACC_OP(CVT_##F##_s64, ), ACC_OP(CVT_##F##_u64, )
const MachineOp MachineOps[] = {
    ACC_OP(MAPA, _rr),
    ACC_OP(FADD, _rr),
    ACC_OP(FMUL, _rr),
    ACC_OP(FFMA, _rrr),
    ACC_OP(FMIN, _rr),
    ACC_OP(FMAX, _rr),
    ACC_OP(FDIV, _rr),
    ACC_OP(FRCP, ),
    ACC_OP(FSQRT, ),
    ACC_OP(FTESTP, ),
    ACC_OP(DADD, _rr),
    ACC_OP(DMUL, _rr),
    ACC_OP(DFMA, _rrr),
    ACC_OP(DMIN, _rr),
    ACC_OP(DMAX, _rr),
    ACC_OP(DDIV, _rr),
    ACC_OP(DRCP, ),
    ACC_OP(DSQRT, ),
    ACC_OP(DTESTP, ),
    ACC_OP(HADD, _rr),
    ACC_OP(HMUL, _rr),
    ACC_OP(HFMA, _rrr),
    ACC_OP(HMIN, _rr),
    ACC_OP(HMAX, _rr),
    ACC_OP(HSET, _rr),
    ACC_OP(HEX2, ),
    ACC_OP(HTANH, ),
    ACC_OP(RCP, ),
    ACC_OP(RSQRT, ),
    ACC_OP(SQRT, ),
    ACC_OP(SIN, ),
    ACC_OP(COS, ),
    ACC_OP(EX2, ),
    ACC_OP(LG2, ),
    ACC_OP(TANH, ),
    ACC_OP(RCP64, ),
    ACC_OP(RSQRT64, ),
    ACC_CVT_INT(f32),
    ACC_CVT_INT(f64),
    ACC_CVT_INT(f16),
    ACC_CVT_INT(bf16),
    ACC_OP(CVT_f64_f32, ),
    ACC_OP(CVT_f32_f64, ),
    ACC_OP(CVT_f32_f16, ),
    ACC_OP(CVT_f16_f32, ),
    ACC_OP(CVT_f32_bf16, ),
    ACC_OP(CVT_bf16_f32, ),
    ACC_OP(CVT_f64_f16, ),
    ACC_OP(CVT_f16_f64, ),
    ACC_OP(CVT_f64_bf16, ),
    ACC_OP(CVT_bf16_f64, ),
    ACC_OP(CVT_f16x2_f32, _rr),
    ACC_OP(CVT_bf16x2_f32, _rr),
    ACC_OP(CVT_tf32_f32, ),
    ACC_OP(CVT_e4m3x2_f32, _rr),
    ACC_OP(CVT_e5m2x2_f32, _rr),
    ACC_OP(CVT_e4m3x2_f16x2, ),
    ACC_OP(CVT_e5m2x2_f16x2, ),
    ACC_OP(CVT_f16x2_e4m3x2, ),
    ACC_OP(CVT_f16x2_e5m2x2, ),
    ACC_OP(FRND_f32, ),
    ACC_OP(FRND_f64, ),
    ACC_OP(FRND_f16, ),
    ACC_OP(FRND_bf16, ),
    ACC_OP(SHFL_L, _rrr),
    ACC_OP(SHFL_R, _rrr),
    ACC_OP(BMSK, _rr),
    ACC_OP(FNS, _rrr),
    ACC_OP(PRMT, _rrr),
    ACC_OP(DP4A, _rrr),
    ACC_OP(DP2A, _rrr),
    ACC_OP(VADD, _rr),
    ACC_OP(VSUB, _rr),
    ACC_OP(VMIN, _rr),
    ACC_OP(VMAX, _rr),
    ACC_OP(VAVG, _rr),
    ACC_OP(VABSD, _rr),
    ACC_OP(VABS, _rr),
    ACC_OP(VNEG, _rr),
    ACC_OP(VSET, _rr),
    ACC_OP(VSADS, _rrr),
};
#undef ACC_CVT_INT
#undef ACC_OP

/// The row whose mnemonic is the longest beginning of Text; what is left of Text are modifiers.
const acc::isa::RowInfo *findRow(StringRef &Text) {
  const acc::isa::RowInfo *Best = nullptr;
  size_t Length = 0;
  for (const acc::isa::RowInfo &Row : acc::isa::kRows) {
    StringRef Mnemonic = Row.mnemonic;
    StringRef Rest = Text;
    if (Mnemonic.size() > Length && Rest.consume_front(Mnemonic) && (Rest.empty() || Rest[0] == '.')) {
      Best = &Row;
      Length = Mnemonic.size();
    }
  }
  Text = Text.drop_front(Length);
  return Best;
}

/// The encoding of one modifier's name; nothing when the row has none of that name.
std::optional<unsigned> modifierBits(const acc::isa::RowInfo &Row, StringRef Name) {
  for (const acc::isa::ModInfo &Mod : Row.mods())
    for (unsigned Value = 0; !Mod.numeric && Value <= Mod.max; ++Value)
      if (Name == acc::isa::kModValues[Mod.first_value + Value])
        return Value << Mod.bit;
  return std::nullopt;
}

/// What an instruction does with 16-bit floats: the scalar formats are in the low half of a word, the high
/// one is not read and comes out as zero.
struct Halves {
  bool Read, Written;
};
Halves halvesOf(acc::isa::Opcode Code, ArrayRef<StringRef> Modifiers) {
  using acc::isa::Opcode;
  switch (Code) {
  case Opcode::HADD:
  case Opcode::HMUL:
  case Opcode::HFMA:
  case Opcode::HMIN:
  case Opcode::HMAX:
  case Opcode::HSET:
  case Opcode::HEX2:
  case Opcode::HTANH: {
    bool Scalar = is_contained(Modifiers, "f16") || is_contained(Modifiers, "bf16");
    return {Scalar, Scalar};
  }
  case Opcode::CVT_f32_f16:
  case Opcode::CVT_f32_bf16:
  case Opcode::CVT_f64_f16:
  case Opcode::CVT_f64_bf16:
    return {true, false};
  case Opcode::CVT_f16_f32:
  case Opcode::CVT_bf16_f32:
    return {false, true};
  default:
    return {false, false};
  }
}

/// A word with the same low half, without what only clears or fills the high one.
SDValue sameLowHalf(SDValue V, const SDLoc &DL, SelectionDAG &DAG) {
  if (V.getOpcode() == ISD::AND)
    if (auto *Mask = dyn_cast<ConstantSDNode>(V.getOperand(1));
        Mask && (Mask->getZExtValue() & 0xffff) == 0xffff)
      return V.getOperand(0);
  if (!ISD::isExtOpcode(V.getOpcode()) || V.getOperand(0).getValueType() != MVT::i16)
    return V;
  return DAG.getAnyExtOrTrunc(V.getOperand(0), DL, MVT::i32);
}

} // namespace

static std::optional<unsigned> parseModifiers(const acc::isa::RowInfo &Row, ArrayRef<StringRef> Suffixes) {
  unsigned Mods = 0;
  for (StringRef Suffix : Suffixes) {
    std::optional<unsigned> Bits = modifierBits(Row, Suffix);
    if (!Bits)
      return std::nullopt;
    Mods |= *Bits;
  }
  return Mods;
}

std::optional<ACCTargetLowering::MachineOpName> ACCTargetLowering::parseMachineOp(StringRef Name) {
  const acc::isa::RowInfo *Row = findRow(Name);
  SmallVector<StringRef, 4> Suffixes;
  Name.split(Suffixes, '.', -1, /*KeepEmpty=*/false);
  std::optional<unsigned> Mods = Row ? parseModifiers(*Row, Suffixes) : std::nullopt;
  if (!Mods)
    return std::nullopt;
  return MachineOpName{Row, *Mods};
}

SDValue ACCTargetLowering::lowerMachineOp(StringRef Name, const CallLoweringInfo &CLI) const {
  StringRef Text = Name;
  const acc::isa::RowInfo *Row = findRow(Text);
  const MachineOp *Op =
      Row ? find_if(MachineOps, [&](const MachineOp &M) { return M.Code == Row->opcode; }) : nullptr;
  SmallVector<StringRef, 4> Suffixes;
  Text.split(Suffixes, '.', -1, /*KeepEmpty=*/false);
  bool Known = Row && Op != std::end(MachineOps) && CLI.Ins.size() == 1;
  std::optional<unsigned> Mods = Known ? parseModifiers(*Row, Suffixes) : std::nullopt;
  if (!Mods)
    return SDValue();
  SelectionDAG &DAG = CLI.DAG;
  SmallVector<SDValue, 4> Ops(CLI.OutVals.begin(), CLI.OutVals.end());
  Halves Half = halvesOf(Row->opcode, Suffixes);
  if (Half.Read)
    for (SDValue &V : Ops)
      V = sameLowHalf(V, CLI.DL, DAG);
  if (Row->num_mods)
    Ops.push_back(DAG.getTargetConstant(*Mods, CLI.DL, MVT::i32));
  SDValue Result(DAG.getMachineNode(Op->Record, CLI.DL, CLI.Ins[0].VT, Ops), 0);
  return Half.Written ? DAG.getNode(ISD::AssertZext, CLI.DL, MVT::i32, Result, DAG.getValueType(MVT::i16))
                      : Result;
}

/// The front end leaves empty statements only: "r" is any register of the value's width.
std::pair<unsigned, const TargetRegisterClass *>
ACCTargetLowering::getRegForInlineAsmConstraint(const TargetRegisterInfo *TRI, StringRef Constraint,
                                                MVT VT) const {
  if (Constraint == "r" && (VT == MVT::i32 || VT == MVT::f32))
    return {0U, &ACC::GPR32RegClass};
  if (Constraint == "r" && (VT == MVT::i64 || VT == MVT::f64))
    return {0U, &ACC::GPR64RegClass};
  return TargetLowering::getRegForInlineAsmConstraint(TRI, Constraint, VT);
}
