// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads and stores: the record is a function of the space and the width, the address of what the pointer is
// made of.
#include "compiler/target/ACCISelDAGToDAG.h"
#include "compiler/target/ACCMemoryOrder.h"
#include <acc/spec/acc_isa_opcodes.h>

using namespace llvm;
namespace mods = acc::isa::mods;

namespace {

constexpr unsigned NumSpaces = 5;

/// Row of the tables below; there is none for a space that the machine does not have.
std::optional<unsigned> spaceIndex(unsigned AS) {
  switch (AS) {
  case ACCAS::Generic:
    return 0;
  case ACCAS::Global:
    return 1;
  case ACCAS::Shared:
    return 2;
  case ACCAS::Local:
    return 3;
  case ACCAS::Constant:
    return 4;
  default:
    return std::nullopt;
  }
}

// Columns of the tables: the widths that the ISA table has, in its order.
#define ACC_COLUMN(space, width, bytes) width,
namespace LoadWidth {
enum { ACC_ISA_LOADS_generic(ACC_COLUMN) Count };
}
namespace StoreWidth {
enum { ACC_ISA_STORES_generic(ACC_COLUMN) Count };
}
#define ACC_LOAD(space, width, bytes) ACC::LD_##space##_##width,
#define ACC_STORE(space, width, bytes) ACC::ST_##space##_##width,
const unsigned LoadOpcodes[NumSpaces][LoadWidth::Count] = {{ACC_ISA_LOADS_generic(ACC_LOAD)},
                                                           {ACC_ISA_LOADS_global(ACC_LOAD)},
                                                           {ACC_ISA_LOADS_shared(ACC_LOAD)},
                                                           {ACC_ISA_LOADS_local(ACC_LOAD)},
                                                           {ACC_ISA_LOADS_const(ACC_LOAD)}};
const unsigned StoreOpcodes[NumSpaces - 1][StoreWidth::Count] = {{ACC_ISA_STORES_generic(ACC_STORE)},
                                                                 {ACC_ISA_STORES_global(ACC_STORE)},
                                                                 {ACC_ISA_STORES_shared(ACC_STORE)},
                                                                 {ACC_ISA_STORES_local(ACC_STORE)}};

/// Column of a load of so many bytes: with the sign asked for when it is extended to a register.
std::optional<unsigned> loadWidth(uint64_t Bytes, bool SignExtend) {
#define ACC_TRY(space, width, bytes)                                                                         \
  if (Bytes == (bytes) && ((bytes) >= 4 || (#width[0] == 's') == SignExtend))                                \
    return LoadWidth::width;
  ACC_ISA_LOADS_generic(ACC_TRY);
  return std::nullopt;
}
std::optional<unsigned> storeWidth(uint64_t Bytes) {
#define ACC_TRY_STORE(space, width, bytes)                                                                   \
  if (Bytes == (bytes))                                                                                      \
    return StoreWidth::width;
  ACC_ISA_STORES_generic(ACC_TRY_STORE);
  return std::nullopt;
}
#undef ACC_COLUMN
#undef ACC_LOAD
#undef ACC_STORE
#undef ACC_TRY
#undef ACC_TRY_STORE

uint64_t bytesOf(EVT VT) { return VT.getStoreSize().getFixedValue(); }

} // namespace

/// A 32-bit value that is extended and perhaps shifted: what the index of an address can be.
bool ACCDAGToDAGISel::selectIndex(SDValue N, Address &Addr) {
  unsigned Shift = 0;
  if (N.getOpcode() == ISD::SHL) {
    auto *Amount = dyn_cast<ConstantSDNode>(N.getOperand(1));
    if (!Amount || Amount->getZExtValue() > 4)
      return false;
    Shift = Amount->getZExtValue();
    N = N.getOperand(0);
  }
  namespace LD = mods::LD_global_b32;
  if (N.getValueType() == MVT::i32) {
    // Shared and local: arithmetic modulo 2^32, no extension is needed.
    if (!Shift)
      return false;
    Addr.Index = N;
  } else if (N.getOpcode() == ISD::SIGN_EXTEND && N.getOperand(0).getValueType() == MVT::i32) {
    Addr.Index = N.getOperand(0);
  } else if (N.getOpcode() == ISD::ZERO_EXTEND && N.getOperand(0).getValueType() == MVT::i32) {
    Addr.Index = N.getOperand(0);
    Addr.Mods |= LD::idx.of(LD::idx_uidx);
  } else {
    return false;
  }
  Addr.Mods |= LD::scale.of(Shift);
  return true;
}

ACCDAGToDAGISel::Address ACCDAGToDAGISel::selectAddress(SDValue Ptr, bool HasIndex) {
  SDLoc DL(Ptr);
  Address Addr;
  int64_t Offset = 0;
  Addr.Base = Ptr;
  // The sum is modulo the pointer's width, so its parts may be taken in any order.
  auto TakeOffset = [&](SDValue V) {
    if (!CurDAG->isBaseWithConstantOffset(V))
      return V;
    int64_t Sum = Offset + cast<ConstantSDNode>(V.getOperand(1))->getSExtValue();
    if (!isInt<32>(Sum))
      return V;
    Offset = Sum;
    return V.getOperand(0);
  };
  Addr.Base = TakeOffset(Addr.Base);
  if (HasIndex && Addr.Base.getOpcode() == ISD::ADD) {
    SDValue L = Addr.Base.getOperand(0), R = Addr.Base.getOperand(1);
    if (selectIndex(R, Addr))
      Addr.Base = TakeOffset(L);
    else if (selectIndex(L, Addr))
      Addr.Base = TakeOffset(R);
    else if (Ptr.getValueType() == MVT::i32) {
      Addr.Base = TakeOffset(L);
      Addr.Index = R;
    }
  } else if (HasIndex && Addr.Base.getValueType() == MVT::i32 && Addr.Base.getOpcode() == ISD::SHL &&
             selectIndex(Addr.Base, Addr)) {
    Addr.Base = zeroReg();
  }
  // A constant address in shared memory needs no base register.
  if (auto *C = dyn_cast<ConstantSDNode>(Addr.Base); C && Addr.Base.getValueType() == MVT::i32) {
    Offset = SignExtend64<32>(Offset + C->getSExtValue());
    Addr.Base = zeroReg();
  }
  if (auto *FI = dyn_cast<FrameIndexSDNode>(Addr.Base))
    Addr.Base = CurDAG->getTargetFrameIndex(FI->getIndex(), MVT::i32);
  if (!Addr.Index)
    Addr.Index = zeroReg();
  Addr.Offset = imm32(Offset, DL);
  return Addr;
}

bool ACCDAGToDAGISel::rejectAccess(MemSDNode *N, bool Stores) {
  if (!spaceIndex(N->getAddressSpace()))
    return unsupported(N, "an access to address space " + Twine(N->getAddressSpace())), true;
  if (Stores && N->getAddressSpace() == ACCAS::Constant)
    return unsupported(N, "a store to constant memory"), true;
  EVT VT = N->getMemoryVT();
  if (!VT.isVector() && !storeWidth(bytesOf(VT)))
    return unsupported(N, "a memory access of type " + VT.getEVTString()), true;
  return rejectScope(N, N->getSyncScopeID(), N->isAtomic());
}

bool ACCDAGToDAGISel::trySelectMemory(SDNode *N) {
  switch (N->getOpcode()) {
  case ISD::LOAD:
  case ISD::ATOMIC_LOAD:
    return selectLoad(cast<MemSDNode>(N)), true;
  case ISD::STORE:
  case ISD::ATOMIC_STORE:
    return selectStore(cast<MemSDNode>(N)), true;
  case ACCISD::LOAD_V2:
  case ACCISD::LOAD_V4:
    return selectVectorLoad(cast<MemSDNode>(N)), true;
  case ACCISD::STORE_V2:
  case ACCISD::STORE_V4:
    return selectVectorStore(cast<MemSDNode>(N)), true;
  default:
    return false;
  }
}

static bool isSignExtending(const MemSDNode *N) {
  if (const auto *Load = dyn_cast<LoadSDNode>(N))
    return Load->getExtensionType() == ISD::SEXTLOAD;
  return cast<AtomicSDNode>(N)->getExtensionType() == ISD::SEXTLOAD;
}

void ACCDAGToDAGISel::selectLoad(MemSDNode *N) {
  if (rejectAccess(N, /*Stores=*/false))
    return;
  SDLoc DL(N);
  Address Addr = selectAddress(N->getBasePtr(), /*HasIndex=*/true);
  unsigned Opcode = LoadOpcodes[*spaceIndex(N->getAddressSpace())]
                               [*loadWidth(bytesOf(N->getMemoryVT()), isSignExtending(N))];
  SDValue Mods = imm32(Addr.Mods | accLoadOrder(*N, *CurDAG->getContext()), DL);
  SDNode *Load = CurDAG->getMachineNode(Opcode, DL, N->getValueType(0), MVT::Other,
                                        {Addr.Base, Addr.Index, Addr.Offset, Mods, N->getChain()});
  setMemRef(Load, N);
  ReplaceNode(N, Load);
}

void ACCDAGToDAGISel::selectStore(MemSDNode *N) {
  if (rejectAccess(N, /*Stores=*/true))
    return;
  SDLoc DL(N);
  SDValue Value = isa<StoreSDNode>(N) ? cast<StoreSDNode>(N)->getValue() : cast<AtomicSDNode>(N)->getVal();
  Address Addr = selectAddress(N->getBasePtr(), /*HasIndex=*/true);
  unsigned Opcode = StoreOpcodes[*spaceIndex(N->getAddressSpace())][*storeWidth(bytesOf(N->getMemoryVT()))];
  // Zero needs no register.
  if (Value.getValueType().getFixedSizeInBits() == 32 && (isNullConstant(Value) || isNullFPConstant(Value)))
    Value = zeroReg();
  else if (isNullConstant(Value) || isNullFPConstant(Value))
    Value = CurDAG->getRegister(ACC::RZ64, MVT::i64);
  SDValue Mods = imm32(Addr.Mods | accStoreOrder(*N, *CurDAG->getContext()), DL);
  SDNode *Store = CurDAG->getMachineNode(Opcode, DL, MVT::Other,
                                         {Addr.Base, Addr.Index, Value, Addr.Offset, Mods, N->getChain()});
  setMemRef(Store, N);
  ReplaceNode(N, Store);
}

/// Subregister of element I of a group of N.
static unsigned elementIndex(unsigned I, unsigned EltBits) {
  static const unsigned Words[] = {ACC::sub0, ACC::sub1, ACC::sub2, ACC::sub3};
  static const unsigned Pairs[] = {ACC::sub0_1, ACC::sub2_3};
  return EltBits == 32 ? Words[I] : Pairs[I];
}

void ACCDAGToDAGISel::selectVectorLoad(MemSDNode *N) {
  if (rejectAccess(N, /*Stores=*/false))
    return;
  SDLoc DL(N);
  unsigned Count = N->getOpcode() == ACCISD::LOAD_V2 ? 2 : 4;
  EVT EltVT = N->getValueType(0);
  unsigned Bits = Count * EltVT.getFixedSizeInBits();
  Address Addr = selectAddress(N->getOperand(1), /*HasIndex=*/true);
  unsigned Opcode = LoadOpcodes[*spaceIndex(N->getAddressSpace())][*loadWidth(Bits / 8, false)];
  MVT GroupVT = Bits == 64 ? MVT::i64 : MVT::Untyped;
  SDNode *Load = CurDAG->getMachineNode(Opcode, DL, GroupVT, MVT::Other,
                                        {Addr.Base, Addr.Index, Addr.Offset,
                                         imm32(Addr.Mods | accLoadOrder(*N, *CurDAG->getContext()), DL),
                                         N->getOperand(0)});
  setMemRef(Load, N);
  for (unsigned I = 0; I < Count; ++I)
    ReplaceUses(SDValue(N, I), CurDAG->getTargetExtractSubreg(elementIndex(I, EltVT.getFixedSizeInBits()), DL,
                                                              EltVT, SDValue(Load, 0)));
  ReplaceUses(SDValue(N, Count), SDValue(Load, 1));
  CurDAG->RemoveDeadNode(N);
}

void ACCDAGToDAGISel::selectVectorStore(MemSDNode *N) {
  if (rejectAccess(N, /*Stores=*/true))
    return;
  SDLoc DL(N);
  unsigned Count = N->getOpcode() == ACCISD::STORE_V2 ? 2 : 4;
  unsigned EltBits = N->getOperand(1).getValueType().getFixedSizeInBits();
  unsigned Bits = Count * EltBits;
  const TargetRegisterClass &RC = Bits == 64 ? ACC::GPR64RegClass : ACC::GPR128RegClass;
  SmallVector<SDValue, 9> Parts{CurDAG->getTargetConstant(RC.getID(), DL, MVT::i32)};
  for (unsigned I = 0; I < Count; ++I) {
    Parts.push_back(N->getOperand(1 + I));
    Parts.push_back(CurDAG->getTargetConstant(elementIndex(I, EltBits), DL, MVT::i32));
  }
  MVT GroupVT = Bits == 64 ? MVT::i64 : MVT::Untyped;
  SDValue Group(CurDAG->getMachineNode(TargetOpcode::REG_SEQUENCE, DL, GroupVT, Parts), 0);
  Address Addr = selectAddress(N->getOperand(1 + Count), /*HasIndex=*/true);
  unsigned Opcode = StoreOpcodes[*spaceIndex(N->getAddressSpace())][*storeWidth(Bits / 8)];
  SDNode *Store = CurDAG->getMachineNode(Opcode, DL, MVT::Other,
                                         {Addr.Base, Addr.Index, Group, Addr.Offset,
                                          imm32(Addr.Mods | accStoreOrder(*N, *CurDAG->getContext()), DL),
                                          N->getOperand(0)});
  setMemRef(Store, N);
  ReplaceNode(N, Store);
}
