// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layout of kernel parameters (docs/isa/abi.md): in order, each at the next multiple of its alignment.
#include "compiler/target/ACC.h"
#include "compiler/target/ACCMachineFunctionInfo.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include <acc/spec/acc_occupancy.h>

using namespace llvm;

bool llvm::isACCKernel(const Function &F) { return F.getCallingConv() == CallingConv::PTX_Kernel; }

/// The product of "x[,y[,z]]"; 0 when the attribute is absent.
static uint64_t dimensionProduct(const Function &F, StringRef Attribute) {
  if (!F.hasFnAttribute(Attribute))
    return 0;
  SmallVector<StringRef, 3> Parts;
  F.getFnAttribute(Attribute).getValueAsString().split(Parts, ',');
  uint64_t Product = 1;
  for (StringRef Part : Parts)
    if (uint64_t Value; !Part.trim().getAsInteger(10, Value))
      Product *= Value;
  return Product;
}

unsigned llvm::getACCRegisterLimit(const Function &F) {
  // Below this the calling convention has not enough registers.
  constexpr uint64_t Least = 40, Most = 255;
  uint64_t Threads = 0, Blocks = 1;
  if (isACCKernel(F)) {
    Threads = dimensionProduct(F, "nvvm.reqntid");
    if (!Threads)
      Threads = dimensionProduct(F, "nvvm.maxntid");
    Blocks = std::max<uint64_t>(F.getFnAttributeAsParsedInteger("nvvm.minctasm"), 1);
  }
  Threads = Threads ? alignTo(Threads, ACC_WARP_SIZE) : ACC_MAX_THREADS_PER_BLOCK;
  uint64_t Limit = alignDown(ACC_REGS_PER_CU / (Threads * Blocks), ACC_REG_GRANULARITY);
  if (uint64_t Wanted = F.getFnAttributeAsParsedInteger("nvvm.maxnreg"))
    Limit = std::min(Limit, Wanted);
  return std::clamp(Limit, Least, Most);
}

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
