// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/compiler.h"

#include <memory>
#include <string_view>

#include "compiler/interface/load_compiler.h"
#include "compiler/object/fat_binary.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

const acc_compiler_functions& load() {
    std::string error;
    const auto* loaded = load_compiler(reinterpret_cast<const void*>(&load), error);
    if (loaded != nullptr) return *loaded;
    fail(Status::CompilerNotFound,
         "the compiler for PTX cannot be used: {}; ACC_COMPILER can name lib64/{} of a toolkit",
         error, ACC_COMPILER_LIBRARY);
}

const acc_compiler_functions& functions() {
    static const acc_compiler_functions& loaded = load(); // again after a failure
    return loaded;
}

[[noreturn]] void fail_with(const acc_compiler_result& result) {
    const Status status = result.status == ACC_COMPILER_VERSION_OF_PTX
                              ? Status::UnsupportedPtxVersion
                              : Status::InvalidPtx;
    std::string_view text = result.errors;
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    fail(status, "compiling PTX: {}", text);
}

} // namespace

std::vector<uint8_t> compile(std::span<const CompilerInput> inputs, const CompilerOptions& options,
                             CompilerLog& log) {
    const acc_compiler_functions& compiler = functions();
    std::vector<acc_compiler_source> sources;
    for (const CompilerInput& input : inputs)
        sources.push_back({input.is_ptx ? uint32_t{ACC_COMPILER_PTX} : uint32_t{ACC_COMPILER_IR},
                           input.name.c_str(), input.data.data(), input.data.size()});
    const acc_compiler_request request{sources.data(), sources.size(), options.max_registers,
                                       options.debug};
    const std::unique_ptr<const acc_compiler_result, void (*)(const acc_compiler_result*)> result(
        compiler.compile(&request), compiler.release);
    if (!result) fail(Status::OutOfMemory, "compiling PTX: the host is out of memory");
    log.errors = result->errors;
    log.infos = result->infos;
    if (result->status != ACC_COMPILER_OK) fail_with(*result);
    return {result->code, result->code + result->bytes};
}

std::vector<CompilerInput> relocatable_inputs(const void* image, size_t bytes,
                                              const std::string& name) {
    std::vector<CompilerInput> inputs;
    const object::Bytes given(static_cast<const uint8_t*>(image), bytes);
    if (!object::is_fat_binary(given)) return inputs;
    try {
        const object::FatBinary binary(given);
        for (const object::FatEntry& entry : binary.entries())
            if (entry.kind == ACC_FATBIN_IR)
                inputs.push_back({name, false, {entry.data.begin(), entry.data.end()}});
    } catch (const object::Error& error) {
        fail(Status::InvalidImage, "{}: {}", name, error.what());
    }
    return inputs;
}

std::string_view fat_binary_ptx(const void* image, size_t bytes) {
    const auto* start = static_cast<const uint8_t*>(image);
    const object::Bytes peek(start, bytes != 0 ? bytes : sizeof(uint64_t));
    if (!object::is_fat_binary(peek)) return {};
    const object::FatEntry* best = nullptr;
    try {
        const object::FatBinary binary(bytes != 0 ? peek : object::fat_binary_at(start));
        for (const object::FatEntry& entry : binary.entries()) {
            if (entry.kind == ACC_FATBIN_CODE_OBJECT && entry.arch == ACC_EF_ARCH_ACC1) return {};
            if (entry.kind == ACC_FATBIN_PTX && entry.arch <= ACC_COMPUTE_CAPABILITY &&
                (best == nullptr || entry.arch > best->arch))
                best = &entry;
        }
        return best == nullptr ? std::string_view()
                               : std::string_view(reinterpret_cast<const char*>(best->data.data()),
                                                  best->data.size());
    } catch (const object::Error&) {
        return {}; // select_image says what is wrong with it
    }
}

/// PTX names its version near the start.
bool is_ptx(const void* image, size_t bytes) {
    constexpr std::string_view kVersion = ".version";
    constexpr size_t kHead = 64 * 1024;
    const auto* text = static_cast<const char*>(image);
    const size_t most = bytes != 0 ? std::min(bytes, kHead) : kHead;
    const auto is_text = [](char c) { return c >= ' ' || c == '\t' || c == '\n' || c == '\r'; };
    // Byte by byte: nobody says how much memory there is.
    size_t matched = 0;
    for (size_t i = 0; i < most && is_text(text[i]) && matched < kVersion.size(); ++i)
        matched = text[i] == kVersion[matched] ? matched + 1 : text[i] == '.' ? 1 : 0;
    return matched == kVersion.size();
}

} // namespace acc::rt
