// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device code that main.cpp loads as a module.

struct Pair {
    int a;
    double b;
};

extern "C" __device__ int scale = 3;
extern "C" __constant__ float offsets[4] = {1, 2, 3, 4};

extern "C" __global__ void axpy(int n, float a, const float* x, float* y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = a * x[i] + y[i] * (float)scale + offsets[i % 4];
}

extern "C" __global__ void mixed(char c, Pair p, short s, double* out) {
    *out = c + p.a + p.b + s;
}

extern "C" __global__ void shared_sum(int* out) {
    extern __shared__ int cells[];
    cells[threadIdx.x] = (int)threadIdx.x;
    __syncthreads();
    if (threadIdx.x == 0) {
        int sum = 0;
        for (unsigned i = 0; i < blockDim.x; ++i)
            sum += cells[i];
        *out = sum;
    }
}
