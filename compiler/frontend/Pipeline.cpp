// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The order of things. Reads top-down: prepare (per translation unit), link, finish (whole
// program).
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Passes.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/Internalize.h"
#include "llvm/Transforms/IPO/StripDeadPrototypes.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/InferAddressSpaces.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Mem2Reg.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr unsigned kGeneric = 0;

PipelineTuningOptions tuning() {
    PipelineTuningOptions options;
    options.LoopVectorization = false; // threads are the vectors
    options.SLPVectorization = false;
    options.LoopInterleaving = false;
    return options;
}

/// A PassBuilder with its analysis managers, for one run.
class Builder {
  public:
    explicit Builder(TargetMachine& machine) : passes(&machine, tuning()) {
        // No function of the C library exists on the device; what has such a name is the program's
        // own.
        TargetLibraryInfoImpl library(machine.getTargetTriple());
        library.disableAllFunctions();
        functions.registerPass([library] { return TargetLibraryAnalysis(library); });
        passes.registerModuleAnalyses(modules);
        passes.registerCGSCCAnalyses(sccs);
        passes.registerFunctionAnalyses(functions);
        passes.registerLoopAnalyses(loops);
        passes.crossRegisterProxies(loops, functions, sccs, modules);
    }

    PassBuilder passes;
    LoopAnalysisManager loops;
    FunctionAnalysisManager functions;
    CGSCCAnalysisManager sccs;
    ModuleAnalysisManager modules;
};

/// What the host can name: kernels, and the variables that it registers.
bool is_exported(const GlobalValue& value) {
    if (auto* function = dyn_cast<Function>(&value))
        return function->getCallingConv() == CallingConv::PTX_Kernel;
    auto* variable = dyn_cast<GlobalVariable>(&value);
    return variable && (variable->isExternallyInitialized());
}

FunctionPassManager after_inlining() {
    FunctionPassManager manager;
    manager.addPass(InferAddressSpacesPass(kGeneric));
    manager.addPass(SROAPass(SROAOptions::ModifyCFG));
    manager.addPass(PowersPass());
    return manager;
}

/// Structures that a kernel passed to functions are only now known to be read or written.
ModulePassManager late_kernel_arguments() {
    ModulePassManager manager;
    manager.addPass(CarryPass());
    manager.addPass(AllocasPass()); // inlining makes copies of structures passed by value
    manager.addPass(KernelArgumentsPass(false));
    FunctionPassManager functions;
    functions.addPass(InferAddressSpacesPass(kGeneric));
    functions.addPass(SROAPass(SROAOptions::ModifyCFG));
    functions.addPass(EarlyCSEPass(true));
    functions.addPass(InstCombinePass());
    manager.addPass(createModuleToFunctionPassAdaptor(std::move(functions)));
    return manager;
}

/// Unrolling leaves a loop two counters, and conditions that could be one: most of what stands
/// between them is cheap.
FunctionPassManager after_unrolling() {
    constexpr int kCheap = 6; // instructions that some threads need not have computed
    FunctionPassManager manager;
    manager.addPass(SelectionsPass());
    manager.addPass(createFunctionToLoopPassAdaptor(IndVarSimplifyPass()));
    manager.addPass(SimplifyCFGPass(SimplifyCFGOptions().bonusInstThreshold(kCheap)));
    return manager;
}

void add_optimisation(ModulePassManager& manager, Builder& builder) {
    PassBuilder& passes = builder.passes;
    manager.addPass(HideHalfConversionsPass());
    passes.registerCGSCCOptimizerLateEPCallback([](CGSCCPassManager& sccs, OptimizationLevel) {
        sccs.addPass(createCGSCCToFunctionPassAdaptor(after_inlining()));
    });
    passes.registerOptimizerEarlyEPCallback(
        [](ModulePassManager& modules, OptimizationLevel, ThinOrFullLTOPhase) {
            modules.addPass(late_kernel_arguments());
        });
    passes.registerOptimizerLastEPCallback(
        [](ModulePassManager& modules, OptimizationLevel, ThinOrFullLTOPhase) {
            modules.addPass(ShowHalfConversionsPass());
            modules.addPass(createModuleToFunctionPassAdaptor(after_unrolling()));
        });
    manager.addPass(passes.buildPerModuleDefaultPipeline(OptimizationLevel::O3));
}

void add_unoptimised(ModulePassManager& manager) {
    manager.addPass(AlwaysInlinerPass());
    manager.addPass(CarryPass());
    manager.addPass(AllocasPass());
    manager.addPass(KernelArgumentsPass(false));
    manager.addPass(createModuleToFunctionPassAdaptor(InferAddressSpacesPass(kGeneric)));
}

/// optnone would keep the inliner from always_inline functions and hide argument copies; -G asks
/// for it by other means.
void drop_optnone(Module& module) {
    for (Function& function : module)
        function.removeFnAttr(Attribute::OptimizeNone);
}

/// Weak and comdat symbols have been resolved; what is exported is a plain definition.
void simplify_linkage(Module& module) {
    for (GlobalObject& object : module.global_objects()) {
        object.setComdat(nullptr);
        // A variable of a PTX module that other modules do not see: the host does.
        auto* variable = dyn_cast<GlobalVariable>(&object);
        if (variable && variable->hasInternalLinkage() && variable->isExternallyInitialized())
            variable->setLinkage(GlobalValue::ExternalLinkage);
        if (object.isDeclaration() || object.hasLocalLinkage() || object.hasAppendingLinkage() ||
            !is_exported(object))
            continue;
        object.setLinkage(GlobalValue::ExternalLinkage);
        object.setVisibility(GlobalValue::DefaultVisibility);
        object.setDSOLocal(true);
    }
}

} // namespace

void prepare_module(Module& module, TargetMachine& machine, const DeviceFlags& flags) {
    drop_optnone(module);
    // Of units for several architectures the newest names the program's.
    module.addModuleFlag(Module::Max, "acc.arch", flags.arch);
    Builder builder(machine);
    ModulePassManager manager;
    manager.addPass(SwitchTargetPass(machine.createDataLayout().getStringRepresentation()));
    manager.addPass(BuiltinVariablesPass());
    manager.addPass(LabelsPass());
    manager.addPass(TextureReferencesPass());
    manager.addPass(ClusterSizesPass());
    manager.addPass(StaticVariablesPass());
    manager.addPass(AssumptionsPass());
    manager.addPass(HostCallsPass());
    manager.addPass(AtomicScopesPass());
    manager.addPass(ConstantAssignmentsPass());
    manager.addPass(ReflectPass(flags));
    manager.addPass(PrintfPass());
    manager.addPass(InlinePtxPass());
    manager.addPass(StopsPass());
    manager.addPass(PrecisionPass(flags));
    manager.addPass(MathCallsPass());
    manager.run(module, builder.modules);
}

Error link_device_library(Module& module, MemoryBufferRef library) {
    Expected<std::unique_ptr<Module>> parsed = getLazyBitcodeModule(library, module.getContext());
    if (!parsed) return parsed.takeError();
    (*parsed)->setTargetTriple(module.getTargetTriple());
    (*parsed)->setDataLayout(module.getDataLayout());
    if (Linker::linkModules(module, std::move(*parsed), Linker::LinkOnlyNeeded))
        return createStringError("the device library could not be linked");
    return Error::success();
}

/// What NVIDIA's device runtime has under the same names.
static void drop_runtime_functions(Module& library) {
    for (const char* name : {"malloc", "free", "__assertfail", "vprintf"})
        if (Function* function = library.getFunction(name)) function->deleteBody();
}

Error make_ptx_module(Module& module, TargetMachine& machine, const DeviceFlags& flags,
                      bool relocatable, MemoryBufferRef library) {
    drop_optnone(module);
    {
        Builder builder(machine);
        ModulePassManager manager;
        manager.addPass(BuiltinVariablesPass());
        manager.addPass(LabelsPass());
        manager.addPass(StaticVariablesPass());
        manager.addPass(AssumptionsPass());
        manager.addPass(AtomicScopesPass());
        manager.addPass(ReflectPass(flags));
        manager.addPass(MathCallsPass());
        manager.run(module, builder.modules);
    }
    Expected<std::unique_ptr<Module>> parsed = parseBitcodeFile(library, module.getContext());
    if (!parsed) return parsed.takeError();
    drop_runtime_functions(**parsed);
    (*parsed)->setTargetTriple(module.getTargetTriple());
    (*parsed)->setDataLayout(module.getDataLayout());
    if (Linker::linkModules(module, std::move(*parsed), Linker::LinkOnlyNeeded))
        return createStringError("the device library could not be linked");
    Builder builder(machine);
    ModulePassManager manager;
    if (!relocatable) manager.addPass(InternalizePass(is_exported));
    manager.addPass(GlobalDCEPass());
    manager.addPass(PtxInstructionsPass());
    manager.addPass(AsmEffectsPass());
    manager.addPass(builder.passes.buildPerModuleDefaultPipeline(
        flags.debug ? OptimizationLevel::O0 : OptimizationLevel::O3));
    manager.addPass(GlobalDCEPass());
    manager.addPass(StripDeadPrototypesPass());
    manager.run(module, builder.modules);
    return Error::success();
}

void finish_module(Module& module, TargetMachine& machine, const DeviceFlags& flags) {
    simplify_linkage(module);
    Builder builder(machine);
    ModulePassManager manager;
    manager.addPass(ManagedPass());
    manager.addPass(InternalizePass(is_exported));
    manager.addPass(GlobalDCEPass());
    manager.addPass(MachineOperationsPass());
    manager.addPass(ConstantSizePass());
    manager.addPass(GlobalsPass());
    if (!flags.debug) manager.addPass(ValueParametersPass());
    manager.addPass(AllocasPass());
    manager.addPass(KernelArgumentsPass(true));
    if (flags.debug)
        add_unoptimised(manager);
    else
        add_optimisation(manager, builder);
    manager.addPass(ConstantStoresPass());
    manager.addPass(MemoryIntrinsicsPass());
    manager.addPass(GlobalDCEPass());
    manager.addPass(StripDeadPrototypesPass());
    manager.addPass(KernelAttributesPass());
    manager.run(module, builder.modules);
}

} // namespace acc::frontend
