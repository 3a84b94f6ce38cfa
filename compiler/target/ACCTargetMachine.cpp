// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The target machine and the order of the code generator's passes.
#include "compiler/target/ACCTargetMachine.h"
#include "compiler/target/ACCAliasAnalysis.h"
#include "compiler/target/ACCMachineFunctionInfo.h"
#include "compiler/target/ACCObjectFile.h"
#include "compiler/target/ACCTargetTransformInfo.h"
#include "compiler/target/acc_target.h"
#include "llvm/Analysis/BasicAliasAnalysis.h"
#include "llvm/Analysis/ScopedNoAliasAA.h"
#include "llvm/Analysis/TypeBasedAliasAnalysis.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/PseudoSourceValue.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/InitializePasses.h"
#include "llvm/PassRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Scalar.h"
#include "llvm/Transforms/Vectorize/LoadStoreVectorizer.h"

using namespace llvm;

ACCTargetMachine::ACCTargetMachine(const Target &T, const Triple &TT, StringRef CPU, StringRef FS,
                                   const TargetOptions &Options, std::optional<Reloc::Model> RM,
                                   std::optional<CodeModel::Model> CM, CodeGenOptLevel OL, bool)
    : CodeGenTargetMachineImpl(T, acc::DataLayoutString, TT, CPU.empty() ? "acc1" : CPU, FS, Options,
                               RM.value_or(Reloc::Static), CM.value_or(CodeModel::Small), OL),
      ObjectFile(std::make_unique<ACCObjectFile>()), Subtarget(TT, TargetCPU, FS, *this) {
  initAsmInfo();
}

TargetTransformInfo ACCTargetMachine::getTargetTransformInfo(const Function &F) const {
  return TargetTransformInfo(std::make_unique<ACCTTIImpl>(this, F));
}

MachineFunctionInfo *ACCTargetMachine::createMachineFunctionInfo(BumpPtrAllocator &Allocator,
                                                                 const Function &F,
                                                                 const TargetSubtargetInfo *STI) const {
  return ACCMachineFunctionInfo::create<ACCMachineFunctionInfo>(Allocator, F, STI);
}

void ACCTargetMachine::registerDefaultAliasAnalyses(AAManager &AA) { AA.registerFunctionAnalysis<ACCAA>(); }

void ACCTargetMachine::registerPassBuilderCallbacks(PassBuilder &PB) {
  PB.registerAnalysisRegistrationCallback(
      [](FunctionAnalysisManager &FAM) { FAM.registerPass([] { return ACCAA(); }); });
}

unsigned ACCTargetMachine::getAddressSpaceForPseudoSourceKind(unsigned Kind) const {
  switch (Kind) {
  case PseudoSourceValue::Stack:
  case PseudoSourceValue::FixedStack:
    return ACCAS::Local;
  case PseudoSourceValue::ConstantPool:
  case PseudoSourceValue::JumpTable:
    return ACCAS::Constant;
  default:
    return ACCAS::Global;
  }
}

unsigned ACCTargetMachine::getAssumedAddrSpace(const Value *V) const {
  // The host can pass nothing but global pointers, be it as a parameter, in a structure or in a __constant__.
  if (const auto *Arg = dyn_cast<Argument>(V))
    return isACCKernel(*Arg->getParent()) && !Arg->hasByValAttr() ? unsigned(ACCAS::Global) : ~0u;
  const auto *Load = dyn_cast<LoadInst>(V);
  if (!Load || !Load->getType()->isPointerTy() || Load->getType()->getPointerAddressSpace() != ACCAS::Generic)
    return ~0u;
  const Value *Source = getUnderlyingObject(Load->getPointerOperand());
  if (Source->getType()->getPointerAddressSpace() == ACCAS::Constant)
    return ACCAS::Global;
  const auto *Arg = dyn_cast<Argument>(Source);
  return Arg && isACCKernel(*Arg->getParent()) && Arg->hasByValAttr() ? unsigned(ACCAS::Global) : ~0u;
}

bool ACCTargetMachine::isNoopAddrSpaceCast(unsigned Src, unsigned Dst) const {
  auto Is64 = [](unsigned AS) {
    return AS == ACCAS::Generic || AS == ACCAS::Global || AS == ACCAS::Constant;
  };
  return Is64(Src) && Is64(Dst);
}

namespace {

class ACCPassConfig : public TargetPassConfig {
public:
  ACCPassConfig(ACCTargetMachine &TM, PassManagerBase &PM) : TargetPassConfig(TM, PM) {
    // Threads that took different ways run together again where the ways meet; a copy of that place for each
    // way would keep them apart.
    disablePass(&EarlyTailDuplicateLegacyID);
    disablePass(&TailDuplicateLegacyID);
  }

  // LLVM's own list is not taken over: most of it is for other machines, and loop strength reduction makes a
  // pointer per array that needs an addition per iteration, where base + (index << scale) addresses need
  // none. ACCLoopAddresses does what of it is good here.
  void addIRPasses() override {
    addPass(createACCSharedLayoutPass());
    addPass(createAtomicExpandLegacyPass());
    if (getOptLevel() != CodeGenOptLevel::None) {
      addPass(createTypeBasedAAWrapperPass());
      addPass(createScopedNoAliasAAWrapperPass());
      addPass(createBasicAAWrapperPass());
      addPass(createACCAAWrapperPass());
      addPass(createInferAddressSpacesPass());
      addPass(createSeparateConstOffsetFromGEPPass(/*LowerGEP=*/false));
      addPass(createEarlyCSEPass());
      addPass(createACCWidenMemoryPass());
      addPass(createLoadStoreVectorizerPass());
      addPass(createEarlyCSEPass());
      addPass(createACCLoopAddressesPass());
      addPass(createEarlyCSEPass());
      addPass(createACCSinkAddressesPass());
    }
    addPass(createUnreachableBlockEliminationPass());
    addPass(createScalarizeMaskedMemIntrinLegacyPass());
    addPass(createExpandReductionsPass());
  }

  bool addInstSelector() override {
    addPass(createACCISelDagPass(getTM<ACCTargetMachine>(), getOptLevel()));
    return false;
  }

  void addPreEmitPass() override {
    addPass(createACCBlockOrderPass());
    if (getOptLevel() != CodeGenOptLevel::None)
      addPass(createACCGuardPass());
  }
};

} // namespace

TargetPassConfig *ACCTargetMachine::createPassConfig(PassManagerBase &PM) {
  return new ACCPassConfig(*this, PM);
}

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
