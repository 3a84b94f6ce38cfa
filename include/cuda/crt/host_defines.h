// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Function and variable qualifiers of CUDA C++, as clang attributes in a CUDA compilation and as
// nothing in plain C/C++, so that a host-only file may include the API headers and share __host__
// __device__ code.
#pragma once
#define __HOST_DEFINES_H__ // programs test this name

#if defined(__CUDA__) && defined(__clang__)
#define __host__ __attribute__((host))
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
// acc_shared: no initial value (compiler/dialect, accc's plugin of clang).
#if __has_attribute(acc_shared)
#define __shared__ __attribute__((shared, acc_shared))
#else
#define __shared__ __attribute__((shared))
#endif
#define __constant__ __attribute__((constant))
// Managed variables: clang accepts its `managed` attribute for HIP only. The annotation carries the
// fact to accc's passes, which give host and device the same allocation (see
// include/cuda/README.md, "Managed variables").
// `used`: the variable has storage in the host's object also when only kernels name it.
#define __managed__                                                                                \
    __attribute__((device)) __attribute__((used)) __attribute__((annotate("acc.managed")))
#define __grid_constant__ __attribute__((grid_constant))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
// Without numbers the launch says how large a cluster is.
#define __cluster_dims__(...)                                                                      \
    __VA_OPT__(__attribute__((cluster_dims(__VA_ARGS__)))                                          \
               __attribute__((annotate("acc.cluster_dims", __VA_ARGS__))))
#define __nv_pure__ __attribute__((pure))
// A hint; compiler/dialect says what it cannot stand beside.
#define __maxnreg__(...) __attribute__((annotate("acc.maxnreg")))
#else
#define __host__
#define __device__
#define __global__
#define __shared__
#define __constant__
#define __managed__
#define __grid_constant__
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define __nv_pure__
#define __maxnreg__(...)
#endif

// Hints and markers that change nothing for our compiler.
#define __block_size__(...)
#define __tile_global__
#define __device_builtin__
#define __cudart_builtin__
#define __device_builtin_texture_type__
#define __device_builtin_surface_type__
#define __specialization_static static

#if defined(__GNUC__)
#define __no_return__ __attribute__((noreturn))
#define __forceinline__ __inline__ __attribute__((always_inline))
#define __align__(n) __attribute__((aligned(n)))
#define __builtin_align__(n) __align__(n)
#define __annotate__(a) __attribute__((a))
#define __location__(a) __annotate__(a)
#define __thread__ __thread
#define __import__
#define __export__
#define __cdecl
#endif
#define __inline_hint__

#ifndef CUDARTAPI
#define CUDARTAPI
#endif
#ifndef CUDARTAPI_CDECL
#define CUDARTAPI_CDECL
#endif
