// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/nvjitlink/link.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "compiler/interface/load_compiler.h"
#include "compiler/object/error.h"
#include "compiler/object/fat_binary.h"
#include "compiler/object/host_object.h"

namespace acc::jitlink {
namespace {

/// Options that change how fast, how large or what is told, not what the code does. Ends with '=':
/// with a value.
constexpr std::string_view kNoEffect[] = {"-time",
                                          "-verbose",
                                          "-lto",
                                          "-lineinfo",
                                          "-O0",
                                          "-O1",
                                          "-O2",
                                          "-O3",
                                          "-cubin",
                                          "-no-cache",
                                          "-kernels-used=",
                                          "-variables-used=",
                                          "-optimize-unused-variables",
                                          "-split-compile=",
                                          "-split-compile-extended=",
                                          "-jump-table-density=",
                                          "-O=",
                                          "-preserve-symbols="};

/// Options that would change what the code does, but that code here has from its own compilation:
/// what is there agrees with the value after '='; another one is a warning.
constexpr std::string_view kDecided[] = {"-ftz=false", "-prec-div=true", "-prec-sqrt=true",
                                         "-fma=true", "-device-stack-protector=false"};
/// Always a warning.
constexpr std::string_view kPassedOn[] = {"-Xptxas=", "-Xnvvm="};

bool has_no_effect(std::string_view option) {
    return std::any_of(std::begin(kNoEffect), std::end(kNoEffect), [&](std::string_view known) {
        return known.ends_with('=') ? option.starts_with(known) : option == known;
    });
}

/// Whether it is one of kDecided or kPassedOn; `agrees`: nothing else was asked for.
bool is_decided(std::string_view option, bool& agrees) {
    for (std::string_view known : kDecided)
        if (option.starts_with(known.substr(0, known.find('=') + 1))) {
            const std::string_view value = option.substr(option.find('=') + 1);
            agrees = option == known || (known.ends_with("true") ? value == "1" : value == "0");
            return true;
        }
    agrees = false;
    return std::any_of(std::begin(kPassedOn), std::end(kPassedOn),
                       [&](std::string_view known) { return option.starts_with(known); });
}

bool is_architecture(std::string_view name) {
    for (std::string_view prefix : {"sm_", "compute_", "lto_"})
        if (name.starts_with(prefix) && name.size() > prefix.size() && name[prefix.size()] >= '1' &&
            name[prefix.size()] <= '9')
            return true;
    return false;
}

bool is_text(const std::vector<uint8_t>& data) {
    const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
    return text.substr(0, 65536).find(".version") != std::string_view::npos &&
           text.substr(0, std::min<size_t>(text.size(), 16)).find('\0') == std::string_view::npos;
}

const acc_compiler_functions* compiler(std::string& error) {
    static const acc_compiler_functions* loaded = nullptr; // again after a failure
    if (loaded == nullptr) loaded = load_compiler(reinterpret_cast<const void*>(&compiler), error);
    return loaded;
}

} // namespace

nvJitLinkResult Link::fail(nvJitLinkResult result, const std::string& message) {
    errors += "nvJitLink fatal   : " + message + "\n";
    return result;
}

nvJitLinkResult Link::set_options(const std::vector<std::string>& options) {
    bool has_architecture = false;
    for (const std::string& given : options) {
        const std::string option = given.starts_with("--") ? given.substr(1) : given;
        const std::string value = option.substr(std::min(option.find('=') + 1, option.size()));
        if (option.starts_with("-arch=")) {
            if (!is_architecture(value))
                return fail(NVJITLINK_ERROR_UNRECOGNIZED_ARCH, "'" + value + "' is unknown");
            has_architecture = true;
        } else if (option.starts_with("-maxrregcount=")) {
            const auto end = std::from_chars(value.data(), value.data() + value.size(),
                                             max_registers_);
            if (end.ec != std::errc() || *end.ptr != '\0')
                return fail(NVJITLINK_ERROR_UNRECOGNIZED_OPTION, given + " is no number");
        } else if (option == "-g" || option == "-G") {
            debug_ = true;
        } else if (option == "-ptx") {
            want_ptx_ = true;
        } else if (bool agrees = false; is_decided(option, agrees)) {
            if (!agrees)
                infos += "nvJitLink warning : '" + given +
                         "' has no effect: it is decided where the code is compiled\n";
        } else if (option == "-r") {
            return fail(NVJITLINK_ERROR_UNRECOGNIZED_OPTION,
                        "'-r': relocatable code is not written");
        } else if (!has_no_effect(option)) {
            return fail(NVJITLINK_ERROR_UNRECOGNIZED_OPTION, "unknown option '" + given + "'");
        }
    }
    if (!has_architecture)
        return fail(NVJITLINK_ERROR_MISSING_ARCH, "the option -arch=sm_XX is missing");
    return NVJITLINK_SUCCESS;
}

nvJitLinkResult Link::add(nvJitLinkInputType type, std::vector<uint8_t> data,
                          const std::string& name) {
    const object::Bytes bytes(data);
    const bool fat = object::is_fat_binary(bytes), ptx = is_text(data);
    try {
        switch (type) {
        case NVJITLINK_INPUT_PTX:
            while (!data.empty() && data.back() == 0)
                data.pop_back();
            inputs_.push_back({name, true, std::move(data)});
            return NVJITLINK_SUCCESS;
        case NVJITLINK_INPUT_CUBIN:
        case NVJITLINK_INPUT_LTOIR:
        case NVJITLINK_INPUT_FATBIN:
            return fat ? add_fat_binary(data.data(), data.size(), name)
                       : add_code(data.data(), data.size(), name);
        case NVJITLINK_INPUT_OBJECT:
        case NVJITLINK_INPUT_LIBRARY: return add_host_file(data, name);
        case NVJITLINK_INPUT_ANY:
            if (ptx) return add(NVJITLINK_INPUT_PTX, std::move(data), name);
            return fat ? add(NVJITLINK_INPUT_FATBIN, std::move(data), name)
                       : add_host_file(data, name);
        default: return fail(NVJITLINK_ERROR_INVALID_INPUT, name + ": unknown type of input");
        }
    } catch (const object::Error& error) {
        return fail(NVJITLINK_ERROR_UNRECOGNIZED_INPUT, name + ": " + error.what());
    }
}

nvJitLinkResult Link::add_fat_binary(const uint8_t* data, size_t bytes, const std::string& name) {
    const object::FatBinary binary(object::Bytes(data, bytes));
    bool found = false;
    for (const object::FatEntry& entry : binary.entries()) {
        if (entry.kind != ACC_FATBIN_IR) continue;
        inputs_.push_back({name, false, {entry.data.begin(), entry.data.end()}});
        found = true;
    }
    if (found || binary.entries().empty()) return NVJITLINK_SUCCESS;
    const object::Bytes code = binary.code_object(ACC_EF_ARCH_ACC1);
    return add_code(code.data(), code.size(), name);
}

nvJitLinkResult Link::add_host_file(const std::vector<uint8_t>& data, const std::string& name) {
    const std::vector<object::EmbeddedFatBinary> found = object::find_fat_binaries(
        object::Bytes(data));
    if (found.empty()) {
        if (object::is_elf(object::Bytes(data))) return add_code(data.data(), data.size(), name);
        return fail(NVJITLINK_ERROR_MISSING_FATBIN, name + ": there is no device code in it");
    }
    for (const object::EmbeddedFatBinary& binary : found)
        if (const nvJitLinkResult result = add_fat_binary(binary.bytes.data(), binary.bytes.size(),
                                                          name);
            result != NVJITLINK_SUCCESS)
            return result;
    return NVJITLINK_SUCCESS;
}

nvJitLinkResult Link::add_code(const uint8_t* data, size_t bytes, const std::string& name) {
    if (!object::is_elf(object::Bytes(data, bytes)))
        return fail(NVJITLINK_ERROR_UNRECOGNIZED_INPUT, name + ": no code of this device");
    if (!code_.empty())
        return fail(NVJITLINK_ERROR_INCORRECT_INPUT_TYPE,
                    name + ": code objects are linked already; two of them cannot be linked with "
                           "each other");
    code_.assign(data, data + bytes);
    return NVJITLINK_SUCCESS;
}

nvJitLinkResult Link::complete() {
    if (want_ptx_) return fail(NVJITLINK_ERROR_INTERNAL, "linked code is not written as PTX");
    if (inputs_.empty())
        return code_.empty() ? fail(NVJITLINK_ERROR_INVALID_INPUT, "nothing was added")
                             : NVJITLINK_SUCCESS;
    if (!code_.empty())
        return fail(NVJITLINK_ERROR_INCORRECT_INPUT_TYPE,
                    "a code object is linked already and cannot be linked with other code");
    std::string error;
    const acc_compiler_functions* functions = compiler(error);
    if (functions == nullptr) return fail(NVJITLINK_ERROR_INTERNAL, "no compiler: " + error);
    std::vector<acc_compiler_source> sources;
    for (const Input& input : inputs_)
        sources.push_back({input.is_ptx ? uint32_t{ACC_COMPILER_PTX} : uint32_t{ACC_COMPILER_IR},
                           input.name.c_str(), input.data.data(), input.data.size()});
    const acc_compiler_request request{sources.data(), sources.size(), max_registers_, debug_};
    const std::unique_ptr<const acc_compiler_result, void (*)(const acc_compiler_result*)> result(
        functions->compile(&request), functions->release);
    if (!result) return fail(NVJITLINK_ERROR_INTERNAL, "the host is out of memory");
    errors += result->errors;
    infos += result->infos;
    if (result->status == ACC_COMPILER_OK) {
        code_.assign(result->code, result->code + result->bytes);
        return NVJITLINK_SUCCESS;
    }
    const bool ptx = std::any_of(inputs_.begin(), inputs_.end(),
                                 [](const Input& input) { return input.is_ptx; });
    return ptx ? NVJITLINK_ERROR_PTX_COMPILE : NVJITLINK_ERROR_NVVM_COMPILE;
}

} // namespace acc::jitlink
