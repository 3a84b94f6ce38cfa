// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compilation of CUDA C++ source at run time: libnvrtc. What the options mean, what the results are
// and how they differ from NVIDIA's: docs/run-time-compilation.md.
#pragma once
#define __NVRTC_H__ // programs test this name

#include <stddef.h>
#include <stdlib.h>

#if defined(__cplusplus)
extern "C" {
#endif

typedef enum {
    NVRTC_SUCCESS = 0,
    NVRTC_ERROR_OUT_OF_MEMORY = 1,
    NVRTC_ERROR_PROGRAM_CREATION_FAILURE = 2,
    NVRTC_ERROR_INVALID_INPUT = 3,   ///< a null pointer, a negative count
    NVRTC_ERROR_INVALID_PROGRAM = 4, ///< no program, or it has not what is asked for
    NVRTC_ERROR_INVALID_OPTION = 5,  ///< the log names it
    NVRTC_ERROR_COMPILATION = 6,     ///< the log says why
    NVRTC_ERROR_BUILTIN_OPERATION_FAILURE = 7,
    NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION = 8,
    NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION = 9,
    NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID = 10,
    NVRTC_ERROR_INTERNAL_ERROR = 11, ///< the compiler could not be started, or crashed: see the log
    NVRTC_ERROR_TIME_FILE_WRITE_FAILED = 12,
    NVRTC_ERROR_NO_PCH_CREATE_ATTEMPTED = 13,
    NVRTC_ERROR_PCH_CREATE_HEAP_EXHAUSTED = 14,
    NVRTC_ERROR_PCH_CREATE = 15,
    NVRTC_ERROR_CANCELLED = 16,
    NVRTC_ERROR_TIME_TRACE_FILE_WRITE_FAILED = 17
} nvrtcResult;

typedef struct _nvrtcProgram* nvrtcProgram;

/// The name of a result, "NVRTC_SUCCESS"; never null.
const char* nvrtcGetErrorString(nvrtcResult result);
/// The release whose interface this is: 12, 9.
nvrtcResult nvrtcVersion(int* major, int* minor);
nvrtcResult nvrtcGetNumSupportedArchs(int* numArchs);
/// Ascending; as many as nvrtcGetNumSupportedArchs says.
nvrtcResult nvrtcGetSupportedArchs(int* supportedArchs);

/// Copies everything. `name` may be null ("default_program"); includeNames[i] is how #include names
/// headers[i].
nvrtcResult nvrtcCreateProgram(nvrtcProgram* prog, const char* src, const char* name,
                               int numHeaders, const char* const* headers,
                               const char* const* includeNames);
/// *prog becomes null.
nvrtcResult nvrtcDestroyProgram(nvrtcProgram* prog);
/// From any thread; several programs compile at the same time.
nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, const char* const* options);

// Results. Sizes are in bytes and count the zero at the end of texts.
nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, size_t* ptxSizeRet);
nvrtcResult nvrtcGetPTX(nvrtcProgram prog, char* ptx);
/// 0 unless -arch=sm_XX was said.
nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, size_t* cubinSizeRet);
nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, char* cubin);
/// What cuLinkAddData and nvJitLink take; with -dlto only.
nvrtcResult nvrtcGetLTOIRSize(nvrtcProgram prog, size_t* LTOIRSizeRet);
nvrtcResult nvrtcGetLTOIR(nvrtcProgram prog, char* LTOIR);
/// The same by the names of CUDA 11.
nvrtcResult nvrtcGetNVVMSize(nvrtcProgram prog, size_t* nvvmSizeRet);
nvrtcResult nvrtcGetNVVM(nvrtcProgram prog, char* nvvm);
/// There is none: NVRTC_ERROR_INVALID_PROGRAM.
nvrtcResult nvrtcGetOptiXIRSize(nvrtcProgram prog, size_t* optixirSizeRet);
nvrtcResult nvrtcGetOptiXIR(nvrtcProgram prog, char* optixir);
/// Of every compilation, errors or not; empty before.
nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, size_t* logSizeRet);
nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, char* log);

/// Before the compilation: a kernel, or a variable of the device, as the program would name it.
nvrtcResult nvrtcAddNameExpression(nvrtcProgram prog, const char* const name_expression);
/// Afterwards: its name in the code, valid as long as the program.
nvrtcResult nvrtcGetLoweredName(nvrtcProgram prog, const char* const name_expression,
                                const char** lowered_name);

// Precompiled headers of programs: the options are accepted, nothing is made (ours always are).
nvrtcResult nvrtcGetPCHHeapSize(size_t* ret);
nvrtcResult nvrtcSetPCHHeapSize(size_t size);
nvrtcResult nvrtcGetPCHCreateStatus(nvrtcProgram prog);
nvrtcResult nvrtcGetPCHHeapSizeRequired(nvrtcProgram prog, size_t* size);

/// Asked while the compiler works; when it returns 1 the compilation ends with
/// NVRTC_ERROR_CANCELLED.
nvrtcResult nvrtcSetFlowCallback(nvrtcProgram prog, int (*callback)(void*, void*), void* payload);

#if defined(__cplusplus)
} // extern "C"

#if defined(NVRTC_GET_TYPE_NAME)
#if NVRTC_GET_TYPE_NAME
#include <cxxabi.h>
#include <string>
#include <typeinfo>

/// How source text names a type of the host program.
inline nvrtcResult nvrtcGetTypeName(const std::type_info& tinfo, std::string* result) {
    if (!result) return NVRTC_ERROR_INVALID_INPUT;
    int status = 0;
    char* name = abi::__cxa_demangle(tinfo.name(), nullptr, nullptr, &status);
    if (!name) return NVRTC_ERROR_INTERNAL_ERROR;
    *result = name;
    free(name);
    return NVRTC_SUCCESS;
}

template <typename T>
struct __nvrtcTypeNameHolder {};

/// The same with references and qualifiers, which typeid drops.
template <typename T>
nvrtcResult nvrtcGetTypeName(std::string* result) {
    const nvrtcResult status = nvrtcGetTypeName(typeid(__nvrtcTypeNameHolder<T>), result);
    if (status != NVRTC_SUCCESS) return status;
    // __nvrtcTypeNameHolder<T>
    const size_t open = result->find('<'), close = result->rfind('>');
    if (open == std::string::npos || close == std::string::npos) return NVRTC_ERROR_INTERNAL_ERROR;
    *result = result->substr(open + 1, close - open - 1);
    while (!result->empty() && result->back() == ' ')
        result->pop_back();
    return NVRTC_SUCCESS;
}
#endif
#endif
#endif // __cplusplus
