/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The first API, from C. */
#include <cublas.h>
#include <stdio.h>

int main(void) {
    float x[4] = {1, -5, 3, 4}, *device;
    if (cublasInit() != CUBLAS_STATUS_SUCCESS) return 1;
    if (cublasAlloc(4, sizeof(float), (void**)&device) != CUBLAS_STATUS_SUCCESS) return 2;
    if (cublasSetVector(4, sizeof(float), x, 1, device, 1) != CUBLAS_STATUS_SUCCESS) return 3;
    cublasSscal(4, 2.0f, device, 1);
    if (cublasIsamax(4, device, 1) != 2) return 4;
    if (cublasSasum(4, device, 1) != 26.0f) return 5;
    if (cublasGetError() != CUBLAS_STATUS_SUCCESS) return 6;
    cublasFree(device);
    if (cublasShutdown() != CUBLAS_STATUS_SUCCESS) return 7;
    cublasSscal(4, 2.0f, device, 1);
    if (cublasGetError() != CUBLAS_STATUS_NOT_INITIALIZED) return 8;
    return 0;
}
