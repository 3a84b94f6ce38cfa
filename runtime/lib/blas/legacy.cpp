// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cublas.h: the first API, on one handle of the process. Its functions are made from the table
// (legacy_entries.inc).
#include "runtime/lib/common/api.h"

#include <cublas.h>

#include <atomic>
#include <cctype>
#include <mutex>

namespace {

std::mutex g_mutex;
std::atomic<cublasHandle_t> g_handle{nullptr};
std::atomic<int> g_error{CUBLAS_STATUS_SUCCESS};

/// The process's handle; null until cublasInit, which every call then reports.
cublasHandle_t legacy_handle() {
    return g_handle;
}

void legacy_result(cublasStatus_t status) {
    int none = CUBLAS_STATUS_SUCCESS;
    if (status != CUBLAS_STATUS_SUCCESS) g_error.compare_exchange_strong(none, status);
}

/// A letter of an option as the enumeration's value; one that is none becomes a value that the
/// function refuses.
template <class E>
E letter(char given);

template <>
cublasOperation_t letter(char given) {
    switch (std::toupper(static_cast<unsigned char>(given))) {
    case 'N': return CUBLAS_OP_N;
    case 'T': return CUBLAS_OP_T;
    case 'C': return CUBLAS_OP_C;
    default: return cublasOperation_t(-1);
    }
}

template <>
cublasFillMode_t letter(char given) {
    switch (std::toupper(static_cast<unsigned char>(given))) {
    case 'L': return CUBLAS_FILL_MODE_LOWER;
    case 'U': return CUBLAS_FILL_MODE_UPPER;
    default: return cublasFillMode_t(-1);
    }
}

template <>
cublasDiagType_t letter(char given) {
    switch (std::toupper(static_cast<unsigned char>(given))) {
    case 'N': return CUBLAS_DIAG_NON_UNIT;
    case 'U': return CUBLAS_DIAG_UNIT;
    default: return cublasDiagType_t(-1);
    }
}

template <>
cublasSideMode_t letter(char given) {
    switch (std::toupper(static_cast<unsigned char>(given))) {
    case 'L': return CUBLAS_SIDE_LEFT;
    case 'R': return CUBLAS_SIDE_RIGHT;
    default: return cublasSideMode_t(-1);
    }
}

template <class T, class Function>
void in_place_trmm(Function function, char side, char uplo, char trans, char diag, int m, int n,
                   T alpha, const T* a, int lda, T* b, int ldb) {
    legacy_result(function(legacy_handle(), letter<cublasSideMode_t>(side),
                           letter<cublasFillMode_t>(uplo), letter<cublasOperation_t>(trans),
                           letter<cublasDiagType_t>(diag), m, n, &alpha, a, lda, b, ldb, b, ldb));
}

} // namespace

ACC_LIBRARY_API cublasStatus cublasInit(void) {
    const std::lock_guard lock(g_mutex);
    if (g_handle != nullptr) return CUBLAS_STATUS_SUCCESS;
    cublasHandle_t made = nullptr;
    const cublasStatus status = cublasCreate_v2(&made);
    g_handle = made;
    return status;
}

ACC_LIBRARY_API cublasStatus cublasShutdown(void) {
    const std::lock_guard lock(g_mutex);
    const cublasHandle_t old = g_handle.exchange(nullptr);
    return old == nullptr ? CUBLAS_STATUS_NOT_INITIALIZED : cublasDestroy_v2(old);
}

ACC_LIBRARY_API cublasStatus cublasGetError(void) {
    return cublasStatus(g_error.exchange(CUBLAS_STATUS_SUCCESS));
}

ACC_LIBRARY_API cublasStatus cublasGetVersion(int* version) {
    return cublasGetVersion_v2(nullptr, version);
}

ACC_LIBRARY_API cublasStatus cublasAlloc(int n, int size, void** pointer) {
    if (n <= 0 || size <= 0 || pointer == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    return cudaMalloc(pointer, size_t(n) * size_t(size)) == cudaSuccess
               ? CUBLAS_STATUS_SUCCESS
               : CUBLAS_STATUS_ALLOC_FAILED;
}

ACC_LIBRARY_API cublasStatus cublasFree(void* pointer) {
    return cudaFree(pointer) == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INTERNAL_ERROR;
}

ACC_LIBRARY_API cublasStatus cublasSetKernelStream(cudaStream_t stream) {
    return cublasSetStream_v2(legacy_handle(), stream);
}

ACC_LIBRARY_API void cublasSrotg(float* a, float* b, float* c, float* s) {
    legacy_result(cublasSrotg_v2(legacy_handle(), a, b, c, s));
}

ACC_LIBRARY_API void cublasDrotg(double* a, double* b, double* c, double* s) {
    legacy_result(cublasDrotg_v2(legacy_handle(), a, b, c, s));
}

ACC_LIBRARY_API void cublasCrotg(cuComplex* a, cuComplex b, float* c, cuComplex* s) {
    legacy_result(cublasCrotg_v2(legacy_handle(), a, &b, c, s));
}

ACC_LIBRARY_API void cublasZrotg(cuDoubleComplex* a, cuDoubleComplex b, double* c,
                                 cuDoubleComplex* s) {
    legacy_result(cublasZrotg_v2(legacy_handle(), a, &b, c, s));
}

ACC_LIBRARY_API void cublasStrmm(char side, char uplo, char trans, char diag, int m, int n,
                                 float alpha, const float* a, int lda, float* b, int ldb) {
    in_place_trmm(cublasStrmm_v2, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
}

ACC_LIBRARY_API void cublasDtrmm(char side, char uplo, char trans, char diag, int m, int n,
                                 double alpha, const double* a, int lda, double* b, int ldb) {
    in_place_trmm(cublasDtrmm_v2, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
}

ACC_LIBRARY_API void cublasCtrmm(char side, char uplo, char trans, char diag, int m, int n,
                                 cuComplex alpha, const cuComplex* a, int lda, cuComplex* b,
                                 int ldb) {
    in_place_trmm(cublasCtrmm_v2, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
}

ACC_LIBRARY_API void cublasZtrmm(char side, char uplo, char trans, char diag, int m, int n,
                                 cuDoubleComplex alpha, const cuDoubleComplex* a, int lda,
                                 cuDoubleComplex* b, int ldb) {
    in_place_trmm(cublasZtrmm_v2, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
}

#include "legacy_entries.inc"
