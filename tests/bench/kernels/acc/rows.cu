// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers of neural networks that go row by row.

#include "device.h"

namespace {

constexpr int row_threads = 256;

struct Sum {
    __device__ float operator()(float a, float b) const { return a + b; }
};
struct Max {
    __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};

// What all threads of the block combine to, given to all of them.
template <typename Combine>
__device__ float block_combine(float value, Combine combine) {
    __shared__ float of_warp[row_threads / 32];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    for (int offset = 16; offset > 0; offset /= 2)
        value = combine(value, __shfl_xor_sync(0xffffffff, value, offset));
    __syncthreads(); // of_warp may still be read
    if (lane == 0) of_warp[warp] = value;
    __syncthreads();
    value = of_warp[0];
    for (int i = 1; i < row_threads / 32; ++i)
        value = combine(value, of_warp[i]);
    return value;
}

// A block for each row.
__global__ void softmax(int columns, const float* in, float* out) {
    const float* row = in + blockIdx.x * columns;
    float* result = out + blockIdx.x * columns;
    float largest = -INFINITY;
    for (int i = threadIdx.x; i < columns; i += row_threads)
        largest = fmaxf(largest, row[i]);
    largest = block_combine(largest, Max());
    float sum = 0;
    for (int i = threadIdx.x; i < columns; i += row_threads) {
        float e = expf(row[i] - largest);
        result[i] = e;
        sum += e;
    }
    float scale = 1.0f / block_combine(sum, Sum());
    for (int i = threadIdx.x; i < columns; i += row_threads)
        result[i] *= scale;
}

} // namespace

void run_softmax(bench::Session& session) {
    const bench::Softmax p(session.scale());
    Buffer<float> in(p.in), out(p.in.size());
    session.run(p, [&] { softmax<<<p.rows, row_threads>>>(p.columns, in.get(), out.get()); }, out);
}
