// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches whose error is the result.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <tuple>
#include <utility>

namespace acc::lib {

template <class... P, size_t... I>
cudaError_t launch_with(void (*kernel)(P...), dim3 grid, dim3 block, cudaStream_t stream,
                        std::tuple<P...>& values, std::index_sequence<I...>) {
    void* pointers[] = {&std::get<I>(values)...};
    return cudaLaunchKernel(reinterpret_cast<const void*>(kernel), grid, block, pointers, 0,
                            stream);
}

/// kernel<<<grid, block, 0, stream>>>(arguments...).
template <class... P, class... A>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, cudaStream_t stream,
                   A&&... arguments) {
    std::tuple<P...> values(std::forward<A>(arguments)...);
    return launch_with(kernel, grid, block, stream, values, std::index_sequence_for<P...>{});
}

/// Blocks for n items, `each` a block, at least one, at most `most`.
inline unsigned blocks_for(int64_t n, int64_t each, int64_t most = 0x7fffffff) {
    const int64_t wanted = (n + each - 1) / each;
    return unsigned(wanted < 1 ? 1 : wanted > most ? most : wanted);
}

#ifdef __CUDACC__
__device__ inline int64_t thread_of_grid() {
    return int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ inline int64_t threads_of_grid() {
    return int64_t(gridDim.x) * blockDim.x;
}
#endif

} // namespace acc::lib
