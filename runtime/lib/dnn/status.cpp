// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names of statuses, and what was said of the last that was an error.
#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"
#include "runtime/lib/dnn/handle.h"

#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <sys/time.h>
#include <unistd.h>

namespace acc::dnn {
namespace {

struct Row {
    cudnnStatus_t status;
    const char* name;
};

#define ACC_ROW(STATUS) {CUDNN_STATUS_##STATUS, "CUDNN_STATUS_" #STATUS}
constexpr Row kRows[] = {
    ACC_ROW(SUCCESS),
    ACC_ROW(NOT_INITIALIZED),
    ACC_ROW(SUBLIBRARY_VERSION_MISMATCH),
    ACC_ROW(SERIALIZATION_VERSION_MISMATCH),
    ACC_ROW(DEPRECATED),
    ACC_ROW(LICENSE_ERROR),
    ACC_ROW(RUNTIME_IN_PROGRESS),
    ACC_ROW(RUNTIME_FP_OVERFLOW),
    ACC_ROW(SUBLIBRARY_LOADING_FAILED),
    ACC_ROW(BAD_PARAM),
    ACC_ROW(INVALID_VALUE),
    ACC_ROW(BAD_PARAM_NULL_POINTER),
    ACC_ROW(BAD_PARAM_MISALIGNED_POINTER),
    ACC_ROW(BAD_PARAM_NOT_FINALIZED),
    ACC_ROW(BAD_PARAM_OUT_OF_BOUND),
    ACC_ROW(BAD_PARAM_SIZE_INSUFFICIENT),
    ACC_ROW(BAD_PARAM_STREAM_MISMATCH),
    ACC_ROW(BAD_PARAM_SHAPE_MISMATCH),
    ACC_ROW(BAD_PARAM_DUPLICATED_ENTRIES),
    ACC_ROW(BAD_PARAM_ATTRIBUTE_TYPE),
    ACC_ROW(BAD_PARAM_CUDA_GRAPH_MISMATCH),
    ACC_ROW(BAD_PARAM_DESCRIPTOR_TYPE),
    ACC_ROW(NOT_SUPPORTED),
    ACC_ROW(NOT_SUPPORTED_GRAPH_PATTERN),
    ACC_ROW(NOT_SUPPORTED_SHAPE),
    ACC_ROW(NOT_SUPPORTED_DATA_TYPE),
    ACC_ROW(NOT_SUPPORTED_LAYOUT),
    ACC_ROW(NOT_SUPPORTED_INCOMPATIBLE_CUDA_DRIVER),
    ACC_ROW(NOT_SUPPORTED_INCOMPATIBLE_CUDART),
    ACC_ROW(NOT_SUPPORTED_ARCH_MISMATCH),
    ACC_ROW(NOT_SUPPORTED_RUNTIME_PREREQUISITE_MISSING),
    ACC_ROW(NOT_SUPPORTED_SUBLIBRARY_UNAVAILABLE),
    ACC_ROW(NOT_SUPPORTED_SHARED_MEMORY_INSUFFICIENT),
    ACC_ROW(NOT_SUPPORTED_PADDING),
    ACC_ROW(NOT_SUPPORTED_BAD_LAUNCH_PARAM),
    ACC_ROW(NOT_SUPPORTED_CUDA_GRAPH_NATIVE_API),
    ACC_ROW(INTERNAL_ERROR),
    ACC_ROW(INTERNAL_ERROR_COMPILATION_FAILED),
    ACC_ROW(INTERNAL_ERROR_UNEXPECTED_VALUE),
    ACC_ROW(INTERNAL_ERROR_HOST_ALLOCATION_FAILED),
    ACC_ROW(INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED),
    ACC_ROW(INTERNAL_ERROR_BAD_LAUNCH_PARAM),
    ACC_ROW(INTERNAL_ERROR_TEXTURE_CREATION_FAILED),
    ACC_ROW(EXECUTION_FAILED),
    ACC_ROW(EXECUTION_FAILED_CUDA_DRIVER),
    ACC_ROW(EXECUTION_FAILED_CUBLAS),
    ACC_ROW(EXECUTION_FAILED_CUDART),
    ACC_ROW(EXECUTION_FAILED_CURAND),
};
#undef ACC_ROW

const char* name_of(cudnnStatus_t status) {
    for (const Row& row : kRows)
        if (row.status == status) return row.name;
    return "CUDNN_UNKNOWN_STATUS";
}

/// What was said since the last function of this thread ended, and of the last that failed.
thread_local char said[512];
thread_local char last[768];

/// What cudnnSetCallback named.
struct Listener {
    unsigned mask = 0;
    void* data = nullptr;
    cudnnCallback_t function = nullptr;
};
std::mutex listener_lock;
Listener listener;

void tell(cudnnStatus_t status, const char* message) {
    Listener whom;
    {
        const std::lock_guard lock(listener_lock);
        whom = listener;
    }
    if (whom.function == nullptr || (whom.mask & CUDNN_SEV_ERROR_EN) == 0) return;
    timeval now;
    gettimeofday(&now, nullptr);
    cudnnDebug_t debug = {};
    debug.cudnn_version = CUDNN_VERSION;
    debug.cudnnStatus = status;
    debug.time_sec = unsigned(now.tv_sec);
    debug.time_usec = unsigned(now.tv_usec);
    debug.pid = (unsigned long long)(getpid());
    debug.tid = (unsigned long long)(gettid());
    whom.function(CUDNN_SEV_ERROR, whom.data, &debug, message);
}

} // namespace

cudnnStatus_t fail(cudnnStatus_t status, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    return status;
}

cudnnStatus_t status_of(cudaError_t error) {
    if (error == cudaSuccess) return CUDNN_STATUS_SUCCESS;
    return fail(error == cudaErrorMemoryAllocation
                    ? CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED
                    : CUDNN_STATUS_EXECUTION_FAILED,
                "%s", cudaGetErrorString(error));
}

cudnnStatus_t finished(const char* function, cudnnStatus_t status) {
    if (status != CUDNN_STATUS_SUCCESS) {
        std::snprintf(last, sizeof last, "%s: %s%s%s", function, name_of(status),
                      said[0] != 0 ? ": " : "", said);
        // What is not there is said aloud, an argument that is wrong only to who asks for it.
        const bool missing = CUDNN_STATUS_CATEGORY(status) == CUDNN_STATUS_NOT_SUPPORTED;
        acc::lib::report(missing ? acc::lib::Level::warn : acc::lib::Level::debug, "cudnn", "%s",
                         last);
        tell(status, last);
    }
    said[0] = 0;
    return status;
}

} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API const char* cudnnGetErrorString(cudnnStatus_t status) {
    return name_of(status);
}

ACC_LIBRARY_API void cudnnGetLastErrorString(char* message, size_t max_size) {
    if (message != nullptr && max_size > 0) std::snprintf(message, max_size, "%s", last);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetCallback(unsigned mask, void* udata, cudnnCallback_t fptr) {
    const std::lock_guard lock(listener_lock);
    listener = {mask, udata, fptr};
    return CUDNN_STATUS_SUCCESS;
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetCallback(unsigned* mask, void** udata,
                                               cudnnCallback_t* fptr) {
    const std::lock_guard lock(listener_lock);
    if (mask != nullptr) *mask = listener.mask;
    if (udata != nullptr) *udata = listener.data;
    if (fptr != nullptr) *fptr = listener.function;
    return CUDNN_STATUS_SUCCESS;
}
