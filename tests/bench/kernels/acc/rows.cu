// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers of neural networks that go row by row.

#include "combine.cuh"
#include "device.h"

namespace {

constexpr int row_threads = 256;

// A block for each row.
__global__ void softmax(int columns, const float* in, float* out) {
    const float* row = in + blockIdx.x * columns;
    float* result = out + blockIdx.x * columns;
    float largest = -INFINITY;
    for (int i = threadIdx.x; i < columns; i += row_threads)
        largest = fmaxf(largest, row[i]);
    largest = block_combine<row_threads>(largest, Max());
    float sum = 0;
    for (int i = threadIdx.x; i < columns; i += row_threads) {
        float e = expf(row[i] - largest);
        result[i] = e;
        sum += e;
    }
    float scale = 1.0f / block_combine<row_threads>(sum, Sum());
    for (int i = threadIdx.x; i < columns; i += row_threads)
        result[i] *= scale;
}

__global__ void layernorm(int columns, float epsilon, const float* in, const float* gamma,
                          const float* beta, float* out) {
    const float* row = in + blockIdx.x * columns;
    float* result = out + blockIdx.x * columns;
    float sum = 0;
    for (int i = threadIdx.x; i < columns; i += row_threads)
        sum += row[i];
    float mean = block_combine<row_threads>(sum, Sum()) / columns;
    sum = 0;
    for (int i = threadIdx.x; i < columns; i += row_threads) {
        float d = row[i] - mean;
        sum += d * d;
    }
    float scale = rsqrtf(block_combine<row_threads>(sum, Sum()) / columns + epsilon);
    for (int i = threadIdx.x; i < columns; i += row_threads)
        result[i] = (row[i] - mean) * scale * gamma[i] + beta[i];
}

} // namespace

void run_softmax(bench::Session& session) {
    const bench::Softmax p(session.scale());
    Buffer<float> in(p.in), out(p.in.size());
    session.run(p, [&] { softmax<<<p.rows, row_threads>>>(p.columns, in.get(), out.get()); }, out);
}

void run_layernorm(bench::Session& session) {
    const bench::Layernorm p(session.scale());
    Buffer<float> in(p.in), gamma(p.gamma), beta(p.beta), out(p.in.size());
    auto launch = [&] {
        layernorm<<<p.rows, row_threads>>>(p.columns, p.epsilon, in.get(), gamma.get(), beta.get(),
                                           out.get());
    };
    session.run(p, launch, out);
}
