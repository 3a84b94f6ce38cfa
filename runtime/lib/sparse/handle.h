// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a cusparseHandle_t points to, and what every function returns through.
#pragma once

#include "runtime/lib/common/exceptions.h"
#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_runtime_api.h>
#include <cusparse.h>

#include <vector>

/// A handle: a stream and a mode. Used by one thread at a time, as documented.
struct cusparseContext {
    cudaStream_t stream = nullptr;
    cusparsePointerMode_t pointer_mode = CUSPARSE_POINTER_MODE_HOST;
    /// Memory that host and device reach, for a number that the host waits for.
    void* host_result = nullptr;
    /// The same for each call that was captured: its graph may run at any time until the end.
    std::vector<void*> captured_results;
};

namespace acc::sparse {

using Context = cusparseContext;

inline constexpr size_t kHostResultSize = 64;

/// The status of a launch or copy.
cusparseStatus_t status_of(cudaError_t error);

/// What functions return through: a line for the logs of the program and of ACC_LOG.
cusparseStatus_t finished(const char* function, cusparseStatus_t status);

/// A function's body: `code()` gives the status. No exception reaches the program.
template <class F>
cusparseStatus_t guard(const char* function, F code) {
    return finished(
        function, lib::without_exceptions<cusparseStatus_t>(CUSPARSE_STATUS_ALLOC_FAILED,
                                                            CUSPARSE_STATUS_INTERNAL_ERROR, code));
}

/// The same for functions of a handle.
template <class F>
cusparseStatus_t guard(const char* function, cusparseHandle_t handle, F code) {
    if (handle == nullptr) return finished(function, CUSPARSE_STATUS_NOT_INITIALIZED);
    return guard(function, code);
}

/// alpha or beta for kernels that compute in `type`.
AnyScalar scalar(const Context& context, Element type, const void* given);

/// A host number of the type, or one on the device that is not known here.
bool is_host_zero(const Context& context, Element type, const void* given);

/// The bytes at `device` (memory of the device) as `*host`, when the stream's work is done.
cusparseStatus_t fetch(const Context& context, const void* device, void* host, size_t size);

} // namespace acc::sparse
