// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and texts of error codes, for both APIs: where both have a code, they mean the same.
#pragma once

#include "runtime/core/status.h"

namespace acc::cuda {

struct ErrorRow {
    int code;
    const char* runtime_name; ///< cudaError_t's, or null
    const char* driver_name;  ///< CUresult's, or null
    const char* text;
};

/// The row of a code, or null.
const ErrorRow* error_row(int code);

/// Inside a catch block: the status of the exception in flight; logs its text with the entry
/// point's name.
rt::Status log_caught(const char* function) noexcept;

} // namespace acc::cuda
