// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which operations are legal, and the lowering of those that need work.
#include "compiler/target/ACCISelLowering.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/SelectionDAG.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/Support/KnownBits.h"
#include <acc/spec/acc_isa_opcodes.h>
#include <acc/spec/acc_mmu.h>

using namespace llvm;

ACCTargetLowering::ACCTargetLowering(const TargetMachine &TM, const ACCSubtarget &STI)
    : TargetLowering(TM, STI), Subtarget(STI) {
  addTypes();
  setIntegerActions();
  setFloatActions();
  setMemoryActions();
  setOtherActions();
}

void ACCTargetLowering::addTypes() {
  addRegisterClass(MVT::i1, &ACC::PREDRegClass);
  addRegisterClass(MVT::i32, &ACC::GPR32RegClass);
  addRegisterClass(MVT::f32, &ACC::GPR32RegClass);
  addRegisterClass(MVT::i64, &ACC::GPR64RegClass);
  addRegisterClass(MVT::f64, &ACC::GPR64RegClass);
  computeRegisterProperties(Subtarget.getRegisterInfo());
  setStackPointerRegisterToSaveRestore(ACC::R0);
  setSchedulingPreference(Sched::Source);
  setBooleanContents(ZeroOrOneBooleanContent);
  setMinFunctionAlignment(Align(16));
  setMaxAtomicSizeInBitsSupported(128);
  setMinCmpXchgSizeInBits(16);
  setMaxDivRemBitWidthSupported(64);
  setMaxLargeFPConvertBitWidthSupported(64);
  // Conditions joined by && and || are computed whole: a comparison takes the predicate before it along, and
  // a branch that threads disagree about costs more than the comparisons that some of them could skip.
  setJumpIsExpensive(true);
  PredictableSelectIsExpensive = false;
  // The front end leaves copies of up to 128 bytes, of any alignment; nothing else could do them.
  MaxStoresPerMemset = MaxStoresPerMemcpy = MaxStoresPerMemmove = 128;
}

void ACCTargetLowering::setIntegerActions() {
  for (MVT VT : {MVT::i32, MVT::i64}) {
    setOperationAction({ISD::SDIVREM, ISD::UDIVREM, ISD::SMUL_LOHI, ISD::UMUL_LOHI, ISD::BR_CC,
                        ISD::SELECT_CC, ISD::SHL_PARTS, ISD::SRL_PARTS, ISD::SRA_PARTS},
                       VT, Expand);
    setOperationAction({ISD::MULHS, ISD::MULHU, ISD::SMIN, ISD::SMAX, ISD::UMIN, ISD::UMAX, ISD::ABS,
                        ISD::CTPOP, ISD::CTLZ, ISD::CTTZ, ISD::BITREVERSE, ISD::BSWAP},
                       VT, Legal);
  }
  setOperationAction({ISD::SADDSAT, ISD::SSUBSAT, ISD::FSHL, ISD::FSHR, ISD::ROTL, ISD::ROTR, ISD::ABDS,
                      ISD::ABDU, ISD::AVGFLOORS, ISD::AVGFLOORU, ISD::AVGCEILS, ISD::AVGCEILU},
                     MVT::i32, Legal);
  setOperationAction({ISD::FSHL, ISD::FSHR, ISD::ROTL, ISD::ROTR}, MVT::i64, Expand);
  setOperationAction({ISD::BR_CC, ISD::SELECT_CC}, MVT::i1, Expand);
  // Predicates have logic only.
  for (unsigned Op : {ISD::ADD, ISD::SUB, ISD::MUL, ISD::SDIV, ISD::UDIV, ISD::SREM, ISD::UREM, ISD::SHL,
                      ISD::SRL, ISD::SRA, ISD::SMIN, ISD::SMAX, ISD::UMIN, ISD::UMAX, ISD::SINT_TO_FP,
                      ISD::UINT_TO_FP, ISD::FP_TO_SINT, ISD::FP_TO_UINT}) {
    setOperationAction(Op, MVT::i1, Promote);
    AddPromotedToType(Op, MVT::i1, MVT::i32);
  }
  setOperationAction(ISD::SIGN_EXTEND_INREG, {MVT::i1, MVT::i8, MVT::i16, MVT::i32}, Legal);
}

void ACCTargetLowering::setFloatActions() {
  for (MVT VT : {MVT::f32, MVT::f64}) {
    setOperationAction({ISD::FMA, ISD::FMINNUM, ISD::FMAXNUM, ISD::FMINIMUM, ISD::FMAXIMUM, ISD::FMINIMUMNUM,
                        ISD::FMAXIMUMNUM, ISD::FSQRT, ISD::FCOPYSIGN, ISD::FCANONICALIZE, ISD::FRINT,
                        ISD::FNEARBYINT, ISD::FROUNDEVEN, ISD::FTRUNC, ISD::FFLOOR, ISD::FCEIL, ISD::FROUND},
                       VT, Legal);
    setOperationAction(
        {ISD::BR_CC, ISD::SELECT_CC, ISD::FREM, ISD::FSINCOS, ISD::FLDEXP, ISD::FFREXP, ISD::FMODF}, VT,
        Expand);
  }
  setOperationAction({ISD::LRINT, ISD::LLRINT, ISD::LROUND, ISD::LLROUND},
                     {MVT::f32, MVT::f64, MVT::i32, MVT::i64}, Legal);
  setOperationAction({ISD::FP_TO_SINT_SAT, ISD::FP_TO_UINT_SAT}, MVT::i32, Custom);
  setOperationAction({ISD::FP16_TO_FP, ISD::FP_TO_FP16, ISD::BF16_TO_FP, ISD::FP_TO_BF16},
                     {MVT::f32, MVT::f64}, Legal);
}

void ACCTargetLowering::setMemoryActions() {
  for (unsigned Ext : {ISD::EXTLOAD, ISD::ZEXTLOAD, ISD::SEXTLOAD}) {
    setLoadExtAction(Ext, MVT::i32, {MVT::i8, MVT::i16}, Legal);
    setLoadExtAction(Ext, MVT::i64, {MVT::i8, MVT::i16, MVT::i32}, Expand);
    for (MVT VT : {MVT::i1, MVT::i32, MVT::i64})
      setLoadExtAction(Ext, VT, MVT::i1, Promote);
  }
  setLoadExtAction(ISD::EXTLOAD, MVT::f32, {MVT::f16, MVT::bf16}, Expand);
  setLoadExtAction(ISD::EXTLOAD, MVT::f64, {MVT::f16, MVT::bf16, MVT::f32}, Expand);
  setTruncStoreAction(MVT::i32, MVT::i8, Legal);
  setTruncStoreAction(MVT::i32, MVT::i16, Legal);
  for (MVT VT : {MVT::i1, MVT::i8, MVT::i16, MVT::i32})
    setTruncStoreAction(MVT::i64, VT, Expand);
  setTruncStoreAction(MVT::i32, MVT::i1, Promote);
  for (MVT VT : {MVT::f16, MVT::bf16}) {
    setTruncStoreAction(MVT::f32, VT, Expand);
    setTruncStoreAction(MVT::f64, VT, Expand);
  }
  setTruncStoreAction(MVT::f64, MVT::f32, Expand);
  // LLVM makes them of variables that are given two values only.
  setOperationAction({ISD::LOAD, ISD::STORE}, MVT::i1, Custom);
  // Vectors of 32, 64 and 128 bits: one access when aligned.
  for (MVT VT : MVT::fixedlen_vector_valuetypes()) {
    unsigned Bits = VT.getFixedSizeInBits();
    if ((Bits == 32 || Bits == 64 || Bits == 128) && VT.getScalarSizeInBits() >= 8)
      setOperationAction({ISD::LOAD, ISD::STORE}, VT, Custom);
  }
}

void ACCTargetLowering::setOtherActions() {
  setOperationAction({ISD::GlobalAddress, ISD::ConstantPool, ISD::JumpTable, ISD::ExternalSymbol},
                     {MVT::i32, MVT::i64}, Custom);
  setOperationAction(ISD::ADDRSPACECAST, {MVT::i32, MVT::i64}, Custom);
  setOperationAction(ISD::DYNAMIC_STACKALLOC, MVT::i32, Custom);
  setOperationAction({ISD::STACKSAVE, ISD::STACKRESTORE}, MVT::Other, Expand);
  setOperationAction(ISD::VASTART, MVT::Other, Custom);
  setOperationAction({ISD::VAARG, ISD::VACOPY, ISD::VAEND, ISD::BR_JT}, MVT::Other, Expand);
  setOperationAction({ISD::TRAP, ISD::DEBUGTRAP, ISD::UBSANTRAP}, MVT::Other, Legal);
  setOperationAction(ISD::READCYCLECOUNTER, MVT::i64, Legal);
  setOperationAction(ISD::ATOMIC_LOAD_SUB, {MVT::i32, MVT::i64}, Expand); // an add of the negated value
  setOperationAction(ISD::ATOMIC_CMP_SWAP_WITH_SUCCESS, {MVT::i32, MVT::i64}, Expand);
  setOperationAction({ISD::ATOMIC_CMP_SWAP, ISD::ATOMIC_SWAP}, MVT::i128, Custom);
  setOperationAction(ISD::PREFETCH, MVT::Other, Custom);
}

EVT ACCTargetLowering::getSetCCResultType(const DataLayout &, LLVMContext &Ctx, EVT VT) const {
  return VT.isVector() ? EVT::getVectorVT(Ctx, MVT::i1, VT.getVectorElementCount()) : EVT(MVT::i1);
}

SDValue ACCTargetLowering::LowerOperation(SDValue Op, SelectionDAG &DAG) const {
  SDLoc DL(Op);
  switch (Op.getOpcode()) {
  case ISD::GlobalAddress:
    return lowerGlobalAddress(Op, DAG);
  case ISD::ConstantPool: {
    auto *CP = cast<ConstantPoolSDNode>(Op);
    return DAG.getNode(
        ACCISD::PC_ADDR, DL, MVT::i64,
        DAG.getTargetConstantPool(CP->getConstVal(), MVT::i64, CP->getAlign(), CP->getOffset()));
  }
  case ISD::JumpTable:
    return DAG.getNode(ACCISD::PC_ADDR, DL, MVT::i64,
                       DAG.getTargetJumpTable(cast<JumpTableSDNode>(Op)->getIndex(), MVT::i64));
  case ISD::ExternalSymbol:
    return DAG.getNode(ACCISD::PC_ADDR, DL, MVT::i64,
                       DAG.getTargetExternalSymbol(cast<ExternalSymbolSDNode>(Op)->getSymbol(), MVT::i64));
  case ISD::ADDRSPACECAST:
    return lowerAddrSpaceCast(Op, DAG);
  case ISD::DYNAMIC_STACKALLOC:
    return lowerDynamicAlloca(Op, DAG);
  case ISD::VASTART:
    return lowerVAStart(Op, DAG);
  case ISD::FP_TO_SINT_SAT:
  case ISD::FP_TO_UINT_SAT:
    // The machine clamps to 32 bits only, and gives 0 for NaN only of f32; the others are expanded.
    return cast<VTSDNode>(Op.getOperand(1))->getVT() == MVT::i32 &&
                   Op.getOperand(0).getValueType() == MVT::f32
               ? Op
               : expandFP_TO_INT_SAT(Op.getNode(), DAG);
  case ISD::LOAD:
    return Op.getValueType() == MVT::i1 ? lowerPredicateLoad(cast<LoadSDNode>(Op), DAG)
                                        : lowerVectorLoad(cast<LoadSDNode>(Op), DAG);
  case ISD::STORE:
    return Op.getOperand(1).getValueType() == MVT::i1 ? lowerPredicateStore(cast<StoreSDNode>(Op), DAG)
                                                      : lowerVectorStore(cast<StoreSDNode>(Op), DAG);
  case ISD::PREFETCH:
    return Op.getOperand(0); // a hint
  default:
    return unsupportedACCOperation(Op.getNode(), "the operation " + Op->getOperationName(&DAG), DAG);
  }
}

void ACCTargetLowering::ReplaceNodeResults(SDNode *N, SmallVectorImpl<SDValue> &Results,
                                           SelectionDAG &DAG) const {
  if (N->getOpcode() == ISD::LOAD) {
    if (SDValue Value = lowerVectorLoad(cast<LoadSDNode>(N), DAG)) {
      Results.push_back(Value.getValue(0));
      Results.push_back(Value.getValue(1));
    }
    return;
  }
  if (N->getOpcode() == ISD::ATOMIC_CMP_SWAP || N->getOpcode() == ISD::ATOMIC_SWAP)
    lowerAtomic128(cast<AtomicSDNode>(N), Results, DAG);
  // Everything else: LLVM's own legalisation.
}

/// A predicate in memory is a byte with 0 or 1.
SDValue ACCTargetLowering::lowerPredicateLoad(LoadSDNode *Load, SelectionDAG &DAG) const {
  SDLoc DL(Load);
  SDValue Byte = DAG.getExtLoad(ISD::ZEXTLOAD, DL, MVT::i32, Load->getChain(), Load->getBasePtr(), MVT::i8,
                                Load->getMemOperand());
  return DAG.getMergeValues({DAG.getNode(ISD::TRUNCATE, DL, MVT::i1, Byte), Byte.getValue(1)}, DL);
}

SDValue ACCTargetLowering::lowerPredicateStore(StoreSDNode *Store, SelectionDAG &DAG) const {
  SDLoc DL(Store);
  SDValue Byte = DAG.getNode(ISD::ZERO_EXTEND, DL, MVT::i32, Store->getValue());
  return DAG.getTruncStore(Store->getChain(), DL, Byte, Store->getBasePtr(), MVT::i8, Store->getMemOperand());
}

SDValue ACCTargetLowering::lowerGlobalAddress(SDValue Op, SelectionDAG &DAG) const {
  auto *GA = cast<GlobalAddressSDNode>(Op);
  SDLoc DL(Op);
  const GlobalValue *GV = GA->getGlobal();
  switch (GA->getAddressSpace()) {
  case ACCAS::Shared: {
    const auto *Var = dyn_cast<GlobalVariable>(GV->getAliaseeObject());
    if (!Var)
      return unsupportedACCOperation(GA, "'" + GV->getName() + "', a shared symbol that is no variable", DAG);
    if (std::optional<uint32_t> Offset = getACCSharedOffset(*Var))
      return DAG.getConstant(*Offset + GA->getOffset(), DL, MVT::i32);
    SDValue Base =
        DAG.getNode(ACCISD::SREG, DL, MVT::i32,
                    DAG.getTargetConstant(unsigned(acc::isa::SpecialReg::dyn_shared), DL, MVT::i32));
    return DAG.getNode(ISD::ADD, DL, MVT::i32, Base, DAG.getConstant(GA->getOffset(), DL, MVT::i32));
  }
  case ACCAS::Local:
    return unsupportedACCOperation(
        GA, "'" + GV->getName() + "': variables in local memory have no fixed address", DAG);
  default: {
    SDValue Addr = DAG.getTargetGlobalAddress(GV, DL, MVT::i64, GA->getOffset());
    return DAG.getNode(ACCISD::PC_ADDR, DL, MVT::i64, Addr);
  }
  }
}

static uint64_t apertureOf(unsigned AS) {
  return AS == ACCAS::Shared ? ACC_SHARED_APERTURE : ACC_LOCAL_APERTURE;
}

static SDValue taggedPointer(SDValue Offset, uint64_t Aperture, const SDLoc &DL, SelectionDAG &DAG) {
  return DAG.getNode(ISD::BUILD_PAIR, DL, MVT::i64, Offset, DAG.getConstant(Aperture >> 32, DL, MVT::i32));
}

SDValue ACCTargetLowering::genericLocalPointer(SDValue Offset, const SDLoc &DL, SelectionDAG &DAG) const {
  return taggedPointer(Offset, ACC_LOCAL_APERTURE, DL, DAG);
}

SDValue ACCTargetLowering::lowerAddrSpaceCast(SDValue Op, SelectionDAG &DAG) const {
  auto *Cast = cast<AddrSpaceCastSDNode>(Op);
  SDLoc DL(Op);
  SDValue Src = Cast->getOperand(0);
  EVT SrcVT = Src.getValueType(), DstVT = Op.getValueType();
  if (SrcVT == DstVT)
    return Src;
  // Offset 0 is a variable's in shared and in local memory: there the null pointer is the last offset, which
  // no object has. InferAddressSpaces compares with it (isSafeToCastConstAddrSpace), chooses it, and casts it
  // back.
  SDValue NoOffset = DAG.getAllOnesConstant(DL, MVT::i32);
  if (SrcVT == MVT::i32 && DstVT == MVT::i64) {
    SDValue Tagged = taggedPointer(Src, apertureOf(Cast->getSrcAddressSpace()), DL, DAG);
    bool NeverNull = Src.getOpcode() == ISD::FrameIndex || !DAG.computeKnownBits(Src).Zero.isZero();
    return NeverNull ? Tagged
                     : DAG.getSelectCC(DL, Src, NoOffset, DAG.getConstant(0, DL, DstVT), Tagged, ISD::SETEQ);
  }
  if (isNullConstant(Src))
    return NoOffset;
  return DAG.getNode(ISD::TRUNCATE, DL, MVT::i32, Src);
}

SDValue ACCTargetLowering::lowerDynamicAlloca(SDValue Op, SelectionDAG &DAG) const {
  SDLoc DL(Op);
  SDValue Chain = Op.getOperand(0), Size = Op.getOperand(1);
  MaybeAlign Alignment = cast<ConstantSDNode>(Op.getOperand(2))->getMaybeAlignValue();
  SDValue SP = DAG.getCopyFromReg(Chain, DL, ACC::R0, MVT::i32);
  SDValue New = DAG.getNode(ISD::SUB, DL, MVT::i32, SP, DAG.getZExtOrTrunc(Size, DL, MVT::i32));
  uint64_t Mask = std::max(Alignment.valueOrOne().value(), uint64_t(16));
  New = DAG.getNode(ISD::AND, DL, MVT::i32, New, DAG.getSignedConstant(-int64_t(Mask), DL, MVT::i32));
  SDValue Done = DAG.getCopyToReg(SP.getValue(1), DL, ACC::R0, New);
  return DAG.getMergeValues({New, Done}, DL);
}
