// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACCISelDAGToDAG.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include <acc/spec/acc_isa_opcodes.h>

using namespace llvm;
namespace mods = acc::isa::mods;

#define DEBUG_TYPE "acc-isel"

bool ACCDAGToDAGISel::trySelect(SDNode *N) {
  if (N->isMachineOpcode()) {
    N->setNodeId(-1);
    return true;
  }
  if (N->getOpcode() == ISD::FrameIndex)
    return selectFrameIndex(N), true;
  if (N->getOpcode() == ACCISD::TEXTURE)
    return selectTexture(N), true;
  return trySelectMemory(N) || trySelectAtomic(N) || trySelectIntrinsic(N) || trySelectBitField(N);
}

void ACCDAGToDAGISel::unsupported(SDNode *N, const Twine &What) {
  reportACCUnsupported(MF->getFunction(), What, N->getDebugLoc());
  for (unsigned I = 0; I < N->getNumValues(); ++I) {
    EVT VT = N->getValueType(I);
    SDValue Instead = VT == MVT::Other
                          ? N->getOperand(0)
                          : SDValue(CurDAG->getMachineNode(TargetOpcode::IMPLICIT_DEF, SDLoc(N), VT), 0);
    ReplaceUses(SDValue(N, I), Instead);
  }
  CurDAG->RemoveDeadNode(N);
}

void ACCDAGToDAGISel::setMemRef(SDNode *MachineNode, MemSDNode *N) {
  CurDAG->setNodeMemRefs(cast<MachineSDNode>(MachineNode), {N->getMemOperand()});
}

void ACCDAGToDAGISel::selectFrameIndex(SDNode *N) {
  SDLoc DL(N);
  SDValue FI = CurDAG->getTargetFrameIndex(cast<FrameIndexSDNode>(N)->getIndex(), MVT::i32);
  CurDAG->SelectNodeTo(N, ACC::IADD_ri, MVT::i32, FI, imm32(0, DL));
}

/// Is \p N the negation of a predicate, or (\p Flips false) that predicate itself in other words?
static bool isPredicateAgain(SDValue N, bool &Flips) {
  if (N.getOpcode() == ISD::XOR && isAllOnesConstant(N.getOperand(1)))
    return Flips = true;
  // Branches are made of (setcc p, true, ne).
  if (N.getOpcode() != ISD::SETCC || N.getOperand(0).getValueType() != MVT::i1 ||
      !isa<ConstantSDNode>(N.getOperand(1)))
    return false;
  ISD::CondCode Code = cast<CondCodeSDNode>(N.getOperand(2))->get();
  Flips = (Code == ISD::SETEQ) == isNullConstant(N.getOperand(1));
  return Code == ISD::SETEQ || Code == ISD::SETNE;
}

bool ACCDAGToDAGISel::selectPredicate(SDValue N, SDValue &Reg, SDValue &Negated) {
  bool Flip = false;
  for (bool Flips; isPredicateAgain(N, Flips); N = N.getOperand(0))
    Flip ^= Flips;
  Reg = N;
  Negated = CurDAG->getTargetConstant(Flip, SDLoc(N), MVT::i32);
  return true;
}

/// (x >> start) & mask, (x << a) >>s b: bfe with an immediate start and length.
bool ACCDAGToDAGISel::trySelectBitField(SDNode *N) {
  EVT VT = N->getValueType(0);
  if (VT != MVT::i32 && VT != MVT::i64)
    return false;
  unsigned Width = VT.getFixedSizeInBits(), Start, Length;
  bool Signed = false;
  SDValue Inner = N->getNumOperands() ? N->getOperand(0) : SDValue();
  uint64_t Outer, InnerAmount;
  auto Const = [](SDValue V, uint64_t &Value) {
    auto *C = dyn_cast<ConstantSDNode>(V);
    if (C)
      Value = C->getZExtValue();
    return C != nullptr;
  };
  if (N->getOpcode() == ISD::AND) {
    if (!Const(N->getOperand(1), Outer) || !isMask_64(Outer) || Inner.getOpcode() != ISD::SRL ||
        !Const(Inner.getOperand(1), InnerAmount) || !Inner.hasOneUse())
      return false;
    Start = InnerAmount;
    Length = llvm::popcount(Outer);
  } else if (N->getOpcode() == ISD::SRA || N->getOpcode() == ISD::SRL) {
    if (!Const(N->getOperand(1), Outer) || Inner.getOpcode() != ISD::SHL || !Inner.hasOneUse() ||
        !Const(Inner.getOperand(1), InnerAmount) || InnerAmount > Outer || Outer >= Width)
      return false;
    Start = Outer - InnerAmount;
    Length = Width - Outer;
    Signed = N->getOpcode() == ISD::SRA;
  } else {
    return false;
  }
  if (Start >= Width)
    return false;
  Length = std::min(Length, Width - Start);
  SDLoc DL(N);
  unsigned Opcode =
      Width == 32 ? (Signed ? ACC::BF32ES_ri : ACC::BF32EU_ri) : (Signed ? ACC::BF64ES_ri : ACC::BF64EU_ri);
  CurDAG->SelectNodeTo(N, Opcode, VT, Inner.getOperand(0), imm32(Start | Length << 8, DL));
  return true;
}

namespace {

/// The generated matcher, which is large: nobody else includes it.
class ACCPatternISel final : public ACCDAGToDAGISel {
public:
  using ACCDAGToDAGISel::ACCDAGToDAGISel;
  void Select(SDNode *N) override {
    if (!trySelect(N))
      SelectCode(N);
  }

private:
#include "ACCGenDAGISel.inc"
};

class ACCDAGToDAGISelLegacy : public SelectionDAGISelLegacy {
public:
  static char ID;
  ACCDAGToDAGISelLegacy(ACCTargetMachine &TM, CodeGenOptLevel OptLevel)
      : SelectionDAGISelLegacy(ID, std::make_unique<ACCPatternISel>(TM, OptLevel)) {}
};
char ACCDAGToDAGISelLegacy::ID;
} // namespace

FunctionPass *llvm::createACCISelDagPass(ACCTargetMachine &TM, CodeGenOptLevel OptLevel) {
  return new ACCDAGToDAGISelLegacy(TM, OptLevel);
}
