// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/acc_target.h"
#include "compiler/target/mc/ACCMCTargetDesc.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"

using namespace llvm;

static CodeGenOptLevel codeGenLevel(unsigned Level) {
  // Not Aggressive: it duplicates more blocks, and threads that took different ways would meet again later.
  return Level == 0 ? CodeGenOptLevel::None : Level == 1 ? CodeGenOptLevel::Less : CodeGenOptLevel::Default;
}

std::unique_ptr<TargetMachine> acc::createTargetMachine(const TargetConfig &Config) {
  TargetOptions Options;
  // Where the instructions allow it: the program's own code does, the device library's exact algorithms do
  // not.
  Options.AllowFPOpFusion = FPOpFusion::Standard;
  // Code that LLVM proves to be undefined (a store through nullptr) traps, as nvcc's does: it does not run on
  // into the function that lies behind. After a call that does not return nothing is needed.
  Options.TrapUnreachable = true;
  Options.NoTrapAfterNoreturn = true;
  Options.MCOptions.AsmVerbose = false;
  Options.FunctionSections = false;
  // clang marks CUDA device modules with DWARF 2, which is for PTX; our readers of line tables want 5.
  Options.MCOptions.DwarfVersion = 5;
  return std::unique_ptr<TargetMachine>(getTheACCTarget().createTargetMachine(
      Triple(TargetTriple), "acc1", "", Options, std::nullopt, std::nullopt, codeGenLevel(Config.OptLevel)));
}

void acc::prepareModule(Module &M, const TargetMachine &TM) {
  M.setTargetTriple(TM.getTargetTriple());
  M.setDataLayout(TM.createDataLayout());
}

Error acc::emitModule(Module &M, TargetMachine &TM, raw_pwrite_stream &OS, CodeGenFileType Type) {
  legacy::PassManager Passes;
  if (TM.addPassesToEmitFile(Passes, OS, nullptr, Type))
    return createStringError("the acc target cannot emit this kind of file");
  Passes.run(M);
  // What the backend cannot compile it reports, with its place, and goes on: what it wrote then is no
  // program.
  if (M.getContext().getDiagHandlerPtr()->HasErrors)
    return createStringError("there is no machine code for " + M.getName());
  return Error::success();
}
