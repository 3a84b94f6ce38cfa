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
#define __NVCC_DIAG_PRAGMA_SUPPORT__ 1
#if defined(__CLANG_RDC__)
#define __CUDACC_RDC__ 1
#endif
// Of which lambdas the host does not know the body (nvcc gives it a stand-in): of none.
#define __nv_is_extended_device_lambda_closure_type(...) false
#define __nv_is_extended_device_lambda_with_preserved_return_type(...) false
#define __nv_is_extended_host_device_lambda_closure_type(...) false

#include "cuda_runtime.h"

// Relocatable device code: the object needs the object of a device link, which defines this
// function for each unit that it has linked. So a forgotten device link is a link error, and a
// device link inside of an archive is found. accc sets the name in the host pass.
#if defined(__ACC_LINKED_BINARY)
extern "C" void __ACC_LINKED_BINARY(void);
__attribute__((used, retain)) static void (*const __acc_linked_binary)(void) = __ACC_LINKED_BINARY;
#endif

#include "__acc_program.h"
