// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Force-included by accc into every CUDA source, host and device pass (flags: see README.md). Sets
// up what nvcc predefines, then makes the runtime, the built-in variables and the device functions
// visible.
#pragma once

#if !defined(__CUDA__) || !defined(__clang__)
#error                                                                                             \
    "__acc_cuda_wrapper.h is for CUDA compilations by accc (clang -x cuda); include cuda_runtime.h instead"
#endif

// Declarations of the device math overloads must precede <cmath>.
#include <__clang_cuda_math_forward_declares.h>

// What nvcc 12.9 predefines. libstdc++ also reads __CUDACC__ (it then avoids __float128 in device
// code).
#define __CUDACC__ 1
#define __NVCC__ 1
#define __ACC__ 1
#define __CUDACC_VER_MAJOR__ 12
#define __CUDACC_VER_MINOR__ 9
#define __CUDACC_VER_BUILD__ 41
#define __CUDA_API_VER_MAJOR__ 12
#define __CUDA_API_VER_MINOR__ 9
#define __CUDACC_EXTENDED_LAMBDA__ 1
#define __CUDACC_RELAXED_CONSTEXPR__ 1
#if defined(__CLANG_RDC__)
#define __CUDACC_RDC__ 1
#endif

#include "cuda_runtime.h"
