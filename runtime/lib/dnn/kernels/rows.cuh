// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A row is one thread's, or, when it is long, a block's.
#pragma once

#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/dnn/kernels/element.cuh"
#include "runtime/lib/dnn/kernels/rows.h"

namespace acc::dnn {

constexpr int kRowThreads = 128;
constexpr int64_t kLongRow = 64; ///< from here on it is a block's

/// The rows of this thread or block, and its part of them.
struct Share {
    int64_t first, step; ///< rows
    int lane, lanes;     ///< of a row

    __device__ __forceinline__ explicit Share(int each)
        : first(each == 1 ? lib::thread_of_grid() : int64_t(blockIdx.x)),
          step(each == 1 ? lib::threads_of_grid() : int64_t(gridDim.x)),
          lane(each == 1 ? 0 : int(threadIdx.x)), lanes(each) {}
};

/// `value` of all lanes, joined two by two in the same order each time.
template <class Acc, class F>
__device__ __forceinline__ Acc join(const Share& share, Acc value, F f) {
    if (share.lanes == 1) return value;
    __shared__ Acc values[kRowThreads];
    __syncthreads();
    values[threadIdx.x] = value;
    __syncthreads();
    for (int half = kRowThreads / 2; half > 0; half /= 2) {
        if (int(threadIdx.x) < half)
            values[threadIdx.x] = f(values[threadIdx.x], values[threadIdx.x + half]);
        __syncthreads();
    }
    return values[0];
}

template <class Acc>
__device__ __noinline__ Acc sum(const Share& share, Acc value) {
    return join(share, value, [](Acc a, Acc b) { return a + b; });
}

/// Element i of a row that begins at `row`; `otherwise` when the span has no data.
template <class Acc>
__device__ __forceinline__ Acc get(const Box& inner, const Span& span, int64_t row, int64_t i,
                                   Acc otherwise = 0) {
    if (span.array.data == nullptr) return otherwise;
    return load<Acc>(span.array, row + offset_of(inner, span.inner, i));
}
template <class Acc>
__device__ __noinline__ void put(const Box& inner, const Span& span, int64_t row, int64_t i,
                                 Acc value, double beta) {
    if (span.array.data == nullptr) return;
    const int64_t at = row + offset_of(inner, span.inner, i);
    if (beta != 0) value += Acc(beta) * load<Acc>(span.array, at);
    store(span.array, at, value);
}

/// kernel(work, threads of a row) for rows of this length.
template <class Work>
cudaError_t launch_rows(void (*kernel)(Work, int), cudaStream_t stream, const Work& work,
                        int64_t rows, int64_t length) {
    if (rows <= 0) return cudaSuccess;
    const bool is_long = length >= kLongRow;
    const unsigned blocks = lib::blocks_for(rows, is_long ? 1 : kRowThreads, 1 << 16);
    return lib::launch(kernel, blocks, kRowThreads, stream, work, is_long ? kRowThreads : 1);
}

} // namespace acc::dnn
