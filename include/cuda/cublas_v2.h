// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLAS, under the names that programs write: cublasSaxpy is cublasSaxpy_v2.
#pragma once
#define CUBLAS_V2_H_ // programs test this name

#ifdef CUBLAS_H_
#error "cublas.h and cublas_v2.h are two APIs with the same names: include one of them"
#endif

#define CUBLASAPI

#include "cublas_api.h"

#define cublasCreate cublasCreate_v2
#define cublasDestroy cublasDestroy_v2
#define cublasGetVersion cublasGetVersion_v2
#define cublasSetWorkspace cublasSetWorkspace_v2
#define cublasSetStream cublasSetStream_v2
#define cublasGetStream cublasGetStream_v2
#define cublasGetPointerMode cublasGetPointerMode_v2
#define cublasSetPointerMode cublasSetPointerMode_v2

#include "acc_impl/cublas_names.h"
