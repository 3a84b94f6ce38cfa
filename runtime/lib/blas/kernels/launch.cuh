// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches with the error as result, and what kernels read their scalars with.
#pragma once

#include "runtime/lib/blas/handle.h"

#include <cuda_runtime.h>

#include <tuple>
#include <utility>

namespace acc::blas {

template <class... P, size_t... I>
cudaError_t launch_with(void (*kernel)(P...), dim3 grid, dim3 block, cudaStream_t stream,
                        std::tuple<P...>& values, std::index_sequence<I...>) {
    void* pointers[] = {&std::get<I>(values)...};
    return cudaLaunchKernel(reinterpret_cast<const void*>(kernel), grid, block, pointers, 0,
                            stream);
}

/// kernel<<<grid, block, 0, stream>>>(arguments...), as a status.
template <class... P, class... A>
cublasStatus_t launch(void (*kernel)(P...), dim3 grid, dim3 block, cudaStream_t stream,
                      A&&... arguments) {
    std::tuple<P...> values(std::forward<A>(arguments)...);
    return status_of(
        launch_with(kernel, grid, block, stream, values, std::index_sequence_for<P...>{}));
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

/// Blocks for n items, `each` a block, at most `most`.
inline unsigned blocks_for(int64_t n, int64_t each, int64_t most) {
    const int64_t wanted = (n + each - 1) / each;
    return unsigned(wanted < 1 ? 1 : wanted > most ? most : wanted);
}

} // namespace acc::blas
