// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/blas/status_table.h"

#include "runtime/lib/blas/handle.h"

namespace acc::blas {
namespace {

struct Row {
    cublasStatus_t status;
    const char* name;
    const char* text;
};

constexpr Row kRows[] = {
    {CUBLAS_STATUS_SUCCESS, "CUBLAS_STATUS_SUCCESS", "success"},
    {CUBLAS_STATUS_NOT_INITIALIZED, "CUBLAS_STATUS_NOT_INITIALIZED",
     "the library was not initialized"},
    {CUBLAS_STATUS_ALLOC_FAILED, "CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    {CUBLAS_STATUS_INVALID_VALUE, "CUBLAS_STATUS_INVALID_VALUE",
     "an unsupported value or parameter was passed to the function"},
    {CUBLAS_STATUS_ARCH_MISMATCH, "CUBLAS_STATUS_ARCH_MISMATCH",
     "the device lacks a feature that the function needs"},
    {CUBLAS_STATUS_MAPPING_ERROR, "CUBLAS_STATUS_MAPPING_ERROR",
     "an access to device memory failed"},
    {CUBLAS_STATUS_EXECUTION_FAILED, "CUBLAS_STATUS_EXECUTION_FAILED",
     "the function failed to launch on the device"},
    {CUBLAS_STATUS_INTERNAL_ERROR, "CUBLAS_STATUS_INTERNAL_ERROR", "an internal operation failed"},
    {CUBLAS_STATUS_NOT_SUPPORTED, "CUBLAS_STATUS_NOT_SUPPORTED",
     "the functionality is not supported"},
    {CUBLAS_STATUS_LICENSE_ERROR, "CUBLAS_STATUS_LICENSE_ERROR", "a licence was not found"},
};

const Row* find(cublasStatus_t status) {
    for (const Row& row : kRows)
        if (row.status == status) return &row;
    return nullptr;
}

} // namespace

const char* name_of(cublasStatus_t status) {
    const Row* row = find(status);
    return row == nullptr ? "CUBLAS_STATUS_UNKNOWN" : row->name;
}

const char* text_of(cublasStatus_t status) {
    const Row* row = find(status);
    return row == nullptr ? "unknown error code" : row->text;
}

cublasStatus_t status_of(cudaError_t error) {
    switch (error) {
    case cudaSuccess: return CUBLAS_STATUS_SUCCESS;
    case cudaErrorMemoryAllocation: return CUBLAS_STATUS_ALLOC_FAILED;
    default: return CUBLAS_STATUS_EXECUTION_FAILED;
    }
}

} // namespace acc::blas
