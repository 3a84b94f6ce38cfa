// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vectors exist only in memory: a sufficiently aligned load or store of 32, 64 or 128 bits stays one access
// of words or pairs, and its elements are taken out of those.
#include "compiler/target/ACCISelLowering.h"
#include "llvm/CodeGen/SelectionDAG.h"

using namespace llvm;

namespace {

/// How a vector travels: Count registers of type VT.
struct Transport {
  unsigned Count = 0;
  MVT VT;
};

Transport transportOf(EVT VecVT) {
  EVT Elt = VecVT.getVectorElementType();
  unsigned Bits = VecVT.getFixedSizeInBits();
  if (Elt.getSizeInBits() == 64)
    return {Bits / 64, Elt.getSimpleVT()};
  if (Elt == MVT::f32)
    return {Bits / 32, MVT::f32};
  return {Bits / 32, MVT::i32};
}

/// Element I of a vector that travels as words: itself, or the low bits of a shifted word.
SDValue elementFromWords(ArrayRef<SDValue> Words, unsigned I, EVT EltVT, const SDLoc &DL, SelectionDAG &DAG) {
  unsigned EltBits = EltVT.getFixedSizeInBits();
  if (EltBits >= 32)
    return Words[I];
  unsigned Bit = I * EltBits;
  SDValue Word = Words[Bit / 32];
  if (Bit % 32)
    Word = DAG.getNode(ISD::SRL, DL, MVT::i32, Word, DAG.getConstant(Bit % 32, DL, MVT::i32));
  EVT IntVT = EVT::getIntegerVT(*DAG.getContext(), EltBits);
  return DAG.getBitcast(EltVT, DAG.getNode(ISD::TRUNCATE, DL, IntVT, Word));
}

/// Word W of the elements: the elements themselves, or several put together.
SDValue wordFromElements(ArrayRef<SDValue> Elts, unsigned W, EVT EltVT, const SDLoc &DL, SelectionDAG &DAG) {
  unsigned EltBits = EltVT.getFixedSizeInBits();
  if (EltBits >= 32)
    return Elts[W];
  unsigned PerWord = 32 / EltBits;
  EVT IntVT = EVT::getIntegerVT(*DAG.getContext(), EltBits);
  SDValue Word;
  for (unsigned I = 0; I < PerWord; ++I) {
    SDValue Elt = DAG.getNode(ISD::ZERO_EXTEND, DL, MVT::i32, DAG.getBitcast(IntVT, Elts[W * PerWord + I]));
    if (I)
      Elt = DAG.getNode(ISD::SHL, DL, MVT::i32, Elt, DAG.getConstant(I * EltBits, DL, MVT::i32));
    Word = Word ? DAG.getNode(ISD::OR, DL, MVT::i32, Word, Elt) : Elt;
  }
  return Word;
}

bool isOneAccess(const MemSDNode &N, EVT VecVT) {
  return N.getAlign().value() * 8 >= VecVT.getFixedSizeInBits();
}

} // namespace

SDValue ACCTargetLowering::lowerVectorLoad(LoadSDNode *Load, SelectionDAG &DAG) const {
  EVT VecVT = Load->getValueType(0);
  SDLoc DL(Load);
  if (!VecVT.isVector())
    return SDValue();
  if (!isOneAccess(*Load, VecVT) || Load->getExtensionType() != ISD::NON_EXTLOAD) {
    auto [Value, Chain] = scalarizeVectorLoad(Load, DAG);
    return DAG.getMergeValues({Value, Chain}, DL);
  }
  Transport T = transportOf(VecVT);
  SmallVector<SDValue, 4> Words;
  SDValue Chain;
  if (T.Count == 1) {
    SDValue Word = DAG.getLoad(T.VT, DL, Load->getChain(), Load->getBasePtr(), Load->getMemOperand());
    Words.push_back(Word);
    Chain = Word.getValue(1);
  } else {
    SmallVector<EVT, 5> VTs(T.Count, T.VT);
    VTs.push_back(MVT::Other);
    SDValue Vec =
        DAG.getMemIntrinsicNode(T.Count == 2 ? ACCISD::LOAD_V2 : ACCISD::LOAD_V4, DL, DAG.getVTList(VTs),
                                {Load->getChain(), Load->getBasePtr()}, VecVT, Load->getMemOperand());
    for (unsigned I = 0; I < T.Count; ++I)
      Words.push_back(Vec.getValue(I));
    Chain = Vec.getValue(T.Count);
  }
  EVT EltVT = VecVT.getVectorElementType();
  SmallVector<SDValue, 16> Elts;
  for (unsigned I = 0; I < VecVT.getVectorNumElements(); ++I)
    Elts.push_back(elementFromWords(Words, I, EltVT, DL, DAG));
  return DAG.getMergeValues({DAG.getBuildVector(VecVT, DL, Elts), Chain}, DL);
}

SDValue ACCTargetLowering::lowerVectorStore(StoreSDNode *Store, SelectionDAG &DAG) const {
  SDValue Value = Store->getValue();
  EVT VecVT = Value.getValueType();
  SDLoc DL(Store);
  if (!VecVT.isVector())
    return SDValue();
  if (!isOneAccess(*Store, VecVT) || Store->isTruncatingStore())
    return scalarizeVectorStore(Store, DAG);
  EVT EltVT = VecVT.getVectorElementType();
  SmallVector<SDValue, 16> Elts;
  DAG.ExtractVectorElements(Value, Elts);
  Transport T = transportOf(VecVT);
  SmallVector<SDValue, 6> Ops{Store->getChain()};
  for (unsigned W = 0; W < T.Count; ++W)
    Ops.push_back(wordFromElements(Elts, W, EltVT, DL, DAG));
  if (T.Count == 1)
    return DAG.getStore(Store->getChain(), DL, Ops[1], Store->getBasePtr(), Store->getMemOperand());
  Ops.push_back(Store->getBasePtr());
  return DAG.getMemIntrinsicNode(T.Count == 2 ? ACCISD::STORE_V2 : ACCISD::STORE_V4, DL,
                                 DAG.getVTList(MVT::Other), Ops, VecVT, Store->getMemOperand());
}
