// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLAS's own log: one line for each call, to standard output, standard error, a file or the
// program's function, as cublasLoggerConfigure says. Failures are lines of ACC_LOG=debug, too.
#include "runtime/lib/blas/handle.h"
#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"

#include <cublas_v2.h>

#include <atomic>
#include <cstdio>
#include <mutex>

namespace {

struct Logger {
    std::mutex mutex;
    bool to_stdout = false;
    bool to_stderr = false;
    FILE* file = nullptr;
};

std::atomic<bool> g_on{false};
std::atomic<cublasLogCallback> g_callback{nullptr};

Logger& logger() {
    static auto* one = new Logger; // never destroyed: destructors of the program may call functions
    return *one;
}

void configure(bool on, bool to_stdout, bool to_stderr, FILE* file) {
    Logger& log = logger();
    const std::lock_guard lock(log.mutex);
    if (log.file != nullptr) std::fclose(log.file);
    log.file = file;
    log.to_stdout = to_stdout;
    log.to_stderr = to_stderr;
    g_on = on;
}

void write_line(const char* line) {
    Logger& log = logger();
    const std::lock_guard lock(log.mutex);
    if (log.to_stdout) std::fputs(line, stdout);
    if (log.to_stderr) std::fputs(line, stderr);
    if (log.file != nullptr) {
        std::fputs(line, log.file);
        std::fflush(log.file);
    }
}

} // namespace

namespace acc::blas {

void log_call(const char* function, cublasStatus_t status) {
    if (status != CUBLAS_STATUS_SUCCESS)
        lib::report(lib::Level::debug, "cublas", "%s: %s", function, cublasGetStatusName(status));
    if (!g_on.load(std::memory_order_relaxed) && g_callback.load() == nullptr) return;
    char line[160];
    std::snprintf(line, sizeof line, "I! cuBLAS (v%d.%d) %s: %s\n", CUBLAS_VER_MAJOR,
                  CUBLAS_VER_MINOR, function, cublasGetStatusName(status));
    if (g_on) write_line(line);
    if (cublasLogCallback callback = g_callback.load()) callback(line);
}

} // namespace acc::blas

ACC_LIBRARY_API cublasStatus_t cublasLoggerConfigure(int on, int to_stdout, int to_stderr,
                                                     const char* name) {
    FILE* file = nullptr;
    if (name != nullptr && (file = std::fopen(name, "w")) == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    configure(on != 0, to_stdout != 0, to_stderr != 0, file);
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasSetLoggerCallback(cublasLogCallback callback) {
    g_callback = callback;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasGetLoggerCallback(cublasLogCallback* callback) {
    if (callback == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *callback = g_callback;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API void cublasXerbla(const char* name, int info) {
    std::fprintf(stderr, "On entry to %s parameter number %d had an illegal value\n",
                 name != nullptr ? name : "", info);
}
