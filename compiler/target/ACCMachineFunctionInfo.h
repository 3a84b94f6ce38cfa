// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/CodeGen/MachineFunction.h"

namespace llvm {

struct ACCMachineFunctionInfo : MachineFunctionInfo {
  ACCMachineFunctionInfo(const Function &, const TargetSubtargetInfo *) {}
  /// First slot of the variable arguments.
  int VarArgsFrameIndex = 0;
};

/// Offset of each parameter of a kernel in its buffer; one more entry is the buffer's size.
SmallVector<uint64_t> getACCKernelArgOffsets(const Function &Kernel);
/// Size and alignment of a parameter there.
std::pair<uint64_t, Align> getACCKernelArgLayout(const Argument &Arg);

} // namespace llvm
