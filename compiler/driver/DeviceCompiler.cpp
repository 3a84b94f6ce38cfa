// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/DeviceCompiler.h"

#include "compiler/driver/MachineCode.h"
#include "compiler/frontend/Frontend.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <cstdio>
#include <unistd.h>

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

/// Collects what LLVM reports about a module, as lines of text.
struct Collector : DiagnosticHandler {
    explicit Collector(std::string& t) : text(t) {}
    bool handleDiagnostics(const DiagnosticInfo& info) override {
        if (info.getSeverity() != DS_Error && info.getSeverity() != DS_Warning) return true;
        bool is_error = info.getSeverity() == DS_Error;
        errors += is_error;
        raw_string_ostream stream(text);
        DiagnosticPrinterRawOStream printer(stream);
        if (auto* unsupported = dyn_cast<DiagnosticInfoUnsupported>(&info)) {
            if (unsupported->isLocationAvailable()) stream << unsupported->getLocationStr() << ": ";
            stream << (is_error ? "error: " : "warning: ") << unsupported->getMessage().str()
                   << ", in function '" << unsupported->getFunction().getName() << "'\n";
            return true;
        }
        stream << (is_error ? "error: " : "warning: ");
        info.print(printer);
        stream << "\n";
        return true;
    }
    std::string& text;
    unsigned errors = 0;
};

/// Anything that ends up in a code object?
bool has_contents(const Module& module) {
    for (const GlobalObject& object : module.global_objects())
        if (!object.isDeclaration() && !object.getName().starts_with("llvm.")) return true;
    return false;
}

} // namespace

class DeviceCompiler::Implementation {
  public:
    Implementation(const DeviceOptions& options, std::string library)
        : options_(options), flags_(frontend_flags(options)), library_(std::move(library)),
          machine_(make_target_machine(options)) {
        auto collector = std::make_unique<Collector>(diagnostics);
        collector_ = collector.get();
        context_.setDiagnosticHandler(std::move(collector));
        context_.setDiscardValueNames(false);
    }

    bool add(const std::string& bitcode, const std::string& name, bool prepared) {
        Expected<std::unique_ptr<Module>> parsed = parseBitcodeFile(MemoryBufferRef(bitcode, name),
                                                                    context_);
        if (!parsed)
            return fail(name + ": not readable as device code: " + toString(parsed.takeError()));
        if (!prepared) frontend::prepare_module(**parsed, *machine_, flags_);
        if (collector_->errors) return false;
        if (!module_) {
            module_ = std::move(*parsed);
            return true;
        }
        // The linker reports the symbol through the context.
        if (Linker::linkModules(*module_, std::move(*parsed)))
            return fail(name + ": its device code does not link with the other inputs");
        return true;
    }

    std::string unit() {
        std::string bitcode;
        raw_string_ostream stream(bitcode);
        WriteBitcodeToFile(*module_, stream);
        return bitcode;
    }

    std::optional<std::vector<uint8_t>> compile() {
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

    std::string text() const {
        std::string ir;
        raw_string_ostream stream(ir);
        module_->print(stream, nullptr);
        return ir;
    }

    std::string diagnostics;

  private:
    bool fail(const std::string& message) {
        diagnostics += "error: " + message + "\n";
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
    LLVMContext context_;
    Collector* collector_ = nullptr; ///< owned by context_
    std::unique_ptr<Module> module_;
};

DeviceCompiler::DeviceCompiler(const DeviceOptions& options, std::string library)
    : implementation_(std::make_unique<Implementation>(options, std::move(library))) {}
DeviceCompiler::~DeviceCompiler() = default;

bool DeviceCompiler::add_source_unit(const std::string& bitcode, const std::string& name) {
    return implementation_->add(bitcode, name, false);
}
bool DeviceCompiler::add_prepared_unit(const std::string& bitcode, const std::string& name) {
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
const std::string& DeviceCompiler::diagnostics() const {
    return implementation_->diagnostics;
}

namespace {

std::string g_program;
void (*g_cleanup)() = nullptr;

void on_fatal_error(void*, const char* reason, bool) {
    fprintf(stderr, "%s error   : internal error in the device code generator: %s\n",
            g_program.c_str(), reason);
    if (g_cleanup) g_cleanup();
    _exit(1);
}

} // namespace

void install_fatal_error_handler(const std::string& program, void (*cleanup)()) {
    g_program = program;
    g_cleanup = cleanup;
    llvm::install_fatal_error_handler(on_fatal_error);
}

} // namespace acc::driver
