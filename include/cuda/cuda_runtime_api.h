// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C interface of the runtime. Usable from plain C and C++; cuda_runtime.h adds the C++
// templates.
#pragma once
#define __CUDA_RUNTIME_API_H__ // programs test this name

/// The CUDA release whose API these headers present.
#define CUDART_VERSION 12090

#include "crt/host_defines.h"

#include "builtin_types.h"

#if defined(CUDA_API_PER_THREAD_DEFAULT_STREAM)
#define __CUDART_API_PER_THREAD_DEFAULT_STREAM
#endif

#ifndef __dv
#if defined(__cplusplus)
#define __dv(v) = v
#else
#define __dv(v)
#endif
#endif

#define CUDART_DEVICE __device__
#if defined(__CUDA__) && defined(__clang__)
#define __ACC_CUDART_DEVICE __host__ __device__
#else
#define __ACC_CUDART_DEVICE
#endif
#define __CUDART_API_VERSION CUDART_VERSION

#if defined(__cplusplus)
extern "C" {
#endif

#include "acc_impl/runtime_functions.h"

#if defined(__cplusplus)
}
#endif

#define cudaGetDeviceProperties_v2 cudaGetDeviceProperties
#define cudaEventElapsedTime_v2 cudaEventElapsedTime

#undef __dv
