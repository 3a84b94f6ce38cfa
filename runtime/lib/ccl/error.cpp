// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/error.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <strings.h>

#include <atomic>

namespace acc::ccl {
namespace {

thread_local char last_error[512];
std::atomic<int> debug_level{-1}; // -1: NCCL_DEBUG was not looked at

/// Whether NCCL_DEBUG asks for warnings.
bool warns() {
    int level = debug_level.load(std::memory_order_relaxed);
    if (level < 0) {
        const char* text = std::getenv("NCCL_DEBUG");
        level = text != nullptr && strcasecmp(text, "VERSION") != 0 && *text != 0;
        debug_level.store(level, std::memory_order_relaxed);
    }
    return level > 0;
}

} // namespace

void fail(ncclResult_t result, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    lib::report(warns() ? lib::Level::error : lib::Level::debug, "nccl", "%s", last_error);
    throw Failure{result};
}

void keep_error(const char* text) {
    if (*text != 0) std::snprintf(last_error, sizeof last_error, "%s", text);
}

const char* kept_error() {
    return last_error;
}

} // namespace acc::ccl

ACC_LIBRARY_API const char* ncclGetErrorString(ncclResult_t result) {
    switch (result) {
    case ncclSuccess: return "no error";
    case ncclUnhandledCudaError: return "a CUDA call failed (NCCL_DEBUG=WARN says which)";
    case ncclSystemError: return "a call of the system failed (NCCL_DEBUG=WARN says which)";
    case ncclInternalError: return "internal error";
    case ncclInvalidArgument: return "invalid argument (NCCL_DEBUG=WARN says which)";
    case ncclInvalidUsage: return "invalid usage (NCCL_DEBUG=WARN says why)";
    case ncclRemoteError: return "another rank or its process is gone";
    case ncclInProgress: return "in progress";
    default: return "unknown result code";
    }
}

ACC_LIBRARY_API const char* ncclGetLastError(ncclComm_t) {
    return acc::ccl::last_error;
}

ACC_LIBRARY_API void ncclResetDebugInit() {
    acc::ccl::debug_level = -1;
}

ACC_LIBRARY_API ncclResult_t ncclGetVersion(int* version) {
    return acc::ccl::guard([&] {
        if (version == nullptr)
            acc::ccl::fail(ncclInvalidArgument, "ncclGetVersion: version is null");
        *version = NCCL_VERSION_CODE;
    });
}
