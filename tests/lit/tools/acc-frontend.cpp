// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the front end on IR, for tests. usage: acc-frontend [options] input.ll
//   --passes=a,b   only these passes (names below); default: the whole pipeline
//   --library=F    device library to link in the whole pipeline
//   --ftz --no-prec-div --no-prec-sqrt --maxregs=N --debug
// Prints the IR. Exit status 1 after an error, which goes to standard error.
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Passes.h"
#include "compiler/target/acc_target.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;
using namespace acc::frontend;

namespace {

struct Options {
    DeviceFlags flags;
    std::string passes, library, input;
};

bool parse(int argc, char** argv, Options& options) {
    for (int i = 1; i < argc; ++i) {
        StringRef argument = argv[i];
        if (argument.consume_front("--passes="))
            options.passes = argument.str();
        else if (argument.consume_front("--library="))
            options.library = argument.str();
        else if (argument == "--ftz")
            options.flags.flush_denormals = true;
        else if (argument == "--no-prec-div")
            options.flags.precise_divide = false;
        else if (argument == "--no-prec-sqrt")
            options.flags.precise_sqrt = false;
        else if (argument == "--debug")
            options.flags.debug = true;
        else if (argument.consume_front("--maxregs="))
            argument.getAsInteger(10, options.flags.max_registers);
        else if (argument.starts_with("--"))
            return false;
        else
            options.input = argument.str();
    }
    return !options.input.empty();
}

bool add_pass(ModulePassManager& manager, StringRef name, const Options& options, const std::string& layout) {
    if (name == "switch-target") manager.addPass(SwitchTargetPass(layout));
    else if (name == "reflect") manager.addPass(ReflectPass(options.flags));
    else if (name == "assumptions") manager.addPass(AssumptionsPass());
    else if (name == "atomic-scopes") manager.addPass(AtomicScopesPass());
    else if (name == "constant-assignments") manager.addPass(ConstantAssignmentsPass());
    else if (name == "constant-size") manager.addPass(ConstantSizePass());
    else if (name == "constant-stores") manager.addPass(ConstantStoresPass());
    else if (name == "printf") manager.addPass(PrintfPass());
    else if (name == "inline-ptx") manager.addPass(InlinePtxPass());
    else if (name == "stops") manager.addPass(StopsPass());
    else if (name == "precision") manager.addPass(PrecisionPass(options.flags));
    else if (name == "math-calls") manager.addPass(MathCallsPass());
    else if (name == "machine-operations") manager.addPass(MachineOperationsPass());
    else if (name == "value-parameters") manager.addPass(ValueParametersPass());
    else if (name == "selections") manager.addPass(createModuleToFunctionPassAdaptor(SelectionsPass()));
    else if (name == "builtin-variables") manager.addPass(BuiltinVariablesPass());
    else if (name == "powers") manager.addPass(createModuleToFunctionPassAdaptor(PowersPass()));
    else if (name == "managed") manager.addPass(ManagedPass());
    else if (name == "globals") manager.addPass(GlobalsPass());
    else if (name == "allocas") manager.addPass(AllocasPass());
    else if (name == "kernel-arguments-early") manager.addPass(KernelArgumentsPass(true));
    else if (name == "kernel-arguments") manager.addPass(KernelArgumentsPass(false));
    else if (name == "memory-intrinsics") manager.addPass(MemoryIntrinsicsPass());
    else if (name == "kernel-attributes") manager.addPass(KernelAttributesPass());
    else return false;
    return true;
}

/// Prints every error and goes on, where LLVM's own handler would exit at the first.
struct Printer : DiagnosticHandler {
    bool handleDiagnostics(const DiagnosticInfo& info) override {
        if (info.getSeverity() != DS_Error && info.getSeverity() != DS_Warning)
            return true;
        failed |= info.getSeverity() == DS_Error;
        DiagnosticPrinterRawOStream printer(errs());
        errs() << (info.getSeverity() == DS_Error ? "error: " : "warning: ");
        info.print(printer);
        errs() << "\n";
        return true;
    }
    bool failed = false;
};

int run_passes(Module& module, TargetMachine& machine, const Options& options) {
    PassBuilder builder(&machine);
    LoopAnalysisManager loops;
    FunctionAnalysisManager functions;
    CGSCCAnalysisManager sccs;
    ModuleAnalysisManager modules;
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(sccs);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, sccs, modules);
    ModulePassManager manager;
    SmallVector<StringRef> names;
    StringRef(options.passes).split(names, ',');
    for (StringRef name : names)
        if (!add_pass(manager, name, options, machine.createDataLayout().getStringRepresentation())) {
            errs() << "acc-frontend: unknown pass '" << name << "'\n";
            return 1;
        }
    manager.run(module, modules);
    return 0;
}

int run_pipeline(Module& module, TargetMachine& machine, const Options& options) {
    prepare_module(module, machine, options.flags);
    if (!options.library.empty()) {
        auto library = MemoryBuffer::getFile(options.library);
        if (!library || link_device_library(module, (*library)->getMemBufferRef())) {
            errs() << "acc-frontend: cannot link " << options.library << "\n";
            return 1;
        }
    }
    finish_module(module, machine, options.flags);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    if (!parse(argc, argv, options)) {
        errs() << "usage: acc-frontend [--passes=a,b] [--library=F] [--ftz] [--no-prec-div] [--no-prec-sqrt] [--maxregs=N] [--debug] input.ll\n";
        return 1;
    }
    acc::initializeTarget();
    std::unique_ptr<TargetMachine> machine = acc::createTargetMachine({});
    LLVMContext context;
    auto handler = std::make_unique<Printer>();
    Printer& errors = *handler;
    context.setDiagnosticHandler(std::move(handler));
    SMDiagnostic problem;
    std::unique_ptr<Module> module = parseIRFile(options.input, problem, context);
    if (!module) {
        problem.print("acc-frontend", errs());
        return 1;
    }
    int status = options.passes.empty() ? run_pipeline(*module, *machine, options) : run_passes(*module, *machine, options);
    // Errors that passes reported went to standard error.
    if (status == 0 && verifyModule(*module, &errs()))
        status = 1;
    outs() << *module;
    return status || errors.failed;
}
