// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/PtxWriter.h"

#include "compiler/driver/FatalErrors.h"
#include "compiler/frontend/Frontend.h"

#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <mutex>

extern "C" {
void LLVMInitializeNVPTXTargetInfo();
void LLVMInitializeNVPTXTarget();
void LLVMInitializeNVPTXTargetMC();
void LLVMInitializeNVPTXAsmPrinter();
}

using namespace llvm;

namespace acc::driver {
namespace {

struct Problem {
    std::string text;
};

struct Collector : DiagnosticHandler {
    explicit Collector(std::vector<Diagnostic>& d) : diagnostics(d) {}
    bool handleDiagnostics(const DiagnosticInfo& info) override {
        if (info.getSeverity() != DS_Error) return true;
        ++errors;
        Diagnostic diagnostic;
        raw_string_ostream stream(diagnostic.message);
        DiagnosticPrinterRawOStream printer(stream);
        info.print(printer);
        diagnostics.push_back(std::move(diagnostic));
        return true;
    }
    std::vector<Diagnostic>& diagnostics;
    unsigned errors = 0;
};

std::unique_ptr<TargetMachine> make_machine(const DeviceOptions& options) {
    static std::once_flag once;
    std::call_once(once, [] {
        LLVMInitializeNVPTXTargetInfo();
        LLVMInitializeNVPTXTarget();
        LLVMInitializeNVPTXTargetMC();
        LLVMInitializeNVPTXAsmPrinter();
    });
    const Triple triple("nvptx64-nvidia-cuda");
    std::string error;
    const Target* target = TargetRegistry::lookupTarget(triple, error);
    if (!target) throw Problem{error};
    const std::string processor = "sm_" + std::to_string(options.arch());
    // Of the versions that know the processor the one that assemblers of CUDA 12 take.
    const char* version = options.arch() >= 100 ? "+ptx86" : "+ptx80";
    TargetOptions settings;
    settings.AllowFPOpFusion = options.fuse_multiply_add ? FPOpFusion::Fast : FPOpFusion::Strict;
    return std::unique_ptr<TargetMachine>(
        target->createTargetMachine(triple, processor, version, settings, Reloc::PIC_, std::nullopt,
                                    CodeGenOptLevel::Aggressive));
}

/// Functions of the machine that PTX has no name for. Those whose own names PTX can write become
/// calls of extern functions, which our compiler for PTX knows again (and no other does).
void check_machine_functions(const Module& module) {
    for (const Function& function : module)
        if (function.isDeclaration() && function.getName().starts_with("__acc_") &&
            function.getName().contains('.') && !function.use_empty())
            throw Problem{"'" + function.getName().str() +
                          "', an instruction of this device, cannot be written as PTX"};
}

frontend::DeviceFlags flags_of(const DeviceOptions& options) {
    frontend::DeviceFlags flags;
    flags.flush_denormals = options.flush_denormals;
    flags.precise_divide = options.precise_divide;
    flags.precise_sqrt = options.precise_sqrt;
    flags.debug = options.debug;
    flags.arch = options.arch();
    flags.max_registers = options.max_registers;
    return flags;
}

std::string print(Module& module, TargetMachine& machine) {
    SmallString<0> text;
    raw_svector_ostream stream(text);
    legacy::PassManager passes;
    if (machine.addPassesToEmitFile(passes, stream, nullptr, CodeGenFileType::AssemblyFile))
        throw Problem{"LLVM's backend for PTX writes no text"};
    passes.run(module);
    return std::string(text);
}

std::string compile(std::string_view ir, const std::string& name, const DeviceOptions& options,
                    const std::string& library, Collector& collector, LLVMContext& context) {
    SMDiagnostic problem;
    std::unique_ptr<Module> module = parseIR({StringRef(ir.data(), ir.size()), name}, problem,
                                             context);
    if (!module) throw Problem{"not readable as device code: " + problem.getMessage().str()};
    const std::unique_ptr<TargetMachine> machine = make_machine(options);
    module->setDataLayout(machine->createDataLayout());
    auto file = MemoryBuffer::getFile(library, false, false);
    if (!file) throw Problem{"cannot read the device library " + library};
    if (Error error = frontend::make_ptx_module(*module, *machine, flags_of(options),
                                                options.relocatable, (*file)->getMemBufferRef()))
        throw Problem{toString(std::move(error))};
    if (collector.errors) throw Problem{};
    check_machine_functions(*module);
    return print(*module, *machine);
}

} // namespace

std::optional<std::string> write_ptx(std::string_view ir, const std::string& name,
                                     const DeviceOptions& options,
                                     const std::string& device_library,
                                     std::vector<Diagnostic>& diagnostics) {
    // After a fatal error of LLVM its objects are left alone for ever.
    auto context = std::make_unique<LLVMContext>();
    auto handler = std::make_unique<Collector>(diagnostics);
    Collector& collector = *handler;
    context->setDiagnosticHandler(std::move(handler));
    std::optional<std::string> text;
    std::string reason;
    auto work = [&] {
        try {
            text = compile(ir, name, options, device_library, collector, *context);
        } catch (const Problem& problem) {
            if (!problem.text.empty())
                diagnostics.push_back({Severity::Error, name, 0, 0, problem.text, ""});
        }
    };
    if (!survive_fatal_errors(work, reason)) {
        (void)context.release();
        diagnostics.push_back(
            {Severity::Error, name, 0, 0, "LLVM's backend for PTX: " + reason, ""});
        return std::nullopt;
    }
    if (collector.errors) return std::nullopt;
    return text;
}

} // namespace acc::driver
