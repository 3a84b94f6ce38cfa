// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program with a kernel of its own and one of the library's, on the same memory.
#include <cstdio>
#include <cublas_v2.h>

__global__ void fill(float* x, int n) {
    const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) x[i] = float(i);
}

int main() {
    const int n = 100;
    float *x, *y, dot = 0;
    cublasHandle_t handle;
    if (cudaMalloc(&x, n * sizeof(float)) != cudaSuccess ||
        cudaMalloc(&y, n * sizeof(float)) != cudaSuccess)
        return 1;
    if (cublasCreate(&handle) != CUBLAS_STATUS_SUCCESS) return 2;
    fill<<<1, 128>>>(x, n);
    fill<<<1, 128>>>(y, n);
    const float two = 2;
    if (cublasSaxpy(handle, n, &two, x, 1, y, 1) != CUBLAS_STATUS_SUCCESS) return 3;
    if (cublasSdot(handle, n, x, 1, y, 1, &dot) != CUBLAS_STATUS_SUCCESS) return 4;
    cublasDestroy(handle);
    // 3 * the sum of squares below 100.
    if (dot != 3.f * (99 * 100 * 199 / 6)) return std::printf("dot is %g\n", double(dot)), 5;
    return 0;
}
