// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLASLt beside cuBLAS, whose handle serves for both.
#include <cublasLt.h>
#include <cublas_v2.h>

int main() {
    cublasHandle_t handle;
    cublasLtMatmulDescOpaque_t description;
    cublasLtMatrixLayoutOpaque_t layout;
    const float ones[] = {1, 1, 1, 1}, one = 1, none = 0;
    float *x, result[4] = {};
    if (cublasCreate(&handle) != CUBLAS_STATUS_SUCCESS ||
        cudaMalloc(&x, sizeof ones) != cudaSuccess)
        return 1;
    cudaMemcpy(x, ones, sizeof ones, cudaMemcpyHostToDevice);
    cublasLtMatmulDescInit(&description, CUBLAS_COMPUTE_32F, CUDA_R_32F);
    cublasLtMatrixLayoutInit(&layout, CUDA_R_32F, 2, 2, 2);
    float* y;
    if (cudaMalloc(&y, sizeof ones) != cudaSuccess) return 2;
    if (cublasLtMatmul(reinterpret_cast<cublasLtHandle_t>(handle), &description, &one, x, &layout,
                       x, &layout, &none, y, &layout, y, &layout, nullptr, nullptr, 0,
                       nullptr) != CUBLAS_STATUS_SUCCESS)
        return 3;
    cudaMemcpy(result, y, sizeof result, cudaMemcpyDeviceToHost);
    for (float value : result)
        if (value != 2) return 4;
    return cublasDestroy(handle) == CUBLAS_STATUS_SUCCESS ? 0 : 5;
}
