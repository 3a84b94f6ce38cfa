// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layout of kernel parameters (docs/isa/abi.md): in order, each at the next multiple of its alignment.
#include "compiler/target/ACC.h"
#include "compiler/target/ACCMachineFunctionInfo.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"

using namespace llvm;

bool llvm::isACCKernel(const Function &F) { return F.getCallingConv() == CallingConv::PTX_Kernel; }

std::pair<uint64_t, Align> llvm::getACCKernelArgLayout(const Argument &Arg) {
  const DataLayout &DL = Arg.getParent()->getDataLayout();
  Type *Ty = Arg.hasByValAttr() ? Arg.getParamByValType() : Arg.getType();
  Align Alignment = DL.getABITypeAlign(Ty);
  if (Arg.hasByValAttr())
    Alignment = Arg.getParamAlign().valueOrOne() > Alignment ? *Arg.getParamAlign() : Alignment;
  return {DL.getTypeAllocSize(Ty), Alignment};
}

SmallVector<uint64_t> llvm::getACCKernelArgOffsets(const Function &Kernel) {
  SmallVector<uint64_t> Offsets;
  uint64_t End = 0;
  for (const Argument &Arg : Kernel.args()) {
    auto [Size, Alignment] = getACCKernelArgLayout(Arg);
    End = alignTo(End, Alignment);
    Offsets.push_back(End);
    End += Size;
  }
  Offsets.push_back(End);
  return Offsets;
}
