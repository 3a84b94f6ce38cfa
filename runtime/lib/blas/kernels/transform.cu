// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/blas/kernels/transform.h"

#include "runtime/lib/blas/kernels/element.cuh"
#include "runtime/lib/blas/kernels/launch.cuh"

namespace acc::blas {
namespace {

constexpr int kThreads = 256;
constexpr int kStrip = 32;

/// Where element (row, column) of op(matrix) lies.
__device__ int64_t place_of(const Placed& m, int64_t row, int64_t column, int64_t z) {
    const int64_t i = m.transposed ? column : row, j = m.transposed ? row : column;
    const int64_t batch = z * m.batch_stride;
    switch (m.order) {
    case Order::Rows: return batch + i * m.ld + j;
    case Order::Strips: return batch + j / kStrip * m.ld + i * kStrip + j % kStrip;
    default: return batch + i + j * m.ld;
    }
}

template <class Acc>
__global__ void transform_kernel(int64_t rows, int64_t columns, int64_t batch, Factor alpha,
                                 Placed a, Factor beta, Placed b, Placed c) {
    const int64_t in_one = rows * columns, step = int64_t(gridDim.x) * kThreads;
    const Acc of_a = get<Acc>(alpha, 0), of_b = get<Acc>(beta, 0);
    for (int64_t at = int64_t(blockIdx.x) * kThreads + threadIdx.x; at < in_one * batch;
         at += step) {
        const int64_t z = at / in_one, row = at % in_one % rows, column = at % in_one / rows;
        Acc value = 0;
        if (a.data != nullptr && !is_zero(of_a))
            value = of_a * load_any<Acc>(a.data, place_of(a, row, column, z), a.type);
        if (b.data != nullptr && !is_zero(of_b))
            value += of_b * load_any<Acc>(b.data, place_of(b, row, column, z), b.type);
        const int64_t to = place_of(c, row, column, z);
        void* data = const_cast<void*>(c.data);
        if constexpr (!std::is_same_v<Acc, int>)
            if (c.type == Type::I32) {
                static_cast<int*>(data)[to] = int(rint(value));
                continue;
            }
        store_any<Acc>(data, to, c.type, value);
    }
}

} // namespace

cublasStatus_t launch_transform(cudaStream_t stream, Type accumulator, int64_t rows,
                                int64_t columns, int64_t batch, const Factor& alpha,
                                const Placed& a, const Factor& beta, const Placed& b,
                                const Placed& c) {
    const auto kernel = accumulator == Type::F64   ? transform_kernel<double>
                        : accumulator == Type::I32 ? transform_kernel<int>
                                                   : transform_kernel<float>;
    return launch(kernel, blocks_for(rows * columns * batch, kThreads, 1 << 20), kThreads, stream,
                  rows, columns, batch, alpha, a, beta, b, c);
}

} // namespace acc::blas
