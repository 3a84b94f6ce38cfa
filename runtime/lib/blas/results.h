// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar results: in pointer mode host the function waits for the kernel, in mode device it does
// not.
#pragma once

#include "runtime/lib/blas/handle.h"

#include <cstring>

namespace acc::blas {

/// `value` as the result without a kernel.
template <class R>
cublasStatus_t give(Context& context, R* result, R value) {
    if (context.pointer_mode == CUBLAS_POINTER_MODE_HOST) {
        std::memcpy(result, &value, sizeof(R)); // it may be aligned as a std::complex is
        return CUBLAS_STATUS_SUCCESS;
    }
    // Zero in every type; values are zeros.
    return status_of(cudaMemsetAsync(result, 0, sizeof(R), context.stream));
}

/// Calls `launch(place)`, a function that starts kernels which write the result to `place`.
template <class R, class Launch>
cublasStatus_t with_result(Context& context, R* result, Launch launch) {
    const std::lock_guard lock(context.reducing);
    if (context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE) return launch(result);
    auto* place = static_cast<R*>(context.host_result);
    const cublasStatus_t status = launch(place);
    if (status != CUBLAS_STATUS_SUCCESS) return status;
    const cudaError_t error = cudaStreamSynchronize(context.stream);
    if (error != cudaSuccess) return status_of(error);
    std::memcpy(result, place, sizeof(R));
    return CUBLAS_STATUS_SUCCESS;
}

} // namespace acc::blas
