// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/DeviceCompiler.h"

#include "compiler/driver/FatalErrors.h"
#include "compiler/driver/MachineCode.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/ptx/Module.h"

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

namespace acc::driver {
namespace {

frontend::DeviceFlags frontend_flags(const DeviceOptions& options) {
    frontend::DeviceFlags flags;
    flags.flush_denormals = options.flush_denormals;
    flags.precise_divide = options.precise_divide;
    flags.precise_sqrt = options.precise_sqrt;
    flags.debug = options.debug;
    flags.arch = options.arch();
    flags.max_registers = options.max_registers;
    return flags;
}

void set_place(Diagnostic& diagnostic, const DiagnosticInfoWithLocationBase& info) {
    if (!info.isLocationAvailable()) return;
    StringRef file;
    info.getLocation(file, diagnostic.line, diagnostic.column);
    diagnostic.file = file.str();
}

/// Collects what LLVM reports about a module.
struct Collector : DiagnosticHandler {
    explicit Collector(std::vector<Diagnostic>& d) : diagnostics(d) {}
    bool handleDiagnostics(const DiagnosticInfo& info) override {
        if (auto* resource = dyn_cast<DiagnosticInfoResourceLimit>(&info);
            resource && info.getSeverity() == DS_Remark) {
            Spills& of = spills[resource->getFunction().getName().str()];
            const bool loads = StringRef(resource->getResourceName()).contains("loads");
            (loads ? of.loads : of.stores) = resource->getResourceSize();
        }
        if (info.getSeverity() != DS_Error && info.getSeverity() != DS_Warning) return true;
        // A loop that #pragma unroll names and that cannot be unrolled is no fault of the program:
        // nvcc is silent, and Thrust's own headers have such loops.
        if (isa<DiagnosticInfoOptimizationFailure>(info)) return true;
        Diagnostic diagnostic;
        diagnostic.severity = info.getSeverity() == DS_Error ? Severity::Error : Severity::Warning;
        errors += info.getSeverity() == DS_Error;
        if (auto* unsupported = dyn_cast<DiagnosticInfoUnsupported>(&info)) {
            set_place(diagnostic, *unsupported);
            diagnostic.message = unsupported->getMessage().str() + ", in function '" +
                                 demangle(unsupported->getFunction().getName()) + "'";
        } else {
            raw_string_ostream stream(diagnostic.message);
            DiagnosticPrinterRawOStream printer(stream);
            info.print(printer);
        }
        diagnostics.push_back(std::move(diagnostic));
        return true;
    }
    std::vector<Diagnostic>& diagnostics;
    std::map<std::string, Spills> spills; ///< ACCResourceInfo::add reports them
    unsigned errors = 0;
};

/// NVPTX's number, which the IR has until code is generated.
constexpr unsigned kSharedSpace = 3;

/// Anything that ends up in a code object? Shared memory is no part of an image.
bool has_contents(const Module& module) {
    return llvm::any_of(module.global_objects(), [](const GlobalObject& object) {
        return !object.isDeclaration() && !object.getName().starts_with("llvm.") &&
               object.getAddressSpace() != kSharedSpace;
    });
}

/// Where a fatal error happened, as far as its text tells: LLVM names the function, or the
/// intrinsic that it cannot select ("intrinsic %llvm.x").
void find_place(StringRef reason, const Module& module, Diagnostic& diagnostic) {
    reason = reason.trim();
    for (const Function& function : module) {
        const std::string name = function.getName().str();
        const Function* where = nullptr;
        const DILocation* line = nullptr;
        if (!function.isDeclaration()) {
            if (reason.contains("'" + name + "'") || reason.ends_with("In function: " + name))
                where = &function;
        } else if (reason.ends_with("%" + name)) {
            for (const User* user : function.users())
                if (auto* call = dyn_cast<Instruction>(user)) {
                    where = call->getFunction();
                    line = call->getDebugLoc();
                    break;
                }
        }
        if (line) {
            diagnostic.file = line->getFilename().str();
            diagnostic.line = line->getLine();
            diagnostic.column = line->getColumn();
        } else if (const DISubprogram* start = where ? where->getSubprogram() : nullptr) {
            diagnostic.file = start->getFilename().str();
            diagnostic.line = start->getLine();
        }
        if (where) {
            diagnostic.message += ", in function '" + demangle(where->getName()) + "'";
            return;
        }
    }
}

} // namespace

class DeviceCompiler::Implementation {
  public:
    Implementation(const DeviceOptions& options, std::string library)
        : options_(options), flags_(frontend_flags(options)), library_(std::move(library)),
          machine_(make_target_machine(options)), context_(std::make_unique<LLVMContext>()) {
        auto collector = std::make_unique<Collector>(diagnostics);
        collector_ = collector.get();
        context_->setDiagnosticHandler(std::move(collector));
        context_->setDiscardValueNames(false);
    }

    bool add(std::string_view ir, const std::string& name, bool prepared) {
        return guarded([&] { return add_unguarded(ir, name, prepared); });
    }

    bool add_ptx(std::string_view text, const std::string& name) {
        return guarded([&] { return add_ptx_unguarded(text, name); });
    }

    std::string unit() {
        std::string bitcode;
        guarded([&] {
            raw_string_ostream stream(bitcode);
            WriteBitcodeToFile(*module_, stream);
            return true;
        });
        return bitcode;
    }

    std::optional<std::vector<uint8_t>> compile() {
        std::optional<std::vector<uint8_t>> code;
        guarded([&] { return (code = compile_unguarded()).has_value(); });
        return code;
    }

    std::string text() const {
        std::string ir;
        if (!module_) return ir;
        raw_string_ostream stream(ir);
        module_->print(stream, nullptr);
        return ir;
    }

    const std::map<std::string, Spills>& spills() const { return collector_->spills; }

    std::vector<Diagnostic> diagnostics;

  private:
    /// Nothing that LLVM calls fatal leaves this function.
    bool guarded(llvm::function_ref<bool()> work) {
        if (abandoned_) return false;
        bool ok = false;
        std::string reason;
        if (survive_fatal_errors([&] { ok = work(); }, reason)) return ok;
        abandon(reason);
        return false;
    }

    /// After a fatal error nobody knows what state LLVM's objects are in: they are only looked at
    /// for the place, and then left alone for ever.
    void abandon(const std::string& reason) {
        abandoned_ = true;
        Diagnostic diagnostic;
        diagnostic.message = "internal error in the device code generator: " +
                             StringRef(reason).trim().str();
        if (module_) find_place(reason, *module_, diagnostic);
        diagnostics.push_back(std::move(diagnostic));
        (void)module_.release();
        (void)machine_.release();
        (void)context_.release();
    }

    std::unique_ptr<Module> parse(std::string_view ir, const std::string& name) {
        MemoryBufferRef buffer(StringRef(ir.data(), ir.size()), name);
        SMDiagnostic problem;
        if (ir.empty()) {
            fail(name + ": not readable as device code: it is empty");
            return nullptr;
        }
        std::unique_ptr<Module> module = parseIR(buffer, problem, *context_);
        if (!module) fail(name + ": not readable as device code: " + problem.getMessage().str());
        return module;
    }

    bool add_unguarded(std::string_view ir, const std::string& name, bool prepared) {
        std::unique_ptr<Module> module = parse(ir, name);
        if (!module) return false;
        if (!prepared) frontend::prepare_module(*module, *machine_, flags_);
        return link(std::move(module), name);
    }

    /// PTX says of each operation how exact it is; options do not change it.
    bool add_ptx_unguarded(std::string_view text, const std::string& name) {
        std::vector<ptx::Problem> problems;
        const std::string layout = machine_->createDataLayout().getStringRepresentation();
        std::unique_ptr<Module> module = ptx::parse_module(StringRef(text.data(), text.size()),
                                                           name, layout, *context_, problems);
        for (const ptx::Problem& problem : problems)
            diagnostics.push_back({Severity::Error, name, problem.line, 0, problem.text, ""});
        if (!module) return false;
        frontend::DeviceFlags flags = flags_;
        flags.flush_denormals = false;
        flags.precise_divide = flags.precise_sqrt = true;
        frontend::prepare_module(*module, *machine_, flags);
        return link(std::move(module), name);
    }

    bool link(std::unique_ptr<Module> module, const std::string& name) {
        if (collector_->errors) return false;
        if (!module_) {
            module_ = std::move(module);
            return true;
        }
        // The linker reports the symbol through the context.
        if (Linker::linkModules(*module_, std::move(module)))
            return fail(name + ": its device code does not link with the other inputs");
        return true;
    }

    std::optional<std::vector<uint8_t>> compile_unguarded() {
        auto library = MemoryBuffer::getFile(library_, false, false);
        if (!library)
            return fail_none("cannot read the device library " + library_ + ": " +
                             library.getError().message());
        if (Error error = frontend::link_device_library(*module_, (*library)->getMemBufferRef()))
            return fail_none(toString(std::move(error)));
        frontend::finish_module(*module_, *machine_, flags_);
        if (collector_->errors) return std::nullopt;
        if (!has_contents(*module_)) return std::vector<uint8_t>();
        std::string problems;
        raw_string_ostream stream(problems);
        if (verifyModule(*module_, &stream))
            return fail_none("internal error: invalid IR after the front end: " + problems);
        std::string error;
        std::vector<uint8_t> code = generate_code_object(*module_, *machine_, error);
        if (collector_->errors) return std::nullopt; // said already, with their places
        if (!error.empty()) return fail_none(error);
        return code;
    }

    bool fail(const std::string& message) {
        diagnostics.push_back({Severity::Error, "", 0, 0, message, ""});
        return false;
    }
    std::nullopt_t fail_none(const std::string& message) {
        fail(message);
        return std::nullopt;
    }

    DeviceOptions options_;
    frontend::DeviceFlags flags_;
    std::string library_;
    std::unique_ptr<TargetMachine> machine_;
    std::unique_ptr<LLVMContext> context_;
    Collector* collector_ = nullptr; ///< owned by context_
    std::unique_ptr<Module> module_;
    bool abandoned_ = false;
};

DeviceCompiler::DeviceCompiler(const DeviceOptions& options, std::string library)
    : implementation_(std::make_unique<Implementation>(options, std::move(library))) {}
DeviceCompiler::~DeviceCompiler() = default;

bool DeviceCompiler::add_source_unit(std::string_view ir, const std::string& name) {
    return implementation_->add(ir, name, false);
}
bool DeviceCompiler::add_ptx_unit(std::string_view text, const std::string& name) {
    return implementation_->add_ptx(text, name);
}
bool DeviceCompiler::add_prepared_unit(std::string_view bitcode, const std::string& name) {
    return implementation_->add(bitcode, name, true);
}
std::string DeviceCompiler::prepared_unit() {
    return implementation_->unit();
}
std::optional<std::vector<uint8_t>> DeviceCompiler::compile() {
    return implementation_->compile();
}
std::string DeviceCompiler::ir_text() const {
    return implementation_->text();
}
const std::map<std::string, Spills>& DeviceCompiler::spills() const {
    return implementation_->spills();
}
const std::vector<Diagnostic>& DeviceCompiler::diagnostics() const {
    return implementation_->diagnostics;
}

} // namespace acc::driver
