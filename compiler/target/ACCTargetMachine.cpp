// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The target machine and the order of the code generator's passes.
#include "compiler/target/ACCTargetMachine.h"
#include "compiler/target/ACCMachineFunctionInfo.h"
#include "compiler/target/ACCTargetTransformInfo.h"
#include "compiler/target/acc_target.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetLoweringObjectFileImpl.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/InitializePasses.h"
#include "llvm/PassRegistry.h"
#include "llvm/Transforms/Scalar.h"

using namespace llvm;

ACCTargetMachine::ACCTargetMachine(const Target &T, const Triple &TT, StringRef CPU, StringRef FS,
                                   const TargetOptions &Options, std::optional<Reloc::Model> RM,
                                   std::optional<CodeModel::Model> CM, CodeGenOptLevel OL, bool)
    : CodeGenTargetMachineImpl(T, acc::DataLayoutString, TT, CPU.empty() ? "acc1" : CPU, FS, Options,
                               RM.value_or(Reloc::Static), CM.value_or(CodeModel::Small), OL),
      ObjectFile(std::make_unique<TargetLoweringObjectFileELF>()), Subtarget(TT, TargetCPU, FS, *this) {
  initAsmInfo();
}

TargetTransformInfo ACCTargetMachine::getTargetTransformInfo(const Function &F) const {
  return TargetTransformInfo(std::make_unique<ACCTTIImpl>(this, F));
}

MachineFunctionInfo *ACCTargetMachine::createMachineFunctionInfo(BumpPtrAllocator &Allocator, const Function &F,
                                                                 const TargetSubtargetInfo *STI) const {
  return ACCMachineFunctionInfo::create<ACCMachineFunctionInfo>(Allocator, F, STI);
}

bool ACCTargetMachine::isNoopAddrSpaceCast(unsigned Src, unsigned Dst) const {
  auto Is64 = [](unsigned AS) { return AS == ACCAS::Generic || AS == ACCAS::Global || AS == ACCAS::Constant; };
  return Is64(Src) && Is64(Dst);
}

namespace {

class ACCPassConfig : public TargetPassConfig {
public:
  ACCPassConfig(ACCTargetMachine &TM, PassManagerBase &PM) : TargetPassConfig(TM, PM) {}

  void addIRPasses() override {
    addPass(createACCSharedLayoutPass());
    addPass(createAtomicExpandLegacyPass());
    if (getOptLevel() != CodeGenOptLevel::None) {
      addPass(createInferAddressSpacesPass());
      addPass(createSeparateConstOffsetFromGEPPass(/*LowerGEP=*/false));
      addPass(createStraightLineStrengthReducePass());
      addPass(createEarlyCSEPass());
      addPass(createNaryReassociatePass());
      addPass(createEarlyCSEPass());
    }
    TargetPassConfig::addIRPasses();
  }

  bool addInstSelector() override {
    addPass(createACCISelDagPass(getTM<ACCTargetMachine>(), getOptLevel()));
    return false;
  }

  bool addILPOpts() override {
    addPass(&EarlyIfConverterLegacyID);
    return true;
  }

  void addPreEmitPass() override {
    if (getOptLevel() != CodeGenOptLevel::None)
      addPass(createACCGuardPass());
  }
};

} // namespace

TargetPassConfig *ACCTargetMachine::createPassConfig(PassManagerBase &PM) { return new ACCPassConfig(*this, PM); }

void acc::initializeTarget() {
  initializeACCTargetInfo();
  initializeACCTargetMC();
  static RegisterTargetMachine<ACCTargetMachine> Machine(getTheACCTarget());
  registerACCAsmPrinter();
  PassRegistry &Registry = *PassRegistry::getPassRegistry();
  initializeCore(Registry);
  initializeCodeGen(Registry);
  initializeScalarOpts(Registry);
}
