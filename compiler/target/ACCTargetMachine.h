// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/target/ACCSubtarget.h"
#include "llvm/CodeGen/CodeGenTargetMachineImpl.h"

namespace llvm {

class ACCTargetMachine : public CodeGenTargetMachineImpl {
public:
  ACCTargetMachine(const Target &T, const Triple &TT, StringRef CPU, StringRef FS,
                   const TargetOptions &Options, std::optional<Reloc::Model> RM,
                   std::optional<CodeModel::Model> CM, CodeGenOptLevel OL, bool JIT);

  const ACCSubtarget *getSubtargetImpl(const Function &) const override { return &Subtarget; }
  TargetLoweringObjectFile *getObjFileLowering() const override { return ObjectFile.get(); }
  TargetTransformInfo getTargetTransformInfo(const Function &F) const override;
  TargetPassConfig *createPassConfig(PassManagerBase &PM) override;
  MachineFunctionInfo *createMachineFunctionInfo(BumpPtrAllocator &Allocator, const Function &F,
                                                 const TargetSubtargetInfo *STI) const override;
  void registerDefaultAliasAnalyses(AAManager &AA) override;
  void registerPassBuilderCallbacks(PassBuilder &PB) override;
  unsigned getAddressSpaceForPseudoSourceKind(unsigned Kind) const override;
  unsigned getAssumedAddrSpace(const Value *V) const override;
  /// Casts between any two spaces compute: a generic pointer is tagged, shared and local pointers are
  /// offsets.
  bool isNoopAddrSpaceCast(unsigned Src, unsigned Dst) const override;

private:
  std::unique_ptr<TargetLoweringObjectFile> ObjectFile;
  ACCSubtarget Subtarget;
};

} // namespace llvm
