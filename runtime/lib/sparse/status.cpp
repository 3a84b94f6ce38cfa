// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names and explanations of statuses.
#include "runtime/lib/common/api.h"

#include <cusparse.h>

namespace {

struct Row {
    cusparseStatus_t status;
    const char* name;
    const char* text;
};

#define ACC_ROW(STATUS, TEXT) {CUSPARSE_STATUS_##STATUS, "CUSPARSE_STATUS_" #STATUS, TEXT}
constexpr Row kRows[] = {
    ACC_ROW(SUCCESS, "success"),
    ACC_ROW(NOT_INITIALIZED, "initialization error"),
    ACC_ROW(ALLOC_FAILED, "out of memory"),
    ACC_ROW(INVALID_VALUE, "invalid value"),
    ACC_ROW(ARCH_MISMATCH, "architecture mismatch"),
    ACC_ROW(MAPPING_ERROR, "an access to device memory failed"),
    ACC_ROW(EXECUTION_FAILED, "kernel launch failure"),
    ACC_ROW(INTERNAL_ERROR, "internal error"),
    ACC_ROW(MATRIX_TYPE_NOT_SUPPORTED, "matrix type not supported"),
    ACC_ROW(ZERO_PIVOT, "zero pivot"),
    ACC_ROW(NOT_SUPPORTED, "operation not supported"),
    ACC_ROW(INSUFFICIENT_RESOURCES, "insufficient resources"),
};
#undef ACC_ROW

const Row* find(cusparseStatus_t status) {
    for (const Row& row : kRows)
        if (row.status == status) return &row;
    return nullptr;
}

} // namespace

ACC_LIBRARY_API const char* cusparseGetErrorName(cusparseStatus_t status) {
    const Row* row = find(status);
    return row == nullptr ? "unrecognized error code" : row->name;
}

ACC_LIBRARY_API const char* cusparseGetErrorString(cusparseStatus_t status) {
    const Row* row = find(status);
    return row == nullptr ? "unrecognized error code" : row->text;
}
