// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSPARSE: matrices and vectors with few nonzeros. What each function does, and where we differ
// from CUDA's documentation: docs/libraries.md.
#pragma once
#define CUSPARSE_H_ // programs test this name

#include <stdint.h>
#include <stdio.h>

#include "cuComplex.h"
#include "cuda_fp16.h"
#include "cuda_runtime_api.h"
#include "library_types.h"

#define CUSPARSEAPI

#define CUSPARSE_VER_MAJOR 12
#define CUSPARSE_VER_MINOR 6
#define CUSPARSE_VER_PATCH 3
#define CUSPARSE_VER_BUILD 3
#define CUSPARSE_VERSION (CUSPARSE_VER_MAJOR * 1000 + CUSPARSE_VER_MINOR * 100 + CUSPARSE_VER_PATCH)

#include "acc_impl/cusparse_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A handle holds a stream and a pointer mode; one thread at a time uses it.
cusparseStatus_t cusparseCreate(cusparseHandle_t* handle);
cusparseStatus_t cusparseDestroy(cusparseHandle_t handle);
cusparseStatus_t cusparseGetVersion(cusparseHandle_t handle, int* version);
cusparseStatus_t cusparseGetProperty(libraryPropertyType type, int* value);
cusparseStatus_t cusparseSetStream(cusparseHandle_t handle, cudaStream_t stream);
cusparseStatus_t cusparseGetStream(cusparseHandle_t handle, cudaStream_t* stream);
cusparseStatus_t cusparseGetPointerMode(cusparseHandle_t handle, cusparsePointerMode_t* mode);
cusparseStatus_t cusparseSetPointerMode(cusparseHandle_t handle, cusparsePointerMode_t mode);

/// The name of a status, and a sentence about it. Never null.
const char* cusparseGetErrorName(cusparseStatus_t status);
const char* cusparseGetErrorString(cusparseStatus_t status);

/// A line for each call that fails (level 1 and up) or for each call (level 5), for the function
/// and into the file.
cusparseStatus_t cusparseLoggerSetCallback(cusparseLoggerCallback_t callback);
cusparseStatus_t cusparseLoggerSetFile(FILE* file);
cusparseStatus_t cusparseLoggerOpenFile(const char* path);
cusparseStatus_t cusparseLoggerSetLevel(int level);
cusparseStatus_t cusparseLoggerSetMask(int mask);
cusparseStatus_t cusparseLoggerForceDisable(void);

#ifdef __cplusplus
}
#endif

#include "acc_impl/cusparse_descriptors.h"
#include "acc_impl/cusparse_generic.h"
#include "acc_impl/cusparse_legacy.h"
