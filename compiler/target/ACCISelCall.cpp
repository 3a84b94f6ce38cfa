// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls, returns and arguments (docs/isa/abi.md, sections Calls and Kernel parameters).
#include "compiler/target/ACCISelLowering.h"
#include "compiler/target/ACCMachineFunctionInfo.h"
#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/CallingConvLower.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/SelectionDAG.h"
#include <acc/spec/acc_isa_opcodes.h>

using namespace llvm;

#include "ACCGenCallingConv.inc"

/// A value as its place wants it: small integers extended as their signedness says.
static SDValue toLocation(SDValue Value, const CCValAssign &Loc, const SDLoc &DL, SelectionDAG &DAG) {
  switch (Loc.getLocInfo()) {
  case CCValAssign::SExt:
    return DAG.getNode(ISD::SIGN_EXTEND, DL, Loc.getLocVT(), Value);
  case CCValAssign::ZExt:
    return DAG.getNode(ISD::ZERO_EXTEND, DL, Loc.getLocVT(), Value);
  case CCValAssign::AExt:
    // i1 is passed as 0 or 1 in any case.
    return DAG.getNode(Value.getValueType() == MVT::i1 ? ISD::ZERO_EXTEND : ISD::ANY_EXTEND, DL,
                       Loc.getLocVT(), Value);
  default:
    return Value;
  }
}

static SDValue fromLocation(SDValue Value, const CCValAssign &Loc, const SDLoc &DL, SelectionDAG &DAG) {
  if (Loc.getLocVT() == Loc.getValVT())
    return Value;
  return DAG.getNode(ISD::TRUNCATE, DL, Loc.getValVT(), Value);
}

/// Type in memory of one register's part of a parameter, and its distance from the parameter. In.PartOffset
/// counts registers, which are wider than the small elements of a vector.
static std::pair<MVT, unsigned> kernelArgPart(const ISD::InputArg &In) {
  EVT Elt = In.ArgVT.getScalarType();
  unsigned Bits = std::max<unsigned>(Elt.getFixedSizeInBits(), 8);
  if (Bits >= In.VT.getFixedSizeInBits() && In.VT != MVT::i1)
    return {In.VT, In.PartOffset};
  unsigned Index = In.PartOffset / In.VT.getStoreSize().getFixedValue();
  return {MVT::getIntegerVT(PowerOf2Ceil(Bits)), unsigned(Index * Bits / 8)};
}

SDValue ACCTargetLowering::lowerKernelArguments(SDValue Chain, const SmallVectorImpl<ISD::InputArg> &Ins,
                                                const SDLoc &DL, SelectionDAG &DAG,
                                                SmallVectorImpl<SDValue> &InVals) const {
  const Function &F = DAG.getMachineFunction().getFunction();
  SDValue Base = DAG.getNode(ACCISD::SREG, DL, MVT::i64,
                             DAG.getTargetConstant(unsigned(acc::isa::SpecialReg::kernarg), DL, MVT::i32));
  SmallVector<uint64_t> Offsets = getACCKernelArgOffsets(F);
  for (const ISD::InputArg &In : Ins) {
    const Argument &Arg = *F.getArg(In.getOrigArgIndex());
    uint64_t Offset = Offsets[Arg.getArgNo()];
    // An aggregate is used in place: a pointer into the buffer.
    if (Arg.hasByValAttr()) {
      InVals.push_back(DAG.getMemBasePlusOffset(Base, TypeSize::getFixed(Offset), DL));
      continue;
    }
    auto [MemVT, PartOffset] = kernelArgPart(In);
    Offset += PartOffset;
    SDValue Addr = DAG.getMemBasePlusOffset(Base, TypeSize::getFixed(Offset), DL);
    Align Alignment = commonAlignment(Align(16), Offset);
    auto Flags = MachineMemOperand::MODereferenceable | MachineMemOperand::MOInvariant;
    MachinePointerInfo Info(ACCAS::Constant);
    MVT LoadVT = In.VT == MVT::i1 ? MVT(MVT::i32) : In.VT;
    SDValue Load = MemVT == LoadVT ? DAG.getLoad(LoadVT, DL, Chain, Addr, Info, Alignment, Flags)
                                   : DAG.getExtLoad(In.Flags.isSExt() ? ISD::SEXTLOAD : ISD::ZEXTLOAD, DL,
                                                    LoadVT, Chain, Addr, Info, MemVT, Alignment, Flags);
    if (In.VT == MVT::i1)
      Load = DAG.getNode(ISD::TRUNCATE, DL, MVT::i1, Load);
    InVals.push_back(Load);
  }
  return Chain;
}

SDValue ACCTargetLowering::LowerFormalArguments(SDValue Chain, CallingConv::ID CC, bool IsVarArg,
                                                const SmallVectorImpl<ISD::InputArg> &Ins, const SDLoc &DL,
                                                SelectionDAG &DAG, SmallVectorImpl<SDValue> &InVals) const {
  MachineFunction &MF = DAG.getMachineFunction();
  if (isACCKernel(MF.getFunction()))
    return lowerKernelArguments(Chain, Ins, DL, DAG, InVals);
  SmallVector<CCValAssign, 16> Locs;
  CCState State(CC, IsVarArg, MF, Locs, *DAG.getContext());
  State.AnalyzeFormalArguments(Ins, CC_ACC);
  MachineFrameInfo &MFI = MF.getFrameInfo();
  for (const CCValAssign &Loc : Locs) {
    SDValue Value;
    if (Loc.isRegLoc()) {
      const TargetRegisterClass *RC = getRegClassFor(Loc.getLocVT());
      Value = DAG.getCopyFromReg(Chain, DL, MF.addLiveIn(Loc.getLocReg(), RC), Loc.getLocVT());
    } else {
      int FI =
          MFI.CreateFixedObject(Loc.getLocVT().getStoreSize(), Loc.getLocMemOffset(), /*IsImmutable=*/true);
      Value = DAG.getLoad(Loc.getLocVT(), DL, Chain, DAG.getFrameIndex(FI, MVT::i32),
                          MachinePointerInfo::getFixedStack(MF, FI));
    }
    InVals.push_back(fromLocation(Value, Loc, DL, DAG));
  }
  if (IsVarArg)
    MF.getInfo<ACCMachineFunctionInfo>()->VarArgsFrameIndex =
        MFI.CreateFixedObject(4, State.getStackSize(), /*IsImmutable=*/true);
  return Chain;
}

SDValue ACCTargetLowering::lowerVAStart(SDValue Op, SelectionDAG &DAG) const {
  MachineFunction &MF = DAG.getMachineFunction();
  SDLoc DL(Op);
  SDValue Slot = DAG.getFrameIndex(MF.getInfo<ACCMachineFunctionInfo>()->VarArgsFrameIndex, MVT::i32);
  const Value *List = cast<SrcValueSDNode>(Op.getOperand(2))->getValue();
  return DAG.getStore(Op.getOperand(0), DL, genericLocalPointer(Slot, DL, DAG), Op.getOperand(1),
                      MachinePointerInfo(List));
}

bool ACCTargetLowering::CanLowerReturn(CallingConv::ID CC, MachineFunction &MF, bool IsVarArg,
                                       const SmallVectorImpl<ISD::OutputArg> &Outs, LLVMContext &Ctx,
                                       const Type *) const {
  SmallVector<CCValAssign, 16> Locs;
  CCState State(CC, IsVarArg, MF, Locs, Ctx);
  return State.CheckReturn(Outs, RetCC_ACC);
}

SDValue ACCTargetLowering::LowerReturn(SDValue Chain, CallingConv::ID CC, bool IsVarArg,
                                       const SmallVectorImpl<ISD::OutputArg> &Outs,
                                       const SmallVectorImpl<SDValue> &OutVals, const SDLoc &DL,
                                       SelectionDAG &DAG) const {
  MachineFunction &MF = DAG.getMachineFunction();
  if (isACCKernel(MF.getFunction()))
    return DAG.getNode(ACCISD::EXIT, DL, MVT::Other, Chain);
  SmallVector<CCValAssign, 16> Locs;
  CCState State(CC, IsVarArg, MF, Locs, *DAG.getContext());
  State.AnalyzeReturn(Outs, RetCC_ACC);
  SDValue Glue;
  SmallVector<SDValue, 8> Ops(1, Chain);
  for (const auto &[Loc, Value] : zip(Locs, OutVals)) {
    Chain = DAG.getCopyToReg(Chain, DL, Loc.getLocReg(), toLocation(Value, Loc, DL, DAG), Glue);
    Glue = Chain.getValue(1);
    Ops.push_back(DAG.getRegister(Loc.getLocReg(), Loc.getLocVT()));
  }
  Ops[0] = Chain;
  if (Glue)
    Ops.push_back(Glue);
  return DAG.getNode(ACCISD::RET, DL, MVT::Other, Ops);
}

/// What a variable argument is in memory, where clang's va_arg reads it. Only members of structures, which
/// clang takes apart, are smaller than a word.
static EVT variableArgType(const ISD::OutputArg &Out) {
  return Out.ArgVT.isScalarInteger() && Out.ArgVT.bitsLT(MVT::i32) ? Out.ArgVT : EVT(Out.VT);
}

static bool assignVariable(unsigned I, const ISD::OutputArg &Out, CCState &State) {
  unsigned Bytes = variableArgType(Out).getStoreSize();
  if (Bytes < 4) {
    int64_t Offset = State.AllocateStack(Bytes, Align(Bytes));
    State.addLoc(CCValAssign::getMem(I, Out.VT, Offset, Out.VT, CCValAssign::Full));
    return false;
  }
  if (Out.Flags.isSplit()) // the alignment of the whole, an __int128
    State.AllocateStack(0, Out.Flags.getNonZeroOrigAlign());
  return CC_ACC_VarArg(I, Out.VT, Out.VT, CCValAssign::Full, Out.Flags, Out.OrigTy, State);
}

/// Splits the outgoing values: fixed ones by CC_ACC, variable ones on the stack behind them.
static bool analyzeOutgoing(CCState &State, const SmallVectorImpl<ISD::OutputArg> &Outs, bool IsVarArg,
                            const DebugLoc &DL) {
  for (unsigned I = 0; I < Outs.size(); ++I) {
    const ISD::OutputArg &Out = Outs[I];
    bool Fails = IsVarArg && Out.Flags.isVarArg()
                     ? assignVariable(I, Out, State)
                     : CC_ACC(I, Out.VT, Out.VT, CCValAssign::Full, Out.Flags, Out.OrigTy, State);
    if (Fails)
      return reportACCUnsupported(State.getMachineFunction().getFunction(),
                                  "a call argument of type " + EVT(Out.VT).getEVTString(), DL),
             false;
  }
  return true;
}

static std::optional<unsigned> specialRegister(StringRef Name) {
#define ACC_SREG(NAME, NUMBER, WIDTH, TEXT)                                                                  \
  if (Name == #NAME)                                                                                         \
    return NUMBER;
  ACC_ISA_SPECIAL_REGS(ACC_SREG)
#undef ACC_SREG
  return std::nullopt;
}

/// Calls that stand for an instruction (compiler/frontend/README.md): false when this is none.
static bool lowerMachineCall(const ACCTargetLowering &TLI, TargetLowering::CallLoweringInfo &CLI,
                             SmallVectorImpl<SDValue> &InVals, SDValue &Chain) {
  auto *GA = dyn_cast<GlobalAddressSDNode>(CLI.Callee);
  StringRef Name = GA ? GA->getGlobal()->getName() : "";
  if (!Name.consume_front("__acc_"))
    return false;
  SelectionDAG &DAG = CLI.DAG;
  const SDLoc &DL = CLI.DL;
  auto Report = [&](const Twine &What) {
    reportACCUnsupported(DAG.getMachineFunction().getFunction(), What, DL.getDebugLoc());
  };
  auto Constant = [&](unsigned I) {
    auto *C = dyn_cast<ConstantSDNode>(CLI.OutVals[I]);
    if (!C)
      Report("a code of __acc_" + Name + " that is no constant");
    return DAG.getTargetConstant(C ? C->getZExtValue() : 0, DL, MVT::i32);
  };
  auto Node = [&](unsigned Opcode, SmallVector<SDValue, 3> Ops) {
    Ops.push_back(CLI.Chain);
    Chain = SDValue(DAG.getMachineNode(Opcode, DL, MVT::Other, Ops), 0);
    return true;
  };
  if (Name.consume_front("sr_")) {
    std::optional<unsigned> Number = specialRegister(Name);
    if (!Number)
      Report("the special register sr_" + Name);
    InVals.push_back(DAG.getNode(ACCISD::SREG, DL, CLI.Ins[0].VT,
                                 DAG.getTargetConstant(Number.value_or(0), DL, MVT::i32)));
    Chain = CLI.Chain;
    return true;
  }
  if (Name.consume_front("op.")) {
    Chain = CLI.Chain;
    if (SDValue Value = TLI.lowerMachineOp(Name, CLI)) {
      InVals.push_back(Value);
      return true;
    }
    Report("the machine operation " + Name);
    for (const ISD::InputArg &In : CLI.Ins)
      InVals.push_back(DAG.getUNDEF(In.VT));
    return true;
  }
  if (Name.starts_with("tex.") || Name.starts_with("surf.")) {
    if (TLI.lowerTextureCall(Name, CLI, Chain, InVals))
      return true;
    Report("the texture instruction " + Name);
    Chain = CLI.Chain;
    for (const ISD::InputArg &In : CLI.Ins)
      InVals.push_back(DAG.getUNDEF(In.VT));
    return true;
  }
  if (Name.consume_front("warp.")) {
    Chain = CLI.Chain;
    if (TLI.lowerMatrixOp(Name, CLI, InVals, Chain))
      return true;
    Report("the matrix operation " + Name);
    InVals.clear();
    for (const ISD::InputArg &In : CLI.Ins)
      InVals.push_back(DAG.getUNDEF(In.VT));
    return true;
  }
  if (Name == "trap")
    return Node(ACC::TRAP, {Constant(0)});
  if (Name == "hostcall")
    return Node(ACC::HOSTCALL, {CLI.OutVals[0], Constant(1)});
  if (Name == "bar_grid")
    return Node(ACC::BAR_GRID, {});
  auto Mods = [&](uint32_t Value) { return DAG.getTargetConstant(Value, DL, MVT::i32); };
  if (Name == "bar_block_arrive")
    return Node(ACC::BAR_CLUSTER_ARRIVE,
                {Mods(mods::BAR_CLUSTER_ARRIVE::cspan.of(mods::BAR_CLUSTER_ARRIVE::cspan_cta))});
  if (Name == "bar_block_wait")
    return Node(ACC::BAR_CLUSTER_WAIT,
                {Mods(mods::BAR_CLUSTER_WAIT::cspan.of(mods::BAR_CLUSTER_WAIT::cspan_cta))});
  ArrayRef<SDValue> Args = CLI.OutVals;
  SDValue NoOffset = DAG.getTargetConstant(0, DL, MVT::i32);
  if (Name == "bulk_store")
    return Node(ACC::CPBULK_S2G, {Args[0], Args[1], Args[2], NoOffset});
  if (Name == "bulk_load" || Name == "bulk_send") {
    SDValue Barrier = DAG.getNode(ISD::BUILD_PAIR, DL, MVT::i64, Args[2], Args[3]);
    return Node(Name == "bulk_load" ? ACC::CPBULK_G2S : ACC::CPBULK_S2S,
                {Args[0], Args[1], Barrier, NoOffset});
  }
  return false;
}

using Registers = SmallVector<std::pair<Register, SDValue>, 8>;

/// A byval argument is a pointer to a copy that the callee may change: the copy is the caller's to make.
SmallVector<SDValue, 16> ACCTargetLowering::copyStructures(const CallLoweringInfo &CLI,
                                                           SDValue &Chain) const {
  SelectionDAG &DAG = CLI.DAG;
  const SDLoc &DL = CLI.DL;
  SmallVector<SDValue, 16> Values(CLI.OutVals.begin(), CLI.OutVals.end());
  for (unsigned I = 0; I < CLI.Outs.size(); ++I) {
    ISD::ArgFlagsTy Flags = CLI.Outs[I].Flags;
    if (!Flags.isByVal())
      continue;
    // The copy may be better aligned than the original, of which only the type's alignment is known.
    Align Alignment = Flags.getNonZeroByValAlign();
    int FI = DAG.getMachineFunction().getFrameInfo().CreateStackObject(Flags.getByValSize(),
                                                                       std::max(Alignment, Align(4)), false);
    SDValue Copy = genericLocalPointer(DAG.getFrameIndex(FI, MVT::i32), DL, DAG);
    Chain = DAG.getMemcpy(Chain, DL, Copy, Values[I], DAG.getConstant(Flags.getByValSize(), DL, MVT::i64),
                          Alignment,
                          /*isVol=*/false, /*AlwaysInline=*/true, nullptr, std::nullopt, MachinePointerInfo(),
                          MachinePointerInfo());
    Values[I] = Copy;
  }
  return Values;
}

/// Stores what is passed in memory; what is passed in registers is left to the caller.
static Registers placeArguments(const TargetLowering::CallLoweringInfo &CLI, ArrayRef<CCValAssign> Locs,
                                ArrayRef<SDValue> Values, SDValue &Chain) {
  SelectionDAG &DAG = CLI.DAG;
  const SDLoc &DL = CLI.DL;
  Registers Regs;
  SmallVector<SDValue, 8> Stores;
  SDValue SP;
  for (const CCValAssign &Loc : Locs) {
    SDValue Value = toLocation(Values[Loc.getValNo()], Loc, DL, DAG);
    if (Loc.isRegLoc()) {
      Regs.push_back({Loc.getLocReg(), Value});
      continue;
    }
    if (!SP)
      SP = DAG.getCopyFromReg(Chain, DL, ACC::R0, MVT::i32);
    SDValue Addr = DAG.getMemBasePlusOffset(SP, TypeSize::getFixed(Loc.getLocMemOffset()), DL);
    const ISD::OutputArg &Out = CLI.Outs[Loc.getValNo()];
    EVT MemVT = CLI.IsVarArg && Out.Flags.isVarArg() ? variableArgType(Out) : EVT(Loc.getLocVT());
    auto Place = MachinePointerInfo::getStack(DAG.getMachineFunction(), Loc.getLocMemOffset());
    Stores.push_back(DAG.getTruncStore(Chain, DL, Value, Addr, Place, MemVT));
  }
  if (!Stores.empty())
    Chain = DAG.getNode(ISD::TokenFactor, DL, MVT::Other, Stores);
  return Regs;
}

static SDValue targetOf(SDValue Callee, const SDLoc &DL, SelectionDAG &DAG) {
  if (auto *GA = dyn_cast<GlobalAddressSDNode>(Callee))
    return DAG.getTargetGlobalAddress(GA->getGlobal(), DL, MVT::i64, GA->getOffset());
  if (auto *ES = dyn_cast<ExternalSymbolSDNode>(Callee))
    return DAG.getTargetExternalSymbol(ES->getSymbol(), MVT::i64);
  return Callee;
}

static SDValue takeResults(const TargetLowering::CallLoweringInfo &CLI, SDValue Chain,
                           SmallVectorImpl<SDValue> &InVals) {
  SelectionDAG &DAG = CLI.DAG;
  SDValue Glue = Chain.getValue(1);
  SmallVector<CCValAssign, 16> Locs;
  CCState State(CLI.CallConv, CLI.IsVarArg, DAG.getMachineFunction(), Locs, *DAG.getContext());
  State.AnalyzeCallResult(CLI.Ins, RetCC_ACC);
  for (const CCValAssign &Loc : Locs) {
    SDValue Value = DAG.getCopyFromReg(Chain, CLI.DL, Loc.getLocReg(), Loc.getLocVT(), Glue);
    Chain = Value.getValue(1);
    Glue = Value.getValue(2);
    InVals.push_back(fromLocation(Value, Loc, CLI.DL, DAG));
  }
  return Chain;
}

SDValue ACCTargetLowering::LowerCall(CallLoweringInfo &CLI, SmallVectorImpl<SDValue> &InVals) const {
  SelectionDAG &DAG = CLI.DAG;
  MachineFunction &MF = DAG.getMachineFunction();
  const SDLoc &DL = CLI.DL;
  CLI.IsTailCall = false;
  if (SDValue Done; lowerMachineCall(*this, CLI, InVals, Done))
    return Done;
  MF.getFrameInfo().setHasCalls(true);

  SmallVector<CCValAssign, 16> Locs;
  CCState State(CLI.CallConv, CLI.IsVarArg, MF, Locs, *DAG.getContext());
  if (!analyzeOutgoing(State, CLI.Outs, CLI.IsVarArg, DL.getDebugLoc())) {
    for (const ISD::InputArg &In : CLI.Ins)
      InVals.push_back(DAG.getUNDEF(In.VT));
    return CLI.Chain;
  }
  uint64_t StackBytes = alignTo(State.getStackSize(), 16);
  SDValue Chain = CLI.Chain;
  SmallVector<SDValue, 16> Values = copyStructures(CLI, Chain);

  Chain = DAG.getCALLSEQ_START(Chain, StackBytes, 0, DL);
  Registers Regs = placeArguments(CLI, Locs, Values, Chain);
  SDValue Glue;
  for (auto &[Reg, Value] : Regs) {
    Chain = DAG.getCopyToReg(Chain, DL, Reg, Value, Glue);
    Glue = Chain.getValue(1);
  }
  SmallVector<SDValue, 16> Ops{Chain, targetOf(CLI.Callee, DL, DAG)};
  for (auto &[Reg, Value] : Regs)
    Ops.push_back(DAG.getRegister(Reg, Value.getValueType()));
  Ops.push_back(DAG.getRegisterMask(Subtarget.getRegisterInfo()->getCallPreservedMask(MF, CLI.CallConv)));
  if (Glue)
    Ops.push_back(Glue);
  Chain = DAG.getNode(ACCISD::CALL, DL, DAG.getVTList(MVT::Other, MVT::Glue), Ops);
  Chain = DAG.getCALLSEQ_END(Chain, StackBytes, 0, Chain.getValue(1), DL);
  return takeResults(CLI, Chain, InVals);
}
