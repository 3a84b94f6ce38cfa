// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels in which a block works on its part in shared memory from start to end.

#include "device.h"

namespace {

__device__ float2 operator+(float2 a, float2 b) {
    return {a.x + b.x, a.y + b.y};
}
__device__ float2 operator-(float2 a, float2 b) {
    return {a.x - b.x, a.y - b.y};
}
__device__ float2 operator*(float2 a, float2 b) {
    return {a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x};
}

// 256 threads transform 1024 numbers in five steps of radix 4, each from one half of the shared
// memory to the other.
__global__ void fft(const float2* in, const float2* roots, float2* out) {
    __shared__ float2 data[2][1024];
    int t = threadIdx.x;
    for (int i = t; i < 1024; i += 256)
        data[0][i] = in[blockIdx.x * 1024 + i];
    int from = 0;
    for (int stride = 1; stride < 1024; stride *= 4) {
        __syncthreads();
        int q = t % stride, p = t / stride;
        float2 a = data[from][t], b = data[from][t + 256], c = data[from][t + 512],
               d = data[from][t + 768];
        float2 sum_ac = a + c, difference_ac = a - c, sum_bd = b + d, difference_bd = b - d;
        float2 turned = {difference_bd.y, -difference_bd.x}; // times -i
        float2* to = &data[1 - from][q + 4 * stride * p];
        to[0] = sum_ac + sum_bd;
        to[stride] = roots[p * stride] * (difference_ac + turned);
        to[2 * stride] = roots[2 * p * stride] * (sum_ac - sum_bd);
        to[3 * stride] = roots[3 * p * stride] * (difference_ac - turned);
        from = 1 - from;
    }
    __syncthreads();
    for (int i = t; i < 1024; i += 256)
        out[blockIdx.x * 1024 + i] = data[from][i];
}

// 512 threads sort 1024 keys.
__global__ void bitonic(const unsigned* in, unsigned* out) {
    __shared__ unsigned part[1024];
    int t = threadIdx.x, first = blockIdx.x * 1024;
    part[t] = in[first + t];
    part[t + 512] = in[first + t + 512];
    for (int run = 2; run <= 1024; run *= 2) {
        for (int distance = run / 2; distance > 0; distance /= 2) {
            __syncthreads();
            int i = 2 * t - t % distance, j = i + distance;
            bool up = (i & run) == 0;
            unsigned a = part[i], b = part[j];
            if ((a > b) == up) {
                part[i] = b;
                part[j] = a;
            }
        }
    }
    __syncthreads();
    out[first + t] = part[t];
    out[first + t + 512] = part[t + 512];
}

// A block for each pair, a thread for each row of the table of scores. The threads go over it along
// anti-diagonals, of which the last three are kept.
__global__ void alignment(int match, int mismatch, int gap, const signed char* a,
                          const signed char* b, int* best) {
    constexpr int size = bench::Alignment::size;
    __shared__ int score[3][size + 1];
    __shared__ signed char letters[size];
    int t = threadIdx.x;
    letters[t] = b[blockIdx.x * size + t];
    signed char mine = a[blockIdx.x * size + t];
    for (int i = 0; i < 3; ++i)
        score[i][t + 1] = 0;
    if (t < 3) score[t][0] = 0;
    __syncthreads();
    int highest = 0;
    int now = 2, last = 1, before = 0;
    for (int diagonal = 0; diagonal < 2 * size - 1; ++diagonal) {
        int column = diagonal - t;
        if (column >= 0 && column < size) {
            int value = score[before][t] + (mine == letters[column] ? match : mismatch);
            value = max(value, max(score[last][t], score[last][t + 1]) + gap);
            value = max(value, 0);
            score[now][t + 1] = value;
            highest = max(highest, value);
        }
        int oldest = before;
        before = last;
        last = now;
        now = oldest;
        __syncthreads();
    }
    score[0][t] = highest;
    for (int active = size / 2; active > 0; active /= 2) {
        __syncthreads();
        if (t < active) score[0][t] = max(score[0][t], score[0][t + active]);
    }
    if (t == 0) best[blockIdx.x] = score[0][0];
}

} // namespace

void run_fft(bench::Session& session) {
    const bench::Fft p(session.scale());
    Buffer<float> in(p.in), roots(p.roots), out(p.in.size());
    auto launch = [&] {
        fft<<<p.batch, 256>>>(reinterpret_cast<const float2*>(in.get()),
                              reinterpret_cast<const float2*>(roots.get()),
                              reinterpret_cast<float2*>(out.get()));
    };
    session.run(p, launch, out);
}

void run_bitonic(bench::Session& session) {
    const bench::Bitonic p(session.scale());
    Buffer<uint32_t> in(p.in), out(p.in.size());
    session.run(p, [&] { bitonic<<<p.parts, 512>>>(in.get(), out.get()); }, out);
}

void run_alignment(bench::Session& session) {
    const bench::Alignment p(session.scale());
    Buffer<int8_t> a(p.a), b(p.b);
    Buffer<int> best(p.pairs);
    auto launch = [&] {
        alignment<<<p.pairs, p.size>>>(p.match, p.mismatch, p.gap, a.get(), b.get(), best.get());
    };
    session.run(p, launch, best);
}
