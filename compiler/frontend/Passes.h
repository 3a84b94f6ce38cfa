// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes of the front end, in the order in which Pipeline.cpp runs them. Each is one file of
// the same name.
#pragma once

#include "compiler/frontend/Options.h"

#include "llvm/IR/PassManager.h"

namespace acc::frontend {

/// Base of our module passes: every one is needed for correctness, so none may be skipped by
/// bisection or optnone.
template <typename Pass>
struct RequiredModulePass : llvm::PassInfoMixin<Pass> {
    static bool isRequired() { return true; }
};

/// nvptx64 → acc: triple, data layout, attributes that name NVIDIA's chips. The layout text comes
/// from the acc TargetMachine.
struct SwitchTargetPass : RequiredModulePass<SwitchTargetPass> {
    std::string data_layout;
    explicit SwitchTargetPass(std::string layout) : data_layout(std::move(layout)) {}
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Static variables that clang calls by two names.
struct StaticVariablesPass : RequiredModulePass<StaticVariablesPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Type-based alias information, and the claim that a bool in memory is 0 or 1, are dropped.
struct AssumptionsPass : RequiredModulePass<AssumptionsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// threadIdx, blockIdx, blockDim and gridDim: special registers in the place of variables.
struct BuiltinVariablesPass : RequiredModulePass<BuiltinVariablesPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Calls of host functions, which nvcc only warns about: whoever reaches one stops.
struct HostCallsPass : RequiredModulePass<HostCallsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// The scopes of atomics and fences, which the headers name in marker calls, go to the
/// instructions.
struct AtomicScopesPass : RequiredModulePass<AtomicScopesPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Assignments to scalar __constant__ variables are errors. On the IR as clang wrote it.
struct ConstantAssignmentsPass : RequiredModulePass<ConstantAssignmentsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Structures passed by value are copied by the caller, where the optimiser sees it: LLVM inlines
/// no function with such parameters as clang writes them.
struct ValueParametersPass : RequiredModulePass<ValueParametersPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Machine operations, which headers and inline PTX call, are pure functions of their registers:
/// the optimiser may move, join and repeat them. clang says of every device function that threads
/// must come to it together.
struct MachineOperationsPass : RequiredModulePass<MachineOperationsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Branches around a few moves become selections. When loops have been unrolled.
struct SelectionsPass : llvm::PassInfoMixin<SelectionsPass> {
    llvm::PreservedAnalyses run(llvm::Function&, llvm::FunctionAnalysisManager&);
};

/// pow(x, 2) and other powers that are one operation. While the optimiser runs: constants have
/// reached the calls by then.
struct PowersPass : llvm::PassInfoMixin<PowersPass> {
    llvm::PreservedAnalyses run(llvm::Function&, llvm::FunctionAnalysisManager&);
};

/// __nvvm_reflect("__CUDA_FTZ") and the like become constants.
struct ReflectPass : RequiredModulePass<ReflectPass> {
    DeviceFlags flags;
    explicit ReflectPass(DeviceFlags f) : flags(f) {}
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// vprintf(format, buffer) → __acc_printf(format, buffer, size): the size is known only here.
struct PrintfPass : RequiredModulePass<PrintfPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Inline PTX → IR. A statement, modifier or operand that the tables of forms (compiler/ptx) do not
/// have is an error that names it. Of asm statements only empty ones are left: compiler barriers,
/// and those that hide a value from the optimiser.
struct InlinePtxPass : RequiredModulePass<InlinePtxPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// For -ptx, where asm statements stay text: those that touch memory have side effects.
struct AsmEffectsPass : RequiredModulePass<AsmEffectsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// What a thread stored before exit, trap or a breakpoint stays stored.
struct StopsPass : RequiredModulePass<StopsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// The address of a label is an error, as with nvcc.
struct LabelsPass : RequiredModulePass<LabelsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// What a texture or surface reference is bound to is the content of its variable.
struct TextureReferencesPass : RequiredModulePass<TextureReferencesPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// __cluster_dims__ becomes the attribute nvvm.cluster_dim.
struct ClusterSizesPass : RequiredModulePass<ClusterSizesPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// --prec-div=false, --prec-sqrt=false, -maxrregcount: per translation unit, so before device code
/// is linked.
struct PrecisionPass : RequiredModulePass<PrecisionPass> {
    DeviceFlags flags;
    explicit PrecisionPass(DeviceFlags f) : flags(f) {}
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// llvm.sin & co. and frem → device library.
struct MathCallsPass : RequiredModulePass<MathCallsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// The carry flag between asm statements, once functions are inlined (Carry.h).
struct CarryPass : RequiredModulePass<CarryPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// -ptx: machine operations that PTX has instructions for become asm statements.
struct PtxInstructionsPass : RequiredModulePass<PtxInstructionsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// __managed__ variables: every access goes through a slot that the runtime fills.
struct ManagedPass : RequiredModulePass<ManagedPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Too much __constant__ memory is an error that says how much, and who takes it.
struct ConstantSizePass : RequiredModulePass<ConstantSizePass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Globals without an address space get one; extern __shared__ arrays become the start of dynamic
/// shared memory.
struct GlobalsPass : RequiredModulePass<GlobalsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Allocas move to address space 5.
struct AllocasPass : RequiredModulePass<AllocasPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Conversions to half are calls of functions that nothing is known of, until
/// ShowHalfConversionsPass.
struct HideHalfConversionsPass : RequiredModulePass<HideHalfConversionsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Makes them instructions again.
struct ShowHalfConversionsPass : RequiredModulePass<ShowHalfConversionsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Kernel parameters: structures are read where they lie (or copied when written), pointers point
/// to global memory. The early run leaves structures alone whose address goes to calls, because
/// inlining may still resolve that.
struct KernelArgumentsPass : RequiredModulePass<KernelArgumentsPass> {
    bool early;
    explicit KernelArgumentsPass(bool is_early) : early(is_early) {}
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Stores to constant memory that are known once everything is inlined: a warning, and a trap.
struct ConstantStoresPass : RequiredModulePass<ConstantStoresPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// memcpy, memmove and memset that are not short become loops.
struct MemoryIntrinsicsPass : RequiredModulePass<MemoryIntrinsicsPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

/// Last: attributes of the kernel descriptor, and errors for what nobody defines.
struct KernelAttributesPass : RequiredModulePass<KernelAttributesPass> {
    llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
};

} // namespace acc::frontend
