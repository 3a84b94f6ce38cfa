// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLASLt's handle, versions, and log.
#include "runtime/lib/blas/lt_log.h"
#include "runtime/lib/blas/status_table.h"
#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"

#include <cublasLt.h>
#include <cuda_runtime_api.h>

#include <atomic>
#include <mutex>
#include <new>

/// There is nothing to keep. (Programs may give a cublasHandle_t in its place, so nothing may be
/// asked of it.)
struct cublasLtContext {
    int nothing;
};

namespace {

constexpr int kCalls = 5;    ///< the level of a line for each call
constexpr int kFailures = 1; ///< and of one for each failure

struct Logger {
    std::mutex mutex;
    FILE* file = nullptr;
    bool owned = false;
};

std::atomic<int> g_level{0};
std::atomic<int> g_mask{0};
std::atomic<bool> g_disabled{false};
std::atomic<cublasLtLoggerCallback_t> g_callback{nullptr};
std::atomic<size_t> g_cache_capacity{8192};

Logger& logger() {
    static auto* one = new Logger; // never destroyed: destructors of the program may call functions
    return *one;
}

cublasStatus_t log_to(FILE* file, bool owned) {
    Logger& log = logger();
    const std::lock_guard lock(log.mutex);
    if (log.owned && log.file != nullptr) std::fclose(log.file);
    log.file = file;
    log.owned = owned;
    return CUBLAS_STATUS_SUCCESS;
}

bool is_wanted(int level) {
    return !g_disabled && (level <= g_level || (g_mask >> (level - 1) & 1) != 0);
}

} // namespace

namespace acc::blas {

cublasStatus_t lt_finished(const char* function, cublasStatus_t status) {
    const bool failed = status != CUBLAS_STATUS_SUCCESS;
    if (failed) lib::report(lib::Level::debug, "cublasLt", "%s: %s", function, name_of(status));
    const int level = failed ? kFailures : kCalls;
    if (!is_wanted(level)) return status;
    if (cublasLtLoggerCallback_t callback = g_callback.load())
        callback(level, function, name_of(status));
    Logger& log = logger();
    const std::lock_guard lock(log.mutex);
    std::fprintf(log.file != nullptr ? log.file : stdout, "[cublasLt][%d][%s] %s\n", level,
                 function, name_of(status));
    return status;
}

} // namespace acc::blas

ACC_LIBRARY_API cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
    if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    int devices = 0;
    *handle = nullptr;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)
        return CUBLAS_STATUS_NOT_INITIALIZED;
    *handle = new (std::nothrow) cublasLtContext{};
    return *handle == nullptr ? CUBLAS_STATUS_ALLOC_FAILED : CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    delete handle;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API const char* cublasLtGetStatusName(cublasStatus_t status) {
    return acc::blas::name_of(status);
}

ACC_LIBRARY_API const char* cublasLtGetStatusString(cublasStatus_t status) {
    return acc::blas::text_of(status);
}

ACC_LIBRARY_API size_t cublasLtGetVersion(void) {
    return CUBLAS_VERSION;
}

ACC_LIBRARY_API size_t cublasLtGetCudartVersion(void) {
    int version = 0;
    cudaRuntimeGetVersion(&version);
    return size_t(version);
}

ACC_LIBRARY_API cublasStatus_t cublasLtGetProperty(libraryPropertyType type, int* value) {
    if (value == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    switch (type) {
    case MAJOR_VERSION: *value = CUBLAS_VER_MAJOR; return CUBLAS_STATUS_SUCCESS;
    case MINOR_VERSION: *value = CUBLAS_VER_MINOR; return CUBLAS_STATUS_SUCCESS;
    case PATCH_LEVEL: *value = CUBLAS_VER_PATCH; return CUBLAS_STATUS_SUCCESS;
    default: return CUBLAS_STATUS_INVALID_VALUE;
    }
}

// Nothing is cached; the number is kept.
ACC_LIBRARY_API cublasStatus_t cublasLtHeuristicsCacheGetCapacity(size_t* capacity) {
    if (capacity == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *capacity = g_cache_capacity;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtHeuristicsCacheSetCapacity(size_t capacity) {
    g_cache_capacity = capacity;
    return CUBLAS_STATUS_SUCCESS;
}

/// Nothing here uses instructions that could be switched off.
ACC_LIBRARY_API unsigned cublasLtDisableCpuInstructionsSetMask(unsigned) {
    return 0;
}

ACC_LIBRARY_API cublasStatus_t cublasLtLoggerSetCallback(cublasLtLoggerCallback_t callback) {
    g_callback = callback;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtLoggerSetFile(FILE* file) {
    return log_to(file, false);
}

ACC_LIBRARY_API cublasStatus_t cublasLtLoggerOpenFile(const char* name) {
    FILE* file = name == nullptr ? nullptr : std::fopen(name, "w");
    return file == nullptr ? CUBLAS_STATUS_INVALID_VALUE : log_to(file, true);
}

ACC_LIBRARY_API cublasStatus_t cublasLtLoggerSetLevel(int level) {
    if (level < 0 || level > kCalls) return CUBLAS_STATUS_INVALID_VALUE;
    g_level = level;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtLoggerSetMask(int mask) {
    g_mask = mask;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtLoggerForceDisable(void) {
    g_disabled = true;
    return CUBLAS_STATUS_SUCCESS;
}
