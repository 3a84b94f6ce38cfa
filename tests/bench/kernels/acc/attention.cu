// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention of one head's vector at a time.

#include "combine.cuh"
#include "device.h"

#include <cuda_fp16.h>

namespace {

constexpr int size = bench::Attention::size;
constexpr int threads = 128;

// A block for each query: scores of all keys, their softmax, and the sum of the values that it
// weighs.
__global__ void attention(int length, float factor, const __half* q, const __half* k,
                          const __half* v, __half* out) {
    __shared__ float query[size];
    __shared__ float scores[512];
    __shared__ float halves[threads];
    int t = threadIdx.x;
    int head = blockIdx.y * length * size;
    int row = head + blockIdx.x * size;
    if (t < size) query[t] = __half2float(q[row + t]) * factor;
    __syncthreads();

    float largest = -INFINITY;
    for (int j = t; j < length; j += threads) {
        const __half2* key = reinterpret_cast<const __half2*>(k + head + j * size);
        float sum = 0;
        for (int i = 0; i < size / 2; ++i) {
            float2 two = __half22float2(key[i]);
            sum += query[2 * i] * two.x + query[2 * i + 1] * two.y;
        }
        scores[j] = sum;
        largest = fmaxf(largest, sum);
    }
    largest = block_combine<threads>(largest, Max());
    float sum = 0;
    for (int j = t; j < length; j += threads) {
        float e = expf(scores[j] - largest);
        scores[j] = e;
        sum += e;
    }
    sum = block_combine<threads>(sum, Sum());

    // Two threads for each of the 64 numbers of the result.
    int i = t % size;
    float result = 0;
    for (int j = t / size; j < length; j += threads / size)
        result += scores[j] * __half2float(v[head + j * size + i]);
    halves[t] = result;
    __syncthreads();
    if (t < size) out[row + t] = __float2half((halves[t] + halves[t + size]) / sum);
}

const __half* halves_of(const Buffer<bench::Half>& buffer) {
    return reinterpret_cast<const __half*>(buffer.get());
}

} // namespace

void run_attention(bench::Session& session) {
    const bench::Attention p(session.scale());
    Buffer<bench::Half> q(p.q), k(p.k), v(p.v), out(p.q.size());
    const dim3 grid(p.length, p.heads);
    auto launch = [&] {
        attention<<<grid, threads>>>(p.length, p.factor, halves_of(q), halves_of(k), halves_of(v),
                                     reinterpret_cast<__half*>(out.get()));
    };
    session.run(p, launch, out);
}
