// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What address spaces say about aliasing: shared, local, global and constant memory do not overlap, and
// constant memory does not change while a kernel runs. Generic pointers may point anywhere.
#pragma once

#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/IR/PassManager.h"

namespace llvm {

class ACCAAResult : public AAResultBase {
public:
  AliasResult alias(const MemoryLocation &A, const MemoryLocation &B, AAQueryInfo &AAQI,
                    const Instruction *CtxI = nullptr);
  ModRefInfo getModRefInfoMask(const MemoryLocation &Loc, AAQueryInfo &AAQI, bool IgnoreLocals);
  bool invalidate(Function &, const PreservedAnalyses &, FunctionAnalysisManager::Invalidator &) {
    return false;
  }
};

class ACCAA : public AnalysisInfoMixin<ACCAA> {
public:
  using Result = ACCAAResult;
  ACCAAResult run(Function &, FunctionAnalysisManager &) { return ACCAAResult(); }

private:
  friend AnalysisInfoMixin<ACCAA>;
  static AnalysisKey Key;
};

class ImmutablePass;
/// The same for the code generator's pass manager.
ImmutablePass *createACCAAWrapperPass();

} // namespace llvm
