// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The device side of CUDA C++ in dependency order. Included by cuda_runtime.h in CUDA compilations
// only.
#pragma once

#include "acc_impl/builtin_variables.h"

// nvcc's predicates on closure types. compiler/dialect makes the specialisations: 1 for a
// __device__ lambda, 2 for a __host__ __device__ one, and 4 for a result type that is written down.
#if __cplusplus >= 201402L
template <typename T>
constexpr unsigned __acc_lambda_kind = 0;
#define __nv_is_extended_device_lambda_closure_type(...)                                           \
    ((__acc_lambda_kind<__VA_ARGS__> & 1u) != 0)
#define __nv_is_extended_host_device_lambda_closure_type(...)                                      \
    ((__acc_lambda_kind<__VA_ARGS__> & 2u) != 0)
#define __nv_is_extended_device_lambda_with_preserved_return_type(...)                             \
    ((__acc_lambda_kind<__VA_ARGS__> & 4u) != 0)
#endif

// clang's helper headers test the SDK version; user code sees CUDA_VERSION only after including
// cuda.h, as with nvcc.
#pragma push_macro("CUDA_VERSION")
#undef CUDA_VERSION
#define CUDA_VERSION 12090

#include <__clang_cuda_libdevice_declares.h>

#include "acc_impl/numeric_intrinsics.h"

#include "acc_impl/conversion_intrinsics.h"
// min, max and their integer kin exist on both sides (math_overloads.h); clang's device-only ones
// get out of the way; so do its scalbln, which take infinities and zeros for other numbers when n
// is beyond the range of int.
#pragma push_macro("min")
#undef min
#define min __acc_device_min
#pragma push_macro("max")
#undef max
#define max __acc_device_max
#pragma push_macro("umin")
#undef umin
#define umin __acc_device_umin
#pragma push_macro("umax")
#undef umax
#define umax __acc_device_umax
#pragma push_macro("llmin")
#undef llmin
#define llmin __acc_device_llmin
#pragma push_macro("llmax")
#undef llmax
#define llmax __acc_device_llmax
#pragma push_macro("ullmin")
#undef ullmin
#define ullmin __acc_device_ullmin
#pragma push_macro("ullmax")
#undef ullmax
#define ullmax __acc_device_ullmax
#define scalbln __acc_device_scalbln
#define scalblnf __acc_device_scalblnf
#include <__clang_cuda_math.h>
#undef scalbln
#undef scalblnf
#pragma pop_macro("min")
#pragma pop_macro("max")
#pragma pop_macro("umin")
#pragma pop_macro("umax")
#pragma pop_macro("llmin")
#pragma pop_macro("llmax")
#pragma pop_macro("ullmin")
#pragma pop_macro("ullmax")
static __device__ __inline__ int __acc_scale(long n) {
    return n > 100000 ? 100000 : n < -100000 ? -100000 : (int)n;
}
static __device__ __inline__ double scalbln(double x, long n) {
    return __nv_scalbn(x, __acc_scale(n));
}
static __device__ __inline__ float scalblnf(float x, long n) {
    return __nv_scalbnf(x, __acc_scale(n));
}

#include "acc_impl/double_functions.h"
#include "acc_impl/math_overloads.h"

#include "acc_impl/float_overloads.h"

#include "acc_impl/device_runtime.h"

#include "acc_impl/atomics.h"
#include "acc_impl/cluster_intrinsics.h"
#include "acc_impl/memory_intrinsics.h"
#include "acc_impl/nv_atomics.h"
#include "acc_impl/simd_intrinsics.h"
#include "acc_impl/sync_intrinsics.h"
#include "acc_impl/warp_intrinsics.h"

#include <__clang_cuda_cmath.h>
#include <__clang_cuda_complex_builtins.h>

#pragma pop_macro("CUDA_VERSION")

#if CUDART_VERSION < 13000
#include "acc_impl/texture_references.h"
#endif
#include "acc_impl/surface_functions.h"
#include "acc_impl/texture_functions.h"
