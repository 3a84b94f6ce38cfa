// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches with the error as result, and what kernels read their scalars with.
#pragma once

#include "runtime/lib/blas/handle.h"
#include "runtime/lib/common/launch.cuh"

namespace acc::blas {

using lib::blocks_for;

/// kernel<<<grid, block, 0, stream>>>(arguments...), as a status.
template <class... P, class... A>
cublasStatus_t launch(void (*kernel)(P...), dim3 grid, dim3 block, cudaStream_t stream,
                      A&&... arguments) {
    return status_of(lib::launch(kernel, grid, block, stream, std::forward<A>(arguments)...));
}

/// The scalar's value, wherever it is.
template <class T>
__device__ T get(const Scalar<T>& scalar) {
    return scalar.pointer != nullptr ? *scalar.pointer : scalar.value;
}

/// Where element 0 of a vector of n with a stride stands: at the end when the stride is negative.
template <class T>
__host__ __device__ T* first(T* x, int64_t n, int64_t stride) {
    return stride < 0 ? x + (1 - n) * stride : x;
}

inline constexpr int64_t kMaxGridX = 0x7fffffff;

} // namespace acc::blas
