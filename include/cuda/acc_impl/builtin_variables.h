// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// threadIdx and its kin. To a program they are variables of plain vector types; nothing defines
// them: the front end (compiler/frontend, BuiltinVariables) puts special registers in the place of
// what is read. Code of the host may name them and does not link when it is reached.
#pragma once

#include "vector_types.h"

extern const __device__ uint3 threadIdx;
extern const __device__ uint3 blockIdx;
extern const __device__ dim3 blockDim;
extern const __device__ dim3 gridDim;

// A program may have a warpSize of its own; compiler/dialect finds this one when there is no other.
#if __has_attribute(acc_shared)
__device__ const int __acc_warp_size = 32;
#else
__device__ const int warpSize = 32;
#endif
