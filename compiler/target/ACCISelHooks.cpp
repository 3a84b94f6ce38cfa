// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Answers about what is legal and cheap.
#include "compiler/target/ACCISelLowering.h"
#include "llvm/IR/DerivedTypes.h"

using namespace llvm;

bool ACCTargetLowering::isLegalAddressingMode(const DataLayout &DL, const AddrMode &AM, Type *Ty, unsigned,
                                              Instruction *) const {
  // base + (index << scale) + offset; symbols have an address of their own first. The index is a 32-bit
  // register, so a 64-bit one is not free: only unscaled forms are promised to generic code, and selection
  // finds the others.
  if (AM.BaseGV || AM.ScalableOffset || !isInt<32>(AM.BaseOffs))
    return false;
  switch (AM.Scale) {
  case 0:
    return true;
  case 1:
    return !AM.HasBaseReg;
  default:
    return false;
  }
}

bool ACCTargetLowering::allowsMisalignedMemoryAccesses(EVT, unsigned, Align, MachineMemOperand::Flags,
                                                       unsigned *Fast) const {
  if (Fast)
    *Fast = 0;
  return false; // they trap
}

bool ACCTargetLowering::isFMAFasterThanFMulAndFAdd(const MachineFunction &, EVT VT) const {
  return VT == MVT::f32 || VT == MVT::f64;
}

bool ACCTargetLowering::isTruncateFree(Type *Src, Type *Dst) const {
  return Src->isIntegerTy(64) && Dst->isIntegerTy(32);
}

bool ACCTargetLowering::isTruncateFree(EVT Src, EVT Dst) const { return Src == MVT::i64 && Dst == MVT::i32; }

EVT ACCTargetLowering::getOptimalMemOpType(LLVMContext &, const MemOp &Op, const AttributeList &) const {
  // Only legal types are possible here; 16-byte pieces are made before (ACCWidenMemory.cpp).
  if (Op.size() >= 8 && Op.isAligned(Align(8)))
    return MVT::i64;
  return MVT::Other;
}
