// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of nvFatbin.h: entries are collected and written as a fat binary of accc.
#include <charconv>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "common/handle_numbers/handle_numbers.h"
#include "compiler/object/code_object.h"
#include "compiler/object/error.h"
#include "compiler/object/fat_binary.h"
#include "compiler/object/host_object.h"
#include "nvFatbin.h"

#define ACC_FATBIN_API extern "C" __attribute__((visibility("default")))

namespace {

using acc::object::Bytes;

struct Entry {
    uint32_t kind, arch;
    std::vector<uint8_t> data;
};

struct Content {
    std::mutex lock; ///< protects what follows
    std::vector<Entry> entries;
    std::vector<uint8_t> written; ///< what nvFatbinSize has measured; empty: not yet, or changed
};

/// Never destroyed: other static objects may use them when the process ends.
acc::common::HandleNumbers<nvFatbinHandle, Content>& contents() {
    static auto& all = *new acc::common::HandleNumbers<nvFatbinHandle, Content>;
    return all;
}

/// Nothing that C++ throws leaves a function of the API.
template <class Work>
nvFatbinResult with(nvFatbinHandle handle, Work work) {
    try {
        const std::shared_ptr<Content> content = contents().find(handle);
        if (!content) return NVFATBIN_ERROR_NULL_POINTER;
        const std::lock_guard lock(content->lock);
        return work(*content);
    } catch (...) {
        return NVFATBIN_ERROR_INTERNAL;
    }
}

/// "80", "90a": 80, 90; 0 when it is something else.
uint32_t arch_number(std::string_view text) {
    if (!text.empty() && (text.back() == 'a' || text.back() == 'f')) text.remove_suffix(1);
    uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number >= 10 && number < 1000
               ? number
               : 0;
}

/// The word after the directive `name` of PTX text; empty when there is none.
std::string_view directive(std::string_view ptx, std::string_view name) {
    constexpr std::string_view kBlanks = " \t\r\n,";
    for (size_t at = ptx.find(name); at != ptx.npos; at = ptx.find(name, at + 1)) {
        const size_t line = ptx.rfind('\n', at) == ptx.npos ? 0 : ptx.rfind('\n', at) + 1;
        if (ptx.substr(line, at - line).find_first_not_of(kBlanks) != ptx.npos) continue; // remark
        const size_t start = ptx.find_first_not_of(kBlanks, at + name.size());
        if (start == ptx.npos || start == at + name.size()) continue;
        return ptx.substr(start, ptx.find_first_of(kBlanks, start) - start);
    }
    return {};
}

/// Options of the fat binary: those that say how it is written for NVIDIA's loaders change nothing.
bool is_option(std::string_view option) {
    for (const std::string_view exact : {"-32", "-64", "-c", "-g", "-w"})
        if (option == exact) return true;
    for (const std::string_view start :
         {"-compress=", "-compress-all", "-compress-mode=", "-cuda", "-host=", "-opencl"})
        if (option.starts_with(start)) return true;
    return false;
}

nvFatbinResult add(Content& content, uint32_t kind, uint32_t arch, const void* code, size_t size) {
    const auto* start = static_cast<const uint8_t*>(code);
    content.entries.push_back({kind, arch, {start, start + size}});
    content.written.clear();
    return NVFATBIN_SUCCESS;
}

/// The relocatable code of a fat binary of accc, which is what -dlto and -rdc give; else none.
nvFatbinResult add_relocatable(Content& content, const void* code, size_t size) {
    const Bytes given(static_cast<const uint8_t*>(code), size);
    if (!acc::object::is_fat_binary(given)) return NVFATBIN_ERROR_INVALID_NVVM;
    try {
        bool any = false;
        for (const auto& entry : acc::object::FatBinary(given).entries()) {
            if (entry.kind != ACC_FATBIN_IR) continue;
            add(content, entry.kind, entry.arch, entry.data.data(), entry.data.size());
            any = true;
        }
        return any ? NVFATBIN_SUCCESS : NVFATBIN_ERROR_INVALID_NVVM;
    } catch (const acc::object::Error&) {
        return NVFATBIN_ERROR_INVALID_NVVM;
    }
}

void write(Content& content) {
    if (!content.written.empty()) return;
    std::vector<acc::object::FatEntry> entries;
    for (const Entry& each : content.entries)
        entries.push_back({each.kind, each.arch, each.data});
    content.written = acc::object::write_fat_binary(entries);
}

} // namespace

ACC_FATBIN_API const char* nvFatbinGetErrorString(nvFatbinResult result) {
    switch (result) {
    case NVFATBIN_SUCCESS: return nullptr;
    case NVFATBIN_ERROR_INTERNAL: return "internal error";
    case NVFATBIN_ERROR_ELF_ARCH_MISMATCH: return "the code object is for another architecture";
    case NVFATBIN_ERROR_ELF_SIZE_MISMATCH: return "the code object has another size";
    case NVFATBIN_ERROR_MISSING_PTX_VERSION: return "the PTX has no .version";
    case NVFATBIN_ERROR_NULL_POINTER: return "a pointer is null, or the handle is none";
    case NVFATBIN_ERROR_COMPRESSION_FAILED: return "compression failed";
    case NVFATBIN_ERROR_COMPRESSED_SIZE_EXCEEDED: return "too large once compressed";
    case NVFATBIN_ERROR_UNRECOGNIZED_OPTION: return "unknown option";
    case NVFATBIN_ERROR_INVALID_ARCH: return "not the number of an architecture";
    case NVFATBIN_ERROR_INVALID_NVVM: return "not relocatable device code of accc";
    case NVFATBIN_ERROR_EMPTY_INPUT: return "the input is empty";
    case NVFATBIN_ERROR_MISSING_PTX_ARCH: return "the PTX has no .target";
    case NVFATBIN_ERROR_PTX_ARCH_MISMATCH: return "the PTX is for a newer architecture";
    case NVFATBIN_ERROR_MISSING_FATBIN: return "the host object has no fat binary";
    case NVFATBIN_ERROR_INVALID_INDEX: return "not an index of relocatable code";
    case NVFATBIN_ERROR_IDENTIFIER_REUSE: return "the identifier is used already";
    case NVFATBIN_ERROR_INTERNAL_PTX_OPTION: return "an option for PTX is not known";
    }
    return "unknown error";
}

ACC_FATBIN_API nvFatbinResult nvFatbinVersion(unsigned* major, unsigned* minor) {
    if (!major || !minor) return NVFATBIN_ERROR_NULL_POINTER;
    *major = 12;
    *minor = 9;
    return NVFATBIN_SUCCESS;
}

ACC_FATBIN_API nvFatbinResult nvFatbinCreate(nvFatbinHandle* handle, const char** options,
                                             size_t count) {
    if (!handle || (count > 0 && !options)) return NVFATBIN_ERROR_NULL_POINTER;
    for (size_t i = 0; i < count; ++i) {
        if (!options[i]) return NVFATBIN_ERROR_NULL_POINTER;
        if (!is_option(options[i])) return NVFATBIN_ERROR_UNRECOGNIZED_OPTION;
    }
    try {
        *handle = contents().add(std::make_shared<Content>());
        return NVFATBIN_SUCCESS;
    } catch (...) {
        return NVFATBIN_ERROR_INTERNAL;
    }
}

ACC_FATBIN_API nvFatbinResult nvFatbinDestroy(nvFatbinHandle* handle) {
    if (!handle) return NVFATBIN_ERROR_NULL_POINTER;
    if (!contents().remove(*handle)) return NVFATBIN_ERROR_NULL_POINTER;
    *handle = nullptr;
    return NVFATBIN_SUCCESS;
}

ACC_FATBIN_API nvFatbinResult nvFatbinAddPTX(nvFatbinHandle handle, const char* code, size_t size,
                                             const char* arch, const char*, const char*) {
    return with(handle, [&](Content& content) {
        if (!code || !arch) return NVFATBIN_ERROR_NULL_POINTER;
        if (size == 0) return NVFATBIN_ERROR_EMPTY_INPUT;
        const uint32_t number = arch_number(arch);
        if (number == 0) return NVFATBIN_ERROR_INVALID_ARCH;
        // The size counts the zero byte at the end, or does not.
        const std::string_view text(code, strnlen(code, size));
        if (directive(text, ".version").empty()) return NVFATBIN_ERROR_MISSING_PTX_VERSION;
        const std::string_view target = directive(text, ".target");
        if (target.empty()) return NVFATBIN_ERROR_MISSING_PTX_ARCH;
        if (target.starts_with("sm_") && arch_number(target.substr(3)) > number)
            return NVFATBIN_ERROR_PTX_ARCH_MISMATCH;
        return add(content, ACC_FATBIN_PTX, number, text.data(), text.size());
    });
}

ACC_FATBIN_API nvFatbinResult nvFatbinAddCubin(nvFatbinHandle handle, const void* code, size_t size,
                                               const char* arch, const char*) {
    return with(handle, [&](Content& content) {
        if (!code || !arch) return NVFATBIN_ERROR_NULL_POINTER;
        if (size == 0) return NVFATBIN_ERROR_EMPTY_INPUT;
        if (arch_number(arch) == 0) return NVFATBIN_ERROR_INVALID_ARCH;
        const Bytes given(static_cast<const uint8_t*>(code), size);
        // With -rdc=true a cubin is relocatable code.
        if (acc::object::is_fat_binary(given)) return add_relocatable(content, code, size);
        try {
            const acc::object::CodeObject object(given);
            return add(content, ACC_FATBIN_CODE_OBJECT, object.arch(), code, size);
        } catch (const acc::object::Error&) {
            return NVFATBIN_ERROR_ELF_ARCH_MISMATCH;
        }
    });
}

ACC_FATBIN_API nvFatbinResult nvFatbinAddLTOIR(nvFatbinHandle handle, const void* code, size_t size,
                                               const char* arch, const char*, const char*) {
    return with(handle, [&](Content& content) {
        if (!code || !arch) return NVFATBIN_ERROR_NULL_POINTER;
        if (size == 0) return NVFATBIN_ERROR_EMPTY_INPUT;
        if (arch_number(arch) == 0) return NVFATBIN_ERROR_INVALID_ARCH;
        return add_relocatable(content, code, size);
    });
}

/// Objects of accc have no index of relocatable code.
ACC_FATBIN_API nvFatbinResult nvFatbinAddIndex(nvFatbinHandle handle, const void* code, size_t,
                                               const char*) {
    return with(handle, [&](Content&) {
        return code ? NVFATBIN_ERROR_INVALID_INDEX : NVFATBIN_ERROR_NULL_POINTER;
    });
}

ACC_FATBIN_API nvFatbinResult nvFatbinAddReloc(nvFatbinHandle handle, const void* code,
                                               size_t size) {
    return with(handle, [&](Content& content) {
        if (!code) return NVFATBIN_ERROR_NULL_POINTER;
        if (size == 0) return NVFATBIN_ERROR_EMPTY_INPUT;
        // A host object, or what -fatbin writes alone.
        bool any = add_relocatable(content, code, size) == NVFATBIN_SUCCESS;
        if (!any) {
            try {
                const Bytes given(static_cast<const uint8_t*>(code), size);
                for (const auto& each : acc::object::find_fat_binaries(given))
                    any |= add_relocatable(content, each.bytes.data(), each.bytes.size()) ==
                           NVFATBIN_SUCCESS;
            } catch (const acc::object::Error&) { // not a host object
            }
        }
        return any ? NVFATBIN_SUCCESS : NVFATBIN_ERROR_MISSING_FATBIN;
    });
}

ACC_FATBIN_API nvFatbinResult nvFatbinSize(nvFatbinHandle handle, size_t* size) {
    return with(handle, [&](Content& content) {
        if (!size) return NVFATBIN_ERROR_NULL_POINTER;
        write(content);
        *size = content.written.size();
        return NVFATBIN_SUCCESS;
    });
}

ACC_FATBIN_API nvFatbinResult nvFatbinGet(nvFatbinHandle handle, void* buffer) {
    return with(handle, [&](Content& content) {
        if (!buffer) return NVFATBIN_ERROR_NULL_POINTER;
        write(content);
        std::memcpy(buffer, content.written.data(), content.written.size());
        return NVFATBIN_SUCCESS;
    });
}
