// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// libacccompiler.so: the compiler for processes that have none (compiler/interface).
#include "compiler/driver/CompilerCache.h"
#include "compiler/driver/DeviceCompiler.h"
#include "compiler/interface/acc_compiler.h"

#include "llvm/ADT/StringRef.h"

#include <dlfcn.h>

#include <memory>
#include <new>
#include <optional>

namespace acc::driver {
namespace {

/// The file that this library was loaded from.
std::string own_file() {
    Dl_info info{};
    if (!dladdr(reinterpret_cast<void*>(&own_file), &info) || !info.dli_fname) return {};
    return info.dli_fname;
}

/// lib64/acc/devicelib.bc beside it.
std::string device_library() {
    const std::string path = own_file();
    return path.substr(0, path.rfind('/') + 1) + "acc/devicelib.bc";
}

/// The request, and which compiler this is.
DiskCache::Key key_of(const acc_compiler_request& request) {
    CacheKey key;
    key.add_file(own_file());
    key.add_file(device_library());
    key.add(std::to_string(request.max_registers));
    key.add(std::to_string(request.debug));
    for (size_t i = 0; i < request.count; ++i) {
        const acc_compiler_source& source = request.sources[i];
        key.add(std::to_string(source.kind));
        key.add(source.name);
        key.add({static_cast<const char*>(source.data), source.bytes});
    }
    return key.key();
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

void compile_now(const acc_compiler_request& request, Result& result) {
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

/// What was compiled before, by any process of the user, is taken from the disk.
void compile(const acc_compiler_request& request, Result& result) {
    const std::optional<DiskCache> cache = compiler_cache();
    if (!cache) return compile_now(request, result);
    const DiskCache::Key key = key_of(request);
    if (std::optional<std::vector<uint8_t>> kept = cache->load(key)) {
        result.status = ACC_COMPILER_OK;
        result.object = std::move(*kept);
        return;
    }
    compile_now(request, result);
    // Warnings are said each time.
    if (result.status == ACC_COMPILER_OK && result.info_text.empty())
        cache->store(key, result.object);
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
