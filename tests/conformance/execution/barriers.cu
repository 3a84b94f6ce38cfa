// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __syncthreads and its counting forms: reductions, scans, and blocks that meet many times.
#include "../common/check.h"

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

int main() {
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
