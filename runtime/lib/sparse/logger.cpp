// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSPARSE's own log: failures (level 1) or every call (level 5, or bit 16 of the mask), for the
// program's function and file. Failures are lines of ACC_LOG=debug, too.
#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"
#include "runtime/lib/sparse/handle.h"

#include <atomic>
#include <mutex>

namespace {

constexpr int kErrors = 1; ///< bits of the mask
constexpr int kCalls = 16;

struct Logger {
    std::mutex mutex;
    FILE* file = nullptr;
    bool owned = false;
};

std::atomic<int> g_mask{0};
std::atomic<bool> g_disabled{false};
std::atomic<cusparseLoggerCallback_t> g_callback{nullptr};

Logger& logger() {
    static auto* one = new Logger; // never destroyed: destructors of the program may call functions
    return *one;
}

void use_file(FILE* file, bool owned) {
    Logger& log = logger();
    const std::lock_guard lock(log.mutex);
    if (log.owned && log.file != nullptr) std::fclose(log.file);
    log.file = file;
    log.owned = owned;
}

} // namespace

namespace acc::sparse {

cusparseStatus_t finished(const char* function, cusparseStatus_t status) {
    const bool failed = status != CUSPARSE_STATUS_SUCCESS;
    if (failed)
        lib::report(lib::Level::debug, "cusparse", "%s: %s", function,
                    cusparseGetErrorName(status));
    const int bit = failed ? kErrors : kCalls;
    if ((g_mask.load(std::memory_order_relaxed) & bit) == 0 || g_disabled) return status;
    if (cusparseLoggerCallback_t callback = g_callback.load())
        callback(failed ? 1 : 5, function, cusparseGetErrorName(status));
    Logger& log = logger();
    const std::lock_guard lock(log.mutex);
    if (log.file != nullptr) {
        std::fprintf(log.file, "[cusparse] %s: %s\n", function, cusparseGetErrorName(status));
        std::fflush(log.file);
    }
    return status;
}

} // namespace acc::sparse

ACC_LIBRARY_API cusparseStatus_t cusparseLoggerSetCallback(cusparseLoggerCallback_t callback) {
    g_callback = callback;
    return CUSPARSE_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusparseStatus_t cusparseLoggerSetFile(FILE* file) {
    use_file(file, false);
    return CUSPARSE_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusparseStatus_t cusparseLoggerOpenFile(const char* path) {
    FILE* file = path == nullptr ? nullptr : std::fopen(path, "w");
    if (file == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    use_file(file, true);
    return CUSPARSE_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusparseStatus_t cusparseLoggerSetLevel(int level) {
    if (level < 0 || level > 5) return CUSPARSE_STATUS_INVALID_VALUE;
    g_mask = (1 << level) - 1;
    return CUSPARSE_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusparseStatus_t cusparseLoggerSetMask(int mask) {
    if (mask < 0 || mask > 31) return CUSPARSE_STATUS_INVALID_VALUE;
    g_mask = mask;
    return CUSPARSE_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusparseStatus_t cusparseLoggerForceDisable(void) {
    g_disabled = true;
    return CUSPARSE_STATUS_SUCCESS;
}
