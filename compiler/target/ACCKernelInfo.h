// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kernels need at launch, gathered from the machine code: registers, local memory, barriers. A kernel
// needs the maximum over everything it may call.
#pragma once

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <cstdint>

namespace llvm {
class Function;
class MachineFunction;
class MachineInstr;
class Module;

/// Needs of one function, without or with its callees.
struct ACCResources {
  unsigned NumRegs = 0;      ///< 1 + highest register
  unsigned NumBarriers = 0;  ///< 1 + highest named barrier
  uint64_t LocalBytes = 0;   ///< stack of the function and, with callees, of the deepest known chain
  bool DynamicStack = false; ///< recursion, indirect calls or dynamic allocas: LocalBytes is not enough
};

class ACCResourceInfo {
public:
  /// Records a function whose code is final.
  void add(const MachineFunction &MF);
  /// The needs of a kernel and everything it reaches. All functions must have been added.
  ACCResources total(const Function &Kernel);

private:
  struct Record {
    ACCResources Own;
    SmallPtrSet<const Function *, 4> Callees;
    bool IndirectCalls = false;
  };
  void addInstruction(const MachineInstr &MI, Record &R);
  const ACCResources &visit(const Function &F);
  void join(ACCResources &Sum, uint64_t OwnStack, const Function &Callee);

  MapVector<const Function *, Record> Records;
  DenseMap<const Function *, ACCResources> Totals;
  SmallPtrSet<const Function *, 8> Active; ///< on the current path of visit()
};

} // namespace llvm
