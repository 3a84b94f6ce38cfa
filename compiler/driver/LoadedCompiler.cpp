// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// libacccompiler.so: the compiler for processes that have none (compiler/interface).
#include "compiler/driver/DeviceCompiler.h"
#include "compiler/interface/acc_compiler.h"

#include "llvm/ADT/StringRef.h"

#include <dlfcn.h>

#include <memory>
#include <new>

namespace acc::driver {
namespace {

/// lib64/acc/devicelib.bc beside this library.
std::string device_library() {
    Dl_info info{};
    if (!dladdr(reinterpret_cast<void*>(&device_library), &info) || !info.dli_fname) return {};
    const std::string path = info.dli_fname;
    return path.substr(0, path.rfind('/') + 1) + "acc/devicelib.bc";
}

struct Result : acc_compiler_result {
    std::vector<uint8_t> object;
    std::string error_text, info_text;
};

/// As NVIDIA's assembler writes it, because programs show it to people.
std::string line_of(const Diagnostic& diagnostic) {
    std::string text = "ptxas " + diagnostic.file;
    if (diagnostic.line) text += ", line " + std::to_string(diagnostic.line);
    return text + (diagnostic.severity == Severity::Error ? "; error   : " : "; warning : ") +
           diagnostic.message + "\n";
}

void take_diagnostics(const DeviceCompiler& compiler, Result& result) {
    for (const Diagnostic& diagnostic : compiler.diagnostics()) {
        const bool error = diagnostic.severity == Severity::Error;
        (error ? result.error_text : result.info_text) += line_of(diagnostic);
        const bool version = llvm::StringRef(diagnostic.message)
                                 .contains("of PTX is not known here");
        if (error && version) result.status = ACC_COMPILER_VERSION_OF_PTX;
    }
}

void compile(const acc_compiler_request& request, Result& result) {
    DeviceOptions options;
    options.max_registers = request.max_registers;
    options.debug = request.debug != 0;
    DeviceCompiler compiler(options, device_library());
    bool ok = request.count > 0;
    for (size_t i = 0; i < request.count; ++i) {
        const acc_compiler_source& source = request.sources[i];
        const std::string_view data(static_cast<const char*>(source.data), source.bytes);
        ok = (source.kind == ACC_COMPILER_PTX ? compiler.add_ptx_unit(data, source.name)
                                              : compiler.add_prepared_unit(data, source.name)) &&
             ok;
    }
    std::optional<std::vector<uint8_t>> code;
    if (ok) code = compiler.compile();
    result.status = ACC_COMPILER_INVALID;
    take_diagnostics(compiler, result);
    if (!code) return;
    if (code->empty()) {
        result.error_text += "ptxas fatal   : there are no kernels and no variables in it\n";
        return;
    }
    result.status = ACC_COMPILER_OK;
    result.object = std::move(*code);
}

const acc_compiler_result* compile_request(const acc_compiler_request* request) {
    try {
        auto result = std::make_unique<Result>();
        compile(*request, *result);
        result->code = result->object.data();
        result->bytes = result->object.size();
        result->errors = result->error_text.c_str();
        result->infos = result->info_text.c_str();
        return result.release();
    } catch (...) {
        return nullptr;
    }
}

void release(const acc_compiler_result* result) {
    delete static_cast<const Result*>(result);
}

constexpr acc_compiler_functions kFunctions = {compile_request, release};

} // namespace
} // namespace acc::driver

extern "C" __attribute__((visibility("default"))) const acc_compiler_functions*
acc_compiler(uint32_t version) {
    return version == ACC_COMPILER_VERSION ? &acc::driver::kFunctions : nullptr;
}
