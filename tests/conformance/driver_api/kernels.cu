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

// References, of CUDA before 12.
#if CUDART_VERSION < 13000 && (defined(__ACC__) || CUDART_VERSION < 12000)
texture<float, 2> picture;
texture<unsigned char, 1> bytes;
surface<void, 2> canvas;

extern "C" __global__ void look(float* out) {
    out[threadIdx.x] = tex2D(picture, threadIdx.x + 0.5f, 1.5f);
}
extern "C" __global__ void look_bytes(int* out) {
    out[threadIdx.x] = tex1Dfetch(bytes, threadIdx.x);
}
extern "C" __global__ void paint(float value) {
    surf2Dwrite(value + threadIdx.x, canvas, threadIdx.x * 4, 2);
}
#endif
