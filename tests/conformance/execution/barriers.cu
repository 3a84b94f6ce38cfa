// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __syncthreads and its counting forms: reductions, scans, and blocks that meet many times.
#include "../common/check.h"

#include <array>

__global__ void reduce(const int* in, long long* out, int n) {
    __shared__ long long partial[256];
    long long mine = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        mine += in[i];
    partial[threadIdx.x] = mine;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0) atomicAdd((unsigned long long*)out, (unsigned long long)partial[0]);
}

__global__ void scan(int* data) { // inclusive, one block
    __shared__ int a[1024];
    a[threadIdx.x] = data[threadIdx.x];
    __syncthreads();
    for (unsigned offset = 1; offset < blockDim.x; offset *= 2) {
        const int add = threadIdx.x >= offset ? a[threadIdx.x - offset] : 0;
        __syncthreads();
        a[threadIdx.x] += add;
        __syncthreads();
    }
    data[threadIdx.x] = a[threadIdx.x];
}

__global__ void votes(int* out) {
    const int odd = threadIdx.x % 2;
    const int count = __syncthreads_count(threadIdx.x % 3 == 0);
    const int all = __syncthreads_and(threadIdx.x < blockDim.x);
    const int not_all = __syncthreads_and(odd);
    const int any = __syncthreads_or(threadIdx.x == 70);
    const int none = __syncthreads_or(threadIdx.x > 1000);
    if (threadIdx.x == 5) {
        out[0] = count;
        out[1] = all != 0;
        out[2] = not_all != 0;
        out[3] = any != 0;
        out[4] = none != 0;
    }
}

/// Rotates values around the block, one step per barrier.
__global__ void rotate(int* out, int steps) {
    __shared__ int ring[96];
    ring[threadIdx.x] = (int)threadIdx.x;
    __syncthreads();
    for (int i = 0; i < steps; ++i) {
        const int next = ring[(threadIdx.x + 1) % blockDim.x];
        __syncthreads();
        ring[threadIdx.x] = next;
        __syncthreads();
    }
    out[threadIdx.x] = ring[threadIdx.x];
}

/// Threads that have returned do not hold up the others' barrier.
__global__ void early_exit(int* out) {
    __shared__ int cell;
    if (threadIdx.x >= 40) return;
    if (threadIdx.x == 0) cell = 9;
    __syncthreads();
    out[threadIdx.x] = cell;
}

/// One barrier of the block, wherever in the code a warp comes to it.
__device__ void meet() {
    asm volatile("bar.sync 0;" ::: "memory");
}

/// Warps of one block wait at barriers that stand in different places, and end one after the other.
__global__ void places(int* out, int warps) {
    __shared__ int sum[33];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    if (lane == 0) sum[warp] = warp;
    if (threadIdx.x == 0) sum[32] = 0;
    for (int round = 0; round <= warp; ++round) {
        int before;
        if (warp % 3 == round % 3) {
            meet();
            before = sum[(warp + 1) % warps];
            meet();
        } else {
            meet();
            before = 2 * sum[(warp + 1) % warps];
            meet();
        }
        if (lane == 0) sum[warp] = before + round;
    }
    out[threadIdx.x] = sum[warp];
}

/// Values of every kind that are there before a barrier and needed behind others.
__global__ void across(const int* in, double* out, int rounds) {
    extern __shared__ int cells[];
    const int t = threadIdx.x, n = blockDim.x, mine = in[t];
    const bool odd = mine & 1, low = t < n / 3;
    const long long wide = (long long)mine << 33;
    const double half = mine * 0.5;
    float products[8];
    for (int k = 0; k < 8; ++k)
        products[k] = (float)(mine % 16) * k;
    const int* next = in + (t + 1) % n;
    cells[t] = mine;
    for (int r = 0; r < rounds; ++r) {
        __syncthreads();
        const int other = cells[(t + r) % n];
        for (int k = 0; k < 8; ++k)
            products[k] += other % 4;
        __syncthreads();
        if (odd) cells[t] = other + *next;
    }
    double sum = half + (double)(wide >> 31) + (low ? 1 : 2);
    for (int k = 0; k < 8; ++k)
        sum = sum * 0.5 + products[k];
    out[t] = sum + cells[t];
}

void test_places(int warps) {
    std::vector<int> sum(warps), before(warps);
    for (int w = 0; w < warps; ++w)
        sum[w] = w;
    for (int round = 0; round < warps; ++round) {
        for (int w = round; w < warps; ++w)
            before[w] = sum[(w + 1) % warps] * (w % 3 == round % 3 ? 1 : 2);
        for (int w = round; w < warps; ++w)
            sum[w] = before[w] + round;
    }
    Buffer<int> out(warps * 32, -1);
    places<<<1, warps * 32>>>(out.device(), warps);
    SYNC();
    out.download();
    for (int i = 0; i < warps * 32; ++i)
        EXPECT(out[i] == sum[i / 32], "places %d of %d: %d", i, warps, out[i]);
}

void test_across(int n) {
    const int rounds = 5;
    Buffer<int> in(n);
    for (int i = 0; i < n; ++i)
        in[i] = (i * 37 + 11) % 101;
    in.upload();
    std::vector<int> cells(n), old;
    std::vector<std::array<float, 8>> products(n);
    for (int t = 0; t < n; ++t) {
        cells[t] = in[t];
        for (int k = 0; k < 8; ++k)
            products[t][k] = (float)(in[t] % 16) * k;
    }
    for (int r = 0; r < rounds; ++r) {
        old = cells;
        for (int t = 0; t < n; ++t) {
            const int other = old[(t + r) % n];
            for (int k = 0; k < 8; ++k)
                products[t][k] += other % 4;
            if (in[t] & 1) cells[t] = other + in[(t + 1) % n];
        }
    }
    Buffer<double> out(n, 0.0);
    across<<<2, n, n * sizeof(int)>>>(in.device(), out.device(), rounds);
    SYNC();
    out.download();
    for (int t = 0; t < n; ++t) {
        double sum = in[t] * 0.5 + 4.0 * in[t] + (t < n / 3 ? 1 : 2);
        for (int k = 0; k < 8; ++k)
            sum = sum * 0.5 + products[t][k];
        EXPECT(out[t] == sum + cells[t], "across %d of %d: %g", t, n, out[t]);
    }
}

int main() {
    for (int warps : {2, 5, 8})
        test_places(warps);
    for (int n : {100, 128, 1024})
        test_across(n);
    const int n = 100000;
    Buffer<int> in(n);
    long long expected = 0;
    for (int i = 0; i < n; ++i)
        expected += in[i] = i % 1000 - 300;
    in.upload();
    Buffer<long long> sum(1, 0);
    reduce<<<20, 256>>>(in.device(), sum.device(), n);
    SYNC();
    EXPECT(sum.download()[0] == expected);

    Buffer<int> data(1024);
    for (int i = 0; i < 1024; ++i)
        data[i] = i % 7;
    std::vector<int> prefix(1024);
    int running = 0;
    for (int i = 0; i < 1024; ++i)
        prefix[i] = running += data[i];
    data.upload();
    scan<<<1, 1024>>>(data.device());
    SYNC();
    data.download();
    for (int i = 0; i < 1024; ++i)
        EXPECT(data[i] == prefix[i], "scan %d", i);

    Buffer<int> out(96, -1);
    votes<<<1, 100>>>(out.device());
    SYNC();
    out.download();
    EXPECT(out[0] == 34 && out[1] == 1 && out[2] == 0 && out[3] == 1 && out[4] == 0);
    rotate<<<1, 96>>>(out.device(), 1000);
    SYNC();
    out.download();
    for (int i = 0; i < 96; ++i)
        EXPECT(out[i] == (i + 1000) % 96, "rotate %d: %d", i, out[i]);
    early_exit<<<1, 96>>>(out.device());
    SYNC();
    out.download();
    for (int i = 0; i < 40; ++i)
        EXPECT(out[i] == 9);
    return finish();
}
