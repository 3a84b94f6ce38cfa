// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLAS's first API: one state for the process, scalars by value, letters for options, errors by
// cublasGetError.
#pragma once
#define CUBLAS_H_ // programs test this name

#ifdef CUBLAS_V2_H_
#error "cublas.h and cublas_v2.h are two APIs with the same names: include one of them"
#endif

#define CUBLASAPI

#include <cuda_runtime.h>

#include "cublas_api.h"

#define cublasStatus cublasStatus_t

#ifdef __cplusplus
extern "C" {
#endif

cublasStatus cublasInit(void);
cublasStatus cublasShutdown(void);
/// The status of the first call that failed since this was asked last.
cublasStatus cublasGetError(void);
cublasStatus cublasGetVersion(int* version);
cublasStatus cublasAlloc(int n, int elemSize, void** devicePtr);
cublasStatus cublasFree(void* devicePtr);
cublasStatus cublasSetKernelStream(cudaStream_t stream);

#include "acc_impl/cublas_legacy.h"

void cublasSrotg(float* sa, float* sb, float* sc, float* ss);
void cublasDrotg(double* sa, double* sb, double* sc, double* ss);
void cublasCrotg(cuComplex* ca, cuComplex cb, float* sc, cuComplex* cs);
void cublasZrotg(cuDoubleComplex* ca, cuDoubleComplex cb, double* sc, cuDoubleComplex* cs);
void cublasStrmm(char side, char uplo, char transa, char diag, int m, int n, float alpha,
                 const float* A, int lda, float* B, int ldb);
void cublasDtrmm(char side, char uplo, char transa, char diag, int m, int n, double alpha,
                 const double* A, int lda, double* B, int ldb);
void cublasCtrmm(char side, char uplo, char transa, char diag, int m, int n, cuComplex alpha,
                 const cuComplex* A, int lda, cuComplex* B, int ldb);
void cublasZtrmm(char side, char uplo, char transa, char diag, int m, int n, cuDoubleComplex alpha,
                 const cuDoubleComplex* A, int lda, cuDoubleComplex* B, int ldb);

#ifdef __cplusplus
}
#endif
