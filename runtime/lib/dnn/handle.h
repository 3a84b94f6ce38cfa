// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a cudnnHandle_t points to, and what every function returns through.
#pragma once

#include <cuda_runtime_api.h>
#include <cudnn.h>

#include <exception>
#include <new>

/// A stream. Used by one thread at a time, as documented.
struct cudnnContext {
    cudaStream_t stream = nullptr;
};

namespace acc::dnn {

using Context = cudnnContext;

/// `status`, and the sentence about it that cudnnGetLastErrorString gives this thread.
__attribute__((format(printf, 2, 3))) cudnnStatus_t fail(cudnnStatus_t status, const char* format,
                                                         ...);

/// The status of a launch or copy.
cudnnStatus_t status_of(cudaError_t error);

/// What functions return through: the log's line of a failure, and the thread's last error.
cudnnStatus_t finished(const char* function, cudnnStatus_t status);

/// A function's body: `code()` gives the status. No exception reaches the program.
template <class F>
cudnnStatus_t guard(const char* function, F code) {
    return finished(function, [&]() -> cudnnStatus_t {
        try {
            return code();
        } catch (const std::bad_alloc&) {
            return fail(CUDNN_STATUS_ALLOC_FAILED, "the host's memory does not suffice");
        } catch (const std::exception& e) {
            return fail(CUDNN_STATUS_INTERNAL_ERROR, "%s", e.what());
        }
    }());
}

/// The same for functions of a handle.
template <class F>
cudnnStatus_t guard(const char* function, cudnnHandle_t handle, F code) {
    if (handle == nullptr)
        return finished(function, fail(CUDNN_STATUS_NOT_INITIALIZED, "no handle"));
    return guard(function, code);
}

inline cudnnStatus_t null_pointer(const char* what) {
    return fail(CUDNN_STATUS_BAD_PARAM, "%s is null", what);
}

inline bool failed(cudnnStatus_t status) {
    return status != CUDNN_STATUS_SUCCESS;
}

} // namespace acc::dnn
