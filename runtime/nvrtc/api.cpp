// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of nvrtc.h.
#include <atomic>
#include <cstring>
#include <new>

#include "runtime/nvrtc/program.h"

using namespace acc::nvrtc;

#define ACC_NVRTC extern "C" __attribute__((visibility("default")))

namespace {

constexpr int kArchs[] = {50, 52, 53, 60, 61,  62,  70,  72,  75, 80,
                          86, 87, 89, 90, 100, 101, 103, 120, 121};

constexpr const char* kNames[] = {"NVRTC_SUCCESS",
                                  "NVRTC_ERROR_OUT_OF_MEMORY",
                                  "NVRTC_ERROR_PROGRAM_CREATION_FAILURE",
                                  "NVRTC_ERROR_INVALID_INPUT",
                                  "NVRTC_ERROR_INVALID_PROGRAM",
                                  "NVRTC_ERROR_INVALID_OPTION",
                                  "NVRTC_ERROR_COMPILATION",
                                  "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE",
                                  "NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION",
                                  "NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION",
                                  "NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID",
                                  "NVRTC_ERROR_INTERNAL_ERROR",
                                  "NVRTC_ERROR_TIME_FILE_WRITE_FAILED",
                                  "NVRTC_ERROR_NO_PCH_CREATE_ATTEMPTED",
                                  "NVRTC_ERROR_PCH_CREATE_HEAP_EXHAUSTED",
                                  "NVRTC_ERROR_PCH_CREATE",
                                  "NVRTC_ERROR_CANCELLED",
                                  "NVRTC_ERROR_TIME_TRACE_FILE_WRITE_FAILED"};

std::atomic<size_t> pch_heap{256 << 20};

/// Nothing that C++ throws leaves a function of the API.
template <class Work>
nvrtcResult guard(Work work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return NVRTC_ERROR_OUT_OF_MEMORY;
    } catch (...) {
        return NVRTC_ERROR_INTERNAL_ERROR;
    }
}

/// For a program that lives, with its lock held.
template <class Work>
nvrtcResult with(nvrtcProgram handle, Work work) {
    return guard([&] {
        const std::shared_ptr<Program> program = find(handle);
        if (!program) return NVRTC_ERROR_INVALID_PROGRAM;
        const std::lock_guard lock(program->lock);
        return work(*program);
    });
}

using Part = std::string Result::*;

/// `text`: a zero stands at the end and counts. `needed`: without it there is nothing to give.
nvrtcResult size_of(nvrtcProgram handle, Part part, bool text, bool needed, size_t* size) {
    return with(handle, [&](Program& program) {
        if (!size) return NVRTC_ERROR_INVALID_INPUT;
        const std::string& content = program.result.*part;
        if (needed && content.empty()) return NVRTC_ERROR_INVALID_PROGRAM;
        *size = content.size() + (text ? 1 : 0);
        return NVRTC_SUCCESS;
    });
}

nvrtcResult copy_of(nvrtcProgram handle, Part part, bool text, bool needed, char* to) {
    return with(handle, [&](Program& program) {
        if (!to) return NVRTC_ERROR_INVALID_INPUT;
        const std::string& content = program.result.*part;
        if (needed && content.empty()) return NVRTC_ERROR_INVALID_PROGRAM;
        std::memcpy(to, content.c_str(), content.size() + (text ? 1 : 0));
        return NVRTC_SUCCESS;
    });
}

/// Code lives as long as nobody compiles the program again.
nvrtcResult compile_locked(Program& program, const std::vector<std::string>& options) {
    program.compiled = true;
    program.lowered.clear();
    program.result = compile(program, options);
    for (size_t i = 0; i < program.result.lowered.size() && i < program.expressions.size(); ++i)
        program.lowered[program.expressions[i]] = program.result.lowered[i];
    return program.result.status;
}

} // namespace

ACC_NVRTC const char* nvrtcGetErrorString(nvrtcResult result) {
    const auto index = static_cast<size_t>(result);
    return index < std::size(kNames) ? kNames[index] : "NVRTC_ERROR unknown";
}

ACC_NVRTC nvrtcResult nvrtcVersion(int* major, int* minor) {
    if (!major || !minor) return NVRTC_ERROR_INVALID_INPUT;
    *major = 12;
    *minor = 9;
    return NVRTC_SUCCESS;
}

ACC_NVRTC nvrtcResult nvrtcGetNumSupportedArchs(int* count) {
    if (!count) return NVRTC_ERROR_INVALID_INPUT;
    *count = static_cast<int>(std::size(kArchs));
    return NVRTC_SUCCESS;
}

ACC_NVRTC nvrtcResult nvrtcGetSupportedArchs(int* archs) {
    if (!archs) return NVRTC_ERROR_INVALID_INPUT;
    std::memcpy(archs, kArchs, sizeof(kArchs));
    return NVRTC_SUCCESS;
}

ACC_NVRTC nvrtcResult nvrtcCreateProgram(nvrtcProgram* handle, const char* text, const char* name,
                                         int count, const char* const* headers,
                                         const char* const* names) {
    return guard([&] {
        if (!handle || !text || count < 0 || (count > 0 && (!headers || !names)))
            return NVRTC_ERROR_INVALID_INPUT;
        auto program = std::make_shared<Program>();
        program->name = name && *name ? name : "default_program";
        program->text = text;
        for (int i = 0; i < count; ++i) {
            if (!headers[i] || !names[i]) return NVRTC_ERROR_INVALID_INPUT;
            program->headers.push_back({names[i], headers[i]});
        }
        *handle = add(std::move(program));
        return NVRTC_SUCCESS;
    });
}

ACC_NVRTC nvrtcResult nvrtcDestroyProgram(nvrtcProgram* handle) {
    return guard([&] {
        if (!handle || !remove(*handle)) return NVRTC_ERROR_INVALID_PROGRAM;
        *handle = nullptr;
        return NVRTC_SUCCESS;
    });
}

ACC_NVRTC nvrtcResult nvrtcCompileProgram(nvrtcProgram handle, int count,
                                          const char* const* options) {
    return with(handle, [&](Program& program) {
        if (count < 0 || (count > 0 && !options)) return NVRTC_ERROR_INVALID_INPUT;
        std::vector<std::string> all;
        for (int i = 0; i < count; ++i) {
            if (!options[i]) return NVRTC_ERROR_INVALID_INPUT;
            all.push_back(options[i]);
        }
        return compile_locked(program, all);
    });
}

ACC_NVRTC nvrtcResult nvrtcGetPTXSize(nvrtcProgram program, size_t* size) {
    return size_of(program, &Result::ptx, true, true, size);
}
ACC_NVRTC nvrtcResult nvrtcGetPTX(nvrtcProgram program, char* to) {
    return copy_of(program, &Result::ptx, true, true, to);
}
ACC_NVRTC nvrtcResult nvrtcGetCUBINSize(nvrtcProgram program, size_t* size) {
    return size_of(program, &Result::code, false, false, size);
}
ACC_NVRTC nvrtcResult nvrtcGetCUBIN(nvrtcProgram program, char* to) {
    return copy_of(program, &Result::code, false, true, to);
}
ACC_NVRTC nvrtcResult nvrtcGetLTOIRSize(nvrtcProgram program, size_t* size) {
    return size_of(program, &Result::ir, false, true, size);
}
ACC_NVRTC nvrtcResult nvrtcGetLTOIR(nvrtcProgram program, char* to) {
    return copy_of(program, &Result::ir, false, true, to);
}
ACC_NVRTC nvrtcResult nvrtcGetNVVMSize(nvrtcProgram program, size_t* size) {
    return nvrtcGetLTOIRSize(program, size);
}
ACC_NVRTC nvrtcResult nvrtcGetNVVM(nvrtcProgram program, char* to) {
    return nvrtcGetLTOIR(program, to);
}
ACC_NVRTC nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram program, size_t* size) {
    return size_of(program, &Result::log, true, false, size);
}
ACC_NVRTC nvrtcResult nvrtcGetProgramLog(nvrtcProgram program, char* to) {
    return copy_of(program, &Result::log, true, false, to);
}

ACC_NVRTC nvrtcResult nvrtcGetOptiXIRSize(nvrtcProgram handle, size_t* size) {
    return with(handle, [&](Program&) {
        return size ? NVRTC_ERROR_INVALID_PROGRAM : NVRTC_ERROR_INVALID_INPUT;
    });
}
ACC_NVRTC nvrtcResult nvrtcGetOptiXIR(nvrtcProgram handle, char* to) {
    return with(handle, [&](Program&) {
        return to ? NVRTC_ERROR_INVALID_PROGRAM : NVRTC_ERROR_INVALID_INPUT;
    });
}

ACC_NVRTC nvrtcResult nvrtcAddNameExpression(nvrtcProgram handle, const char* expression) {
    return with(handle, [&](Program& program) {
        if (!expression) return NVRTC_ERROR_INVALID_INPUT;
        if (program.compiled) return NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION;
        program.expressions.push_back(expression);
        return NVRTC_SUCCESS;
    });
}

ACC_NVRTC nvrtcResult nvrtcGetLoweredName(nvrtcProgram handle, const char* expression,
                                          const char** name) {
    return with(handle, [&](Program& program) {
        if (!expression || !name) return NVRTC_ERROR_INVALID_INPUT;
        if (!program.compiled) return NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION;
        const auto at = program.lowered.find(expression);
        if (at == program.lowered.end()) return NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID;
        *name = at->second.c_str();
        return NVRTC_SUCCESS;
    });
}

ACC_NVRTC nvrtcResult nvrtcGetPCHHeapSize(size_t* size) {
    if (!size) return NVRTC_ERROR_INVALID_INPUT;
    *size = pch_heap;
    return NVRTC_SUCCESS;
}
ACC_NVRTC nvrtcResult nvrtcSetPCHHeapSize(size_t size) {
    constexpr size_t kPage = 4096;
    pch_heap = (size + kPage - 1) / kPage * kPage;
    return NVRTC_SUCCESS;
}
ACC_NVRTC nvrtcResult nvrtcGetPCHCreateStatus(nvrtcProgram handle) {
    return with(handle, [](Program&) { return NVRTC_ERROR_NO_PCH_CREATE_ATTEMPTED; });
}
ACC_NVRTC nvrtcResult nvrtcGetPCHHeapSizeRequired(nvrtcProgram handle, size_t* size) {
    return with(handle, [&](Program&) {
        if (!size) return NVRTC_ERROR_INVALID_INPUT;
        *size = 0;
        return NVRTC_SUCCESS;
    });
}

ACC_NVRTC nvrtcResult nvrtcSetFlowCallback(nvrtcProgram handle, int (*callback)(void*, void*),
                                           void* payload) {
    return with(handle, [&](Program& program) {
        if (!callback) return NVRTC_ERROR_INVALID_INPUT;
        program.flow = {callback, payload};
        return NVRTC_SUCCESS;
    });
}
