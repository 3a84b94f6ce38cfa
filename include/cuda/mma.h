// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Warp matrix functions: nvcuda::wmma (CUDA C++ Programming Guide, "Warp Matrix Functions").
#pragma once
#include "cuda_bf16.h"
#include "cuda_fp16.h"
#include "cuda_runtime.h"

#if defined(__cplusplus) && defined(__CUDACC__)
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#include "acc_impl/wmma_fragments.h"
#include "acc_impl/wmma_functions.h"
#endif
#endif
