// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instruction selection. Patterns do most of it; here is what patterns say badly: addresses, memory accesses,
// atomics, bit fields and intrinsics with operands that become modifiers.
#pragma once

#include "compiler/target/ACCTargetMachine.h"
#include "llvm/CodeGen/SelectionDAGISel.h"

namespace llvm {

class ACCDAGToDAGISel : public SelectionDAGISel {
public:
  ACCDAGToDAGISel(ACCTargetMachine &TM, CodeGenOptLevel OptLevel) : SelectionDAGISel(TM, OptLevel) {}

protected:
  /// What C++ selects; false leaves the node to the patterns.
  bool trySelect(SDNode *N);

  /// The four operands that name an address: [Base + (ext(Index) << scale) + Offset], and the modifier bits
  /// for scale and extension.
  struct Address {
    SDValue Base, Index, Offset;
    unsigned Mods = 0;
  };

  // ---- complex patterns
  bool selectPredicate(SDValue N, SDValue &Reg, SDValue &Negated);

  // ---- ACCISelMemory.cpp
  Address selectAddress(SDValue Ptr, bool HasIndex);
  bool selectIndex(SDValue N, Address &Addr);
  bool trySelectMemory(SDNode *N);
  /// True when no instruction can do the access: that has been reported.
  bool rejectAccess(MemSDNode *N, bool Stores);
  void selectLoad(MemSDNode *N);
  void selectStore(MemSDNode *N);
  void selectVectorLoad(MemSDNode *N);
  void selectVectorStore(MemSDNode *N);

  // ---- ACCISelAtomics.cpp
  bool trySelectAtomic(SDNode *N);
  bool rejectScope(SDNode *N, SyncScope::ID Scope, bool Matters);
  bool rejectAtomic(MemSDNode *N);
  void selectAtomicRMW(AtomicSDNode *N);
  void selectCompareSwap(AtomicSDNode *N);
  void selectAtomic128(MemSDNode *N);
  void selectFence(SDNode *N);

  // ---- ACCISelTexture.cpp
  SDValue wordGroup(SDNode *N, unsigned I, unsigned Words);
  void selectTexture(SDNode *N);

  // ---- ACCISelNvvm.cpp
  bool trySelectIntrinsic(SDNode *N);
  void selectShuffle(SDNode *N, unsigned Mode, bool WithPredicate);

  // ---- ACCISelDAGToDAG.cpp
  bool trySelectBitField(SDNode *N);
  void selectFrameIndex(SDNode *N);

  SDValue imm32(int64_t Value, const SDLoc &DL) {
    return CurDAG->getSignedTargetConstant(SignExtend64<32>(Value), DL, MVT::i32);
  }
  SDValue zeroReg() { return CurDAG->getRegister(ACC::RZ, MVT::i32); }
  void setMemRef(SDNode *MachineNode, MemSDNode *N);
  const ACCSubtarget &subtarget() const { return MF->getSubtarget<ACCSubtarget>(); }
  /// Reports that there is no instruction for a node, and replaces its results by undefined values.
  void unsupported(SDNode *N, const Twine &What);
};

} // namespace llvm
